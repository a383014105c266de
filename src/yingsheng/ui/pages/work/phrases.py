"""Words to tap instead of typing: results by trade, reasons by verb, from `content/phrases.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from yingsheng.ui.pages.rules import language_code

Rows = tuple[dict[str, str], ...]


@lru_cache(maxsize=1)
def _load() -> dict[str, Rows]:
    text = resources.files("yingsheng.content").joinpath("phrases.toml").read_text(encoding="utf-8")
    return {kind: tuple(rows) for kind, rows in tomllib.loads(text).items()}


def _rows(*, trade: str = "", verb: str = "") -> list[dict[str, str]]:
    if verb:
        return [row for row in _load()["reason"] if row["verb"] == verb]
    found = [row for row in _load()["result"] if row["trade"] == trade]
    general = [row for row in _load()["result"] if row["trade"] == "other"]
    return found if trade == "other" else found + [{**row, "code": f"other_{row['code']}"} for row in general]


def result_chips(*, trade: str) -> tuple[tuple[str, str], ...]:
    """(code, words in the reader's language) of how work of a trade may end; the general ones last."""
    return tuple((row["code"], row[language_code()]) for row in _rows(trade=trade))


def reason_chips(*, verb: str) -> tuple[tuple[str, str], ...]:
    """(code, words in the reader's language) of why an order is paused, sent back or handed over."""
    return tuple((row["code"], row[language_code()]) for row in _rows(verb=verb))


def result_words(*, trade: str, code: str) -> str:
    """The words a record keeps for a tapped result, "" for none."""
    return next((row["zh"] for row in _rows(trade=trade) if row["code"] == code), "")


def reason_words(*, verb: str, code: str) -> str:
    """The words a record keeps for a tapped reason, "" for none."""
    return next((row["zh"] for row in _rows(verb=verb) if row["code"] == code), "")
