"""Words to say and things to mind beside the form that is being filled."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

from yingsheng.ui.pages.rules import language_code


@lru_cache(maxsize=8)
def _load(process: str) -> tuple[dict[str, Any], ...]:
    path = resources.files("yingsheng.content").joinpath("scripts", f"{process}.toml")
    if not path.is_file():
        return ()
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["tip"])


def tips_for(*, process: str, about: str = "") -> list[dict[str, str]]:
    """The tips of a process in the reader's language: kind, text, rule.

    A tip that names what it is `about` stands only where that is the matter.
    """
    language = language_code()
    return (
        [
            {"kind": tip["kind"], "text": tip[language], "rule": tip["rule"]}
            for tip in _load(process)
            if tip.get("about", about) == about
        ]
        if process
        else []
    )
