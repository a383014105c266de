"""What is stored of the rotation gives the rotation: any story of arrivals, absences and orders, over several days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import make_project, make_visit

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.board import Doing, board_of
from yingsheng.processes.salesdesk.queries.board_days import carries_on, steps_of
from yingsheng.processes.salesdesk.queries.queue import (
    cause_of,
    happening_of,
    rotation_now,
    rotation_of_day,
    settle_days,
)
from yingsheng.processes.salesdesk.rules.queue import (
    Happening,
    Kind,
    Rotation,
    apply,
    find_next,
    list_free,
    replay,
)
from yingsheng.processes.salesdesk.rules.snapshots import next_morning
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.queue import hold_project, post
from yingsheng.processes.salesdesk.services.receiving import (
    receive_next,
    receive_out_of_turn,
    receive_public,
    set_free,
)

NAMES = ("agent_a", "agent_b", "agent_c", "agent_d")
MOVES = ("sign_in", "sign_off", "leave", "ordered", "free", "depart", "join")
PROJECTS = count()
STORIES = st.lists(
    st.tuples(
        st.sampled_from(["next", "next", "own", "help", "public", "done", "done", "day", *MOVES]),
        st.integers(0, len(NAMES) - 1),
    ),
    min_size=6, max_size=20,
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@dataclass
class Story:
    """The services and, beside them, the rules alone, told the same story."""

    cast: Cast
    project: Project
    at: datetime
    model: Rotation
    open: list[Visit] = field(default_factory=list)
    new: int = 0
    turns: Counter[str] = field(default_factory=Counter)

    def tell(self, verb: str, agent: int) -> None:
        """One thing happens; what is refused writes nothing."""
        self.at += timedelta(minutes=7)
        before = (QueueEvent.objects.count(), Event.objects.count(), Visit.objects.count())
        try:
            with transaction.atomic():
                expected = self._do(verb, NAMES[agent])
        except Refused:
            assert (QueueEvent.objects.count(), Event.objects.count(), Visit.objects.count()) == before
            return
        self.model = replay(events=expected, rotation=self.model)

    def _do(self, verb: str, name: str) -> list[Happening]:
        common: dict[str, Any] = {
            "actor": self.cast.actor("sales_manager", self.at), "project": self.project, "at": self.at,
        }  # fmt: skip
        staff = self.cast.staff[name]
        key = str(staff.pk)
        if verb == "next":
            chosen = find_next(rotation=self.model)
            visit = receive_next(**common)
            self.open.append(visit)
            self.new += 1
            assert chosen is not None and str(visit.receiver_id) == chosen.agent
            return [Happening(kind=Kind.NEW, agents=(chosen.agent,), cause=cause_of(visit=visit))]
        if verb in ("own", "help"):
            colleague = self.cast.staff[NAMES[(NAMES.index(name) + 1) % len(NAMES)]]
            visit = receive_out_of_turn(**common, agent=staff, how=verb, colleague=colleague)
            self.open.append(visit)
            case = 1 if verb == "own" else 3
            return [Happening(kind=Kind.RECEIVE, agents=(key,), cause=cause_of(visit=visit), case=case)]
        if verb == "public":
            chosen_ones = list_free(rotation=self.model)[:2]
            visit = receive_public(**common, kind="peer", agents_count=2)
            self.open.append(visit)
            return [Happening(kind=Kind.PUBLIC, agents=chosen_ones, cause=cause_of(visit=visit))]
        if verb == "done":
            return self._done()
        if verb == "day":
            return self._next_day()
        number = Project.objects.get(pk=self.project.pk).last_number + 1
        move(**common, agent=staff, kind=verb, reason="有事")
        ordered = verb == "ordered"
        return [
            Happening(
                kind=Kind(verb), agents=(key,), cause=f"order:{number}" if ordered else "", case=4 if ordered else 0
            )
        ]  # fmt: skip

    def _done(self) -> list[Happening]:
        """The reception that began first ends."""
        if not self.open:
            return []
        visit = self.open.pop(0)
        cause = cause_of(visit=visit)
        Visit.objects.filter(pk=visit.pk).update(state="left", finished_at=self.at)
        set_free(actor=self.cast.actor("sales_manager", self.at), visit=visit, at=self.at)
        ended = (visit.receiver_id, *visit.others)
        return [
            Happening(kind=Kind.FREE, agents=(str(pk),), cause=cause)
            for pk in ended
            if str(pk) in self.model.busy and self.model.busy[str(pk)].cause == cause
        ]

    def _next_day(self) -> list[Happening]:
        self.count_day()
        self.at += timedelta(days=1)
        # an order makes up for each turn it costs: there is nothing of it to remember
        visits = {cause for _agent, cause in self.model.credited if cause.startswith("visit:")}
        self.model = next_morning(rotation=self.model, remembered=visits)
        return []

    def count_day(self) -> None:
        """Keep the turns and make-ups of the day."""
        self.turns += Counter(self.model.turns) + Counter(self.model.made_up)


def same(one: Rotation, other: Rotation) -> bool:
    """Equal but for the words of articles, which the rules do not weigh."""

    def bare(rotation: Rotation) -> Any:
        return (
            rotation.order, rotation.here, {key: (busy.cause, busy.case) for key, busy in rotation.busy.items()},
            [(credit.agent, credit.cause, credit.case) for credit in rotation.credits], rotation.credited,
            dict(rotation.turns), dict(rotation.made_up), dict(rotation.missed),
        )  # fmt: skip

    return bool(bare(one) == bare(other))


@pytest.mark.rule("J-01", "J-02", "J-03", "J-10", "J-35")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
@example(
    story=[("own", 0), ("next", 0), ("day", 0), ("sign_in", 0), ("done", 0), ("sign_in", 0), ("next", 0)]
)
@example(
    story=[("ordered", 0), ("next", 0), ("next", 0), ("depart", 0), ("join", 0), ("sign_in", 0), ("next", 0)]
)
def test_the_stored_story_gives_the_same_rotation(cast: Cast, story: list[tuple[str, int]]) -> None:
    project = make_project(cast, name=f"项目{next(PROJECTS)}", agents=NAMES)
    told = Story(
        cast=cast, project=project, at=MONDAY_NINE, model=rotation_now(project=project, at=MONDAY_NINE)
    )
    for verb, agent in story:
        told.tell(verb, agent)
        stored = rotation_now(project=project, at=told.at)
        assert same(stored, told.model)
    told.count_day()
    # no turn is lost or taken twice: as many as there were new customers
    assert sum(told.turns.values()) == told.new
    assert Visit.objects.filter(project=project, how="turn").count() == told.new
    _holds(project, told)


def _holds(project: Project, told: Story) -> None:
    """What must hold of any rotation that was stored."""
    numbers = list(
        QueueEvent.objects.filter(project=project).order_by("number").values_list("number", flat=True)
    )
    project.refresh_from_db()
    assert numbers == list(range(1, project.last_number + 1))
    for day in Day.objects.filter(project=project):
        rotation = rotation_of_day(day=day, at=told.at)
        for event, step in zip(day.events.order_by("number"), steps_of(day=day, at=told.at), strict=True):
            until = rotation_of_day(day=day, at=told.at, until=event.number)
            assert len(step.order) == len(until.order) == len(set(until.order))
            rest = day.events.filter(number__gt=event.number).order_by("number")
            assert replay(events=(happening_of(event=one) for one in rest), rotation=until) == rotation
        assert carries_on(day=day, at=told.at) in (True, None)
    made_up = Counter((one.agent, one.cause) for one in told.model.credits if one.case != 4)
    assert set(made_up.values()) <= {1}
    board = board_of(project=project, at=told.at)
    assert [str(one.staff.pk) for one in board.standings] == list(told.model.order)
    for one in board.standings:
        is_free = str(one.staff.pk) in list_free(rotation=told.model)
        assert (one.doing is Doing.FREE) == is_free
        assert (board.ahead_of(staff_id=one.staff.pk) is not None) == is_free
        assert one.is_next == (board.ahead_of(staff_id=one.staff.pk) == 0)


@pytest.mark.rule("J-02")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(1, 60), min_size=1, max_size=6), within=st.integers(1, 90))
def test_what_is_forgotten_can_be_made_up_no_more(cast: Cast, days: list[int], within: int) -> None:
    with transaction.atomic():
        project = make_project(cast, name=f"项目{next(PROJECTS)}", agents=NAMES)
        override_parameter(
            site=cast.site, path="J-02.settle_within", value=within, reason="试", by=cast.head, at=MONDAY_NINE,
            active_from=MONDAY_NINE,
        )  # fmt: skip
        visit = make_visit(cast, project)
        pair = (str(visit.receiver_id), cause_of(visit=visit))
        credit = Happening(kind=Kind.CREDIT, agents=(pair[0],), cause=pair[1], case=2)
        post(project=hold_project(project=project), by=cast.agent_a, at=MONDAY_NINE, happenings=(credit,))
        at = MONDAY_NINE
        for one in days:
            at += timedelta(days=one)
            rotation = rotation_now(project=project, at=at)
            may_settle = at - visit.arrived_at <= timedelta(days=settle_days(project=project, at=at))
            assert (pair in rotation.credited) or not may_settle
            if may_settle:
                assert apply(rotation=rotation, event=credit) == rotation
            # the day opens, so the next morning follows from it
            move(
                actor=cast.actor("sales_manager", at),
                project=project,
                at=at,
                agent=cast.agent_b,
                kind="sign_in",
            )
        transaction.set_rollback(True)
