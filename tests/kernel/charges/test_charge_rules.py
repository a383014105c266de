"""Lines of a quote as people type them, and what they come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.charges.rules import (
    BadLine,
    Line,
    Price,
    owed_fen,
    parse_lines,
    total_fen,
    write_lines,
)

VALVE = Price(code="M-01", name="角阀", unit="个", price_fen=3500)


def find(text: str) -> Price | None:
    return VALVE if text in ("角阀", "M-01") else None


@pytest.mark.rule("R-08")
@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("角阀 × 2", [7000]),
        ("M-01 x 2", [7000]),
        ("角阀*0.5", [1750]),
        ("角阀 × 2 @ 40", [8000]),
        ("上门费 × 1 @ 30.50\n\n 角阀×1 ", [3050, 3500]),
        ("通下水（含疏通剂）×1@１２０元", [12000]),
    ],
)
def test_what_is_typed_is_priced(text: str, sums: list[int]) -> None:
    assert [line.sum_fen for line in parse_lines(text=text, find=find)] == sums


@pytest.mark.rule("R-08")
@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("角阀", 1, "form"),
        ("角阀 × 2\n软管 × 1", 2, "unknown"),
        ("角阀 × 0", 1, "quantity"),
        ("角阀 × 100000", 1, "quantity"),
        ("软管 × 1 @ 很多", 1, "price"),
        ("软管 × 9999 @ 9999999", 1, "price"),
        ("\n".join(["角阀 × 1"] * 41), 41, "many"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, number: int, why: str) -> None:
    with pytest.raises(BadLine) as caught:
        parse_lines(text=text, find=find)
    assert (caught.value.number, caught.value.why) == (number, why)


@given(
    lines=st.lists(
        st.builds(
            Line,
            name=st.sampled_from(["软管", "上门费", "PPR管 20mm"]),
            quantity=st.decimals(Decimal("0.01"), Decimal(500), places=2),
            price_fen=st.integers(0, 1_000_000),
        ),
        max_size=10,
    )
)
def test_written_lines_read_back_to_the_same_sum(lines: list[Line]) -> None:
    again = parse_lines(text=write_lines(lines=lines), find=lambda _text: None)
    assert total_fen(lines=again) == total_fen(lines=lines)
    assert [line.name for line in again] == [line.name for line in lines]


@pytest.mark.rule("R-09")
@given(accepted=st.lists(st.integers(0, 10**7)), paid=st.lists(st.integers(-(10**6), 10**7)))
def test_what_is_owed_is_never_below_zero(accepted: list[int], paid: list[int]) -> None:
    owed = owed_fen(accepted=accepted, paid=paid)
    assert owed >= 0
    assert owed == 0 or owed == sum(accepted) - sum(paid)
