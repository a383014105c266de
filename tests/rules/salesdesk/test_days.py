"""Days as J-31 counts them, limits by relation, and from which day they count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import FIGURES, on

from yingsheng.processes.salesdesk.rules.days import (
    Relation,
    between,
    closing_day,
    family_anchor,
    is_old_customer,
    is_one_family,
    is_within,
    limit_for,
    same_anchor,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.rule("J-31")
@pytest.mark.parametrize(
    ("first", "later", "days"),
    [
        (date(2025, 3, 3), date(2025, 3, 3), 0), (date(2025, 3, 3), date(2025, 3, 10), 7),
        (date(2024, 2, 28), date(2024, 3, 1), 2), (date(2025, 12, 31), date(2026, 1, 1), 1),
        (date(2025, 3, 3), date(2025, 3, 1), -2),
    ],
)  # fmt: skip
def test_days_are_calendar_differences_and_within_includes_the_limit(
    first: date, later: date, days: int
) -> None:
    assert between(first=first, later=later) == days
    assert is_within(first=first, later=later, limit=days)
    assert not is_within(first=first, later=later, limit=days - 1)


@pytest.mark.rule("J-31")
@given(DAYS, DAYS, DAYS, st.integers(0, 90))
def test_what_is_within_at_one_day_was_within_before(first: date, one: date, other: date, limit: int) -> None:
    earlier, later = sorted((one, other))
    if is_within(first=first, later=later, limit=limit):
        assert is_within(first=first, later=earlier, limit=limit)


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("deposit", "signed", "both", "closed"),
    [
        (on(3), on(5), True, on(5)), (on(5), on(3), True, on(5)), (on(3), None, True, None), (None, on(3), True, None),
        (None, None, True, None), (on(3), None, False, on(3)), (on(5), on(3), False, on(3)), (None, None, False, None),
    ],
)  # fmt: skip
def test_a_deal_closes_when_deposit_and_signature_are_there(  # T-J49
    deposit: date | None, signed: date | None, both: bool, closed: date | None
) -> None:
    assert closing_day(deposit=deposit, signed=signed, both=both) == closed


@pytest.mark.rule("J-21", "J-22")
@pytest.mark.parametrize(
    ("anchor", "closed", "last", "family", "same"),
    [
        ("later_of_registration_and_closing", None, None, 0, 0),
        ("later_of_registration_and_closing", 9, 20, 9, 0),
        ("registration", 9, 20, 0, 0),
        ("last_visit", 9, 20, 20, 20),
        ("last_visit", 9, None, 0, 0),
    ],
)
def test_the_count_starts_where_the_book_says(
    anchor: str, closed: int | None, last: int | None, family: int, same: int
) -> None:
    closed_day = None if closed is None else on(closed)
    last_visit = None if last is None else on(last)
    found = family_anchor(registered=on(0), closed=closed_day, last_visit=last_visit, anchor=anchor)
    assert found == on(family)
    assert same_anchor(registered=on(0), last_visit=last_visit, anchor=anchor) == on(same)


@pytest.mark.rule("J-21")
def test_an_unknown_anchor_is_refused() -> None:
    with pytest.raises(ValueError, match="full moon"):
        family_anchor(registered=on(0), closed=None, last_visit=None, anchor="full moon")


@pytest.mark.rule("J-08", "J-21", "J-22")
@pytest.mark.parametrize("relation", Relation)
def test_the_limit_goes_by_the_relation(relation: Relation) -> None:  # CF-37, T-J25
    family = {"spouse", "sibling", "parent", "child", "grandparent", "grandchild"}
    expected = 60 if relation == "self" else 30 if relation in family | {"batch"} else None
    assert is_one_family(relation=relation, generations=FIGURES.generations) is (relation in family)
    found = limit_for(
        relation=relation, generations=FIGURES.generations, family_days=FIGURES.family_days, same_days=FIGURES.same_days
    )  # fmt: skip
    assert found == expected


@pytest.mark.rule("J-08")
@given(st.sampled_from(Relation), st.integers(0, 5))
def test_more_generations_never_make_a_family_smaller(relation: Relation, generations: int) -> None:
    if is_one_family(relation=relation, generations=generations):
        assert is_one_family(relation=relation, generations=generations + 1)


@pytest.mark.rule("J-07")
@pytest.mark.parametrize(("visit", "old"), [(1, False), (2, True), (3, True)])
def test_the_first_visit_is_a_new_customers(visit: int, old: bool) -> None:
    assert is_old_customer(visit_number=visit, old_from_visit=FIGURES.old_from_visit) is old
