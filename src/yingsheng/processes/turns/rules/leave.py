"""What a substitution counts as, and what a month counts for one person (D-08, D-28). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Span = tuple[datetime, datetime]
COVER = "cover"


def counts_as_leave(*, covered: timedelta, limit_hours: int | None) -> bool:
    """Whether a substitution is a day's leave: more than the limit; exactly the limit is not (D-28)."""
    return limit_hours is not None and covered > timedelta(hours=limit_hours)


def leave_days(
    *, kind: str, spans: Iterable[Span], days: Collection[date], limit_hours: int | None, asked_days: int = 1
) -> int:
    """How many days of leave one absence counts (D-28).

    A short substitution counts by the hours of duty that somebody else took over, per day. Any other leave counts
    the days on which a turn was given up; where none was rostered yet, the days that were asked for.
    """
    by_day: dict[date, timedelta] = {}
    for (starts, ends), day in zip(spans, days, strict=True):
        by_day[day] = by_day.get(day, timedelta()) + (ends - starts)
    if kind == COVER:
        return sum(counts_as_leave(covered=hours, limit_hours=limit_hours) for hours in by_day.values())
    return len(by_day) or asked_days


def days_within(*, span: Span, first: date, last: date) -> int:
    """How many days of a month an absence touches; one until midnight does not touch the next day."""
    begins, ends = span[0].date(), (span[1] - timedelta(microseconds=1)).date()
    return max(0, (min(ends, last) - max(begins, first)).days + 1)


def deduction_fen(*, days: int, per_day_fen: int | None) -> int | None:
    """What the leave of a month costs; None where the adopted regulation names no sum (D-28, H-27)."""
    return None if per_day_fen is None else days * per_day_fen


@dataclass(frozen=True, kw_only=True)
class Done:
    """A turn that somebody had in a month."""

    day: date
    starts: datetime
    ends: datetime
    night: bool
    special: bool
    stood_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A person's month: duty counts as regular attendance (D-08)."""

    turns: int
    days: int
    hours: float
    nights: int
    specials: int
    stood_in: int


def tally(*, turns: Sequence[Done]) -> Tally:
    """What somebody's turns add up to (D-08)."""
    minutes = sum(int((one.ends - one.starts) / timedelta(minutes=1)) for one in turns)
    return Tally(
        turns=len(turns),
        days=len({one.day for one in turns}),
        hours=round(minutes / 60, 1),
        nights=len({one.day for one in turns if one.night}),
        specials=len({one.day for one in turns if one.special}),
        stood_in=sum(one.stood_in for one in turns),
    )
