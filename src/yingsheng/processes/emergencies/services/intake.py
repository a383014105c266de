"""Registering an emergency in seconds, and adding the households that call about the same one (X-01 … X-04, X-07)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller, open_case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.emergencies.models import Affected, Emergency
from yingsheng.processes.emergencies.queries import household_at, locate
from yingsheng.processes.emergencies.rules.kinds import load_kinds
from yingsheng.processes.emergencies.rules.life import ACKNOWLEDGE, INFORM, REASSURE, REPORT
from yingsheng.processes.emergencies.services.clocks import DESK_ROLE, owe
from yingsheng.processes.emergencies.services.steps import load, take, write_down
from yingsheng.processes.emergencies.services.telling import (
    KNOWN,
    alarm_posts,
    departments_of,
    tell_household,
)


@transaction.atomic
def register_emergency(
    *,
    site: Site,
    kind: str,
    body: str,
    by: Staff,
    at: datetime,
    place: str = "",
    channel: str = "phone",
    caller: Caller | None = None,
) -> Case:
    """Give the emergency its number and alarm everybody it needs, all in this one transaction.

    Kind, place and words are enough; a caller's home stands in for the place. Nobody has to have a home here.
    Rules X-01, X-02, X-03, X-04, X-07.
    """
    who = caller or Caller()
    where = place.strip()[:120] or (who.room.label if who.room is not None else "")
    if not where:
        raise Refused(gettext_noop("请写明地点：房号、楼栋或位置"), field="place", rule="X-01")
    if not body.strip():
        raise Refused(gettext_noop("请写明发生了什么"), field="body", rule="X-01")
    needed = load_kinds()[kind]
    room, building = locate(site=site, text=place) if place.strip() else (who.room, None)
    case = open_case(
        site=site, process="emergencies", state="alarm", by=by, at=at, body=body.strip(), channel=channel,
        title=f"{needed.title.zh}：{where}"[:120], category=kind, severity=needed.severity,
        **(who.columns() | {"room": room, "building": building}),
    )  # fmt: skip
    Emergency.objects.create(case=case, kind=kind, place=where)
    teams = departments_of(case=case, kind=needed)
    if teams:
        # the second department sees the case as one that was asked
        case.department = teams[0]
        case.asked_department = teams[1] if len(teams) > 1 else None
        case.save(update_fields=["department", "asked_department"])
    told = alarm_posts(case=case, kind=needed, at=at)
    _start_clocks(case=case, role=needed.roles[0], at=at)
    if told:
        timers.meet(subject=case, milestones=[INFORM], by=by, at=at)
    if who.household is not None:
        Affected.objects.create(case=case, household=who.household, caller_name=who.name, at=at, told_by=by)
    tell_household(case=case, household=who.household, name=who.name, text=KNOWN, why="known", at=at)
    write_down(
        case=case, kind="registered", by=by, at=at, rule="X-01",
        data={
            "number": case.number, "category": kind, "place": where,
            "told": [row.staff_id for row in told],
            "posts": sorted({row.role for row in told if row.role}),
        },
    )  # fmt: skip
    return case


def _start_clocks(*, case: Case, role: str, at: datetime) -> None:
    coordinator = figure(path="X-04.coordinator", site=case.site, at=at)
    owe(case=case, milestone=ACKNOWLEDGE, role=role, at=at, climbs=True)
    owe(case=case, milestone=INFORM, role=str(coordinator or DESK_ROLE), at=at, climbs=True)
    owe(case=case, milestone=REASSURE, role=DESK_ROLE, at=at)
    owe(case=case, milestone=REPORT, role=str(coordinator or DESK_ROLE), at=at)


@transaction.atomic
def add_household(
    *,
    case: Case,
    household: Household,
    by: Staff,
    at: datetime,
    caller_name: str = "",
    note: str = "",
    seen: int | None = None,
) -> Affected:
    """Another household called about the same emergency: told that it is known, and put on the list (X-03).

    Refused if it stands there already.
    """
    case, emergency = load(case=case, seen=seen)
    if Affected.objects.filter(case=case, household=household).exists():
        raise Refused(gettext_noop("这一户已经在来电名单里"), field="room", code="known", rule="X-03")
    take(case=case, emergency=emergency, step="caller", at=at)
    row = Affected.objects.create(
        case=case, household=household, caller_name=caller_name[:60], note=note[:200], at=at, told_by=by
    )
    tell_household(case=case, household=household, name=caller_name, text=KNOWN, why="known", at=at)
    write_down(
        case=case, kind="caller_added", by=by, at=at, rule="X-03",
        data={"room": household.room.label, "caller": caller_name, "note": note[:200]},
    )  # fmt: skip
    return row


def add_caller(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    room: str,
    caller_name: str = "",
    note: str = "",
    seen: int | None = None,
) -> Case:
    """The same by the number of the room, as the step of the case page asks for it (X-03)."""
    household = household_at(site=case.site, text=room)
    if household is None:
        raise Refused(gettext_noop("没有这个房号，或这里没有住户"), field="room", rule="X-03")
    add_household(case=case, household=household, by=by, at=at, caller_name=caller_name, note=note, seen=seen)
    return case
