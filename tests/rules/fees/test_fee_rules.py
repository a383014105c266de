"""Whether the desk takes fees (CF-29), and by when takings are at the cashier's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.fees.rules import (
    comes_from_box,
    handover_due,
    is_late,
    must_wait,
    refusing_rule,
    settling,
)

ZONE = ZoneInfo("Asia/Shanghai")
NINE = time(9)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def weekday(day: date) -> bool:
    return day.isoweekday() <= 5


@pytest.mark.rule("O-01", "O-02")
@pytest.mark.parametrize(
    ("collects", "centre", "rule"),
    [(True, False, ""), (True, True, ""), (False, True, "O-02"), (False, False, "O-01")],
)
def test_the_switch_decides_and_the_rule_is_named(collects: bool, centre: bool, rule: str) -> None:
    assert refusing_rule(desk_collects=collects, fee_centre_only=centre) == rule


@pytest.mark.rule("O-01")
def test_while_the_cashier_is_at_work_he_takes_the_fee() -> None:
    assert must_wait(cashier_works=True, off_hours_only=True)
    assert not must_wait(cashier_works=False, off_hours_only=True)
    assert not must_wait(cashier_works=True, off_hours_only=False)


@pytest.mark.rule("O-03")
@pytest.mark.parametrize(
    ("taken", "due"),
    [
        ("2025-03-01T12:00", "2025-03-03T09:00"),  # Saturday noon: Monday
        ("2025-03-03T12:30", "2025-03-04T09:00"),  # lunch break: the next day
        ("2025-03-03T19:00", "2025-03-04T09:00"),
        ("2025-03-04T02:00", "2025-03-04T09:00"),  # at night: this morning
        ("2025-03-04T09:00", "2025-03-05T09:00"),  # at the hour itself: the next
        ("2025-03-07T18:00", "2025-03-10T09:00"),  # Friday evening: Monday
    ],
)
def test_takings_are_due_at_nine_of_the_next_working_day(taken: str, due: str) -> None:
    assert handover_due(taken_at=moment(taken), by=NINE, works=weekday) == moment(due)


@pytest.mark.rule("O-03")
@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_a_handover_is_due_on_a_working_day_and_never_before_the_taking(taken: datetime) -> None:
    at = taken.replace(tzinfo=ZONE)
    due = handover_due(taken_at=at, by=NINE, works=weekday)
    assert at < due <= at + timedelta(days=4)
    assert weekday(due.date())


def test_without_a_working_day_there_is_no_due_time() -> None:
    with pytest.raises(ValueError, match="no working day"):
        handover_due(taken_at=moment("2025-03-01T12:00"), by=NINE, works=lambda _day: False)


@pytest.mark.rule("O-03", "O-06")
def test_at_the_hour_itself_it_is_in_time() -> None:
    due = moment("2025-03-03T09:00")
    assert not is_late(due_at=due, at=due)
    assert is_late(due_at=due, at=due + timedelta(seconds=1))


@pytest.mark.rule("O-06")
@pytest.mark.parametrize(
    ("counted", "book", "found"),
    [(100, 100, ("", 0)), (110, 100, ("surplus", 10)), (90, 100, ("shortage", 10))],
)
def test_a_difference_is_booked_as_what_it_is(counted: int, book: int, found: tuple[str, int]) -> None:
    assert settling(counted_fen=counted, book_fen=book) == found


@pytest.mark.rule("O-04")
def test_what_is_given_back_comes_from_the_bag_while_it_is_there() -> None:
    assert comes_from_box(bag_fen=100, fen=100)
    assert not comes_from_box(bag_fen=99, fen=100)
