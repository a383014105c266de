"""The month's plan and its promise, the planner's way through the worker, accepting a part, a table brought in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast, make_cast
from tests.factories.turns import DESK, MARCH, first_turn, make_leave, make_month, make_posts, put

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.rosters.models import Assignment, Roster
from yingsheng.kernel.rosters.services import Wanted
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.kernel.timers.periods import open_period
from yingsheng.ops.worker import work_off
from yingsheng.processes.turns.models import PlanRun
from yingsheng.processes.turns.queries import latest_run, special_days
from yingsheng.processes.turns.rules.limits import fill_greedily
from yingsheng.processes.turns.rules.month import month_from, plan_from, to_plain
from yingsheng.processes.turns.rules.planner import propose
from yingsheng.processes.turns.services import planning
from yingsheng.processes.turns.services.leaves import approve_leave
from yingsheng.processes.turns.services.months import (
    assign_turn,
    bring_in,
    fix_turn,
    judge,
    publish_month,
    take_turn_back,
)
from yingsheng.processes.turns.services.wishes import make_wish

NOW = MONDAY_NINE
APRIL = date(2025, 4, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def greedily(asked: dict[str, Any]) -> dict[str, Any]:
    """The planner within this process, with little time."""
    return to_plain(propose(month=month_from({**asked, "seconds": 3.0, "workers": 1})))


@pytest.mark.rule("D-01")
def test_next_months_plan_is_owed_a_day_before_the_month_ends(cast: Cast) -> None:
    period = open_period(site=cast.site, periodic=processes.periodic("next_roster"), first=MARCH, at=NOW)
    assert period is not None
    owed = Obligation.objects.get(subject_type="timers.period", subject_id=period.pk)
    assert owed.due_at == datetime(2025, 3, 30, 23, 59, 59, tzinfo=SHANGHAI)
    assert (owed.responsible_role, owed.rule) == ("CS_SUP", "D-01")
    make_month(cast, month=APRIL, published=False)
    with pytest.raises(Forbidden):
        publish_month(actor=cast.actor("front"), at=NOW, month=APRIL)
    publish_month(actor=cast.actor("supervisor"), at=NOW, month=APRIL)
    owed.refresh_from_db()
    assert owed.state == "met"
    assert period.filings.get().content == {"month": "2025-04", "turns": 90, "people": 4}


@pytest.mark.rule("D-01")
def test_a_plan_that_comes_too_late_was_late(cast: Cast) -> None:
    open_period(site=cast.site, periodic=processes.periodic("next_roster"), first=MARCH, at=NOW)
    make_month(cast, month=APRIL, published=False)
    late = datetime(2025, 3, 31, 0, 0, tzinfo=SHANGHAI)
    publish_month(actor=cast.actor("supervisor", late), at=late, month=APRIL)
    assert Obligation.objects.get(milestone="make_roster").state == "late"
    with pytest.raises(Refused) as refused:
        publish_month(actor=cast.actor("supervisor"), at=NOW, month=date(2025, 6, 1))
    assert refused.value.code == "too_early"


@pytest.mark.rule("D-01")
def test_publishing_is_one_event_besides_the_period(cast: Cast) -> None:
    make_month(cast, month=MARCH, published=False)
    before = Event.objects.count()
    opened = Period.objects.count()
    publish_month(actor=cast.actor("supervisor"), at=NOW, month=MARCH)
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))[before:]
    assert kinds.count("rosters.published") == 1
    assert set(kinds) <= {"rosters.published", "timers.period_opened"}
    assert Period.objects.count() > opened


@pytest.mark.rule("D-01", "D-11")
def test_nobody_on_leave_is_put_down(cast: Cast) -> None:
    shifts = make_posts(cast)
    day = date(2025, 3, 20)
    starts, ends = shifts["A"].span(day=day)
    put(cast, shifts["A"], date(2025, 3, 10), "front")
    leave = make_leave(cast, starts_at=starts, ends_at=ends)
    approve_leave(actor=cast.actor("supervisor"), record=leave, at=NOW)
    with pytest.raises(Refused) as refused:
        assign_turn(actor=cast.actor("supervisor"), at=NOW, shift=shifts["A"], day=day, staff=cast.front)
    assert refused.value.code == "away"
    with pytest.raises(Forbidden):
        assign_turn(actor=cast.actor("front"), at=NOW, shift=shifts["A"], day=day, staff=cast.lobby)
    turn = assign_turn(actor=cast.actor("supervisor"), at=NOW, shift=shifts["A"], day=day, staff=cast.lobby)
    fix_turn(actor=cast.actor("supervisor"), at=NOW, turn=turn, fixed=False)
    take_turn_back(actor=cast.actor("supervisor"), at=NOW, turn=turn)
    told = planning.describe_month(actor=cast.actor("supervisor"), month=MARCH, at=NOW)
    person = next(one for one in told.people if one.id == cast.front.pk)
    assert len(person.away) == 1


@pytest.mark.rule("D-01", "D-04")
def test_a_plan_is_asked_made_by_the_worker_and_accepted(cast: Cast) -> None:
    shifts = make_posts(cast)
    actor = cast.actor("supervisor")
    make_wish(actor=cast.actor("lobby"), at=NOW, day=date(2025, 4, 9))
    fixed = put(cast, shifts["N"], date(2025, 4, 9), "front")
    loose = put(cast, shifts["A"], date(2025, 4, 12), "front")
    fix_turn(actor=actor, at=NOW, turn=loose, fixed=False)
    run = planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    with pytest.raises(Refused) as running:
        planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    assert running.value.code == "running"
    with pytest.raises(Refused):
        planning.accept_plan(actor=actor, at=NOW, run=run)
    assert planning.do_next_plan(now=NOW, solve=greedily)
    assert not planning.do_next_plan(now=NOW, solve=greedily)
    run.refresh_from_db()
    plan = plan_from(run.answer)
    assert (run.state, plan.missing) == ("done", 0)
    assert (planning.slot_id(shift_id=shifts["N"].pk, day=date(2025, 4, 9)), cast.front.pk) in plan.turns

    week = planning.accept_plan(
        actor=actor, at=NOW, run=run, people=[cast.front.pk], first=APRIL, last=date(2025, 4, 7)
    )
    rows = Assignment.objects.filter(active=True, day__lte=date(2025, 4, 7))
    assert set(rows.values_list("staff_id", flat=True)) <= {cast.front.pk}
    assert week == rows.count()
    rest = planning.accept_plan(actor=actor, at=NOW, run=run)
    assert Assignment.objects.filter(active=True, roster__month=APRIL).count() == len(plan.turns)
    assert week + rest <= len(plan.turns)
    fixed.refresh_from_db()
    assert fixed.active
    with pytest.raises(Refused) as again:
        planning.accept_plan(actor=actor, at=NOW, run=run)
    assert again.value.code == "nothing_new"
    publish_month(actor=actor, at=NOW, month=APRIL)
    with pytest.raises(Refused) as late:
        planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    assert late.value.code == "published"
    kinds = ("turns.plan_asked", "turns.plan_made", "rosters.filled")
    assert [Event.objects.filter(kind=kind).count() for kind in kinds] == [1, 1, 2]


def test_a_plan_of_yesterday_that_no_longer_fits_is_refused_as_a_whole(cast: Cast) -> None:
    shifts = make_posts(cast)
    actor = cast.actor("supervisor")
    run = planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    planning.do_next_plan(now=NOW, solve=greedily)
    run.refresh_from_db()
    slot, person = plan_from(run.answer).turns[0]
    who = next(name for name in DESK if cast.staff[name].pk == person)
    other = next(code for code in "APN" if not slot.startswith(f"{shifts[code].pk}@"))
    put(cast, shifts[other], APRIL, who)
    with pytest.raises(Refused):
        planning.accept_plan(actor=actor, at=NOW, run=run)
    assert Assignment.objects.filter(active=True, roster__month=APRIL).count() == 1


def test_a_planner_that_breaks_says_so_and_a_dead_one_is_replaced(cast: Cast) -> None:
    make_posts(cast)
    actor = cast.actor("supervisor")

    def breaks(_asked: dict[str, Any]) -> dict[str, Any]:
        raise OSError("no memory")

    run = planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    assert planning.do_next_plan(now=NOW, solve=breaks)
    run.refresh_from_db()
    assert run.state == "failed"
    assert Event.objects.filter(kind="turns.plan_failed").count() == 1
    second = planning.ask_plan(actor=actor, at=NOW, month=APRIL)
    PlanRun.objects.filter(pk=second.pk).update(state="running", claimed_at=NOW)
    assert not planning.do_next_plan(now=NOW + timedelta(minutes=1), solve=greedily)

    def overtaken(asked: dict[str, Any]) -> dict[str, Any]:
        PlanRun.objects.filter(pk=second.pk).update(claimed_at=NOW + timedelta(hours=1))
        return greedily(asked)

    assert planning.do_next_plan(now=NOW + timedelta(minutes=9), solve=overtaken)
    second.refresh_from_db()
    assert second.state == "running"  # whoever took it over answers
    with pytest.raises(Refused):
        planning.ask_plan(actor=actor, at=NOW, month=date(2025, 2, 1))


@pytest.mark.slow
@pytest.mark.rule("D-01")
def test_the_worker_lets_a_program_of_its_own_solve_it(cast: Cast) -> None:
    make_posts(cast)
    run = planning.ask_plan(actor=cast.actor("supervisor"), at=NOW, month=APRIL)
    PlanRun.objects.filter(pk=run.pk).update(asked={**run.asked, "seconds": 2.0})
    assert work_off(now=NOW).plans == 1
    found = latest_run(site=cast.site, month=APRIL)
    assert found is not None and found.state == "done"
    plan = plan_from(found.answer)
    assert (plan.missing, plan.seconds < 10) == (0, True)
    assert plan.score <= plan.greedy_score


def test_a_site_without_shifts_has_nothing_to_plan(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        planning.ask_plan(actor=cast.actor("supervisor"), at=NOW, month=APRIL)
    assert refused.value.code == "no_shifts"
    assert latest_run(site=cast.site, month=APRIL) is None


@pytest.mark.rule("D-01")
def test_the_planner_knows_the_turns_before_and_after_the_month(cast: Cast) -> None:
    make_month(cast, month=MARCH)
    told = planning.describe_month(actor=cast.actor("supervisor"), month=APRIL, at=NOW)
    assert {one.day for one in told.held} >= {date(2025, 3, 31).toordinal()}
    assert (told.rest, told.in_a_row, told.seconds) == (660, 6, 17.0)
    assert fill_greedily(month=told).pairs
    assert date(2025, 4, 4) in special_days(site=cast.site, first=APRIL, last=date(2025, 4, 30))  # 清明


@pytest.mark.rule("D-01")
def test_a_table_is_judged_line_by_line_and_brought_in_as_a_whole(cast: Cast) -> None:
    shifts = make_posts(cast)
    actor = cast.actor("supervisor")
    days = [date(2025, 4, 1), date(2025, 4, 1), date(2025, 4, 2)]
    wanted = [
        Wanted(shift=shifts[code], day=day, staff=cast.front) for code, day in zip("APA", days, strict=True)
    ]
    assert [one.code if one else "" for one in judge(actor=actor, at=NOW, wanted=wanted)] == ["", "rest", ""]
    with pytest.raises(Refused):
        bring_in(actor=actor, at=NOW, month=APRIL, wanted=wanted, source="import")
    assert not Roster.objects.filter(month=APRIL).exists()
    assert bring_in(actor=actor, at=NOW, month=APRIL, wanted=[wanted[0], wanted[2]], source="import") == 2
    assert first_turn(cast, "front").is_fixed
    with pytest.raises(Refused):
        bring_in(actor=actor, at=NOW, month=APRIL, wanted=[], source="import")
    assert judge(actor=actor, at=NOW, wanted=[]) == []
