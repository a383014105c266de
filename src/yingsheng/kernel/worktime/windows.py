"""The opening hours of one day: several windows, from early to late. Pure."""

from __future__ import annotations

import re
from datetime import time

Window = tuple[time, time]
"""Opening and closing time; a closing time of 0:00 is the midnight that ends the day (24:00)."""

MIDNIGHT = time(0)
WHOLE_DAY: tuple[Window, ...] = ((MIDNIGHT, MIDNIGHT),)
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


class BadWindows(ValueError):
    """Opening hours that overlap, run backwards, cross midnight or cannot be read."""


def check_windows(*, windows: tuple[Window, ...]) -> None:
    """Raise BadWindows unless the windows follow one another; two may touch.

    A night shift is two windows on two days.
    """
    closed_until = MIDNIGHT
    for place, (opens, closes) in enumerate(windows):
        if place and (closed_until == MIDNIGHT or opens < closed_until):
            raise BadWindows(f"window {place + 1} begins before the one before it ends")
        if closes != MIDNIGHT and closes <= opens:
            raise BadWindows(f"window {place + 1} ends before it begins")
        closed_until = closes


def read_windows(*, value: object) -> tuple[Window, ...]:
    """The windows of a stored list such as [["08:30", "12:00"], ["13:30", "24:00"]]; raises BadWindows."""
    if not isinstance(value, list | tuple):
        raise BadWindows(f"not a list of windows: {value!r}")
    windows = tuple(_read_window(value=item) for item in value)
    check_windows(windows=windows)
    return windows


def write_windows(*, windows: tuple[Window, ...]) -> list[list[str]]:
    """The windows as they are stored; `read_windows` gives them back."""
    return [
        [f"{opens:%H:%M}", "24:00" if closes == MIDNIGHT else f"{closes:%H:%M}"] for opens, closes in windows
    ]


def parse_windows(*, text: str) -> tuple[Window, ...]:
    """Hours as people write them, "8:30-12:00、13:30-17:30"; nothing means closed. Raises BadWindows."""
    spans = [
        part for part in re.split(r"[\s,，、;；]+", re.sub(r"\s*[-–—~～至到]\s*", "-", text.strip())) if part
    ]
    return read_windows(value=[part.replace("：", ":").split("-") for part in spans])


def windows_text(*, windows: tuple[Window, ...]) -> str:
    """Hours as people write them; `parse_windows` reads them back."""
    return "、".join(f"{opens}-{closes}" for opens, closes in write_windows(windows=windows))


def _read_window(*, value: object) -> Window:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadWindows(f"not a window: {value!r}")
    return _read_clock(text=value[0]), _read_clock(text=value[1])


def _read_clock(*, text: object) -> time:
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None or (found[1] == "24" and found[2] != "00"):
        raise BadWindows(f"not a time of day: {text!r}")
    return time(int(found[1]) % 24, int(found[2]))
