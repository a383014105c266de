"""Receiving by turn and out of it, on a real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project, make_visit

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.rules.queue import find_next
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn

pytestmark = pytest.mark.django_db


@pytest.mark.rule("J-01")
def test_new_customers_go_round(cast: Cast) -> None:
    project = make_project(cast)
    got = [make_visit(cast, project, at=MONDAY_NINE + timedelta(minutes=turn)).receiver for turn in range(3)]
    assert got == [cast.agent_a, cast.agent_b, cast.agent_c]
    with pytest.raises(Refused) as refused:
        make_visit(cast, project)
    assert refused.value.code == "nobody"


@pytest.mark.rule("J-01")
def test_a_board_that_has_moved_on_is_looked_at_again(cast: Cast) -> None:
    project = make_project(cast)
    seen = project.last_number
    receive_next(actor=cast.actor("agent_b"), project=project, at=MONDAY_NINE, seen=seen)
    with pytest.raises(Conflict):
        receive_next(actor=cast.actor("agent_c"), project=project, at=MONDAY_NINE, seen=seen)


@pytest.mark.rule("J-02")
def test_who_receives_his_own_customer_makes_up_for_the_turn_he_missed(cast: Cast) -> None:
    project = make_project(cast)
    receive_out_of_turn(
        actor=cast.actor("agent_a"), project=project, at=MONDAY_NINE, agent=cast.agent_a, how="own"
    )
    assert make_visit(cast, project).receiver == cast.agent_b
    rotation = rotation_now(project=project, at=MONDAY_NINE)
    assert [(one.agent, one.case) for one in rotation.credits] == [(str(cast.agent_a.pk), 1)]
    chosen = find_next(rotation=rotation)
    assert chosen is not None
    assert chosen.agent == str(cast.agent_c.pk)  # A is still busy with his own customer
