"""A call told in any order, twice or with gaps comes to the same; rings and signatures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.calls.rules import (
    ANSWER,
    HANGUP,
    RING,
    SIGNALS,
    TRANSFER,
    Facts,
    heard,
    is_fresh,
    is_signed,
    rings_of,
    signature,
    state_of,
)

START = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
signals = st.lists(
    st.tuples(st.sampled_from(SIGNALS), st.integers(0, 600).map(lambda one: START + timedelta(seconds=one))),
    min_size=1, max_size=8,
)  # fmt: skip


def told(rows: list[tuple[str, datetime]]) -> Facts:
    facts = None
    for kind, at in rows:
        facts = heard(facts=facts, kind=kind, at=at)
    assert facts is not None
    return facts


@pytest.mark.rule("D-10", "B-06")
@given(signals, st.data())
def test_the_order_of_signals_and_repetitions_do_not_matter(
    rows: list[tuple[str, datetime]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*rows, *rows[:3]]))
    assert told(shuffled) == told(rows)


@pytest.mark.rule("D-10")
@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([RING], "ringing"), ([RING, ANSWER], "talking"), ([RING, ANSWER, TRANSFER], "talking"),
        ([RING, ANSWER, HANGUP], "ended"), ([RING, HANGUP], "missed"), ([HANGUP], "missed"),
        ([HANGUP, ANSWER], "ended"),
    ],
)  # fmt: skip
def test_how_a_call_stands(kinds: list[str], state: str) -> None:
    rows = [(kind, START + timedelta(seconds=number)) for number, kind in enumerate(kinds)]
    assert state_of(facts=told(rows)) == state


@pytest.mark.rule("B-06", "D-10")
@pytest.mark.parametrize(
    ("seconds", "rings"), [(0, 1), (0.4, 1), (5, 1), (5.1, 2), (10, 2), (15, 3), (15.1, 4), (60, 12), (-3, 1)]
)
def test_three_rings_are_over_after_fifteen_seconds(seconds: float, rings: int) -> None:
    assert rings_of(waited=timedelta(seconds=seconds), ring_seconds=5) == rings


@pytest.mark.rule("B-06")
@given(st.integers(0, 3600), st.integers(1, 30), st.integers(0, 600))
def test_who_waits_longer_hears_no_fewer_rings(seconds: int, each: int, more: int) -> None:
    one = rings_of(waited=timedelta(seconds=seconds), ring_seconds=each)
    other = rings_of(waited=timedelta(seconds=seconds + more), ring_seconds=each)
    assert 1 <= one <= other
    assert (one - 1) * each <= seconds <= max(one * each, each)


def test_a_ring_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="seconds"):
        rings_of(waited=timedelta(seconds=3), ring_seconds=0)


@given(st.text(min_size=1, max_size=40), st.text(max_size=40), st.binary(max_size=200), st.binary(max_size=5))
def test_a_signature_proves_stamp_and_body(secret: str, stamp: str, body: bytes, more: bytes) -> None:
    given_ = signature(secret=secret, stamp=stamp, body=body)
    assert is_signed(secret=secret, stamp=stamp, body=body, given=given_.upper())
    assert not is_signed(secret=secret, stamp=stamp, body=body + b"x" + more, given=given_)
    assert not is_signed(secret=secret + "x", stamp=stamp, body=body, given=given_)
    assert not is_signed(secret=secret, stamp=stamp + "0", body=body, given=given_)


def test_an_old_post_is_no_news() -> None:
    assert is_fresh(stamp=START, now=START + timedelta(minutes=5))
    assert not is_fresh(stamp=START, now=START + timedelta(minutes=5, seconds=1))
    assert not is_fresh(stamp=START + timedelta(minutes=6), now=START)
