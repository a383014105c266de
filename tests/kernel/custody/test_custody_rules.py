"""What a count says, and whether a story joins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.custody.rules import (
    AWAY,
    DIFFERENCES,
    GONE,
    HELD,
    IN_PLACE,
    LOST,
    MISSING,
    OUT,
    STATES,
    STILL_LOST,
    SURPLUS,
    Step,
    broken_at,
    judge,
    tally,
)

OPENED = datetime(2025, 3, 25, 9, 0, tzinfo=UTC)
BEFORE, SEEN, AFTER = OPENED - timedelta(days=1), OPENED + timedelta(minutes=5), OPENED + timedelta(minutes=9)


@pytest.mark.rule("K-08")
@pytest.mark.parametrize(
    ("state", "since", "seen", "result"),
    [
        (HELD, BEFORE, SEEN, IN_PLACE),
        (HELD, BEFORE, None, MISSING),
        (HELD, AFTER, None, IN_PLACE),  # came back over the counter while the count went on
        (OUT, BEFORE, None, AWAY),
        (OUT, BEFORE, SEEN, SURPLUS),  # the book says lent, the hook says here
        (OUT, AFTER, SEEN, AWAY),  # seen first, lent afterwards
        (GONE, BEFORE, SEEN, SURPLUS),
        (LOST, BEFORE, None, STILL_LOST),
        (LOST, BEFORE, SEEN, SURPLUS),  # found again
    ],
)
def test_what_a_count_says_of_one_thing(
    state: str, since: datetime, seen: datetime | None, result: str
) -> None:
    assert judge(state=state, since_at=since, opened_at=OPENED, seen_at=seen) == result


@pytest.mark.rule("K-08")
def test_the_worked_example_of_the_catalogue() -> None:
    # T-K07: 240 in the book, 231 in the cabinet, 8 lent, 1 missing
    found = tally(results=[IN_PLACE] * 231 + [AWAY] * 8 + [MISSING])
    assert (found.total, found.in_place, found.away, found.missing, found.is_even) == (240, 231, 8, 1, False)


MOMENTS = st.integers(-600, 600).map(lambda minutes: OPENED + timedelta(minutes=minutes))


@pytest.mark.rule("K-08")
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATES), MOMENTS, st.none() | MOMENTS.filter(lambda moment: moment >= OPENED)
        )
    )
)
def test_the_numbers_of_a_count_always_add_up(things: list[tuple[str, datetime, datetime | None]]) -> None:
    results = [
        judge(state=state, since_at=since, opened_at=OPENED, seen_at=seen) for state, since, seen in things
    ]
    found = tally(results=results)
    assert found.total == len(results) - results.count(STILL_LOST)
    assert found.is_even == (not DIFFERENCES & set(results))
    # what we hold is either here or missing, never away
    for (state, _since, _seen), result in zip(things, results, strict=True):
        assert (result in (IN_PLACE, MISSING)) == (state == HELD)


NAMES = st.sampled_from(["柜", "甲", "乙", "丙"])


@given(st.lists(NAMES, min_size=1, max_size=8), st.data())
def test_a_sound_story_holds_and_any_change_of_it_is_found(takers: list[str], data: st.DataObject) -> None:
    givers = ["来人", *takers[:-1]]
    steps = [
        Step(serial=place, giver=giver, taker=taker, state_after=HELD if taker == "柜" else OUT)
        for place, (giver, taker) in enumerate(zip(givers, takers, strict=True), start=1)
    ]
    state, holder = steps[-1].state_after, takers[-1]
    assert broken_at(steps=steps, state=state, holder=holder) is None
    place = data.draw(st.integers(0, len(steps) - 1))
    # (a tail that is cut off is found by the number of lines, which the thing itself keeps)
    if place < len(steps) - 1:
        assert broken_at(steps=steps[:place] + steps[place + 1 :], state=state, holder=holder) is not None
    odd = steps[place]
    changed = Step(serial=odd.serial, giver=odd.giver, taker="别人", state_after=odd.state_after)
    assert (
        broken_at(steps=[*steps[:place], changed, *steps[place + 1 :]], state=state, holder=holder)
        is not None
    )
    assert broken_at(steps=steps, state=state, holder="别人") == 0
    assert broken_at(steps=[], state=state, holder=holder) == 0
