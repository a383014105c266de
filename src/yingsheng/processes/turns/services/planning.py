"""The planner's work: asked for on a page, done by the worker in a program of its own, accepted by a person (D-01)."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters import services as rosters
from yingsheng.kernel.rosters.checks import AROUND, limits_of
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.queries import Slot as Turn
from yingsheng.kernel.rosters.queries import slots_of
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.writing import book_for
from yingsheng.processes.turns.models import PlanRun, Wish
from yingsheng.processes.turns.queries import (
    PLAN,
    find_roster,
    list_approved,
    list_rosterable,
    special_days,
)
from yingsheng.processes.turns.rules.month import (
    Held,
    Month,
    Person,
    Slot,
    Weights,
    month_from,
    plan_from,
    to_plain,
)

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=3)  # a worker that says nothing for so long is dead
START_UP = 3  # of the seconds, for starting the program and reading its answer
PROGRAM = "yingsheng.processes.turns.rules.planner"
SOURCES = Path(__file__).resolve().parents[4]
SOURCE = "planner"
State = PlanRun.State
Solve = Callable[[dict[str, Any]], dict[str, Any]]


@transaction.atomic
def ask_plan(*, actor: Actor, at: datetime, month: date) -> PlanRun:
    """Ask for a proposal for a month that is not published yet; the worker makes it (D-01)."""
    demand(actor=actor, permission=PLAN)
    month = month.replace(day=1)
    if month < timezone.localtime(at).date().replace(day=1):
        raise Refused(gettext_noop("过去的月份不能再排"), code="past", rule="D-01")
    roster = find_roster(site=actor.site, month=month)
    if roster is not None and roster.state == Roster.State.PUBLISHED:
        raise Refused(gettext_noop("这个月的排班已经发布，只能逐个改"), code="published", rule="D-01")
    told = describe_month(actor=actor, month=month, at=at)
    if not told.slots:
        raise Refused(gettext_noop("还没有设置值班岗位和班次"), code="no_shifts", rule="D-02")
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                site=actor.site, month=month, asked_at=at, asked_by=actor.staff, asked=to_plain(told)
            )
    except IntegrityError as error:
        raise Refused(gettext_noop("这个月正在计算，请稍等"), code="running", rule="D-01") from error
    _note(run=run, kind="plan_asked", by=actor.staff, at=at, people=len(told.people), turns=len(told.slots))
    return run


def slot_id(*, shift_id: int, day: date) -> str:
    """How the planner calls the shift of a day."""
    return f"{shift_id}@{day.toordinal()}"


def describe_month(*, actor: Actor, month: date, at: datetime) -> Month:
    """The month as the planner is told of it (D-01, D-04, D-11)."""
    site = actor.site
    first, last = month_days(month=month)
    turns = slots_of(site=site, first=first, last=last, drafts=True)
    roles = {role for turn in turns for role in turn.post.roles}
    anybody = any(not turn.post.roles for turn in turns)
    people = list_rosterable(site=site, roles=() if anybody else roles, at=at)
    fixed = [one for turn in turns for one in turn.assignments if one.is_fixed]
    people += [one for one in {each.staff for each in fixed} if one not in people]
    whole = [one for one in fixed if (one.starts_at, one.ends_at) == one.shift.span(day=one.day)]
    limits = limits_of(site=site, at=at)
    weights = {
        name: int(figure(path=path, site=site, at=at) or 0)
        for name, path in (
            ("nights", "D-01.weight_nights"), ("weekends", "D-01.weight_weekends"),
            ("hours", "D-01.weight_hours"), ("wishes", "D-01.weight_wishes"),
        )
    }  # fmt: skip
    seconds = int(figure(path="D-01.planner_seconds", site=site, at=at) or 20)
    return Month(
        people=_people(actor=actor, people=people, first=first, last=last, at=at),
        slots=_slots(turns, special_days(site=site, first=first, last=last)),
        fixed=tuple((slot_id(shift_id=one.shift_id, day=one.day), one.staff_id) for one in whole),
        held=_held(actor=actor, people=people, first=first, last=last, fixed=fixed, whole=whole, at=at),
        rest=int(limits.rest / timedelta(minutes=1)),
        in_a_row=limits.in_a_row,
        weights=Weights(**weights),
        seconds=float(max(1, seconds - START_UP)),
    )


def _slots(turns: Iterable[Turn], special: Collection[date]) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            id=slot_id(shift_id=turn.shift.pk, day=turn.day), post=turn.post.pk, day=turn.day.toordinal(),
            starts=_minute(turn.starts_at), ends=_minute(turn.ends_at), needs=turn.shift.needs,
            roles=tuple(turn.post.roles), night=turn.shift.is_night, special=turn.day in special,
        )
        for turn in turns
    )  # fmt: skip


def _people(
    *, actor: Actor, people: Iterable[Staff], first: date, last: date, at: datetime
) -> tuple[Person, ...]:
    away: dict[int, list[tuple[int, int]]] = {}
    for leave in list_approved(site=actor.site, first=first, last=last):
        away.setdefault(leave.staff_id, []).append((_minute(leave.starts_at), _minute(leave.ends_at)))
    wishes: dict[int, list[int]] = {}
    for wish in Wish.objects.filter(site=actor.site, state="open", day__gte=first, day__lte=last).order_by(
        "day"
    ):
        wishes.setdefault(wish.staff_id, []).append(wish.day.toordinal())
    book = book_for(site=actor.site, people=people, first=first, last=last, at=at)
    begins = max(at, timezone.make_aware(datetime(first.year, first.month, first.day)))
    return tuple(
        Person(
            id=one.pk, roles=tuple(sorted(book.roles_of(staff=one, at=begins))), away=tuple(away.get(one.pk, ())),
            wishes=tuple(wishes.get(one.pk, ())),
        )
        for one in people
    )  # fmt: skip


def _held(
    *, actor: Actor, people: Iterable[Staff], first: date, last: date, fixed: list[Assignment],
    whole: list[Assignment], at: datetime,
) -> tuple[Held, ...]:  # fmt: skip
    """What these people do besides: before and after the month, at other sites, and parts of turns."""
    kept = {one.pk for one in fixed} - {one.pk for one in whole}
    rows = Assignment.objects.filter(
        staff__in=list(people), active=True, day__gte=first - AROUND, day__lte=last + AROUND
    ).order_by("starts_at", "pk")
    return tuple(
        Held(
            person=one.staff_id,
            day=one.day.toordinal(),
            starts=_minute(one.starts_at),
            ends=_minute(one.ends_at),
        )
        for one in rows
        if one.site_id != actor.site.pk or not first <= one.day <= last or one.pk in kept
    )


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def run_program(asked: dict[str, Any]) -> dict[str, Any]:
    """Let a program of its own solve the month; it is stopped if it takes far longer than it was given."""
    done = subprocess.run(  # noqa: S603 - our own program, no words of a person in its line
        [sys.executable, "-m", PROGRAM],
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=asked["seconds"] * 2 + 60,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def do_next_plan(*, now: datetime, solve: Solve = run_program) -> bool:
    """Take the run that waits longest and solve it; False if none waits. One worker only; a dead one's claim ends."""
    run = _claim(now=now)
    if run is None:
        return False
    begun = monotonic()  # the solver takes seconds, and the event says when it was done
    try:
        answer = solve(run.asked)
    except Exception:
        log.exception("plan run %s failed", run.pk)
        answer = {}
    end = now + timedelta(seconds=monotonic() - begun)
    with transaction.atomic():
        held = PlanRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if held.state != State.RUNNING or held.claimed_at != run.claimed_at:
            return True  # another worker took it over
        held.state, held.answer, held.finished_at = State.DONE if answer else State.FAILED, answer, end
        held.save(update_fields=["state", "answer", "finished_at"])
        if not answer:
            _note(run=held, kind="plan_failed", by=None, at=end)
        else:
            plan = plan_from(answer)
            _note(run=held, kind="plan_made", by=None, at=end, turns=len(plan.turns), missing=plan.missing)
    return True


def _claim(*, now: datetime) -> PlanRun | None:
    waiting = PlanRun.objects.filter(
        Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lt=now - CLAIM)
    ).order_by("asked_at", "pk")
    if not waiting.exists():
        return None  # asked every other second: no transaction for nothing
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, no_key=True)
        run = waiting.first()
        if run is None:
            return None
        claimed = PlanRun.objects.filter(pk=run.pk, state=run.state, claimed_at=run.claimed_at).update(
            state=State.RUNNING, claimed_at=now
        )
        run.state, run.claimed_at = State.RUNNING, now
        return run if claimed else None


@transaction.atomic
def accept_plan(
    *,
    actor: Actor,
    at: datetime,
    run: PlanRun,
    people: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> int:
    """Put the proposal down: all of it, or that of some people and days; what a person fixed stays (D-01).

    Refused as a whole where the world has changed since it was made.
    """
    demand(actor=actor, permission=PLAN)
    held = (
        PlanRun.objects.select_for_update(no_key=True).select_related("site").get(pk=run.pk, site=actor.site)
    )
    if held.state != State.DONE:
        raise Refused(gettext_noop("这份方案还没有算好"), code="not_done", rule="D-01")
    begins, ends = month_days(month=held.month)
    begins, ends = max(begins, first or begins), min(ends, last or ends)
    wanted, replaced = _difference(held, people=people, first=begins, last=ends)
    if not wanted and not replaced:
        raise Refused(gettext_noop("这部分方案已经排入"), code="nothing_new", rule="D-01")
    count = rosters.fill(
        site=actor.site,
        month=held.month,
        wanted=wanted,
        replaced=replaced,
        by=actor.staff,
        at=at,
        source=SOURCE,
    )
    held.accepted_at, held.accepted_by = at, actor.staff
    held.save(update_fields=["accepted_at", "accepted_by"])
    return count


def _difference(
    run: PlanRun, *, people: Collection[int] | None, first: date, last: date
) -> tuple[list[rosters.Wanted], list[Assignment]]:
    """What is to be put down, and what has to make room: turns of these people, and whoever would be one too many."""
    plan = plan_from(run.answer)
    staff = {one.pk: one for one in Staff.objects.filter(pk__in=[person for _slot, person in plan.turns])}
    shifts = {one.pk: one for one in Shift.objects.filter(post__site=run.site_id).select_related("post")}
    proposed = {
        (int(slot.split("@")[0]), date.fromordinal(int(slot.split("@")[1])), person)
        for slot, person in plan.turns
    }
    chosen = {key for key in proposed if first <= key[1] <= last and (people is None or key[2] in people)}
    rows = list(
        Assignment.objects.filter(
            site=run.site_id, roster__month=run.month, active=True, day__gte=first, day__lte=last
        )
        .select_related("staff", "shift")
        .order_by("pk")
    )
    present = {(one.shift_id, one.day, one.staff_id) for one in rows}
    mine = [
        one
        for one in rows
        if not one.is_fixed
        and (people is None or one.staff_id in people)
        and (one.shift_id, one.day, one.staff_id) not in chosen
    ]
    gone = {one.pk for one in mine}
    room: dict[tuple[int, date], int] = {}
    for shift_id, day, _person in chosen:
        room[shift_id, day] = room.get((shift_id, day), shifts[shift_id].needs) - 1
    for one in rows:
        key = (one.shift_id, one.day)
        if one.pk in gone or (*key, one.staff_id) in chosen or key not in room:
            continue
        room[key] -= 1
        if room[key] < 0 and not one.is_fixed:
            gone.add(one.pk)
    wanted = [
        rosters.Wanted(shift=shifts[shift_id], day=day, staff=staff[person])
        for shift_id, day, person in sorted(chosen - present)
    ]
    return wanted, [one for one in rows if one.pk in gone]


def told_of(*, run: PlanRun) -> Month:
    """What the planner was told."""
    return month_from(run.asked)


def _note(*, run: PlanRun, kind: str, by: Staff | None, at: datetime, **data: Any) -> None:
    events.record(
        site_id=run.site_id, kind=f"turns.{kind}", subject=run, by=by, at=at, rule="D-01",
        data={"month": f"{run.month:%Y-%m}", **data},
    )  # fmt: skip
