"""The month handed in, rows taken out of the house, sheets printed (P-06, PO-06)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.months import Window, may_file
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.processes.prepaid.queries import PERIOD, month_figures, window_of

REPORT = "prepaid.report"
DEFINITION = "prepaid_month/1"


@transaction.atomic
def file_month(
    *, actor: Actor, year: int, month: int, at: datetime, note: str = "", reason: str = ""
) -> Filing:
    """Hand in the statistics of a month as they stand; again only as a correction with its reason (P-06).

    Raises Forbidden, Refused before the day of the statistics.
    """
    demand(actor=actor, permission=REPORT)
    window = window_of(year=year, month=month, site=actor.site, at=at)
    if not may_file(window=window, whole=False, today=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()):
        raise Refused(gettext_noop("还没有到统计日"), code="too_early", rule="P-06")
    period = hold_period(site=actor.site, code=PERIOD, first=date(year, month, 1), at=at)
    content = {
        "window": [str(window.first), str(window.last), str(window.due)],
        "figures": month_figures(actor=actor, window=window).content(),
    }
    filing = file_period(
        period=period, content=content, definition=DEFINITION, by=actor.staff, at=at, note=note.strip(), reason=reason
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="prepaid.month_filed", subject=period, by=actor.staff, at=at, rule="P-06",
        data={
            "period": period_name(period=period), "version": filing.version, "digest": filing.digest,
            "reason": reason,
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
        site_id=actor.site.pk, kind="prepaid.exported", subject=actor.site, by=actor.staff, at=at, rule="P-06",
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason.strip()[:200]},
    )  # fmt: skip
