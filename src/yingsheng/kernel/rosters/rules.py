"""When a shift of a day begins and ends, what counts as night, and what keeps somebody from a turn. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from yingsheng.base.months import clamp

NIGHT_FROM, NIGHT_TO = time(22), time(6)

Span = tuple[datetime, datetime]
Window = tuple[time, time]
ROUND_TO = 15  # minutes; shifts begin at hours that people remember


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


def month_days(*, month: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    return month.replace(day=1), clamp(year=month.year, month=month.month, day=31)


def parts_of(*, starts: time, ends: time, count: int) -> list[Window]:
    """The hours from `starts` to `ends` in so many shifts of about the same length, one behind the other (D-02, D-03).

    An end no later than the start is on the next day; the same hour twice is a whole day.
    """
    day = date.min
    begin = datetime.combine(day, starts)
    last = datetime.combine(day if ends > starts else day + timedelta(days=1), ends)
    minutes = (last - begin) // timedelta(minutes=1)
    edges = [
        begin,
        *(begin + timedelta(minutes=_rounded(minutes * n / count)) for n in range(1, count)),
        last,
    ]
    return [(one.time(), other.time()) for one, other in pairwise(edges)]


def _rounded(minutes: float) -> int:
    return round(minutes / ROUND_TO) * ROUND_TO


def too_close(*, one: Span, other: Span, rest: timedelta) -> bool:
    """Whether less than the rest lies between two turns; exactly so much is enough (D-01)."""
    return one[0] < other[1] + rest and other[0] < one[1] + rest


def too_many_in_a_row(*, days: Collection[int], day: int, most: int) -> bool:
    """Whether working on `day` too makes more than `most` days on end; a day that is worked anyway adds none (D-01)."""
    if day in days:
        return False
    before = after = 0
    while day - before - 1 in days:
        before += 1
    while day + after + 1 in days:
        after += 1
    return before + 1 + after > most


def parts_left(*, whole: Span, taken: Span) -> list[Span]:
    """What stays of a turn when a part of it is taken over by somebody else: none, one or two pieces (D-11)."""
    pieces = [(whole[0], min(whole[1], taken[0])), (max(whole[0], taken[1]), whole[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]
