"""The English catalogue: brought in line with the code, compiled, and proven complete. Needs gettext.

Compiled catalogues are kept in the repository, so that an installation needs no gettext.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages
from django.test.utils import override_settings

from yingsheng.ops.words import failed, say

LANGUAGE = "en"
SHOWN = 40


class Command(makemessages.Command):
    """Collects messages as Django does, and those marked by the short name `N`."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=N"]


def update() -> int:
    """Add new messages to the catalogue, drop those no longer used, compile it; returns 0 if it is complete, else 1."""
    _require_gettext()
    locale = Path(settings.LOCALE_PATHS[0])
    _collect(locale=locale)
    _compile(locale=locale)
    return _report(problems=_gaps(catalogue=_catalogue(locale)))


def check() -> int:
    """Change nothing; returns 1 and says why if a message is new, unused, fuzzy, empty or not compiled, else 0."""
    _require_gettext()
    kept = Path(settings.LOCALE_PATHS[0])
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "locale")
        shutil.copytree(kept, fresh)
        before = set(_messages(catalogue=_catalogue(fresh)))
        _collect(locale=fresh)
        after = _messages(catalogue=_catalogue(fresh))
        problems = [f"new: {text}" for text in after if text not in before]
        problems += [f"not used any more: {text}" for text in sorted(before - set(after))]
        problems += _gaps(catalogue=_catalogue(fresh))
        shutil.copytree(kept, fresh, dirs_exist_ok=True)
        _compile(locale=fresh)
        compiled = _catalogue(kept).with_suffix(".mo")
        if (
            not compiled.exists()
            or compiled.read_bytes() != _catalogue(fresh).with_suffix(".mo").read_bytes()
        ):
            problems.append(f"{compiled.name} is not compiled from {_catalogue(kept).name}")
    return _report(problems=problems)


def _report(*, problems: list[str]) -> int:
    if not problems:
        return 0
    for problem in problems[:SHOWN]:
        print(f"  {problem}")
    say(
        zh=f"英文目录有 {len(problems)} 处不完整，请运行 make translations 后补译。",
        en=f"The English catalogue has {len(problems)} gaps; run make translations, then translate.",
    )
    return 1


def _catalogue(locale: Path) -> Path:
    return locale / LANGUAGE / "LC_MESSAGES" / "django.po"


def _require_gettext() -> None:
    missing = [tool for tool in ("xgettext", "msgmerge", "msgfmt", "msgattrib") if shutil.which(tool) is None]
    if missing:
        raise failed(
            zh="没有 gettext。Debian/Ubuntu：apt install gettext",
            en="gettext is missing. Debian/Ubuntu: apt install gettext",
        )


def _collect(*, locale: Path) -> None:
    """Let the catalogue below `locale` hold exactly the messages of the package."""
    locale.mkdir(parents=True, exist_ok=True)
    with override_settings(LOCALE_PATHS=[str(locale)]), _inside(Path(settings.PACKAGE_DIR)):
        call_command(
            Command(stdout=StringIO()),
            locale=[LANGUAGE],
            no_obsolete=True,
            add_location="file",
            no_wrap=True,
            # makemessages writes into every folder of this name that it walks past, asked or not
            ignore_patterns=["locale", "*/locale"],
            verbosity=0,
        )


def _compile(*, locale: Path) -> None:
    catalogue = _catalogue(locale)
    _run("msgfmt", "--check-format", "--output-file", str(catalogue.with_suffix(".mo")), str(catalogue))


def _gaps(*, catalogue: Path) -> list[str]:
    """The messages without an English text, and those a machine guessed."""
    empty = _run("msgattrib", "--untranslated", "--no-obsolete", "--no-wrap", str(catalogue))
    fuzzy = _run("msgattrib", "--only-fuzzy", "--no-obsolete", "--no-wrap", str(catalogue))
    return [f"empty: {text}" for text in message_ids(catalogue=empty)] + [
        f"guessed: {text}" for text in message_ids(catalogue=fuzzy)
    ]


def _messages(*, catalogue: Path) -> list[str]:
    if not catalogue.exists():
        return []
    return message_ids(catalogue=_run("msgattrib", "--no-obsolete", "--no-wrap", str(catalogue)))


def message_ids(*, catalogue: str) -> list[str]:
    """The message ids of a catalogue, those of several lines joined."""
    found: list[str] = []
    inside = False
    for line in catalogue.splitlines():
        if line.startswith("msgid "):
            found.append(line[len('msgid "') : -1])
            inside = True
        elif inside and line.startswith('"'):
            found[-1] += line[1:-1]
        else:
            inside = False
    return [each for each in found if each]


def _run(*arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise failed(zh=f"{arguments[0]} 出错：{done.stderr}", en=f"{arguments[0]} failed: {done.stderr}")
    return done.stdout


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """`makemessages` looks where the program stands."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
