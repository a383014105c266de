"""Several desks before one rotation at the same moment: no turn is lost, none given twice, on either database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import make_project

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.receiving import receive_next, set_free

FOUR = ("agent_a", "agent_b", "agent_c", "agent_d")


def side_by_side(*works: Any) -> list[Any]:
    """What each says, all begun at the same moment, each with connections of its own."""
    start = Barrier(len(works))

    def at_desk(work: Any) -> Any:
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(at_desk, works))


def whole(project: Project) -> None:
    """The numbers of what happened have no gap, and each reception stands there once."""
    project.refresh_from_db()
    rows = list(QueueEvent.objects.filter(project=project).order_by("number"))
    assert [one.number for one in rows] == list(range(1, project.last_number + 1))
    causes = Counter(one.cause for one in rows if one.kind == "new_customer")
    assert set(causes.values()) <= {1}
    assert len(causes) == Visit.objects.filter(project=project).count()
    assert Event.objects.filter(kind="salesdesk.received").count() == len(causes)


@pytest.mark.rule("J-01")
def test_two_desks_take_the_next_customer_and_one_is_told(committed_db: None) -> None:
    cast = make_cast()
    project = make_project(cast, agents=FOUR)

    def take(name: str, seen: int) -> Any:
        try:
            return receive_next(
                actor=cast.actor(name), project=project, at=MONDAY_NINE, seen=seen
            ).receiver.name
        except Conflict as told:
            return told

    for turn, expected in enumerate(("严一", "华二", "金三")):
        seen = Project.objects.get(pk=project.pk).last_number
        answers = side_by_side(
            lambda seen=seen: take("agent_a", seen), lambda seen=seen: take("agent_b", seen)
        )
        assert answers.count(expected) == 1
        (told,) = [one for one in answers if isinstance(one, Conflict)]
        assert expected in str(told)
        assert Visit.objects.count() == turn + 1
    whole(project)


@pytest.mark.rule("J-01")
def test_two_customers_at_once_without_looking_get_two_agents(committed_db: None) -> None:
    cast = make_cast()
    project = make_project(cast, agents=FOUR)

    def take() -> str:
        return receive_next(actor=cast.actor("agent_a"), project=project, at=MONDAY_NINE).receiver.name

    answers = [*side_by_side(take, take), *side_by_side(take, take)]
    assert sorted(answers[:2]) == sorted(["严一", "华二"])
    assert sorted(answers[2:]) == sorted(["金三", "魏四"])
    whole(project)


@pytest.mark.rule("J-01")
def test_many_arrivals_from_two_desks_go_round_evenly(committed_db: None) -> None:
    cast = make_cast()
    project = make_project(cast, agents=FOUR)
    each = 8

    def arrivals(name: str) -> None:
        actor = cast.actor(name)
        for number in range(each):
            at = MONDAY_NINE + timedelta(minutes=number)
            visit = receive_next(actor=actor, project=project, at=at)
            with transaction.atomic():
                Visit.objects.filter(pk=visit.pk).update(state="left", finished_at=at)
                set_free(actor=actor, visit=visit, at=at)

    side_by_side(lambda: arrivals("agent_a"), lambda: arrivals("agent_b"))
    whole(project)
    rotation = rotation_now(project=project, at=MONDAY_NINE)
    # at most two are busy at a time, and they stand last: the turn goes round without a gap
    assert dict(rotation.turns) == {str(cast.staff[name].pk): 2 * each // len(FOUR) for name in FOUR}
    assert (rotation.credits, dict(rotation.busy)) == ((), {})


@pytest.mark.rule("J-01", "J-02")
def test_an_agent_who_is_sent_away_while_he_gets_a_customer(committed_db: None) -> None:
    cast = make_cast()
    project = make_project(cast, agents=("agent_a", "agent_b"))

    def take() -> str:
        return receive_next(actor=cast.actor("agent_b"), project=project, at=MONDAY_NINE).receiver.name

    def send() -> str:
        try:
            move(
                actor=cast.actor("sales_manager"), project=project, at=MONDAY_NINE, agent=cast.agent_a,
                kind="ordered", reason="送资料",
            )  # fmt: skip
        except Refused as told:
            return told.code
        return "sent"

    answers = side_by_side(take, send)
    # whichever came first, the other followed from it
    assert answers in (["严一", "receiving"], ["华二", "sent"])
    rotation = rotation_now(project=project, at=MONDAY_NINE)
    assert len(rotation.credits) == (1 if answers[1] == "sent" else 0)
    whole(project)


@pytest.mark.rule("J-01")
def test_two_desks_open_the_day(committed_db: None) -> None:
    cast: Cast = make_cast()
    project = make_project(cast, agents=FOUR)
    tomorrow = MONDAY_NINE + timedelta(days=1)

    def sign_in(name: str) -> None:
        move(
            actor=cast.actor(name, tomorrow),
            project=project,
            at=tomorrow,
            agent=cast.staff[name],
            kind="sign_in",
        )

    side_by_side(*(lambda name=name: sign_in(name) for name in FOUR))
    assert project.days.count() == 2
    assert len(rotation_now(project=project, at=tomorrow).here) == len(FOUR)
    whole(project)
