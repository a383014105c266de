"""How long a customer is still his agent's, and which entries are one customer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import FIGURES

from yingsheng.processes.salesdesk.rules.days import between, is_within
from yingsheng.processes.salesdesk.rules.tracking import Reception, one_customer_each, track

DAY = date(2025, 3, 3)
gaps = st.lists(st.integers(min_value=0, max_value=200), min_size=1, max_size=6)


def came(*days: int) -> list[Reception]:
    return [Reception(day=DAY + timedelta(days=one)) for one in days]


@pytest.mark.rule("J-21")
@pytest.mark.rule("J-22")
@pytest.mark.parametrize(
    ("days", "today", "family", "same"),
    [
        ((0,), 0, 30, 60),
        ((0,), 30, 0, 30),
        ((0,), 31, -1, 29),
        ((0,), 61, -31, -1),
        ((0, 10), 20, 10, 40),  # the first reception counts
        ((0, 31), 40, 21, 20),  # for the family a new one began
        ((0, 61), 70, 21, 51),  # for himself too
    ],
)
def test_the_first_reception_counts_until_one_came_after_its_limit(
    days: tuple[int, ...], today: int, family: int, same: int
) -> None:
    found = track(receptions=came(*days), today=DAY + timedelta(days=today), figures=FIGURES)
    assert (found.family_left, found.same_left) == (family, same)


@pytest.mark.rule("J-21")
def test_a_closing_starts_the_days_of_the_family_again() -> None:
    rows = [Reception(day=DAY, closed=DAY + timedelta(days=20))]
    found = track(receptions=rows, today=DAY + timedelta(days=40), figures=FIGURES)
    assert (found.family_left, found.same_left) == (10, 20)


@pytest.mark.rule("J-31")
@given(days=gaps, ahead=st.integers(min_value=0, max_value=200))
def test_what_is_left_agrees_with_within(days: list[int], ahead: int) -> None:
    today = DAY + timedelta(days=max(days) + ahead)
    found = track(receptions=came(*days), today=today, figures=FIGURES)
    assert (found.family_left >= 0) == is_within(
        first=found.family_from, later=today, limit=FIGURES.family_days
    )
    assert (found.same_left >= 0) == is_within(first=found.same_from, later=today, limit=FIGURES.same_days)
    assert between(first=found.last_visit, later=today) == ahead
    assert found == track(receptions=came(*reversed(days)), today=today, figures=FIGURES)
    if found.soonest >= 0:
        assert found.soonest == min(one for one in (found.family_left, found.same_left) if one >= 0)


@pytest.mark.rule("J-05")
@given(
    keys=st.dictionaries(
        st.integers(min_value=1, max_value=9),
        st.frozensets(st.sampled_from("abcdef"), max_size=3),
        max_size=9,
    )
)
def test_entries_are_one_customer_if_proofs_lead_from_one_to_the_other(
    keys: dict[int, frozenset[str]],
) -> None:
    groups = one_customer_each(keys=keys)
    assert sorted(number for group in groups for number in group) == sorted(keys)
    where = {number: place for place, group in enumerate(groups) for number in group}
    for one in keys:
        for other in keys:
            if keys[one] & keys[other]:
                assert where[one] == where[other]
    proofs = [frozenset().union(*(keys[number] for number in group)) for group in groups]
    assert all(not (one & other) for place, one in enumerate(proofs) for other in proofs[place + 1 :])
    assert groups == one_customer_each(keys=dict(reversed(list(keys.items()))))
