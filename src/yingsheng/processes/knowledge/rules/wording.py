"""Filling in what stands in braces: never an empty brace on the screen, nothing filled in twice. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from yingsheng.processes.knowledge.rules.lists import load_lists

_BRACES = re.compile(r"\{([^{}]*)\}")
_SPOKEN = re.compile(r"\{([^{}]*)\}([，、,]\s?)?")  # a pause behind a name that is not said is not made
_LEFT = str.maketrans({"{": "（", "}": "）"})


def fill(*, text: str, values: Mapping[str, str], english: bool) -> str:
    """The text as it is spoken. What is not known is said in general words, an unknown brace as a pause."""
    places = {
        name: (place.code, place.without_en if english else place.without_zh)
        for place in load_lists().places
        for name in (place.code, place.zh, place.en)
    }

    def put(found: re.Match[str]) -> str:
        name = found.group(1).strip()
        code, without = places.get(name, (name, "…" if english else "……"))
        said = values.get(code, "").strip().translate(_LEFT) or without
        return said + (found.group(2) or "") if said else ""

    # what is filled in is not looked at again, and no brace that stands alone is left
    return _SPOKEN.sub(put, text).translate(_LEFT)


def unknown_places(*, text: str, figures: Collection[str]) -> list[str]:
    """What stands in braces that nobody can fill in; an article with such a brace is refused."""
    known = {name for place in load_lists().places for name in (place.code, place.zh, place.en)}
    bare = _BRACES.sub("", text)
    loose = ["{"] if "{" in bare or "}" in bare else []
    return [
        name for name in (one.strip() for one in _BRACES.findall(text)) if name not in known | set(figures)
    ] + loose
