"""The monthly analysis handed in, and rows taken out of the house (R-06)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.months import Window
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.processes.repairs.queries.month import month_figures, window_of
from yingsheng.processes.repairs.rules.clocks import ANALYSIS

DEFINITION = "repair_analysis/1"


@transaction.atomic
def file_month(
    *, actor: Actor, year: int, month: int, at: datetime, conclusion: str, reason: str = ""
) -> Filing:
    """Hand in the analysis of a month: the figures frozen with what was concluded from them (R-06).

    Not before the analysis begins; again only as a correction with its reason. Raises Forbidden, Refused.
    """
    demand(actor=actor, permission="repairs.report")
    if not conclusion.strip():
        raise Refused(gettext_noop("请写明看出什么、要改什么"), field="conclusion", rule="R-06")
    window = window_of(year=year, month=month, site=actor.site, at=at)
    resolved = resolve(rule_id="R-06", site=actor.site, at=at)
    begins = resolved["analysis_from_day"] or resolved.rule.parameter("analysis_from_day").value
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if today < window.last.replace(day=min(int(begins), window.last.day)):
        raise Refused(gettext_noop("这个月的分析还没有开始"), code="too_early", rule="R-06")
    period = hold_period(site=actor.site, code=ANALYSIS, first=date(year, month, 1), at=at)
    content = {
        "window": [str(window.first), str(window.last), str(window.due)],
        "figures": month_figures(site=actor.site, window=window).content(),
    }
    filing = file_period(
        period=period, content=content, definition=DEFINITION, by=actor.staff, at=at, note=conclusion, reason=reason,
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="repairs.month_filed", subject=period, by=actor.staff, at=at, rule="R-06",
        data={
            "period": period_name(period=period), "version": filing.version, "digest": filing.digest,
            "conclusion": conclusion, "reason": reason,
        },
    )  # fmt: skip
    return filing


@transaction.atomic
def export_month(*, actor: Actor, window: Window, count: int, reason: str, at: datetime) -> None:
    """Note who took a month's rows out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="repairs.exported", subject=actor.site, by=actor.staff, at=at,
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason},
    )  # fmt: skip
