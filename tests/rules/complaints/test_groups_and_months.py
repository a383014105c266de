"""When many complaints are one, and in which month a complaint counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.months import report_window, statistics_month_of, statistics_window
from yingsheng.processes.complaints.rules.groups import Voice, find_group, same_matter

NINE = datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WEEK = timedelta(days=7)


def voice(
    number: int,
    *,
    household: int | None = None,
    building: int | None = 1,
    words: str = "停水",
    after: int = 0,
) -> Voice:
    return Voice(
        case_id=number,
        household_id=household if household is not None else number,
        building_id=building,
        category="repair",
        received_at=NINE + timedelta(hours=after),
        words=frozenset(words.split()),
    )


@pytest.mark.rule("C-28", "X-08")
@pytest.mark.parametrize(("households", "size"), [(4, 0), (5, 5), (6, 6)])
def test_example_c10_five_households_make_a_group(households: int, size: int):
    voices = [voice(number) for number in range(households)]
    assert len(find_group(voices=voices, about=voices[0], threshold=5, window=WEEK)) == size


@pytest.mark.rule("C-28")
def test_households_are_counted_not_complaints():
    voices = [voice(number, household=number % 4) for number in range(9)]
    assert find_group(voices=voices, about=voices[0], threshold=5, window=WEEK) == ()


@pytest.mark.rule("X-08")
def test_only_the_window_counts():
    voices = [voice(number, after=number * 48) for number in range(6)]
    assert find_group(voices=voices, about=voices[0], threshold=5, window=WEEK) == ()


@pytest.mark.rule("X-08")
def test_another_building_needs_clearly_the_same_words():
    assert same_matter(one=voice(1, words="电梯 停运"), other=voice(2, building=2, words="电梯 停运"))
    assert not same_matter(
        one=voice(1, words="电梯 停运 夜里"), other=voice(2, building=2, words="水管 漏水 厨房")
    )
    assert not same_matter(one=voice(1, words="电梯"), other=voice(2, words="漏水"))


@given(st.lists(st.integers(0, 8), max_size=20))
@pytest.mark.rule("X-08")
def test_the_order_of_arrival_does_not_matter(households: list[int]):
    voices = [voice(number, household=household) for number, household in enumerate(households)]
    if not voices:
        return
    forwards = find_group(voices=voices, about=voices[0], threshold=5, window=WEEK)
    backwards = find_group(voices=voices[::-1], about=voices[0], threshold=5, window=WEEK)
    assert {one.case_id for one in forwards} == {one.case_id for one in backwards}
    assert bool(forwards) == (len(set(households)) >= 5)


@pytest.mark.example("T-C34")
@pytest.mark.rule("C-73", "C-75", "Y-01", "Y-06")
def test_example_c34_the_29th_counts_in_the_next_statistics_but_in_this_months_report():
    day = date(2025, 3, 29)
    assert statistics_month_of(day=day, to_day=27) == (2025, 4)
    april = statistics_window(year=2025, month=4, from_day=28, to_day=27, report_day=28)
    assert april.first <= day <= april.last
    assert april.due == date(2025, 4, 28)
    march = report_window(year=2025, month=3, report_day=5)
    assert march.first <= day <= march.last
    assert march.due == date(2025, 4, 5)


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 11, 30)))
@pytest.mark.rule("C-73", "Y-12")
def test_every_day_counts_in_exactly_one_month_of_statistics(day: date):
    year, month = statistics_month_of(day=day, to_day=27)
    window = statistics_window(year=year, month=month, from_day=28, to_day=27, report_day=28)
    assert window.first <= day <= window.last
    assert window.due > window.last


@given(st.integers(2001, 2099), st.integers(1, 12))
@pytest.mark.rule("C-75", "Y-12")
def test_the_report_covers_the_whole_calendar_month(year: int, month: int):
    window = report_window(year=year, month=month, report_day=5)
    assert window.first.day == 1
    assert (window.last + timedelta(days=1)).day == 1
    assert window.due > window.last
