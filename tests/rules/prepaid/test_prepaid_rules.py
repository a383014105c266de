"""What a joint purchase must come to (T-P01, T-P04), and when the next one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.prepaid.rules import (
    Line,
    change_of,
    flaws,
    known_kinds,
    next_purchase,
    totals,
)


def bought(prepaid: int, spent: int, **more: bool) -> Line:
    return Line(prepaid_fen=prepaid, outcome="bought", bought_fen=spent, change_fen=prepaid - spent, **more)


def unbought(prepaid: int, **more: bool) -> Line:
    return Line(prepaid_fen=prepaid, outcome="not_bought", change_fen=prepaid, **more)


T_P01 = [bought(20_000, 20_000), bought(30_000, 26_000), bought(10_000, 10_000)]
T_P04 = [bought(20_000, 20_000), bought(30_000, 26_000), unbought(10_000)]


@pytest.mark.rule("P-07")
@pytest.mark.parametrize(
    ("lines", "out", "back", "found"),
    [
        (T_P01, 60_000, 4_000, []),  # T-P01: 600 = 560 + 40
        (T_P04, 60_000, 14_000, []),  # T-P04: the 100 of the third home come back
        (T_P01, 60_000, 3_999, ["cash_back"]),
        (T_P01, 60_000, 4_001, ["cash_back"]),
        (T_P01, 50_000, 4_000, ["cash_out", "cash_back"]),
        ([*T_P01[:2], Line(prepaid_fen=10_000)], 60_000, 4_000, ["undecided", "cash_back"]),
        ([bought(100, 90, device_out=True)], 100, 10, ["devices"]),
        ([bought(100, 90, device_out=True, device_back=True)], 100, 10, []),
        ([replace(bought(100, 90), change_fen=20)], 100, 10, ["cash_back", "household"]),
        ([], 0, 0, []),
    ],
)
def test_a_purchase_closes_only_when_all_identities_hold(
    lines: list[Line], out: int, back: int, found: list[str]
) -> None:
    assert flaws(lines=lines, handed_out_fen=out, handed_back_fen=back) == found


@pytest.mark.rule("P-07")
def test_the_change_of_a_home_is_what_it_paid_less_what_was_bought() -> None:
    assert change_of(prepaid_fen=30_000, bought_fen=26_000) == 4_000
    assert change_of(prepaid_fen=100, bought_fen=0) == 100
    for spent in (-1, 101):
        with pytest.raises(ValueError, match="no more"):
            change_of(prepaid_fen=100, bought_fen=spent)


HOMES = st.lists(
    st.tuples(st.integers(1, 10**7), st.integers(0, 10**7), st.booleans(), st.booleans()), max_size=30
)


@pytest.mark.rule("P-07")
@given(HOMES)
def test_an_honest_purchase_always_closes_and_loses_no_fen(homes: list[tuple[int, int, bool, bool]]) -> None:
    lines = [
        bought(paid, min(paid, spent), device_out=device, device_back=device)
        if got
        else unbought(paid, device_out=device, device_back=device)
        for paid, spent, device, got in homes
    ]
    sums = totals(lines=lines)
    assert sums.prepaid_fen == sums.bought_fen + sums.change_fen
    assert flaws(lines=lines, handed_out_fen=sums.prepaid_fen, handed_back_fen=sums.change_fen) == []


@pytest.mark.rule("P-07")
@given(HOMES, st.integers(-500, 500).filter(bool))
def test_a_fen_too_much_or_too_little_is_always_found(
    homes: list[tuple[int, int, bool, bool]], off: int
) -> None:
    lines = [bought(paid, min(paid, spent)) for paid, spent, _device, _got in homes]
    sums = totals(lines=lines)
    assert flaws(lines=lines, handed_out_fen=sums.prepaid_fen, handed_back_fen=sums.change_fen + off)
    assert flaws(lines=lines, handed_out_fen=sums.prepaid_fen + off, handed_back_fen=sums.change_fen)


@pytest.mark.rule("P-03")
@pytest.mark.parametrize(
    ("today", "last", "every", "day"),
    [
        (date(2025, 3, 3), None, 7, date(2025, 3, 5)),  # Monday: this Wednesday
        (date(2025, 3, 5), None, 7, date(2025, 3, 5)),
        (date(2025, 3, 5), date(2025, 3, 5), 7, date(2025, 3, 12)),  # bought today: next week
        (date(2025, 3, 6), date(2025, 3, 5), 7, date(2025, 3, 12)),
        (date(2025, 3, 6), date(2025, 3, 5), 14, date(2025, 3, 19)),
    ],
)
def test_the_next_purchase(today: date, last: date | None, every: int, day: date) -> None:
    assert next_purchase(today=today, weekday=3, last=last, every_days=every) == day


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 7))
def test_the_next_purchase_is_that_weekday_within_a_week(today: date, weekday: int) -> None:
    day = next_purchase(today=today, weekday=weekday, last=None, every_days=7)
    assert day.isoweekday() == weekday
    assert today <= day < today + timedelta(days=7)


@pytest.mark.rule("P-01", "P-02")
def test_the_kinds_of_a_figure() -> None:
    assert known_kinds(text="electricity, gas,,") == ("electricity", "gas")
    assert known_kinds(text="") == ()
