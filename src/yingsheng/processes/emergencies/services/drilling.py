"""Practising an emergency, and taking the month's list out of the house (X-11, KPI-32)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.processes.emergencies.models import Drill


@transaction.atomic
def record_drill(
    *,
    site: Site,
    kind: str,
    held_on: date,
    participants: str,
    by: Staff,
    at: datetime,
    findings: str = "",
) -> Drill:
    """Write down that a kind of emergency was practised, by whom, and what was found (X-11)."""
    if held_on > at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        raise Refused(gettext_noop("演练日期不能晚于今天"), field="held_on", rule="X-11")
    row = Drill.objects.create(
        site=site,
        kind=kind,
        held_on=held_on,
        participants=participants[:300],
        findings=findings,
        at=at,
        by=by,
    )
    events.record(
        site_id=site.pk, kind="emergencies.drilled", subject=row, by=by, at=at, rule="X-11",
        data={"category": kind, "day": held_on.isoformat(), "participants": participants[:300]},
    )  # fmt: skip
    return row


@transaction.atomic
def export_month(*, actor: Actor, month: str, count: int, reason: str, at: datetime) -> None:
    """Note who takes a month's emergencies out of the house, and why; Refused without a reason."""
    if not reason.strip():
        raise Refused(gettext_noop("导出要写明理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="emergencies.exported", subject=actor.site, by=actor.staff, at=at,
        data={"month": month, "count": count, "reason": reason.strip()},
    )  # fmt: skip
