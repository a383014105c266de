"""When a promise falls due: clock time, working time, calendar days and months. Pure.

Every moment that comes in is aware; every moment that goes out is in UTC. Lengths of time are measured in
UTC, days and opening hours are those of the calendar's zone, so that the summer time of 1986 to 1991 is
counted as it was lived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from yingsheng.kernel.worktime.windows import MIDNIGHT, Window, check_windows

LAST_SECOND = time(23, 59, 59)
# Nobody closes for two years; a calendar that does has lost its hours, and the search must end.
CLOSED_DAYS_LIMIT = 731

Pause = tuple[datetime, datetime]


class NeverOpens(ValueError):
    """The calendar has no working time within two years."""


class Unit(StrEnum):
    """What the figure of a promise counts; the names are those of the rule book."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"  # of 24 hours
    WORKING_MINUTES = "working_minutes"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"  # until the end of the n-th day after
    WORKING_DAYS = "working_days"  # until closing time of the n-th working day after
    MONTHS = "months"
    SAME_DAY = "same_day"


WORKING_UNITS = frozenset({Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS})


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """When somebody works: `weekly` from Monday to Sunday, `overrides` for single days (empty means closed).

    `loaded_years` are the years whose holidays are known; they matter only if the calendar follows the
    holidays. Raises BadWindows for impossible hours, ValueError for a week that has not seven days.
    """

    weekly: tuple[tuple[Window, ...], ...]
    overrides: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    loaded_years: frozenset[int] = frozenset()
    follows_holidays: bool = True
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("a week has seven days")
        for windows in (*self.weekly, *self.overrides.values()):
            check_windows(windows=windows)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due time in UTC, and the years it was computed for without knowing their holidays (normally none)."""

    at: datetime
    missing_years: tuple[int, ...] = ()


def is_met(*, due: datetime, at: datetime) -> bool:
    """Whether something done at `at` kept the promise; done exactly when it fell due counts as kept."""
    return at <= due


def add_clock(*, start: datetime, minutes: int) -> datetime:
    """`start` and so many minutes of the clock, day and night."""
    return _utc(start) + timedelta(minutes=_not_negative(minutes))


def add_work_minutes(*, start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """The moment by which so many minutes of working time have passed since `start`.

    What starts outside working time, or exactly at closing, starts at the next opening; what ends exactly at
    closing is due at closing. Raises NeverOpens.
    """
    return _add_work(start=_utc(start), length=timedelta(minutes=_not_negative(minutes)), calendar=calendar)


def work_minutes_between(*, start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """The whole minutes of working time from `start` to `end`; ValueError if `end` is before `start`."""
    return _work_between(start=_utc(start), end=_utc(end), calendar=calendar) // timedelta(minutes=1)


def end_of_day(*, start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The last second of the n-th calendar day after that of `start`; 0 is the same day."""
    day = _local(start, calendar).date() + timedelta(days=_not_negative(days))
    return _moment(day=day, clock=LAST_SECOND, calendar=calendar)


def end_of_working_day(*, start: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """Closing time of the n-th working day after that of `start`, which is itself not counted.

    With 0, closing time of the same day, or of the next working day once this one has closed. A day that is
    open until 24:00 closes at its last second. Raises NeverOpens.
    """
    begins = _utc(start)
    left = _not_negative(days)
    day = _local(start, calendar).date()
    if left:
        day, left = day + timedelta(days=1), left - 1
    ahead = (closes for closes in _closings(day=day, calendar=calendar) if closes > begins)
    return next(islice(ahead, left, None))


def add_months(*, start: datetime, months: int, calendar: WorkCalendar) -> datetime:
    """The same time of day so many months later; the 31st becomes the last day of a shorter month."""
    later = _local(start, calendar).replace(tzinfo=None) + relativedelta(months=_not_negative(months))
    return later.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def is_working_day(*, day: date, calendar: WorkCalendar) -> bool:
    """Whether anybody works on this day at all."""
    return bool(_windows_of(day=day, calendar=calendar))


def next_opening(*, start: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment of working time from `start` on: `start` itself while open. Raises NeverOpens."""
    return next(_spans_from(start=_utc(start), calendar=calendar))[0]


def missing_years(*, start: datetime, end: datetime, calendar: WorkCalendar) -> tuple[int, ...]:
    """The years between two moments whose holidays the calendar ought to know and does not."""
    if not calendar.follows_holidays:
        return ()
    years = range(_local(start, calendar).year, _local(end, calendar).year + 1)
    return tuple(year for year in years if year not in calendar.loaded_years)


def due_at(*, start: datetime, amount: int, unit: Unit | str, calendar: WorkCalendar) -> Due:
    """When a promise of so many units given at `start` falls due.

    same_day counts like calendar_days (its figure is 0). Missing years are reported for units of working time
    only, for no other depends on holidays. Raises ValueError for an unknown unit or a negative amount,
    NeverOpens.
    """
    unit = Unit(unit)
    match unit:
        case Unit.MINUTES:
            at = add_clock(start=start, minutes=amount)
        case Unit.HOURS:
            at = add_clock(start=start, minutes=amount * 60)
        case Unit.DAYS:
            at = add_clock(start=start, minutes=amount * 1440)
        case Unit.WORKING_MINUTES:
            at = add_work_minutes(start=start, minutes=amount, calendar=calendar)
        case Unit.WORKING_HOURS:
            at = add_work_minutes(start=start, minutes=amount * 60, calendar=calendar)
        case Unit.WORKING_DAYS:
            at = end_of_working_day(start=start, days=amount, calendar=calendar)
        case Unit.MONTHS:
            at = add_months(start=start, months=amount, calendar=calendar)
        case _:  # calendar_days and same_day
            at = end_of_day(start=start, days=amount, calendar=calendar)
    return Due(at=at, missing_years=_missing(start=start, end=at, unit=unit, calendar=calendar))


def shift_due(
    *, due: datetime, start: datetime, pauses: Sequence[Pause], unit: Unit | str, calendar: WorkCalendar
) -> Due:
    """A due time moved by pauses, so that what was left when a pause began is left when it ends.

    `start` is when the promise was given, `pauses` are pairs (from, to). Units of working time move by the
    working time of the pauses, all others by their length. Overlapping pauses count once; the part before
    `start` and a pause that begins when the promise is already due count nothing. Raises ValueError for a
    pause that ends before it begins, NeverOpens.
    """
    unit = Unit(unit)
    moved = _utc(due)
    for begins, ends in _merged(pauses=pauses, start=_utc(start)):
        if begins >= moved:
            break
        if unit not in WORKING_UNITS:
            moved += ends - begins
        elif gained := _work_between(start=begins, end=ends, calendar=calendar):
            moved = _add_work(start=moved, length=gained, calendar=calendar)
    return Due(at=moved, missing_years=_missing(start=start, end=moved, unit=unit, calendar=calendar))


def _missing(*, start: datetime, end: datetime, unit: Unit, calendar: WorkCalendar) -> tuple[int, ...]:
    return missing_years(start=start, end=end, calendar=calendar) if unit in WORKING_UNITS else ()


def _merged(*, pauses: Sequence[Pause], start: datetime) -> list[Pause]:
    """Pauses in order, cut off at `start`, none touching another."""
    merged: list[Pause] = []
    for begins, ends in sorted((_utc(begins), _utc(ends)) for begins, ends in pauses):
        if ends < begins:
            raise ValueError("a pause ends before it begins")
        if ends <= start:
            continue
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((max(begins, start), ends))
    return merged


def _add_work(*, start: datetime, length: timedelta, calendar: WorkCalendar) -> datetime:
    spans = _spans_from(start=start, calendar=calendar)
    opens, closes = next(spans)
    while length > closes - opens:
        length -= closes - opens
        opens, closes = next(spans)
    return opens + length


def _work_between(*, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    if end < start:
        raise ValueError("the end is before the start")
    day, last = _local(start, calendar).date(), _local(end, calendar).date()
    worked = timedelta()
    while day <= last:
        for opens, closes in _spans_of(day=day, calendar=calendar):
            worked += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return worked


def _spans_from(*, start: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on, in UTC, without end; NeverOpens after two closed years."""
    day = _local(start, calendar).date()
    closed_days = 0
    while closed_days <= CLOSED_DAYS_LIMIT:
        ahead = [span for span in _spans_of(day=day, calendar=calendar) if span[1] > start]
        for opens, closes in ahead:
            yield max(opens, start), closes
        closed_days = 0 if ahead else closed_days + 1
        day += timedelta(days=1)
    raise NeverOpens(f"no working time for {CLOSED_DAYS_LIMIT} days before {day}")


def _closings(*, day: date, calendar: WorkCalendar) -> Iterator[datetime]:
    """Closing times of the working days from `day` on, without end; NeverOpens after two closed years."""
    closed_days = 0
    while closed_days <= CLOSED_DAYS_LIMIT:
        windows = _windows_of(day=day, calendar=calendar)
        if windows:
            closes = windows[-1][1]
            yield _moment(day=day, clock=LAST_SECOND if closes == MIDNIGHT else closes, calendar=calendar)
        closed_days = 0 if windows else closed_days + 1
        day += timedelta(days=1)
    raise NeverOpens(f"no working day for {CLOSED_DAYS_LIMIT} days before {day}")


def _spans_of(*, day: date, calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    """The working time of one day in UTC, in order and apart, also on a day when the clocks are changed."""
    spans = []
    free_from = _moment(day=day, clock=MIDNIGHT, calendar=calendar)
    for opens, closes in _windows_of(day=day, calendar=calendar):
        begins = max(_moment(day=day, clock=opens, calendar=calendar), free_from)
        last_day = day + timedelta(days=1) if closes == MIDNIGHT else day
        ends = _moment(day=last_day, clock=closes, calendar=calendar)
        if begins < ends:
            spans.append((begins, ends))
            free_from = ends
    return spans


def _windows_of(*, day: date, calendar: WorkCalendar) -> tuple[Window, ...]:
    return calendar.overrides.get(day, calendar.weekly[day.weekday()])


def _moment(*, day: date, clock: time, calendar: WorkCalendar) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(calendar.zone)).astimezone(UTC)


def _local(moment: datetime, calendar: WorkCalendar) -> datetime:
    return _utc(moment).astimezone(ZoneInfo(calendar.zone))


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def _not_negative(amount: int) -> int:
    if amount < 0:
        raise ValueError("an amount must not be negative")
    return amount
