"""What may be published, and when a contact is due. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[\d -]{8,10}|0\d{2,3}[- ]?\d{7,8}|\d{7,8})(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
ROOM = re.compile(r"\d{1,3}\s*(?:栋|幢|座|号楼)|(?<!\d)\d{1,3}-\d{1,2}-\d{3,4}(?!\d)")


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
