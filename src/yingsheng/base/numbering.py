"""Serial numbers of records: TS-20250303-0001, counted anew in every period."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodKind = Literal["day", "month", "year"]

_PERIOD_FORMATS: dict[PeriodKind, str] = {"day": "{0:%Y%m%d}", "month": "{0:%Y%m}", "year": "{0:%Y}"}
_PREFIX = re.compile(r"[A-Z]{1,6}")
_PARTED = re.compile(r"([A-Z]{1,6})[\s-]*(\d{4}|\d{6}|\d{8})[\s-]+(\d{1,9})")
_JOINED = re.compile(r"([A-Z]{1,6})[\s-]*(\d{5,20})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


@dataclass(frozen=True, kw_only=True)
class SerialNumber:
    """A number taken apart: what sort of record, in which period, the how-many-eth."""

    prefix: str
    period: str
    serial: int


def period_of(*, day: date, kind: PeriodKind) -> str:
    """The period a day belongs to: 20250303, 202503 or 2025; ValueError for an unknown kind."""
    if kind not in _PERIOD_FORMATS:
        raise ValueError(f"unknown period kind {kind!r}")
    return _PERIOD_FORMATS[kind].format(day)


def format_number(*, prefix: str, period: str, serial: int, width: int = 4) -> str:
    """The number as it is printed and read out; a serial longer than `width` is written in full.

    Raises ValueError unless the prefix is one to six capitals, the period a real day, month or year and the
    serial positive.
    """
    if not _PREFIX.fullmatch(prefix) or not _is_period(period) or serial < 1 or width < 1:
        raise ValueError(f"cannot number {prefix!r} {period!r} {serial!r}")
    return f"{prefix}-{period}-{serial:0{width}d}"


def parse_number(*, text: str, width: int = 4) -> SerialNumber | None:
    """A number as somebody typed it (small letters, full width, dashes left out), or None.

    Without a dash between period and serial the longest period wins that leaves a serial `width` digits long,
    or longer without a leading zero; this reads back every number whose serial has not outgrown `width`.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).upper().strip()
    if found := _PARTED.fullmatch(folded):
        return _number(prefix=found[1], period=found[2], serial=found[3])
    if found := _JOINED.fullmatch(folded):
        for length in (8, 6, 4):
            period, serial = found[2][:length], found[2][length:]
            if len(serial) == width or (len(serial) > width and not serial.startswith("0")):
                number = _number(prefix=found[1], period=period, serial=serial)
                if number is not None:
                    return number
    return None


def _number(*, prefix: str, period: str, serial: str) -> SerialNumber | None:
    if not _is_period(period) or int(serial) < 1:
        return None
    return SerialNumber(prefix=prefix, period=period, serial=int(serial))


def _is_period(period: str) -> bool:
    """Whether the text is a year, a month or a day that exists."""
    if not re.fullmatch(r"[12]\d{3}(?:\d{2}){0,2}", period, re.ASCII):
        return False
    try:
        date(int(period[:4]), int(period[4:6] or 1), int(period[6:8] or 1))
    except ValueError:
        return False
    return True


def whole_number(*, text: str, digits: int = 15) -> int | None:
    """The number that plain digits write, at most so many; None for anything else, such as "²" or a sign."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
