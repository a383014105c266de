"""Receiving by turn and out of it, on a real database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project, make_visit

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.salesdesk.models import QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.rules.queue import find_next
from yingsheng.processes.salesdesk.services import receiving
from yingsheng.processes.salesdesk.services.receiving import (
    receive_next,
    receive_out_of_turn,
    receive_public,
    set_free,
)

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


def refused(call: Any, **fields: Any) -> Refused:
    before = (
        QueueEvent.objects.count(),
        Visit.objects.count(),
        Event.objects.count(),
        Obligation.objects.count(),
    )
    with pytest.raises(Refused) as told:
        call(**fields)
    assert before == (
        QueueEvent.objects.count(), Visit.objects.count(), Event.objects.count(), Obligation.objects.count(),
    )  # fmt: skip
    return told.value


@pytest.mark.rule("J-01")
def test_a_walk_in_takes_the_turn_of_the_head(cast: Cast) -> None:
    # T-J01: a new walk-in, A is head: A's turn is used, next is B
    project = make_project(cast)
    visit = make_visit(cast, project)
    rotation = rotation_now(project=project, at=MONDAY_NINE)
    chosen = find_next(rotation=rotation)
    assert (visit.receiver, visit.how) == (cast.agent_a, "turn")
    assert dict(rotation.turns) == {str(cast.agent_a.pk): 1}
    assert chosen is not None and chosen.agent == str(cast.agent_b.pk)
    assert QueueEvent.objects.latest("number").article == "004 篇1 第1条"
    assert Obligation.objects.filter(subject_id=visit.pk, milestone="register_visit").count() == 1


@pytest.mark.rule("J-02")
def test_who_helps_and_misses_a_new_customer_is_made_up_for(cast: Cast) -> None:
    # T-J04: A helps D with D's customer and misses a new one, which goes to the next
    project = make_project(cast, agents=("agent_a", "agent_b", "agent_d"))
    receive_out_of_turn(
        actor=cast.actor("agent_a"), project=project, at=MONDAY_NINE, agent=cast.agent_a, how="help",
        colleague=cast.agent_d,
    )  # fmt: skip
    assert make_visit(cast, project).receiver == cast.agent_b
    (credit,) = rotation_now(project=project, at=MONDAY_NINE).credits
    assert (credit.agent, credit.case, credit.article) == (str(cast.agent_a.pk), 3, "004 篇1 第2条(3)")


@pytest.mark.rule("J-02")
def test_out_of_turn_is_refused_with_its_reason(cast: Cast) -> None:
    project = make_project(cast)
    common: dict[str, Any] = {
        "actor": cast.actor("agent_a"), "project": project, "at": MONDAY_NINE, "agent": cast.agent_a,
    }  # fmt: skip
    assert refused(receive_out_of_turn, **common, how="turn").field == "how"
    for colleague in (None, cast.agent_a, cast.agent_d):  # nobody, himself, somebody who is not on the list
        assert (
            refused(receive_out_of_turn, **common, how="colleague", colleague=colleague).field == "colleague"
        )
    with pytest.raises(Forbidden):
        receive_out_of_turn(**{**common, "agent": cast.agent_b}, how="own")
    with pytest.raises(Conflict):
        receive_out_of_turn(**common, how="own", seen=1)
    receive_out_of_turn(**{**common, "actor": cast.actor("sales_manager")}, how="own")
    assert refused(receive_out_of_turn, **common, how="own").code == "not_free"


@pytest.mark.rule("J-10", "J-09")
def test_public_customers_go_in_order_and_cost_no_quota(cast: Cast) -> None:
    project = make_project(cast)
    visit = receive_public(
        actor=cast.actor("agent_c"), project=project, at=MONDAY_NINE, kind="marketing", agents_count=2
    )
    assert (visit.receiver, visit.others) == (cast.agent_a, [cast.agent_b.pk])
    rotation = rotation_now(project=project, at=MONDAY_NINE)
    assert (dict(rotation.turns), rotation.credits) == ({}, ())
    assert make_visit(cast, project).receiver == cast.agent_c
    # both keep their place: nobody's turn was used, none is made up for
    assert rotation_now(project=project, at=MONDAY_NINE).order[:2] == rotation.order[:2]
    with transaction.atomic():
        set_free(actor=cast.actor("agent_a"), visit=visit, at=MONDAY_NINE)
    busy = rotation_now(project=project, at=MONDAY_NINE).busy
    assert set(busy) == {str(cast.agent_c.pk)}
    with transaction.atomic():
        set_free(actor=cast.actor("agent_a"), visit=visit, at=MONDAY_NINE)  # once is enough
    assert rotation_now(project=project, at=MONDAY_NINE).busy == busy


@pytest.mark.rule("J-10", "J-09")
def test_a_public_customer_is_refused_with_its_reason(cast: Cast) -> None:
    project = make_project(cast)
    common: dict[str, Any] = {"actor": cast.actor("agent_a"), "project": project, "at": MONDAY_NINE}
    assert refused(receive_public, **common, kind="").field == "kind"
    for count in (0, 4):
        assert refused(receive_public, **common, kind="peer", agents_count=count).field == "agents_count"
    with pytest.raises(Forbidden):
        receive_public(**{**common, "actor": cast.actor("front")}, kind="peer")


@pytest.mark.rule("J-26")
def test_a_group_goes_by_turn_under_its_own_article(cast: Cast) -> None:
    project = make_project(cast)
    visit = make_visit(cast, project, is_group=True)
    assert (visit.receiver, visit.is_group) == (cast.agent_a, True)
    assert QueueEvent.objects.latest("number").article == "004 篇1 第18条"
    assert Event.objects.get(kind="salesdesk.received").rule == "J-26"
    assert dict(rotation_now(project=project, at=MONDAY_NINE).turns) == {str(cast.agent_a.pk): 1}


@pytest.mark.rule("J-01", "J-02", "J-10")
@pytest.mark.parametrize("name", ["post", "tell", "owe"])
@pytest.mark.parametrize("way", ["next", "own", "public"])
def test_what_fails_on_the_way_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str, way: str
) -> None:
    project = make_project(cast)
    common: dict[str, Any] = {"actor": cast.actor("agent_a"), "project": project, "at": MONDAY_NINE}
    counts = (QueueEvent.objects.count(), Event.objects.count(), Obligation.objects.count())
    number = project.last_number

    def fail(**_rest: Any) -> None:
        raise RuntimeError("the plug is pulled")

    monkeypatch.setattr(receiving, name, fail)
    ways: dict[str, Any] = {
        "next": lambda: receive_next(**common),
        "own": lambda: receive_out_of_turn(**common, agent=cast.agent_a, how="own"),
        "public": lambda: receive_public(**common, kind="peer"),
    }
    with pytest.raises(RuntimeError):
        ways[way]()
    project.refresh_from_db()
    assert (Visit.objects.count(), project.last_number) == (0, number)
    assert (QueueEvent.objects.count(), Event.objects.count(), Obligation.objects.count()) == counts
