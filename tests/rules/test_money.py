"""Money in whole fen."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.money import BadMoney, format_fen, parse_yuan, split_fen

FEN = st.integers(-(10**14), 10**14)
WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("1,234.50", 123450),
        ("1,234,567", 123456700),
        ("￥12.50", 1250),
        ("¥ 12.50 元", 1250),
        ("１２．５０元", 1250),
        ("-12.5", -1250),
        ("¥-12.5", -1250),
        ("−3", -300),
        ("+3", 300),
        ("007", 700),
    ],
)
def test_yuan_are_read(written: str, fen: int) -> None:
    assert parse_yuan(text=written) == fen


@pytest.mark.parametrize(
    "nonsense", ["", "元", "1.234", "1,23", "12,34.5", "1.", ".5", "--1", "-¥-1", "1万", "1e3", "NaN"]
)
def test_what_would_need_a_guess_is_refused(nonsense: str) -> None:
    with pytest.raises(BadMoney) as refused:
        parse_yuan(text=nonsense)
    assert refused.value.text == nonsense


def test_format() -> None:
    assert format_fen(fen=123450) == "1,234.50"
    assert format_fen(fen=5) == "0.05"
    assert format_fen(fen=-123450) == "-1,234.50"
    assert format_fen(fen=0) == "0.00"


@given(fen=FEN)
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_yuan(text=format_fen(fen=fen)) == fen


@pytest.mark.parametrize(
    ("fen", "weights", "shares"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (1, 1, 1), (34, 34, 33)),
        (100, (20, 80), (20, 80)),
        (1, (20, 80), (0, 1)),
        (101, (50, 50), (51, 50)),
        (-101, (50, 50), (-51, -50)),
        (100, (0, 1), (0, 100)),
        (0, (3, 4), (0, 0)),
    ],
)
def test_shares(fen: int, weights: tuple[int, ...], shares: tuple[int, ...]) -> None:
    assert split_fen(fen=fen, weights=weights) == shares


@given(fen=FEN, weights=WEIGHTS)
def test_no_fen_is_lost_and_no_share_is_off_by_a_whole_one(fen: int, weights: list[int]) -> None:
    shares = split_fen(fen=fen, weights=weights)
    assert sum(shares) == fen
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(fen * weight, sum(weights))) < 1
        assert weight or not share


@pytest.mark.parametrize("weights", [(), (0, 0), (1, -1), (2, -1)])
def test_impossible_weights(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_fen(fen=100, weights=weights)
