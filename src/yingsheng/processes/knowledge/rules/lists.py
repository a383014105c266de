"""The lists that deciding works with, read once from the content: surnames, moods, situations, braces. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Place:
    """What may stand in braces in a text: its name in both languages, and what is said when nothing is known."""

    code: str
    zh: str
    en: str
    without_zh: str
    without_en: str


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Everything of `content/knowledge/lists.toml`."""

    surnames: frozenset[str]
    compound_surnames: frozenset[str]
    forms: Mapping[str, str]  # 女士 -> ms
    moods: Mapping[str, tuple[str, ...]]  # words by which a mood is guessed
    situations: Mapping[str, tuple[str, ...]]  # of a process' form, the likeliest first
    said: Mapping[str, tuple[str, ...]]  # words by which a situation is guessed
    empty_words: frozenset[str]  # of other languages, that say nothing about what is meant
    places: tuple[Place, ...]


@lru_cache(maxsize=1)
def load_lists() -> Lists:
    """The lists as they were delivered."""
    folder = resources.files("yingsheng.content").joinpath("knowledge")
    read: dict[str, Any] = tomllib.loads(folder.joinpath("lists.toml").read_text(encoding="utf-8"))
    return Lists(
        surnames=frozenset(read["surnames"]["single"]),
        compound_surnames=frozenset(read["surnames"]["compound"]),
        forms=read["forms"],
        moods={code: tuple(words) for code, words in read["moods"].items()},
        situations={code: tuple(found) for code, found in read["situations"].items()},
        said={code: tuple(words) for code, words in read["said"].items()},
        empty_words=frozenset(read["empty"]["words"]),
        places=tuple(Place(code=code, **row) for code, row in read["places"].items()),
    )
