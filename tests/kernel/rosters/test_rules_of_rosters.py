"""Spans, gaps, equal shifts, rest and days in a row."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.rosters.rules import (
    gaps,
    is_night,
    month_days,
    overlap,
    parts_left,
    parts_of,
    span_of,
    too_close,
    too_many_in_a_row,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 3, 3, 12, tzinfo=ZONE)
HOUR = timedelta(hours=1)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
spans = st.builds(
    lambda begin, length: (NOON + begin * HOUR, NOON + (begin + length) * HOUR),
    st.integers(-12, 12),
    st.integers(1, 12),
)


@pytest.mark.rule("D-02", "D-03")
@pytest.mark.parametrize(
    ("starts", "ends", "count", "edges"),
    [
        ("07:30", "20:00", 2, ["07:30", "13:45", "20:00"]),
        ("07:30", "07:30", 3, ["07:30", "15:30", "23:30", "07:30"]),
        ("07:30", "20:00", 1, ["07:30", "20:00"]),
        ("20:00", "06:00", 2, ["20:00", "01:00", "06:00"]),
    ],
)
def test_a_duty_is_parted_into_shifts_of_the_same_length(
    starts: str, ends: str, count: int, edges: list[str]
) -> None:
    parts = parts_of(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), count=count)
    assert [f"{one:%H:%M}" for one, _other in parts] + [f"{parts[-1][1]:%H:%M}"] == edges


@pytest.mark.rule("D-02", "D-03")
@given(starts=clocks, ends=clocks, count=st.integers(1, 6))
def test_parts_follow_one_another_without_a_gap(starts: time, ends: time, count: int) -> None:
    parts = parts_of(starts=starts, ends=ends, count=count)
    assert len(parts) == count
    assert (parts[0][0], parts[-1][1]) == (starts, ends)
    assert all(one[1] == other[0] for one, other in pairwise(parts))


@pytest.mark.parametrize(
    ("starts", "ends", "night"),
    [("07:30", "20:00", False), ("15:30", "22:00", False), ("15:30", "22:01", True), ("05:59", "14:00", True),
     ("23:30", "07:30", True), ("06:00", "14:00", False)],
)  # fmt: skip
def test_what_touches_ten_to_six_is_a_night(starts: str, ends: str, night: bool) -> None:
    assert is_night(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends)) is night


def test_a_shift_past_midnight_ends_on_the_next_day() -> None:
    begins, ends = span_of(day=date(2025, 3, 3), starts=time(23, 30), ends=time(7, 30), zone=ZONE)
    assert (begins.day, ends.day, ends - begins) == (3, 4, 8 * HOUR)


@pytest.mark.rule("D-04")
@given(covered=st.lists(spans, max_size=6), needed=st.integers(1, 3), minute=st.integers(0, 24 * 60 - 1))
def test_a_gap_is_exactly_where_too_few_are_present(
    covered: list[tuple[datetime, datetime]], needed: int, minute: int
) -> None:
    window = (NOON - 12 * HOUR, NOON + 12 * HOUR)
    found = gaps(window=window, covered=covered, needed=needed)
    moment = window[0] + timedelta(minutes=minute)
    present = sum(one[0] <= moment < one[1] for one in covered)
    assert any(one[0] <= moment < one[1] for one in found) is (present < needed)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@pytest.mark.rule("D-01")
def test_rest_that_is_exactly_long_enough_is_enough() -> None:
    one, other = (NOON, NOON + 8 * HOUR), (NOON + 19 * HOUR, NOON + 27 * HOUR)
    assert not too_close(one=one, other=other, rest=11 * HOUR)
    assert too_close(one=one, other=other, rest=11 * HOUR + timedelta(minutes=1))
    assert too_close(one=other, other=one, rest=12 * HOUR)


@given(one=spans, other=spans)
def test_without_rest_only_overlap_is_too_close(
    one: tuple[datetime, datetime], other: tuple[datetime, datetime]
) -> None:
    assert too_close(one=one, other=other, rest=timedelta()) is overlap(one=one, other=other)


@pytest.mark.rule("D-01")
@given(days=st.sets(st.integers(0, 20)), day=st.integers(0, 20), most=st.integers(1, 7))
def test_days_in_a_row_are_counted_on_both_sides(days: set[int], day: int, most: int) -> None:
    run, longest = 0, 0
    for one in range(-1, 22):
        run = run + 1 if one in days | {day} else 0
        if day in range(one - run + 1, one + 1):
            longest = max(longest, run)
    assert too_many_in_a_row(days=days, day=day, most=most) is (day not in days and longest > most)


@pytest.mark.rule("D-11")
@given(whole=spans, taken=spans)
def test_what_is_left_and_what_is_taken_make_the_whole(
    whole: tuple[datetime, datetime], taken: tuple[datetime, datetime]
) -> None:
    left = parts_left(whole=whole, taken=taken)
    common = max(timedelta(), min(whole[1], taken[1]) - max(whole[0], taken[0]))
    if common:
        assert sum((one[1] - one[0] for one in left), timedelta()) + common == whole[1] - whole[0]
    assert all(whole[0] <= one[0] < one[1] <= whole[1] for one in left)


def test_a_month_has_its_own_last_day() -> None:
    assert month_days(month=date(2028, 2, 1)) == (date(2028, 2, 1), date(2028, 2, 29))
