"""Cutting text into tokens: Chinese by overlapping pairs, letters and digits by words. Pure.

Most Chinese words have two characters, so pairs find them without a dictionary; a longer word is the phrase of
its pairs. Both databases see plain words between spaces.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[一-鿿㐀-䶿\U00020000-\U0003ffff]+|[a-z0-9]+")
_CHINESE = re.compile(r"^[一-鿿㐀-䶿\U00020000-\U0003ffff]")


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def tokens_of(*, text: str) -> list[str]:
    """The tokens to store for a text, in order."""
    found: list[str] = []
    for run in _runs(text):
        if _CHINESE.match(run) and len(run) > 1:
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
        else:
            found.append(run)
    return found


def endings_of(*, text: str) -> list[str]:
    """The last characters of its Chinese words, which no pair begins with but which one may look for alone."""
    return [run[-1] for run in _runs(text) if _CHINESE.match(run) and len(run) > 1]


def phrases_of(*, query: str) -> list[list[str]]:
    """What a query asks for: every phrase must occur, its tokens side by side.

    A single Chinese character, like the last letters of a word being typed, stands for any token that begins
    with it; it comes back as a phrase of one token that ends in "*".
    """
    phrases: list[list[str]] = []
    for run in _runs(query)[:8]:
        if _CHINESE.match(run):
            if len(run) == 1:
                phrases.append([run + "*"])
            else:
                phrases.append([run[place : place + 2] for place in range(len(run) - 1)])
        else:
            phrases.append([run + "*"])
    return phrases
