"""What a substitution counts as, and what a month adds up to: examples at the boundary and properties."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.turns.rules.leave import (
    Done,
    counts_as_leave,
    days_within,
    deduction_fen,
    leave_days,
    tally,
)

NOON = datetime(2025, 3, 3, 12)
DAY = date(2025, 3, 3)


@pytest.mark.rule("D-28")
@pytest.mark.parametrize(
    ("minutes", "limit", "leave"),
    [(239, 4, False), (240, 4, False), (241, 4, True), (480, 4, True), (480, None, False), (1, 0, True)],
)
def test_more_than_four_hours_is_a_day_of_leave(minutes: int, limit: int | None, leave: bool) -> None:
    assert counts_as_leave(covered=timedelta(minutes=minutes), limit_hours=limit) is leave


def span(hours: float, *, day: int = 0) -> tuple[datetime, datetime]:
    begin = NOON + timedelta(days=day)
    return begin, begin + timedelta(hours=hours)


@pytest.mark.rule("D-28")
@pytest.mark.parametrize(
    ("kind", "hours", "days", "counted"),
    [
        ("cover", [3], [0], 0),
        ("cover", [4], [0], 0),
        ("cover", [4.5], [0], 1),
        ("cover", [2, 2.5], [0, 0], 1),  # two pieces of one day
        ("cover", [3, 3], [0, 1], 0),  # one piece on each of two days
        ("personal", [2], [0], 1),  # leave is leave however short
        ("sick", [8, 8], [0, 1], 2),
        ("annual", [], [], 1),
    ],
)
def test_days_of_one_absence(kind: str, hours: list[float], days: list[int], counted: int) -> None:
    spans = [span(one, day=day) for one, day in zip(hours, days, strict=True)]
    dates = [DAY + timedelta(days=day) for day in days]
    assert leave_days(kind=kind, spans=spans, days=dates, limit_hours=4) == counted


@pytest.mark.rule("D-28")
@pytest.mark.parametrize(
    ("hours", "first", "last", "days"),
    [
        (8, 3, 3, 1),
        (12, 3, 31, 1),
        (12.5, 3, 31, 2),
        (60, 3, 31, 3),
        (60, 4, 31, 2),
        (60, 3, 3, 1),
        (8, 10, 31, 0),
    ],
)
def test_days_that_an_absence_touches(hours: float, first: int, last: int, days: int) -> None:
    begin, end = DAY.replace(day=first), DAY.replace(day=last)
    assert days_within(span=span(hours), first=begin, last=end) == days
    if days:
        assert leave_days(kind="annual", spans=[], days=[], limit_hours=4, asked_days=days) == days


@pytest.mark.rule("D-28")
def test_leave_costs_what_the_rule_names_or_nothing_is_said() -> None:
    assert deduction_fen(days=2, per_day_fen=4000) == 8000
    assert deduction_fen(days=0, per_day_fen=4000) == 0
    assert deduction_fen(days=2, per_day_fen=None) is None


@pytest.mark.rule("D-28")
@given(minutes=st.integers(0, 2000), limit=st.integers(0, 24), more=st.integers(0, 500))
def test_a_longer_substitution_never_counts_less(minutes: int, limit: int, more: int) -> None:
    def counts(amount: int) -> bool:
        return counts_as_leave(covered=timedelta(minutes=amount), limit_hours=limit)

    assert counts(minutes) <= counts(minutes + more)
    assert counts(minutes) is (minutes > limit * 60)


@pytest.mark.rule("D-08")
@given(
    turns=st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.booleans(), st.booleans(), st.booleans()),
        max_size=20,
    )
)
def test_every_turn_is_attendance(turns: list[tuple[int, int, bool, bool, bool]]) -> None:
    done = [
        Done(
            day=DAY + timedelta(days=day), starts=span(hours, day=day)[0], ends=span(hours, day=day)[1], night=night,
            special=special, stood_in=stood_in,
        )
        for day, hours, night, special, stood_in in turns
    ]  # fmt: skip
    found = tally(turns=done)
    assert found.turns == len(turns)
    assert found.hours == sum(hours for _day, hours, *_rest in turns)
    assert found.days == len({day for day, *_rest in turns})
    assert found.nights <= found.days and found.specials <= found.days
    assert found.stood_in == sum(one[4] for one in turns)
