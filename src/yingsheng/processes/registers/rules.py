"""What may be published and used, when a contact or review is due, how ready answers are ranked. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

DRAFT, APPROVED, RETIRED = "draft", "approved", "retired"
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[\d -]{8,10}|0\d{2,3}[- ]?\d{7,8}|\d{7,8})(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
ROOM = re.compile(r"\d{1,3}\s*(?:栋|幢|座|号楼)|(?<!\d)\d{1,3}-\d{1,2}-\d{3,4}(?!\d)")
SEPARATORS = re.compile(r"[\s,，、;；]+")


def personal_in(*, texts: Iterable[str], names: Collection[str]) -> str:
    """What betrays a person in a text that everybody will read: "phone", "id_number", "room", "name", or "" (B-10).

    `names` are those of whoever raised the matter; a form of address of one character is no name.
    """
    for text in texts:
        if ID_NUMBER.search(text):
            return "id_number"
        if PHONE.search(text):
            return "phone"
        if ROOM.search(text):
            return "room"
        if any(len(name) > 1 and name in text for name in names):
            return "name"
    return ""


def next_contact(*, last: datetime, every_days: int) -> datetime:
    """When a key customer is to be contacted next (Z-05)."""
    return last + timedelta(days=every_days)


def keywords_of(*, text: str) -> list[str]:
    """The words of a list typed with any separators, each once, in order."""
    return list(dict.fromkeys(word for word in SEPARATORS.split(text) if word))


def score(*, typed: str, question: str, keywords: Collection[str], initials: str) -> int:
    """How well an entry fits what is being typed; 0 means not at all (B-09).

    A keyword inside the text counts most, then pairs of neighbouring characters shared with the question; letters
    alone are read as the initials of the question or of a keyword.
    """
    text = typed.strip().lower()
    if not text:
        return 0
    if text.isascii() and text.isalpha():
        return 5 if len(text) > 1 and text in initials else 0
    hits = 10 * sum(1 for word in keywords if len(word) > 1 and word.lower() in text)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    lower = question.lower()
    shared = sum(1 for pair in pairs if pair.strip() and pair in lower)
    return hits + (shared if shared > 1 or len(text) < 4 else 0)
