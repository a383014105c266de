"""When an errand of the night is taken up, what must come before the order, where a service stands."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import SHANGHAI

from yingsheng.processes.services.rules import (
    Account,
    is_night,
    missing_before_dispatch,
    next_morning,
    state_from_orders,
)

FIRST = date(2025, 3, 5)


@pytest.mark.rule("S-09")
@given(clock=st.times(), begins=st.times(), ends=st.times())
def test_every_moment_of_the_night_has_its_morning(clock: time, begins: time, ends: time):
    at = datetime.combine(FIRST, clock, tzinfo=SHANGHAI)
    morning = next_morning(at=at, ends=ends.isoformat())
    assert morning > at and (morning - at).total_seconds() <= 86_400
    assert is_night(at=at, begins=begins.isoformat(), ends=ends.isoformat()) in (True, False)


@pytest.mark.rule("S-04", "S-05")
@given(
    fee=st.integers(0, 10),
    paid=st.integers(0, 10),
    signed=st.booleans(),
    first=st.booleans(),
    sign=st.booleans(),
)
def test_nothing_goes_out_before_what_the_figures_ask(
    fee: int, paid: int, signed: bool, first: bool, sign: bool
):
    missing = missing_before_dispatch(
        account=Account(fee_fen=fee, paid_fen=paid, signed=signed), fee_first=first, signature_required=sign
    )
    if fee == 0 or not first:
        assert missing is None
    elif paid < fee:
        assert missing == ("fee", "S-04")
    else:
        assert missing == (None if signed or not sign else ("signature", "S-05"))


@pytest.mark.rule("S-02")
@pytest.mark.parametrize(
    ("states", "present", "state"),
    [
        (["void"], "dispatched", "arranged"),
        (["waiting"], "dispatched", "dispatched"),
        (["accepted", "done"], "dispatched", "in_service"),
        (["waiting"], "in_service", "in_service"),
        (["done", "void", "returned"], "in_service", "finished"),
    ],
)
def test_where_a_service_stands_follows_its_orders(states: list[str], present: str, state: str):
    assert state_from_orders(states=states, present=present) == state
