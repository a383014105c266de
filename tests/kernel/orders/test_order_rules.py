"""Life of an order, and whose turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.kernel.orders.rules import (
    MOVES,
    STATES,
    Worker,
    account_of,
    choose_worker,
    share_out,
    target_of,
)

AT = datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WORKERS = st.lists(
    st.builds(
        Worker,
        id=st.integers(1, 40),
        trades=st.frozensets(st.sampled_from(["water", "electric", "lock"])),
        on_shift=st.booleans(),
        open_orders=st.integers(0, 6),
        last_given_at=st.none() | st.integers(0, 500).map(lambda minutes: AT - timedelta(minutes=minutes)),
    ),
    max_size=12,
    unique_by=lambda worker: worker.id,
)


def worker(number: int, **changes: object) -> Worker:
    values: dict[str, object] = {
        "id": number, "trades": frozenset({"water"}), "on_shift": True, "open_orders": 0, **changes,
    }  # fmt: skip
    return Worker(**values)  # type: ignore[arg-type]


@pytest.mark.rule("R-05")
def test_every_state_lies_in_one_of_four_heaps() -> None:
    assert {account_of(state=state) for state in STATES} == {"open", "done", "returned", "void"}


@pytest.mark.rule("R-05")
@given(verbs=st.lists(st.sampled_from(sorted(MOVES)), max_size=30))
def test_no_walk_leaves_the_known_states_and_nothing_comes_back_from_the_end(verbs: list[str]) -> None:
    state = "waiting"
    for verb in verbs:
        target = target_of(verb=verb, state=state)
        if state in ("returned", "void"):
            assert target is None
        if target is not None:
            state = target
        assert state in STATES


@pytest.mark.rule("R-11")
@pytest.mark.parametrize(
    ("workers", "chosen"),
    [
        ([], None),
        ([worker(1, trades=frozenset({"lock"}))], None),
        ([worker(1, on_shift=False)], None),
        ([worker(1, open_orders=3)], None),
        ([worker(1, open_orders=2), worker(2, open_orders=1)], 2),
        ([worker(1, last_given_at=AT), worker(2, last_given_at=AT - timedelta(hours=1))], 2),
        ([worker(1, last_given_at=AT - timedelta(days=9)), worker(2)], 2),
        ([worker(2), worker(1)], 1),
    ],
)
def test_skill_shift_load_then_who_waited_longest(workers: list[Worker], chosen: int | None) -> None:
    assert choose_worker(workers=workers, trade="water", most_open=3).worker == chosen


@pytest.mark.rule("R-11")
def test_who_is_passed_over_is_told_why() -> None:
    crew = [worker(1, trades=frozenset()), worker(2, on_shift=False), worker(3, open_orders=5), worker(4)]
    choice = choose_worker(workers=crew, trade="water", most_open=5)
    assert choice.worker == 4
    assert {one.worker: one.why for one in choice.passed} == {1: "no_skill", 2: "off_shift", 3: "full"}


@pytest.mark.rule("R-11")
@given(
    workers=WORKERS,
    trades=st.lists(st.sampled_from(["water", "electric"]), max_size=25),
    most=st.integers(1, 5),
)
def test_a_shared_out_pool_goes_to_who_can_and_nobody_gets_too_much(
    workers: list[Worker], trades: list[str], most: int
) -> None:
    crew = {one.id: one for one in workers}
    given_out = share_out(orders=list(enumerate(trades)), workers=workers, most_open=most, at=AT)
    assert set(given_out) == set(range(len(trades)))
    held = {number: one.open_orders for number, one in crew.items()}
    for order, chosen in given_out.items():
        if chosen is None:
            continue
        assert trades[order] in crew[chosen].trades
        assert crew[chosen].on_shift
        held[chosen] += 1
    touched = {chosen for chosen in given_out.values() if chosen is not None}
    assert all(held[number] <= most for number in touched)


@pytest.mark.rule("R-11")
@given(count=st.integers(0, 30), hands=st.integers(1, 6))
def test_equal_hands_get_equal_loads(count: int, hands: int) -> None:
    crew = [worker(number) for number in range(1, hands + 1)]
    given_out = share_out(
        orders=[(order, "water") for order in range(count)], workers=crew, most_open=None, at=AT
    )
    loads = [list(given_out.values()).count(one.id) for one in crew]
    assert max(loads) - min(loads) <= 1
