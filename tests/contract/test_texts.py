"""No file of the repository names a package registry or a path of somebody's machine; decisions are numbered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# put together here so that this file does not break its own rule
REGISTRIES = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            "un" + "pkg",
            "js" + "delivr",
        )
    )
)
# the addresses of a worker's pages begin like a directory of a machine
OWN = r"orders|pool|scan|me|queue|sync|state|shell|patrols|gate|sw\.js|manifest\.webmanifest"
MACHINE_PATHS = re.compile(rf"(?<![\w.])/(work(?!/(?:{OWN})\b)|root|home/\w+|tmp|opt|Users)/[\w.-]")

TEXTS = (
    ".py",
    ".toml",
    ".txt",
    ".md",
    ".html",
    ".css",
    ".js",
    ".yaml",
    ".yml",
    ".sh",
    ".po",
    ".json",
    ".svg",
    "",
)
LEFT_OUT = frozenset(
    {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "vendor",
     ".import_linter_cache"}
)  # fmt: skip


def texts() -> list[Path]:
    """The files of the repository that hold text, without what others wrote and what tools leave behind."""
    found: list[Path] = []
    for path in ROOT.iterdir():
        if path.name in LEFT_OUT:
            continue
        found += [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return [
        path for path in found if path.suffix in TEXTS and not LEFT_OUT & set(path.relative_to(ROOT).parts)
    ]


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (REGISTRIES, "pip install -r requirements/run.txt", "https://" + "py" + "pi.org/simple"),
        (
            MACHINE_PATHS,
            "var/yingsheng.sqlite3 /usr/bin/env /work-orders /work/orders/x/",
            "cd " + "/work" + "/main",
        ),
    ],
    ids=["package registries", "paths of a machine"],
)
def test_no_text_names_a_machine(pattern: re.Pattern[str], good: str, bad: str) -> None:
    assert not pattern.search(good)
    assert pattern.search(bad)
    broken = []
    for path in texts():
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        ):
            if pattern.search(line):
                broken.append(f"{path.relative_to(ROOT)}:{number}")
    assert broken == []


ADR_NAME = re.compile(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")
ADR_PARTS = ("Status", "Context", "Decision", "Consequences")


def test_decisions_are_numbered_without_gap_and_have_their_parts() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    names = [path.name for path in records if path.name != "README.md"]
    assert [name for name in names if not ADR_NAME.fullmatch(name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for path in records:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert path.name == "README.md" or tuple(headings[:4]) == ADR_PARTS, path.name
