"""The day's list is fair and never too long; the pace says in time whether a round will be finished."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.patrols.rules.visits import Home, claim, coverage, propose, round_of

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31))
HOMES = st.lists(
    st.builds(
        Home, id=st.integers(1, 60), visited=st.none() | DAYS, tried=st.none() | DAYS, in_round=st.booleans(),
        is_key=st.booleans(), open_matters=st.integers(0, 3), taken=st.booleans(),
    ),
    max_size=60, unique_by=lambda home: home.id,
)  # fmt: skip


@pytest.mark.rule("G-03")
@given(homes=HOMES, count=st.integers(-2, 20))
def test_never_a_home_twice_never_more_than_asked_never_one_that_is_taken(
    homes: list[Home], count: int
) -> None:
    chosen = propose(homes=homes, count=count)
    assert len(chosen) == min(max(0, count), sum(not home.taken for home in homes))
    assert len({home.id for home in chosen}) == len(chosen)
    assert not any(home.taken for home in chosen)


@pytest.mark.rule("G-03")
@given(homes=HOMES, count=st.integers(0, 20), shuffle=st.randoms(use_true_random=False))
def test_the_same_list_whoever_asks(homes: list[Home], count: int, shuffle: object) -> None:
    again = list(homes)
    shuffle.shuffle(again)  # type: ignore[attr-defined]
    assert propose(homes=again, count=count) == propose(homes=homes, count=count)


@pytest.mark.rule("G-03")
@given(homes=HOMES, count=st.integers(0, 20))
def test_nobody_with_a_better_claim_is_passed_over(homes: list[Home], count: int) -> None:
    chosen = propose(homes=homes, count=count)
    left = [home for home in homes if not home.taken and home not in chosen]
    for one in chosen:
        for other in left:
            assert claim(home=one) <= claim(home=other)
            # whoever was met in this round waits until all others were
            assert not (one.in_round and not other.in_round)


@pytest.mark.rule("G-03")
@given(number=st.integers(1, 40), count=st.integers(1, 5))
def test_day_after_day_every_home_is_met_before_any_is_met_twice(number: int, count: int) -> None:
    homes = {pk: Home(id=pk, is_key=pk % 7 == 0) for pk in range(1, number + 1)}
    day, met = date(2025, 1, 1), []
    while not all(home.in_round for home in homes.values()):
        for home in propose(homes=homes.values(), count=count):
            homes[home.id] = Home(id=home.id, is_key=home.is_key, visited=day, in_round=True)
            met.append(home.id)
        day += timedelta(days=1)
    assert len(set(met[:number])) == number
    assert (day - date(2025, 1, 1)).days == -(-number // count)


@pytest.mark.rule("G-03")
@given(number=st.integers(2, 30))
def test_who_was_not_at_home_goes_behind_those_nobody_tried(number: int) -> None:
    homes = {pk: Home(id=pk) for pk in range(1, number + 1)}
    tried = []
    for turn in range(number):
        [home] = propose(homes=homes.values(), count=1)
        homes[home.id] = Home(id=home.id, tried=date(2025, 1, 1) + timedelta(days=turn))
        tried.append(home.id)
    assert sorted(tried) == list(range(1, number + 1))


@pytest.mark.rule("G-03")
def test_who_asks_for_care_goes_first_then_who_was_not_seen_longest() -> None:
    old, new = date(2024, 3, 1), date(2024, 9, 1)
    homes = [
        Home(id=1, visited=new), Home(id=2, visited=old), Home(id=3, visited=new, is_key=True),
        Home(id=4, visited=new, open_matters=2), Home(id=5), Home(id=6, visited=old, in_round=True, is_key=True),
        Home(id=7, visited=new, is_key=True, open_matters=1),
    ]  # fmt: skip
    assert [home.id for home in propose(homes=homes, count=9)] == [7, 3, 4, 5, 2, 1, 6]


@pytest.mark.rule("G-03")
@given(day=DAYS, months=st.integers(1, 36))
def test_rounds_follow_one_another_without_gap(day: date, months: int) -> None:
    first, last = round_of(day=day, months=months)
    assert first <= day <= last
    assert round_of(day=first, months=months) == round_of(day=last, months=months) == (first, last)
    following, _end = round_of(day=last + timedelta(days=1), months=months)
    assert following == last + timedelta(days=1)


def test_a_year_is_a_calendar_year() -> None:
    assert round_of(day=date(2025, 3, 3), months=12) == (date(2025, 1, 1), date(2025, 12, 31))
    assert round_of(day=date(2025, 3, 3), months=6) == (date(2025, 1, 1), date(2025, 6, 30))


@pytest.mark.rule("G-08")
@pytest.mark.parametrize(
    ("homes", "visited", "gone", "left", "needed", "pace", "behind"),
    [
        (300, 50, 50, 200, 125, 100, True),  # 250 ÷ 200 = 1.25, kept 1
        (300, 100, 50, 200, 100, 200, False),
        (300, 0, 0, 250, 120, 0, False),  # the first day
        (300, 300, 200, 10, 0, 150, False),
        (300, 299, 250, 0, 100, 119, False),  # the last day: one to go
        (300, 200, 250, 0, 10000, 80, True),
        (0, 0, 10, 10, 0, 0, False),
    ],
)
def test_needed_and_kept_pace(
    homes: int, visited: int, gone: int, left: int, needed: int, pace: int, behind: bool
) -> None:
    found = coverage(homes=homes, visited=visited, days_gone=gone, days_left=left, warns=True)
    assert (found.needed_pace, found.pace, found.is_behind) == (needed, pace, behind)
    assert not coverage(homes=homes, visited=visited, days_gone=gone, days_left=left, warns=False).is_behind


@pytest.mark.rule("G-08")
@given(
    homes=st.integers(0, 3000), visited=st.integers(0, 3500), gone=st.integers(0, 260), left=st.integers(0, 260)
)  # fmt: skip
def test_the_needed_pace_is_enough_and_hundred_percent_means_all(
    homes: int, visited: int, gone: int, left: int
) -> None:
    found = coverage(homes=homes, visited=visited, days_gone=gone, days_left=left, warns=True)
    assert found.needed_pace * max(1, left) >= found.left * 100
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == (found.left == 0)
    if found.is_behind:
        assert found.left and found.pace < found.needed_pace
