"""The month handed in with its analysis, and rows taken out of the house (S-06, S-07)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.months import Window, clamp
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.processes.services.queries.month import PERIOD, month_figures, window_of

DEFINITION = "service_month/1"
FIRST_OF_ALL = 1


@transaction.atomic
def file_month(
    *,
    actor: Actor,
    year: int,
    month: int,
    at: datetime,
    conclusion: str,
    analysed_with: Staff,
    reason: str = "",
) -> Filing:
    """Hand in the statistics of a month with the analysis made together with the area officer (S-06, S-07).

    Not before the analysis begins; again only as a correction with its reason. Raises Forbidden, Refused.
    """
    demand(actor=actor, permission="services.report")
    site = actor.site
    if not conclusion.strip():
        raise Refused(gettext_noop("请写明分析结论"), field="conclusion", rule="S-07")
    role = figure(path="S-07.analysed_with", site=site, at=at)
    if role and role not in actor_for(staff=analysed_with, site=site, at=at).roles:
        raise Refused(gettext_noop("分析要和管理员一起做"), field="analysed_with", rule="S-07")
    window = window_of(year=year, month=month, site=site, at=at)
    begins = int(figure(path="S-07.analysis_from_day", site=site, at=at) or FIRST_OF_ALL)
    if at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() < clamp(year=year, month=month, day=begins):
        raise Refused(gettext_noop("这个月的分析还没有开始"), code="too_early", rule="S-07")
    period = hold_period(site=site, code=PERIOD, first=date(year, month, 1), at=at)
    content = {
        "window": [str(window.first), str(window.last), str(window.due)], "analysed_with": analysed_with.name,
        "figures": month_figures(site=site, window=window, at=at).content(),
    }  # fmt: skip
    filing = file_period(
        period=period,
        content=content,
        definition=DEFINITION,
        by=actor.staff,
        at=at,
        note=conclusion,
        reason=reason,
    )
    events.record(
        site_id=site.pk, kind="services.month_filed", subject=period, by=actor.staff, at=at, rule="S-07",
        data={
            "period": period_name(period=period), "version": filing.version, "digest": filing.digest,
            "conclusion": conclusion, "analysed_with": analysed_with.name, "reason": reason,
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
        site_id=actor.site.pk, kind="services.exported", subject=actor.site, by=actor.staff, at=at,
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason},
    )  # fmt: skip
