"""Examples of due times: holidays, make-up days, several windows a day, edges of days, months and years."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from yingsheng.kernel.worktime.arithmetic import (
    NeverOpens,
    Unit,
    WorkCalendar,
    add_clock,
    add_months,
    add_work_minutes,
    due_at,
    end_of_day,
    end_of_working_day,
    is_met,
    is_working_day,
    missing_years,
    next_opening,
    shift_due,
    work_minutes_between,
)
from yingsheng.kernel.worktime.windows import WHOLE_DAY, BadWindows

from .calendars import ALWAYS, DESK, OFFICE, SERVICE, day, local, office, shown

CHINA = office(years=[2025, 2026])
CLOSED = WorkCalendar(weekly=((),) * 7)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02 09:00", 60, "2026-03-02 10:00"),
        ("2026-03-02 11:30", 30, "2026-03-02 12:00"),  # ends exactly at the break: due at the break
        ("2026-03-02 11:30", 31, "2026-03-02 13:31"),  # across the break
        ("2026-03-02 12:00", 1, "2026-03-02 13:31"),  # begins exactly at the break
        ("2026-03-02 12:40", 30, "2026-03-02 14:00"),
        ("2026-03-02 17:00", 30, "2026-03-02 17:30"),
        ("2026-03-02 17:30", 30, "2026-03-03 09:00"),  # begins exactly at closing
        ("2026-03-02 17:30", 0, "2026-03-03 08:30"),
        ("2026-03-02 05:00", 0, "2026-03-02 08:30"),
        ("2026-03-02 10:00", 0, "2026-03-02 10:00"),
        ("2026-03-02 08:30", 450, "2026-03-02 17:30"),
        ("2026-03-02 08:30", 451, "2026-03-03 08:31"),
        ("2026-03-06 17:00", 60, "2026-03-09 09:00"),  # Friday to Monday
        ("2026-09-30 17:00", 60, "2026-10-08 09:00"),  # National Day
        ("2026-10-09 17:00", 60, "2026-10-10 09:00"),  # Saturday 10 October is made up
        ("2026-10-10 17:00", 60, "2026-10-12 09:00"),
        ("2026-02-13 17:00", 60, "2026-02-14 09:00"),  # Saturday before Spring Festival is made up
        ("2026-02-14 17:00", 60, "2026-02-24 09:00"),  # Spring Festival, 15 to 23 February
        ("2026-02-27 17:00", 60, "2026-02-28 09:00"),  # Saturday after it is made up
        ("2025-12-31 17:00", 60, "2026-01-04 09:00"),  # New Year; Sunday 4 January is made up
    ],
)
def test_working_minutes(start: str, minutes: int, due: str) -> None:
    assert shown(add_work_minutes(start=local(start), minutes=minutes, calendar=CHINA)) == due


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-02 09:00", "2026-03-02 09:00", 0),
        ("2026-03-02 08:00", "2026-03-02 18:00", 450),
        ("2026-03-02 11:00", "2026-03-02 14:00", 90),
        ("2026-09-30 17:00", "2026-10-08 09:00", 60),
        ("2026-02-14 00:00", "2026-02-25 00:00", 900),
        ("2026-03-02 09:00:30", "2026-03-02 09:02:15", 1),
    ],
)
def test_working_minutes_between(start: str, end: str, minutes: int) -> None:
    assert work_minutes_between(start=local(start), end=local(end), calendar=CHINA) == minutes


def test_the_desk_is_open_on_holidays_and_never_misses_a_year() -> None:
    due = due_at(start=local("2030-02-03 19:30"), amount=2, unit=Unit.WORKING_HOURS, calendar=SERVICE)
    assert shown(due.at) == "2030-02-04 09:00"
    assert due.missing_years == ()


def test_round_the_clock() -> None:
    start = local("2026-12-31 23:30")
    assert shown(add_work_minutes(start=start, minutes=30, calendar=ALWAYS)) == "2027-01-01 00:00"
    assert shown(add_work_minutes(start=start, minutes=31, calendar=ALWAYS)) == "2027-01-01 00:01"
    assert shown(end_of_working_day(start=start, days=0, calendar=ALWAYS)) == "2026-12-31 23:59:59"
    assert shown(end_of_working_day(start=start, days=1, calendar=ALWAYS)) == "2027-01-01 23:59:59"


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-03-03 09:00", 2, "2025-03-05 17:30"),
        ("2025-03-03 09:00", 10, "2025-03-17 17:30"),
        ("2026-03-02 09:00", 0, "2026-03-02 17:30"),
        ("2026-03-02 17:29", 0, "2026-03-02 17:30"),
        ("2026-03-02 17:30", 0, "2026-03-03 17:30"),
        ("2026-03-02 21:00", 1, "2026-03-03 17:30"),
        ("2026-03-07 09:00", 0, "2026-03-09 17:30"),  # Saturday
        ("2026-03-07 09:00", 1, "2026-03-09 17:30"),
        ("2026-09-30 09:00", 1, "2026-10-08 17:30"),
        ("2026-10-08 09:00", 2, "2026-10-10 17:30"),
        ("2026-10-08 09:00", 3, "2026-10-12 17:30"),
    ],
)
def test_working_days_end_at_closing(start: str, days: int, due: str) -> None:
    assert shown(end_of_working_day(start=local(start), days=days, calendar=CHINA)) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-03-03 09:00", 3, "2025-03-06 23:59:59"),
        ("2025-03-03 23:59:59", 0, "2025-03-03 23:59:59"),
        ("2025-03-03 00:00", 0, "2025-03-03 23:59:59"),
        ("2024-02-28 09:00", 1, "2024-02-29 23:59:59"),
        ("2026-12-30 09:00", 3, "2027-01-02 23:59:59"),
    ],
)
def test_calendar_days_end_with_the_day(start: str, days: int, due: str) -> None:
    assert shown(end_of_day(start=local(start), days=days, calendar=CHINA)) == due


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    just_after_midnight_there = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert shown(end_of_day(start=just_after_midnight_there, days=0, calendar=CHINA)) == "2026-03-03 23:59:59"


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2026-01-31 09:15", 1, "2026-02-28 09:15"),
        ("2024-01-31 09:15", 1, "2024-02-29 09:15"),
        ("2024-02-29 09:15", 12, "2025-02-28 09:15"),
        ("2026-11-30 09:15", 3, "2027-02-28 09:15"),
        ("2026-08-31 00:00", 1, "2026-09-30 00:00"),
        ("2026-03-02 09:15", 0, "2026-03-02 09:15"),
    ],
)
def test_months_clamp_to_the_end_of_the_month(start: str, months: int, due: str) -> None:
    assert shown(add_months(start=local(start), months=months, calendar=CHINA)) == due


@pytest.mark.parametrize(
    ("unit", "amount", "due", "years"),
    [
        ("minutes", 15, "2026-12-30 17:15", ()),
        ("hours", 24, "2026-12-31 17:00", ()),
        ("days", 2, "2027-01-01 17:00", ()),
        ("working_minutes", 30, "2026-12-30 17:30", ()),
        ("working_hours", 8, "2026-12-31 17:30", ()),
        ("working_hours", 9, "2027-01-01 09:30", (2027,)),
        ("working_days", 1, "2026-12-31 17:30", ()),
        ("working_days", 2, "2027-01-01 17:30", (2027,)),
        ("calendar_days", 3, "2027-01-02 23:59:59", ()),
        ("months", 2, "2027-02-28 17:00", ()),
        ("same_day", 0, "2026-12-30 23:59:59", ()),
    ],
)
def test_every_unit_of_the_rule_book(unit: str, amount: int, due: str, years: tuple[int, ...]) -> None:
    found = due_at(start=local("2026-12-30 17:00"), amount=amount, unit=unit, calendar=CHINA)
    assert (shown(found.at), found.missing_years) == (due, years)


def test_a_unit_the_rule_book_does_not_have() -> None:
    with pytest.raises(ValueError, match="fortnights"):
        due_at(start=local("2026-12-30 17:00"), amount=1, unit="fortnights", calendar=CHINA)


def test_missing_years_are_those_between() -> None:
    start, end = local("2024-06-01 00:00"), local("2028-01-01 00:00")
    assert missing_years(start=start, end=end, calendar=CHINA) == (2024, 2027, 2028)
    assert missing_years(start=start, end=end, calendar=SERVICE) == ()


def test_due_exactly_at_closing_counts_as_met() -> None:
    due = due_at(start=local("2026-03-02 16:30"), amount=1, unit=Unit.WORKING_HOURS, calendar=CHINA).at
    assert is_met(due=due, at=local("2026-03-02 17:30"))
    assert not is_met(due=due, at=local("2026-03-02 17:30:01"))


def test_working_days_and_openings() -> None:
    assert is_working_day(day=day("2026-10-10"), calendar=CHINA)
    assert not is_working_day(day=day("2026-10-11"), calendar=CHINA)
    assert not is_working_day(day=day("2026-10-01"), calendar=CHINA)
    assert shown(next_opening(start=local("2026-09-30 17:30"), calendar=CHINA)) == "2026-10-08 08:30"
    assert shown(next_opening(start=local("2026-09-30 17:29"), calendar=CHINA)) == "2026-09-30 17:29"


@pytest.mark.parametrize(
    ("unit", "due", "pauses", "moved"),
    [
        ("hours", "2026-03-02 11:00", [], "2026-03-02 11:00"),
        ("hours", "2026-03-02 11:00", [("2026-03-02 10:00", "2026-03-02 20:00")], "2026-03-02 21:00"),
        ("hours", "2026-03-02 11:00", [("2026-03-02 10:00", "2026-03-02 10:00")], "2026-03-02 11:00"),
        # once due, a pause heals nothing; a pause that begins in time carries the next one with it
        ("hours", "2026-03-02 11:00", [("2026-03-02 11:00", "2026-03-02 12:00")], "2026-03-02 11:00"),
        (
            "hours",
            "2026-03-02 11:00",
            [("2026-03-02 11:30", "2026-03-02 12:30"), ("2026-03-02 10:00", "2026-03-02 11:00")],
            "2026-03-02 13:00",
        ),
        # overlapping pauses count once
        (
            "minutes",
            "2026-03-02 11:00",
            [("2026-03-02 09:30", "2026-03-02 10:30"), ("2026-03-02 10:00", "2026-03-02 10:15")],
            "2026-03-02 12:00",
        ),
        # what lies before the promise does not count
        ("hours", "2026-03-02 11:00", [("2026-03-01 09:00", "2026-03-02 09:30")], "2026-03-02 11:30"),
        ("hours", "2026-03-02 11:00", [("2026-03-01 09:00", "2026-03-02 09:00")], "2026-03-02 11:00"),
        (
            "calendar_days",
            "2026-03-02 23:59:59",
            [("2026-03-02 10:00", "2026-03-03 10:00")],
            "2026-03-03 23:59:59",
        ),
        ("working_hours", "2026-03-02 17:30", [("2026-03-02 12:00", "2026-03-02 13:30")], "2026-03-02 17:30"),
        ("working_hours", "2026-03-02 17:30", [("2026-03-02 16:30", "2026-03-02 22:00")], "2026-03-03 09:30"),
        (
            "working_minutes",
            "2026-03-06 17:30",
            [("2026-03-06 17:00", "2026-03-08 12:00")],
            "2026-03-09 09:00",
        ),
        ("working_days", "2026-09-30 17:30", [("2026-09-30 16:30", "2026-10-08 08:30")], "2026-10-08 09:30"),
    ],
)
def test_pauses_move_the_due_time(unit: str, due: str, pauses: list[tuple[str, str]], moved: str) -> None:
    found = shift_due(
        due=local(due),
        start=local("2026-03-02 09:00") if due < "2026-09" else local("2026-09-29 09:00"),
        pauses=[(local(begins), local(ends)) for begins, ends in pauses],
        unit=unit,
        calendar=CHINA,
    )
    assert shown(found.at) == moved
    assert found.missing_years == ()


def test_a_due_time_moved_into_an_unknown_year_says_so() -> None:
    pause = (local("2026-12-31 16:30"), local("2026-12-31 18:00"))
    due, start = local("2026-12-31 17:30"), local("2026-12-31 09:00")
    found = shift_due(due=due, start=start, pauses=[pause], unit=Unit.WORKING_HOURS, calendar=CHINA)
    assert found.missing_years == (2027,)


def test_summer_time_of_1988_in_clock_units() -> None:
    # The clocks went forward on Sunday 17 April at 2:00, and back on Sunday 11 September at 2:00.
    assert shown(add_clock(start=local("1988-04-16 12:00"), minutes=1440)) == "1988-04-17 13:00"
    assert shown(add_clock(start=local("1988-09-10 12:00"), minutes=1440)) == "1988-09-11 11:00"
    spring, autumn = local("1988-04-17 00:00"), local("1988-09-11 00:00")
    assert end_of_day(start=spring, days=0, calendar=ALWAYS) - spring == timedelta(hours=23, seconds=-1)
    assert end_of_day(start=autumn, days=0, calendar=ALWAYS) - autumn == timedelta(hours=25, seconds=-1)
    assert shown(add_months(start=local("1988-03-17 12:00"), months=1, calendar=ALWAYS)) == "1988-04-17 12:00"


def test_summer_time_of_1988_in_working_time() -> None:
    start, end = local("1988-04-17 00:00"), local("1988-04-18 00:00")
    assert work_minutes_between(start=start, end=end, calendar=ALWAYS) == 23 * 60
    assert work_minutes_between(start=start, end=end, calendar=SERVICE) == 750
    assert (
        shown(add_work_minutes(start=local("1988-04-16 19:30"), minutes=60, calendar=SERVICE))
        == "1988-04-17 08:00"
    )
    # windows that fall into the lost hour give no working time twice
    lost = ((time(2, 30), time(3)), (time(3), time(4)))
    night = WorkCalendar(weekly=(lost,) * 7, follows_holidays=False)
    assert work_minutes_between(start=start, end=end, calendar=night) == 60
    overlapping = ((time(2), time(2, 50)), (time(3), time(4)))
    night = WorkCalendar(weekly=(overlapping,) * 7, follows_holidays=False)
    assert work_minutes_between(start=start, end=end, calendar=night) == 60


def test_a_calendar_that_never_opens_ends_the_search() -> None:
    start = local("2026-03-02 09:00")
    with pytest.raises(NeverOpens):
        add_work_minutes(start=start, minutes=1, calendar=CLOSED)
    with pytest.raises(NeverOpens):
        end_of_working_day(start=start, days=1, calendar=CLOSED)
    assert work_minutes_between(start=start, end=start + timedelta(days=9), calendar=CLOSED) == 0


def test_nonsense_is_a_bug_not_a_due_time() -> None:
    start = local("2026-03-02 09:00")
    naive = start.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        add_clock(start=naive, minutes=1)
    with pytest.raises(ValueError, match="negative"):
        add_work_minutes(start=start, minutes=-1, calendar=CHINA)
    with pytest.raises(ValueError, match="before"):
        work_minutes_between(start=start, end=start - timedelta(minutes=1), calendar=CHINA)
    backwards = (start + timedelta(hours=1), start)
    with pytest.raises(ValueError, match="pause"):
        shift_due(due=start, start=start, pauses=[backwards], unit="hours", calendar=CHINA)
    with pytest.raises(ValueError, match="seven"):
        WorkCalendar(weekly=(DESK,) * 6)
    with pytest.raises(BadWindows):
        WorkCalendar(weekly=(DESK,) * 7, overrides={day("2026-03-02"): (*OFFICE, *WHOLE_DAY)})
