"""Walking a route: begun with its first point or before, ticked point by point, ended; what is found (G-01, G-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.patrols.models import Finding, Patrol, Point, Route, Tick
from yingsheng.processes.patrols.queries.walking import local_day, open_patrol
from yingsheng.processes.patrols.rules.walks import FOUND, HANDLED, OPEN, acted_at, finding_problem
from yingsheng.processes.patrols.services.reports import owe_report
from yingsheng.processes.patrols.services.routes import WALK, owe_walk
from yingsheng.processes.patrols.services.writing import keep_photos, tell, the_case

WALKS = "patrols.walk"
LACKS = {
    "no_kind": gettext_noop("请选问题的种类"),
    "no_text": gettext_noop("请写明发现了什么"),
    "no_acts": gettext_noop("请选对违规的人做了什么：教育、纠正或制止"),
    "no_handling": gettext_noop("请选当场处理了，还是要上报"),
    "no_action": gettext_noop("当场处理了，请写明怎么处理的"),
}


@transaction.atomic
def start_patrol(
    *, actor: Actor, at: datetime, route: str | Route, focus: str = "", device_at: datetime | None = None
) -> Patrol:
    """Begin a walk, with what it looks for today; the day's report is owed from its first walk on (G-01, G-02).

    A walk of an earlier day that nobody ended ends with its last point.
    """
    demand(actor=actor, permission=WALKS)
    found = route if isinstance(route, Route) else _route_named(actor=actor, name=route)
    held = Route.objects.select_for_update(no_key=True).get(pk=found.pk, site=actor.site)
    if held.state != Route.State.ACTIVE:
        raise Conflict(gettext_noop("这条路线已停用"), code="retired")
    moment = acted_at(told=device_at, at=at)
    day = local_day(at=moment)
    before = open_patrol(staff=actor.staff, route=held)
    if before is not None:
        if before.day == day:
            raise Refused(gettext_noop("您正在巡视这条路线"), field="route", code="walking", rule="G-01")
        _end_forgotten(patrol=before)
    row = Patrol.objects.create(
        site=actor.site,
        route=held,
        staff=actor.staff,
        day=day,
        focus=focus.strip() or held.focus,
        started_at=moment,
    )
    owe_report(actor=actor, day=day, at=at)
    tell(
        record=row, kind="started", actor=actor, at=at, rule="G-01", device_at=device_at, route=held.name,
        focus=row.focus,
    )  # fmt: skip
    return row


def walk_for(*, actor: Actor, route: Route, at: datetime, device_at: datetime | None = None) -> Patrol:
    """The walk this person is on today, begun now if there is none: a phone tells of points, not of beginnings."""
    day = local_day(at=acted_at(told=device_at, at=at))
    found = open_patrol(staff=actor.staff, route=route)
    if found is not None and found.day == day:
        return found
    if found is not None and found.day > day:
        raise Conflict(gettext_noop("那一天的巡视已经过去，新的已经开始"), code="over")
    return start_patrol(actor=actor, at=at, route=route, device_at=device_at)


@transaction.atomic
def tick_point(
    *,
    actor: Actor,
    record: Patrol,
    at: datetime,
    number: int,
    result: str,
    kind: str = "",
    text: str = "",
    acts: Sequence[str] = (),
    handling: str = "",
    action: str = "",
    photos: Sequence[Any] = (),
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Patrol:
    """A point was looked at and is in order, or something was found there (G-01, G-02, G-05).

    Conflict for a point that this walk has ticked, or that is looked at no longer.
    """
    row = _hold_own(actor=actor, record=record, seen=seen)
    point = Point.objects.filter(route_id=row.route_id, number=number).first()
    if point is None:
        raise Refused(gettext_noop("这条路线没有这个点"), field="number", rule="G-01")
    if not point.active:
        raise Conflict(gettext_noop("这个点已经不再巡视"), code="dropped")
    if Tick.objects.filter(patrol=row, point=point).exists():
        raise Conflict(gettext_noop("这个点本次已经记过"), code="ticked")
    moment = max(row.started_at, acted_at(told=device_at, at=at))
    found = None
    if result == FOUND:
        found = _write_finding(
            actor=actor, patrol=row, point=point, at=moment, kind=kind, text=text, acts=acts, handling=handling,
            action=action, place=" ".join(dict.fromkeys(part for part in (point.place, point.name) if part)),
        )  # fmt: skip
    kept = keep_photos(actor=actor, record=found or row, files=photos, at=at)
    Tick.objects.create(patrol=row, point=point, at=moment, device_at=device_at, found=found is not None)
    change(record=row)
    tell(
        record=row, kind="found" if found else "ticked", actor=actor, at=at, rule="G-05" if acts and found else "G-01",
        device_at=device_at, point=point.name, number=number, text=text.strip() if found else "", photos=kept,
    )  # fmt: skip
    return row


@transaction.atomic
def note_finding(
    *,
    actor: Actor,
    record: Patrol,
    at: datetime,
    place: str,
    kind: str,
    text: str,
    handling: str,
    acts: Sequence[str] = (),
    action: str = "",
    photos: Sequence[Any] = (),
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Patrol:
    """Something met between the points (G-02, G-05)."""
    row = _hold_own(actor=actor, record=record, seen=seen)
    found = _write_finding(
        actor=actor, patrol=row, point=None, at=max(row.started_at, acted_at(told=device_at, at=at)), kind=kind,
        text=text, acts=acts, handling=handling, action=action, place=place.strip(),
    )  # fmt: skip
    kept = keep_photos(actor=actor, record=found, files=photos, at=at)
    change(record=row)
    tell(
        record=row, kind="found", actor=actor, at=at, rule="G-05" if acts else "G-02", device_at=device_at,
        point=found.place, text=found.text, photos=kept,
    )  # fmt: skip
    return row


@transaction.atomic
def report_finding(
    *,
    actor: Actor,
    at: datetime,
    place: str,
    kind: str,
    text: str,
    handling: str,
    acts: Sequence[str] = (),
    action: str = "",
    photos: Sequence[Any] = (),
) -> Finding:
    """Something met outside a walk (G-02, G-05)."""
    demand(actor=actor, permission=WALKS)
    found = _write_finding(
        actor=actor, patrol=None, point=None, at=at, kind=kind, text=text, acts=acts, handling=handling, action=action,
        place=place.strip(),
    )  # fmt: skip
    kept = keep_photos(actor=actor, record=found, files=photos, at=at)
    tell(
        record=found, kind="found", actor=actor, at=at, rule="G-05" if acts else "G-02", point=found.place,
        text=found.text, photos=kept,
    )  # fmt: skip
    return found


@transaction.atomic
def end_patrol(
    *,
    actor: Actor,
    record: Patrol,
    at: datetime,
    remark: str = "",
    seen: int | None = None,
    device_at: datetime | None = None,
) -> Patrol:
    """End a walk; points that were left out need a reason. The route's promise is kept and the next one made (G-01)."""
    row = _hold_own(actor=actor, record=record, seen=seen)
    left = (
        Point.objects.filter(route_id=row.route_id, active=True)
        .exclude(pk__in=row.ticks.values("point"))
        .count()
    )
    if left and not remark.strip():
        raise Refused(
            gettext_noop("还有%(left)s个点没有看，请写明原因"), field="remark", rule="G-01", left=left
        )
    ended = max(row.started_at, acted_at(told=device_at, at=at))
    change(record=row, state="ended", ended_at=ended, remark=remark.strip())
    route = Route.objects.select_for_update(no_key=True).get(pk=row.route_id)
    timers.meet(subject=route, milestones=[WALK], by=actor.staff, at=at)
    if route.state == Route.State.ACTIVE:
        owe_walk(site=actor.site, route=route, at=at)
    tell(
        record=row, kind="ended", actor=actor, at=at, rule="G-01", device_at=device_at, points=row.ticks.count(),
        left=left, remark=row.remark,
    )  # fmt: skip
    return row


@transaction.atomic
def handle_finding(
    *, actor: Actor, record: Finding, at: datetime, action: str, seen: int | None = None
) -> Finding:
    """Write down what was done about a finding (G-02)."""
    row = hold(actor=actor, record=record, permission=WALKS, seen=seen, states=(OPEN,))
    change(record=row, state=HANDLED, action=action.strip())
    tell(record=row, kind="handled", actor=actor, at=at, rule="G-02", action=row.action)
    return row


@transaction.atomic
def pass_on_finding(
    *, actor: Actor, record: Finding, at: datetime, number: str, seen: int | None = None
) -> Finding:
    """Note which repair, complaint or suggestion a finding became; what cannot be done at once is reported (G-02)."""
    row = hold(actor=actor, record=record, permission=WALKS, seen=seen, states=(OPEN,))
    case = the_case(actor=actor, number=number)
    change(record=row, state="passed", case=case)
    tell(record=row, kind="passed_on", actor=actor, at=at, rule="G-02", number=case.number)
    return row


def _route_named(*, actor: Actor, name: str) -> Route:
    found = Route.objects.filter(site=actor.site, name=name.strip(), state=Route.State.ACTIVE).first()
    if found is None:
        raise Refused(gettext_noop("没有这条路线，或者已停用"), field="route", rule="G-01")
    return found


def _hold_own(*, actor: Actor, record: Patrol, seen: int | None) -> Patrol:
    """A walk of one's own that goes on."""
    row = hold(actor=actor, record=record, permission=WALKS, seen=seen, states=("walking",))
    if row.staff_id != actor.staff.pk:
        raise Refused(gettext_noop("只有巡视的人自己能记"), rule="G-01")
    return row


def _end_forgotten(*, patrol: Patrol) -> None:
    last = patrol.ticks.order_by("-at").first()
    change(record=patrol, state="ended", ended_at=last.at if last else patrol.started_at)


def _write_finding(
    *,
    actor: Actor,
    patrol: Patrol | None,
    point: Point | None,
    at: datetime,
    kind: str,
    text: str,
    acts: Sequence[str],
    handling: str,
    action: str,
    place: str,
) -> Finding:
    problem = finding_problem(kind=kind, text=text, handling=handling, action=action, acts=acts)
    if problem is not None:
        raise Refused(LACKS[problem[1]], field=problem[0], rule="G-05" if problem[0] == "acts" else "G-02")
    return Finding.objects.create(
        site=actor.site, patrol=patrol, point=point, kind=kind, place=place[:120], text=text.strip(), acts=list(acts),
        action=action.strip(), found_at=at, found_by=actor.staff, state=handling,
    )  # fmt: skip
