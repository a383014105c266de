"""The standards of dress and conduct as checklists, read once from the content; their figures come from the rule book.

Pure: figures are handed in by their names (G-06, W-02, W-33).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any

# what an item may name in braces or choose by, and the figure it stands for
FIGURES = {
    "principle_count": "W-01.principle_count",
    "scored_by": "W-02.scored_by",
    "tie_required": "W-03.tie_required",
    "badge_side": "W-03.badge_side",
    "guard_hair_cm": "W-04.guard_hair_cm",
    "long_hair": "W-04.long_hair",
    "nail_mm": "W-05.nail_mm",
    "polish": "W-05.polish",
    "report_to": "W-07.report_to",
    "report_within": "W-07.report_within",
    "words": "W-12.words",
    "distance_m": "W-16.distance_m",
    "turn_degrees": "W-20.turn_degrees",
    "group_from": "W-22.group_from",
    "smile_distance_m": "W-25.smile_distance_m",
}
POSTS = frozenset({"scored_by", "report_to"})


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that is looked at. `choice` names a figure that picks the words, `only_if` one that must hold."""

    code: str
    rule: str
    words: Mapping[str, Any]  # by language; by value and language with a choice
    choice: str = ""
    only_if: str = ""
    silent: Mapping[str, str] | None = None  # said where the adopted regulation gives no figure

    def read(self, *, language: str, figures: Mapping[str, Any]) -> str:
        """The item in a language, with the figures that apply filled in."""
        words = self.words
        if self.choice:
            words = words.get(str(figures.get(self.choice)), next(iter(words.values())))
        elif self.silent is not None and self._is_silent(figures):
            words = self.silent
        text = str(words["en" if language.startswith("en") else "zh"])
        return text.format_map({name: figures.get(name, "") for name in FIGURES})

    def applies(self, *, figures: Mapping[str, Any]) -> bool:
        """Whether it is asked: not where the regulation asks nothing, or gives no figure and no words do without."""
        if self.only_if:
            return bool(figures.get(self.only_if))
        return self.silent is not None or not self._is_silent(figures)

    def _is_silent(self, figures: Mapping[str, Any]) -> bool:
        if self.choice:
            return False
        named = (name for _, name, _, _ in Formatter().parse(str(self.words["zh"])) if name)
        return any(figures.get(name) is None for name in named)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some items under a heading; those of an inspected one are ticked by the supervisor."""

    code: str
    chapter: str
    inspected: bool
    zh: str
    en: str
    items: tuple[Item, ...]

    def title(self, *, language: str) -> str:
        """Its heading."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, kw_only=True)
class Library:
    """The chapters in order with their titles by language (W-33), and their sections."""

    chapters: Mapping[str, Mapping[str, str]]
    sections: tuple[Section, ...]

    def inspected(self) -> tuple[Item, ...]:
        """Every item of the daily inspection."""
        return tuple(item for section in self.sections if section.inspected for item in section.items)


@lru_cache(maxsize=1)
def load_library() -> Library:
    """The library as the content has it."""
    text = resources.files("yingsheng.content").joinpath("checklists.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return Library(
        chapters={row["code"]: {"zh": row["zh"], "en": row["en"]} for row in told["chapter"]},
        sections=tuple(
            Section(
                code=row["code"],
                chapter=row["chapter"],
                inspected=row["inspected"],
                zh=row["zh"],
                en=row["en"],
                items=tuple(_item(one) for one in row["items"]),
            )
            for row in told["section"]
        ),
    )


def _item(row: Mapping[str, Any]) -> Item:
    words = row["by"] if "by" in row else {"zh": row["zh"], "en": row["en"]}
    return Item(
        code=row["code"],
        rule=row["rule"],
        words=words,
        choice=row.get("choice", ""),
        only_if=row.get("only_if", ""),
        silent=row.get("silent"),
    )
