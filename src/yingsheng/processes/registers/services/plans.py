"""Plans that the centre drafts or helps to draft: owed by a day, kept with their file, approved (Z-01, X-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post
from yingsheng.processes.registers.models import Plan

DRAFT = "draft_plan"
HELPED = frozenset({"hazard", "environment"})
NOT_HIS = gettext_noop("计划和方案由规程指定的岗位批准")


def rule_of(*, kind: str) -> str:
    """Which rule asks for a plan: those about hazards and the environment are drafted with others (X-10)."""
    return "X-10" if kind in HELPED else "Z-01"


@transaction.atomic
def open_plan(
    *, actor: Actor, at: datetime, kind: str, year: int, drafter: Staff, due_date: date | None = None
) -> Plan:
    """Give a plan of a year to somebody, with the day by which it is drafted (Z-01, X-10)."""
    demand(actor=actor, permission="registers.plan")
    if Plan.objects.filter(site=actor.site, kind=kind, year=year).exists():
        raise Refused(gettext_noop("这一年的这份计划已经登记"), field="year", rule=rule_of(kind=kind))
    paths = {"X-10": "X-10.draft_within", "Z-01": "Z-01.draft_within"}
    path = paths[rule_of(kind=kind)]
    zone = ZoneInfo(settings.TIME_ZONE)
    usual = figure(path=path, site=actor.site, at=at)
    day = due_date or at.astimezone(zone).date() + timedelta(days=int(usual or 0))
    until = datetime.combine(day, time(23, 59, 59), tzinfo=zone)
    if until <= at:
        raise Refused(gettext_noop("完成日期要晚于今天"), field="due_date", rule=rule_of(kind=kind))
    row = Plan.objects.create(
        site=actor.site,
        kind=kind,
        year=year,
        drafter=drafter,
        due_date=day,
        opened_at=at,
        opened_by=actor.staff,
    )
    owe(
        site=actor.site,
        subject=row,
        milestone=DRAFT,
        path=path,
        role="CS_SUP",
        staff=drafter,
        at=at,
        until=until,
    )
    tell(
        record=row, kind="registers.plan_opened", actor=actor, at=at, rule=rule_of(kind=kind), plan=kind, year=year,
        who=drafter.name,
    )  # fmt: skip
    return row


@transaction.atomic
def hand_in_plan(
    *,
    actor: Actor,
    record: Plan,
    at: datetime,
    contribution: str,
    files: Sequence[Any] = (),
    seen: int | None = None,
) -> Plan:
    """Hand in the draft with its file and what the centre contributed (Z-01, X-10)."""
    row = hold(actor=actor, record=record, permission="registers.plan", seen=seen, states=("due", "drafted"))
    if not files and not row.file_count:
        raise Refused(gettext_noop("请附上方案文件"), field="files", rule=rule_of(kind=row.kind))
    for file in files:
        attach(
            site_id=actor.site.pk, subject=row, name=str(file.name), body=file.read(), by=actor.staff, at=at,
            note=f"v{row.version}",
        )  # fmt: skip
    change(
        record=row, state="drafted", contribution=contribution.strip(), drafted_at=at,
        file_count=row.file_count + len(files), returned_reason="",
    )  # fmt: skip
    timers.meet(subject=row, milestones=[DRAFT], by=actor.staff, at=at)
    tell(
        record=row, kind="registers.plan_drafted", actor=actor, at=at, rule=rule_of(kind=row.kind), files=len(files),
        contribution=row.contribution[:80],
    )  # fmt: skip
    return row


@transaction.atomic
def return_plan(*, actor: Actor, record: Plan, at: datetime, reason: str, seen: int | None = None) -> Plan:
    """Send a draft back with what is missing; it is owed again within the usual time."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("drafted",))
    change(record=row, state="due", returned_reason=reason.strip())
    path = "X-10.draft_within" if row.kind in HELPED else "Z-01.draft_within"
    owe(site=actor.site, subject=row, milestone=DRAFT, path=path, role="CS_SUP", staff=row.drafter, at=at)
    tell(
        record=row,
        kind="registers.plan_returned",
        actor=actor,
        at=at,
        rule=rule_of(kind=row.kind),
        reason=reason,
    )
    return row


@transaction.atomic
def approve_plan(*, actor: Actor, record: Plan, at: datetime, seen: int | None = None) -> Plan:
    """The post that the rule names approves it (Z-01, X-10)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("drafted",))
    path = "X-10.approved_by" if row.kind in HELPED else "Z-01.approved_by"
    demand_post(actor=actor, path=path, at=at, text=NOT_HIS)
    change(record=row, state="approved", approved_at=at, approved_by=actor.staff)
    tell(record=row, kind="registers.plan_approved", actor=actor, at=at, rule=rule_of(kind=row.kind))
    return row
