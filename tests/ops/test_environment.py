"""What a machine has to offer: settings are listed, and the first command says what is missing."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from yingsheng.ops.translations import check, message_ids, update

from .program import ROOT


def names_read() -> set[str]:
    """The environment variables that the settings read, and the _FILE form of secrets."""
    found: set[str] = set()
    tree = ast.parse((ROOT / "src/yingsheng/project/settings.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if (
            isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
        ):
            if isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
        elif isinstance(node.func, ast.Name) and node.func.id == "secret":
            name = next(str(ast.literal_eval(each.value)) for each in node.keywords if each.arg == "name")
            found |= {name, f"{name}_FILE"}
    return found


def test_the_example_of_an_environment_is_complete() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == names_read()


def machine(folder: Path, *programs: str) -> str:
    """A search path with nothing but these programs."""
    folder.mkdir()
    for name in programs:
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return str(folder)


def make(*arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    command = [shutil.which("make") or "make", *arguments]
    return subprocess.run(command, cwd=ROOT, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_make_help_lists_the_commands(tmp_path: Path) -> None:
    done = make("help", path=machine(tmp_path / "bin", "sh", "awk"))
    for target in ("run", "test", "check", "fix", "bench", "trace", "lock"):
        assert f"make {target} " in done.stdout


def test_make_says_that_python_is_missing_or_too_old(tmp_path: Path) -> None:
    path = machine(tmp_path / "bin", "sh")
    old = tmp_path / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    old.chmod(0o755)
    done = make(f"VENV={tmp_path}/venv", f"{tmp_path}/venv/pyvenv.cfg", path=path)
    assert done.returncode != 0
    assert "Python 3.11" in done.stdout


def test_make_says_that_venv_is_missing(tmp_path: Path) -> None:
    path = machine(tmp_path / "bin", "sh")
    partial = tmp_path / "bin" / "python3"
    partial.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n', encoding="ascii")
    partial.chmod(0o755)
    done = make(f"VENV={tmp_path}/venv", f"{tmp_path}/venv/pyvenv.cfg", path=path)
    assert done.returncode != 0
    assert "python3-venv" in done.stdout


@pytest.mark.gettext
def test_checking_the_catalogue_changes_nothing_and_updating_does(settings: Any, tmp_path: Path) -> None:
    """A folder named `locale` inside the package is found by gettext's walk too; checking must not write there."""
    settings.PACKAGE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "project" / "locale"]
    source = tmp_path / "project" / "words.py"
    catalogue = tmp_path / "project" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    source.write_text('N("一")\n_("二")\n', encoding="utf-8")
    assert update() == 1
    assert message_ids(catalogue=catalogue.read_text(encoding="utf-8")) == ["一", "二"]
    translated = re.sub(r'(msgid "[一二]"\nmsgstr ")"', r'\1x"', catalogue.read_text(encoding="utf-8"))
    catalogue.write_text(translated, encoding="utf-8")
    assert update() == 0
    assert check() == 0
    source.write_text('N("一")\n_("三")\n', encoding="utf-8")
    before = catalogue.read_bytes()
    assert check() == 1
    assert catalogue.read_bytes() == before


def test_message_ids_of_several_lines_are_joined() -> None:
    text = 'msgid ""\nmsgstr "head"\n\nmsgid "一"\nmsgstr "one"\n\nmsgid ""\n"二"\n"三"\nmsgstr ""\n"x"\n'
    assert message_ids(catalogue=text) == ["一", "二三"]
