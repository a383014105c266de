"""When a shift of a day begins and ends, what counts as night, and whether two shifts get in each other's way. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

NIGHT_FROM, NIGHT_TO = time(22), time(6)

Span = tuple[datetime, datetime]


def span_of(*, day: date, starts: time, ends: time, zone: ZoneInfo) -> Span:
    """When the shift of a day runs; one that ends no later than it begins goes on into the next day.

    A shift that ends at the hour it begins lasts a whole day.
    """
    last = day if ends > starts else day + timedelta(days=1)
    return datetime.combine(day, starts, zone), datetime.combine(last, ends, zone)


def is_night(*, starts: time, ends: time) -> bool:
    """Whether a shift touches the hours from 22:00 to 6:00."""
    if ends <= starts:
        return True
    return starts < NIGHT_TO or ends > NIGHT_FROM


def overlap(*, one: Span, other: Span) -> bool:
    """Whether two spans share any time; touching is no overlap."""
    return one[0] < other[1] and other[0] < one[1]


def gaps(*, window: Span, covered: Iterable[Span], needed: int = 1) -> list[Span]:
    """The parts of a window in which fewer than `needed` of the spans run, in order and joined (D-04, D-05)."""
    spans = [
        (max(one[0], window[0]), min(one[1], window[1])) for one in covered if overlap(one=one, other=window)
    ]
    edges = sorted({window[0], window[1], *(edge for one in spans for edge in one)})
    found: list[Span] = []
    for begins, ends in pairwise(edges):
        present = sum(1 for one in spans if one[0] <= begins and ends <= one[1])
        if present >= needed:
            continue
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return found
