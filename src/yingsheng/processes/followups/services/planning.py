"""Accepting the proposal of the month: every visit gets its day, its ranks and somebody to go (F-12, F-14)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import month_ahead

PLANNED = gettext_noop("本月回访计划给您安排了%(count)s次回访，第一次在%(day)s（%(rule)s）")


@transaction.atomic
def accept_plan(*, actor: Actor, at: datetime, seen: str) -> int:
    """Take the proposal as it was shown: assign the visits that nobody has, and tell who goes; returns how many.

    `seen` is the digest of the proposal that was read; Conflict if the facts have changed since.
    """
    demand(actor=actor, permission="followups.quota")
    ahead = month_ahead(actor=actor, now=at)
    if seen != ahead.digest:
        raise Conflict(gettext_noop("计划已经变了，请看过最新的再接受"), code="stale")
    if not ahead.plan.visits:
        raise Refused(gettext_noop("没有要安排的回访"), rule="F-12")
    holders: dict[str, list[Staff]] = {}
    told: Counter[Staff] = Counter()
    first: dict[Staff, str] = {}
    for planned in ahead.plan.visits:
        row = ahead.rows[planned.key]
        staff = row.assigned or _holder(actor=actor, roles=planned.roles, known=holders, at=at)
        row.planned_day, row.planned_roles, row.version = planned.day, list(planned.roles), row.version + 1
        if staff is not None and row.assigned is None:
            row.assigned = staff
            timers.assign(subject=row, staff=staff)
        if staff is not None:
            told[staff] += 1
            first.setdefault(staff, planned.day.isoformat())
    FollowUp.objects.bulk_update(
        [ahead.rows[planned.key] for planned in ahead.plan.visits],
        ["planned_day", "planned_roles", "version", "assigned"],
    )
    drafts = [
        Draft(
            text=PLANNED, params={"count": count, "day": first[staff], "rule": "F-12"}, to_staff=staff, rule="F-12",
            dedup_key=f"visit_plan:{actor.site.pk}:{ahead.digest}:{staff.pk}",
        )
        for staff, count in told.items()
    ]  # fmt: skip
    queue(site_id=actor.site.pk, subject=actor.site, drafts=drafts, at=at)
    events.record(
        site_id=actor.site.pk, kind="followups.planned", subject=actor.site, by=actor.staff, at=at, rule="F-12",
        data={
            "visits": len(ahead.plan.visits), "until": ahead.days[-1].isoformat(), "missing": dict(ahead.plan.missing),
        },
    )  # fmt: skip
    return len(ahead.plan.visits)


def _holder(
    *, actor: Actor, roles: tuple[str, ...], known: dict[str, list[Staff]], at: datetime
) -> Staff | None:
    """Somebody who holds the first of the ranks that join and has a holder."""
    for role in roles:
        if role not in known:
            known[role] = list_holders(site_id=actor.site.pk, role=role, at=at)
        if known[role]:
            return known[role][0]
    return None
