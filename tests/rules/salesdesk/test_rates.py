"""Rates as written, what a deal earns to the fen, who shares in a bonus, on which month a line stands."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.salesdesk.rules.money import (
    commission_of,
    line_day,
    read_parts,
    read_percent,
    write_percent,
)


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.2", 1200), ("1.25%", 1250), (" 0.001 ", 1), ("100", 100_000), ("１．５％", 1500), ("3 %", 3000)],
)
def test_a_rate_is_read_as_written(text: str, expected: int) -> None:
    assert read_percent(text=text) == expected


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    "text", ["", "0", "0.000", "100.001", "1.2345", "-1", "一", "1,2", "1e2", "101", "%"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        read_percent(text=text)


@pytest.mark.rule("J-24")
@given(st.integers(1, 100_000))
def test_a_rate_is_written_as_it_is_read(per_100k: int) -> None:
    assert read_percent(text=write_percent(per_100k=per_100k)) == per_100k


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("price", "rate", "fixed", "expected"),
    [
        (100_000_000, 1200, 0, 1_200_000), (50, 1000, 0, 1), (49, 1000, 0, 0), (150, 1000, 0, 2), (1, 100_000, 0, 1),
        (0, 1200, 0, 0), (123, 0, 300_000, 300_000),
    ],
)  # fmt: skip
def test_what_a_deal_earns_is_rounded_half_up(price: int, rate: int, fixed: int, expected: int) -> None:
    assert commission_of(price_fen=price, per_100k=rate, fixed_fen=fixed) == expected


@pytest.mark.rule("J-24")
@given(st.integers(0, 10**13), st.integers(1, 100_000))
def test_rounding_is_never_further_off_than_half_a_fen(price: int, rate: int) -> None:
    exact = Fraction(price * rate, 100_000)
    found = commission_of(price_fen=price, per_100k=rate, fixed_fen=0)
    assert -Fraction(1, 2) < found - exact <= Fraction(1, 2)
    assert commission_of(price_fen=price + 1, per_100k=rate, fixed_fen=0) >= found


@pytest.mark.rule("J-24")
def test_nothing_negative_earns() -> None:
    with pytest.raises(ValueError, match="negative"):
        commission_of(price_fen=-1, per_100k=1, fixed_fen=0)


@pytest.mark.rule("J-26")
def test_a_bonus_says_a_line_each_who_shares_in_it() -> None:
    text = "严一 1\n\n华二， 2 接待\nsales.c：3 *\n欧阳 文 4、received\n"
    assert read_parts(text=text) == (
        ("严一", 1, False), ("华二", 2, True), ("sales.c", 3, True), ("欧阳 文", 4, True),
    )  # fmt: skip
    assert read_parts(text=" \n") == ()


@pytest.mark.rule("J-26")
@pytest.mark.parametrize(
    "line", ["严一", "严一 两份", "1", "严一 1 领导", "严一 -1", "严一 10000", "严一 1.5"]
)
def test_a_line_that_says_something_else_is_given_back(line: str) -> None:
    with pytest.raises(ValueError, match=line.split()[0]):
        read_parts(text=f"华二 1\n{line}")
    with pytest.raises(ValueError, match="华二"):
        read_parts(text="华二 1\n华二 2")


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.rule("J-29")
@given(DAYS, st.integers(0, 400))
def test_no_line_is_added_to_a_month_that_is_over(closed: date, later: int) -> None:
    today = closed + timedelta(days=later)
    found = line_day(closed=closed, today=today)
    assert (found.year, found.month) == (today.year, today.month)
    assert closed <= found <= today
    assert found == closed if (closed.year, closed.month) == (today.year, today.month) else found == today
