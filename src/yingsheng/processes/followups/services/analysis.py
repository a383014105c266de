"""What a month of visits teaches, signed by a person and kept as it stood (F-20, F-22)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, is_over, period_name
from yingsheng.processes.followups.queries import month_of_visits

ANALYSIS = "follow_up_analysis"
DEFINITION = "follow_up_analysis/2"


@transaction.atomic
def file_analysis(*, actor: Actor, month: date, conclusion: str, at: datetime, reason: str = "") -> Filing:
    """Sign the analysis of a month's visits: grades, unhappy households, and what follows from them (F-22)."""
    demand(actor=actor, permission="followups.quota")
    if not conclusion.strip():
        raise Refused(gettext_noop("请写下分析结论"), field="conclusion", rule="F-22")
    if not is_over(every="month", first=month.replace(day=1), at=at):
        raise Refused(gettext_noop("这个月还没有过完，最后一天起才能签分析"), code="too_early", rule="F-22")
    found = month_of_visits(site=actor.site, month=month)
    period = hold_period(site=actor.site, code=ANALYSIS, first=month, at=at)
    filing = file_period(
        period=period,
        content={
            "visited": found.visited,
            "satisfied": found.satisfied,
            "grades": [found.quality, found.effect, found.satisfaction],
            "departments": [[one.name, one.visited, one.satisfied, one.grade] for one in found.departments],
            "unhappy": [row.case.number for row in found.remarks if row.state == "unsatisfied"],
        },
        definition=DEFINITION,
        by=actor.staff,
        at=at,
        note=conclusion,
        reason=reason,
    )
    events.record(
        site_id=actor.site.pk, kind="followups.analysed", subject=period, by=actor.staff, at=at, rule="F-22",
        data={
            "period": period_name(period=period), "conclusion": conclusion, "visited": found.visited,
            "version": filing.version, "digest": filing.digest,
        },
    )  # fmt: skip
    return filing
