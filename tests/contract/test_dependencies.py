"""What the program leans on: each dependency has a reason and a use, and the lock files say exactly which one."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
# where the name on the index and the name in an import differ
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "chinesecalendar": "chinese_calendar",
    "dj-database-url": "dj_database_url",
    "django-axes": "axes",
    "django-csp": "csp",
    "django-ninja": "ninja",
    "django-otp": "django_otp",
    "pillow": "PIL",
    "python-dateutil": "dateutil",
    "python-stdnum": "stdnum",
}
# the vocabulary of django-ninja's schemas; its version follows ninja's
BORROWED = {"pydantic", "pydantic_core"}
# named in settings or started as a program, never imported by our code
BY_NAME = {"argon2-cffi": "Argon2PasswordHasher", "django-csp": "csp.middleware", "gunicorn": "gunicorn",
           "psycopg": "postgres", "whitenoise": "whitenoise."}  # fmt: skip


def plain(requirement: str) -> str:
    """The name of a requirement without extras and versions."""
    return re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0].lower()


def declared() -> list[str]:
    return [plain(requirement) for requirement in PROJECT["project"]["dependencies"]]


def for_developers() -> list[str]:
    return [plain(requirement) for requirement in PROJECT["dependency-groups"]["dev"]]


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / name).read_text(encoding="utf-8")))


def imported_names() -> set[str]:
    """The first part of every import in the package."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").split(".")[0])
    return found


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    without = [
        line.strip() for line in block.splitlines()[1:] if line.strip().startswith('"') and "#" not in line
    ]
    assert without == []


@pytest.mark.parametrize("name", declared())
def test_every_dependency_is_used(name: str) -> None:
    if IMPORTED_AS.get(name, name) in imported_names():
        return
    mark = BY_NAME[name]
    assert any(mark in path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))


def test_every_import_is_declared() -> None:
    known = (
        {IMPORTED_AS.get(name, name) for name in declared()} | set(sys.stdlib_module_names) | {"yingsheng"}
    )
    assert imported_names() - known - BORROWED == set()


@pytest.mark.parametrize(
    ("file", "names"), [("run.txt", declared()), ("dev.txt", declared() + for_developers())]
)
def test_the_lock_file_holds_what_is_declared(file: str, names: list[str]) -> None:
    assert set(names) - set(pins(file)) == set()


def test_both_lock_files_agree() -> None:
    run, dev = pins("run.txt"), pins("dev.txt")
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


@pytest.mark.parametrize("file", ["run.txt", "dev.txt"])
def test_every_pin_has_a_hash_and_no_host_is_named(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert [entry.splitlines()[0] for entry in entries if not PIN.match(entry)] == []
