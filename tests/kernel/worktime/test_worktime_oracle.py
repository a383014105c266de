"""The arithmetic against an oracle that walks minute by minute and knows nothing of intervals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from yingsheng.kernel.worktime.arithmetic import (
    Unit,
    WorkCalendar,
    add_work_minutes,
    due_at,
    end_of_working_day,
    next_opening,
    shift_due,
    work_minutes_between,
)
from yingsheng.kernel.worktime.windows import MIDNIGHT, Window

MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 9, 25, tzinfo=UTC)
EIGHT_HOURS = timedelta(
    hours=8
)  # the zone in 2026, written out so that the oracle shares nothing with the code


@st.composite
def windows(draw: st.DrawFn, *, least: int = 0) -> tuple[Window, ...]:
    edges = draw(st.lists(st.integers(0, 96), min_size=2 * least, max_size=6, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((_clock(opens), _clock(closes)) for opens, closes in pairs)


def _clock(quarter: int) -> time:
    return time(quarter // 4 % 24, quarter % 4 * 15)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A week that is open on Tuesdays, holidays and make-up days around it."""
    weekly = [draw(windows(least=1 if weekday == 1 else 0)) for weekday in range(7)]
    days = st.dates(date(2026, 9, 20), date(2026, 10, 20))
    overrides = draw(st.dictionaries(days, st.one_of(st.just(()), windows()), max_size=8))
    return WorkCalendar(weekly=tuple(weekly), overrides=overrides, loaded_years=frozenset({2026}))


MOMENTS = st.integers(0, 6 * 1440).map(lambda minutes: FIRST + minutes * MINUTE)
PAUSES = st.lists(st.tuples(MOMENTS, st.integers(0, 900)), max_size=4).map(
    lambda drawn: [(begins, begins + length * MINUTE) for begins, length in drawn]
)


def is_open(moment: datetime, calendar: WorkCalendar) -> bool:
    """Whether the minute that begins at `moment` is worked."""
    there = moment.replace(tzinfo=None) + EIGHT_HOURS
    hours = calendar.overrides.get(there.date(), calendar.weekly[there.weekday()])
    return any(
        opens <= there.time() and (closes == MIDNIGHT or there.time() < closes) for opens, closes in hours
    )


def walk(start: datetime, minutes: int, counts: Callable[[datetime], bool]) -> datetime:
    """The end of the n-th minute from `start` on that counts; with 0, the beginning of the first."""
    now = start
    while not counts(now):
        now += MINUTE
    while minutes:
        minutes -= counts(now)
        now += MINUTE
    return now


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, minutes=st.integers(0, 1500))
def test_adding_working_minutes(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    expected = walk(start, minutes, lambda now: is_open(now, calendar))
    assert add_work_minutes(start=start, minutes=minutes, calendar=calendar) == expected
    assert next_opening(start=start, calendar=calendar) == walk(start, 0, lambda now: is_open(now, calendar))


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, length=st.integers(0, 8000))
def test_working_minutes_between(calendar: WorkCalendar, start: datetime, length: int) -> None:
    end = start + length * MINUTE
    expected = sum(is_open(start + minute * MINUTE, calendar) for minute in range(length))
    assert work_minutes_between(start=start, end=end, calendar=calendar) == expected


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, minutes=st.integers(1, 900), pauses=PAUSES)
def test_pauses_in_working_time(
    calendar: WorkCalendar, start: datetime, minutes: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    def counts(now: datetime) -> bool:
        return is_open(now, calendar) and not any(begins <= now < ends for begins, ends in pauses)

    due = add_work_minutes(start=start, minutes=minutes, calendar=calendar)
    found = shift_due(due=due, start=start, pauses=pauses, unit=Unit.WORKING_MINUTES, calendar=calendar)
    assert found.at == walk(start, minutes, counts)


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, minutes=st.integers(1, 900), pauses=PAUSES)
def test_pauses_on_the_clock(
    calendar: WorkCalendar, start: datetime, minutes: int, pauses: list[tuple[datetime, datetime]]
) -> None:
    found = shift_due(
        due=start + minutes * MINUTE, start=start, pauses=pauses, unit=Unit.MINUTES, calendar=calendar
    )
    assert found.at == walk(
        start, minutes, lambda now: not any(begins <= now < ends for begins, ends in pauses)
    )


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, days=st.integers(1, 6))
def test_working_days(calendar: WorkCalendar, start: datetime, days: int) -> None:
    first = (start + EIGHT_HOURS).date()
    found = end_of_working_day(start=start, days=days, calendar=calendar)
    last = (found + EIGHT_HOURS).date()
    between = [first + timedelta(days=step) for step in range(1, (last - first).days + 1)]
    worked = [day for day in between if calendar.overrides.get(day, calendar.weekly[day.weekday()])]
    assert len(worked) == days
    assert worked[-1] == last
    # nobody works between the due time and the end of that day, but somebody did just before it
    midnight = datetime.combine(last + timedelta(days=1), time(0), UTC) - EIGHT_HOURS
    until = work_minutes_between(start=found, end=midnight, calendar=calendar)
    assert until == 0
    assert is_open(found.replace(second=0) - (MINUTE if found.second == 0 else timedelta()), calendar)


@settings(max_examples=60, deadline=None)
@given(
    calendar=calendars(),
    start=MOMENTS,
    later=st.integers(0, 3000),
    amount=st.integers(0, 10),
    more=st.integers(0, 10),
    unit=st.sampled_from(Unit),
)
def test_later_and_more_never_fall_due_earlier(
    calendar: WorkCalendar, start: datetime, later: int, amount: int, more: int, unit: Unit
) -> None:
    due = due_at(start=start, amount=amount, unit=unit, calendar=calendar).at
    assert due >= start
    assert due_at(start=start + later * MINUTE, amount=amount, unit=unit, calendar=calendar).at >= due
    assert due_at(start=start, amount=amount + more, unit=unit, calendar=calendar).at >= due


@settings(max_examples=60, deadline=None)
@given(calendar=calendars(), start=MOMENTS, first=st.integers(0, 900), second=st.integers(1, 900))
def test_working_time_adds_up(calendar: WorkCalendar, start: datetime, first: int, second: int) -> None:
    halfway = add_work_minutes(start=start, minutes=first, calendar=calendar)
    due = add_work_minutes(start=halfway, minutes=second, calendar=calendar)
    assert due == add_work_minutes(start=start, minutes=first + second, calendar=calendar)
    assert work_minutes_between(start=start, end=due, calendar=calendar) == first + second
