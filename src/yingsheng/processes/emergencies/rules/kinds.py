"""What each kind of emergency needs, read once from the content: whom to alarm, what to do and say (X-11). Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def read(self, language: str) -> str:
        """In the language of a code like "en" or "zh-hans"."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, kw_only=True)
class KindOfEmergency:
    """One kind: posts and teams to alarm, the checklist in its order, how callers are reassured."""

    code: str
    title: Words
    severity: str
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    reassure: Words
    steps: tuple[Words, ...]


@lru_cache(maxsize=1)
def load_kinds() -> Mapping[str, KindOfEmergency]:
    """Every kind by its code, in the order of the content."""
    text = resources.files("yingsheng.content").joinpath("emergencies.toml").read_text(encoding="utf-8")
    return {
        row["code"]: KindOfEmergency(
            code=row["code"],
            title=Words(zh=row["zh"], en=row["en"]),
            severity=row["severity"],
            roles=tuple(row["roles"]),
            departments=tuple(row["departments"]),
            reassure=Words(**row["reassure"]),
            steps=tuple(Words(**step) for step in row["steps"]),
        )
        for row in tomllib.loads(text)["kind"]
    }
