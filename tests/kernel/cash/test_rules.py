"""Notes and coins, and that no fen is lost between places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.cash.rules import (
    DENOMINATIONS,
    SMALLEST,
    BadPieces,
    counted_fen,
    fewest_pieces,
    kept_pieces,
    needs_explaining,
    running,
    sums,
)


@pytest.mark.rule("O-06")
@pytest.mark.parametrize(
    ("pieces", "fen"),
    [
        ({}, 0),
        ({"10000": 2, "5000": 1}, 25_000),
        ({"100": 3, "50": 1, "10": 4}, 390),
        ({"2000": 0}, 0),
    ],
)
def test_notes_and_coins_are_worth_what_is_printed_on_them(pieces: dict[str, int], fen: int) -> None:
    assert counted_fen(pieces=pieces) == fen


@pytest.mark.rule("O-06")
@pytest.mark.parametrize("pieces", [{"1": 5}, {"300": 1}, {"100": -1}, {"100": 10_000}, {"100": True}])
def test_a_note_there_is_not_counts_for_nothing(pieces: dict[str, int]) -> None:
    with pytest.raises(BadPieces):
        counted_fen(pieces=pieces)


@given(st.integers(min_value=0, max_value=9_999 * 10_000))
def test_any_amount_can_be_paid_in_notes_but_for_less_than_a_coin(fen: int) -> None:
    pieces = fewest_pieces(fen=fen)
    assert counted_fen(pieces=pieces) == fen - fen % SMALLEST
    assert kept_pieces(pieces=pieces) == pieces


@given(st.dictionaries(st.sampled_from([str(one) for one in DENOMINATIONS]), st.integers(0, 9_999)))
def test_what_is_kept_of_a_count_is_worth_the_same(pieces: dict[str, int]) -> None:
    kept = kept_pieces(pieces=pieces)
    assert counted_fen(pieces=kept) == counted_fen(pieces=pieces)
    assert all(kept.values())


@pytest.mark.rule("P-07")
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 10**9))))
def test_what_leaves_one_place_arrives_at_another(transfers: list[tuple[int, int, int]]) -> None:
    assert sum(sums(transfers=transfers).values()) == 0


@pytest.mark.parametrize(
    ("counted", "booked", "words", "asked"),
    [(100, 100, "", False), (90, 100, "", True), (90, 100, "  ", True), (110, 100, "多找", False)],
)
def test_only_a_difference_is_explained(counted: int, booked: int, words: str, asked: bool) -> None:
    assert needs_explaining(counted=counted, booked=booked, explanation=words) is asked


def test_the_balance_after_each_change() -> None:
    assert running(opening=5, changes=[10, -3]) == [15, 12]
