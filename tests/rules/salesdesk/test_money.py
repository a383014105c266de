"""Commission to the fen, the group bonus, fines within bounds, the month's lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import FIGURES, A, B, C, on

from yingsheng.processes.salesdesk.rules.decision import Penalty, Share, shares_of
from yingsheng.processes.salesdesk.rules.money import (
    Amount,
    Buyer,
    Line,
    Sort,
    bonus_lines,
    deal_lines,
    fine_flaw,
    month_lines,
    snatching_lines,
    split_bonus,
    split_commission,
    totals,
)

PENALTY = Penalty(
    agent=B, fine_min_fen=FIGURES.fine_min_fen, fine_max_fen=FIGURES.fine_max_fen, destination="original_by_ruling",
    heir=A,
)  # fmt: skip
PERCENTS = st.integers(0, 100).map(lambda one: shares_of(parts=[(B, one), (A, 100 - one)]))


@pytest.mark.rule("J-11", "J-23")
@pytest.mark.parametrize(
    ("fen", "closer", "expected"),
    [
        (100_000, 20, {B: 20_000, A: 80_000}), (101, 50, {B: 51, A: 50}), (1, 50, {B: 1, A: 0}), (1, 20, {B: 0, A: 1}),
        (3, 20, {B: 1, A: 2}), (99_999, 20, {B: 20_000, A: 79_999}), (100, 100, {B: 100}), (0, 50, {B: 0, A: 0}),
    ],
)  # fmt: skip
def test_a_commission_is_parted_to_the_fen(fen: int, closer: int, expected: dict[str, int]) -> None:
    shares = shares_of(parts=[(B, closer), (A, 100 - closer)])
    assert {one.agent: one.fen for one in split_commission(fen=fen, shares=shares)} == expected


@pytest.mark.rule("J-11", "J-12", "J-18", "J-19", "J-23")
@given(st.integers(0, 10**10), PERCENTS)
def test_no_fen_is_lost_and_none_is_further_than_one_from_its_share(
    fen: int, shares: tuple[Share, ...]
) -> None:
    amounts = split_commission(fen=fen, shares=shares)
    assert sum(one.fen for one in amounts) == fen
    for share, amount in zip(shares, amounts, strict=True):
        assert abs(amount.fen * 100 - fen * share.percent) < 100


@pytest.mark.rule("J-19")
@pytest.mark.parametrize(("fen", "percent"), [(-1, 100), (100, 99)])
def test_what_is_no_whole_is_not_parted(fen: int, percent: int) -> None:
    with pytest.raises(ValueError, match="100"):
        split_commission(fen=fen, shares=(Share(agent=A, percent=percent),))


@pytest.mark.rule("J-26")
def test_who_received_group_buyers_has_a_raised_part_of_the_bonus() -> None:
    buyers = [Buyer(agent=A, weight=1, received=False), Buyer(agent=B, weight=1, received=True)]
    assert split_bonus(fen=100_000, buyers=buyers, raised_percent=FIGURES.raised_percent) == (
        Amount(agent=A, fen=50_000), Amount(agent=B, fen=50_000),
    )  # fmt: skip
    raised = split_bonus(fen=100_000, buyers=buyers, raised_percent=50)
    assert [one.fen for one in raised] == [40_000, 60_000]
    for fen, percent in ((-1, 0), (1, -1)):
        with pytest.raises(ValueError, match="negative"):
            split_bonus(fen=fen, buyers=buyers, raised_percent=percent)


BUYERS = st.lists(
    st.builds(Buyer, agent=st.sampled_from([A, B, C]), weight=st.integers(1, 50), received=st.booleans()),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.mark.rule("J-26")
@given(st.integers(0, 10**9), BUYERS, st.integers(0, 200))
def test_a_bonus_loses_no_fen_and_a_raise_takes_nothing_from_who_received(
    fen: int, buyers: list[Buyer], raised: int
) -> None:
    plain = split_bonus(fen=fen, buyers=buyers, raised_percent=0)
    after = split_bonus(fen=fen, buyers=buyers, raised_percent=raised)
    assert sum(one.fen for one in plain) == sum(one.fen for one in after) == fen
    gained = sum(
        one.fen - was.fen for one, was, who in zip(after, plain, buyers, strict=True) if who.received
    )
    assert gained >= -len(buyers)


@pytest.mark.rule("J-20")
@pytest.mark.parametrize(
    ("fen", "flaw"),
    [
        (20_000, ""), (50_000, ""), (35_000, ""), (19_999, "too_small"), (50_001, "too_great"), (60_000, "too_great"),
        (0, "too_small"), (-20_000, "too_small"),
    ],
)  # fmt: skip
def test_a_fine_keeps_within_its_bounds(fen: int, flaw: str) -> None:  # T-J52
    assert fine_flaw(fen=fen, least_fen=FIGURES.fine_min_fen, greatest_fen=FIGURES.fine_max_fen) == flaw


@pytest.mark.rule("J-20", "J-34")
@pytest.mark.parametrize(
    ("heir", "commission", "expected"),
    [
        (None, 100_000, {A: 100_000, B: -30_000}), ("", 100_000, {"": 100_000, B: -30_000}),
        (C, 100_000, {C: 100_000, B: -30_000}), (None, 0, {B: -30_000}),
    ],
)  # fmt: skip
def test_snatching_takes_the_commission_and_costs_the_fine(
    heir: str | None, commission: int, expected: dict[str, int]
) -> None:
    lines = snatching_lines(
        penalty=PENALTY, commission_fen=commission, fine_fen=30_000, day=on(3), matter="D-1", heir=heir
    )
    assert {one.agent: one.fen for one in totals(lines=lines)} == expected
    assert {one.rule for one in lines} <= {"J-20", "J-34"}


@pytest.mark.rule("J-20", "J-34")
@pytest.mark.parametrize(
    ("fine", "commission", "heir"), [(60_000, 1, None), (30_000, -1, None), (30_000, 1, B)]
)
def test_a_ruling_out_of_bounds_is_refused(fine: int, commission: int, heir: str | None) -> None:
    with pytest.raises(ValueError, match="snatching"):
        snatching_lines(
            penalty=PENALTY, commission_fen=commission, fine_fen=fine, day=on(3), matter="D-1", heir=heir
        )


LINES = st.lists(
    st.builds(
        Line, agent=st.sampled_from(["", A, B, C]), day=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
        matter=st.sampled_from(["D-1", "D-2"]), sort=st.sampled_from(Sort), fen=st.integers(-50_000, 10**7),
        rule=st.sampled_from(["J-19", "J-20"]),
    ),
    max_size=40,
)  # fmt: skip


@pytest.mark.rule("J-26", "J-19")
@given(LINES)
def test_twelve_months_together_are_the_year(lines: list[Line]) -> None:
    months = [month_lines(lines=lines, month=date(2025, month, 15)) for month in range(1, 13)]
    assert sum(len(one) for one in months) == len(lines)
    assert sum(one.fen for month in months for one in totals(lines=month)) == sum(one.fen for one in lines)
    assert months == [month_lines(lines=lines[::-1], month=date(2025, month, 1)) for month in range(1, 13)]


@pytest.mark.rule("J-26", "J-19")
def test_the_lines_of_a_month_say_what_they_are_for() -> None:
    shares = shares_of(parts=[(B, 20), (A, 80)])
    deal = deal_lines(
        amounts=split_commission(fen=1_000, shares=shares), day=on(0), matter="D-2", rule="J-19"
    )
    bonus = bonus_lines(amounts=[Amount(agent=A, fen=500)], day=on(1), matter="G-1")
    later = deal_lines(amounts=[Amount(agent=A, fen=7)], day=on(40), matter="D-3", rule="J-01")
    found = month_lines(lines=[*later, *bonus, *deal], month=on(0))
    told = [(one.agent, one.matter, one.sort.value, one.fen, one.rule) for one in found]
    assert told == [
        (A, "D-2", "commission", 800, "J-19"),
        (A, "G-1", "group_bonus", 500, "J-26"),
        (B, "D-2", "commission", 200, "J-19"),
    ]
