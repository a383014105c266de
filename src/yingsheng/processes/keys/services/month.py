"""The month of the keys handed in with its count, and what leaves the house as a file or on paper (K-08)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import StockLine, Stocktake
from yingsheng.kernel.custody.rules import DIFFERENCES
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import file_period, hold_period, period_name
from yingsheng.processes.keys.queries import (
    PERIOD,
    keys_by_class,
    last_stocktake,
    loan_figures,
    overdue_loans,
)
from yingsheng.processes.keys.rules import CountWindow, count_window

DEFINITION = "key_month/1"
COUNTED = "key_count"
REPORT = "keys.report"


def window_of(*, year: int, month: int, site: Site, at: datetime) -> CountWindow:
    """The days of a month's count and its report (K-08)."""
    resolved = resolve(rule_id="K-08", site=site, at=at)

    def day(name: str) -> int:
        found = resolved[name]
        return int(found if found is not None else resolved.rule.parameter(name).value)

    return count_window(
        year=year, month=month, from_day=day("count_from_day"), to_day=day("count_to_day"),
        report_day=day("report_day"),
    )  # fmt: skip


def bounds(*, year: int, month: int) -> tuple[datetime, datetime]:
    """From the first moment of a month up to before that of the next."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = date(year, month, 1)
    after = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time.min, tzinfo=zone), datetime.combine(after, time.min, tzinfo=zone)


def count_of_month(*, site: Site, year: int, month: int, at: datetime) -> Stocktake | None:
    """The count that a month is reported with: the last one closed from its window on (K-08)."""
    zone = ZoneInfo(settings.TIME_ZONE)
    window = window_of(year=year, month=month, site=site, at=at)
    since = datetime.combine(window.first, time.min, tzinfo=zone)
    return last_stocktake(site=site, since=since, until=bounds(year=year, month=month)[1])


def content_of_month(*, site: Site, year: int, month: int, at: datetime) -> dict[str, Any]:
    """What is reported: the count with each difference, loans, overdue ones, keys by class (K-08)."""
    since, until = bounds(year=year, month=month)
    count = count_of_month(site=site, year=year, month=month, at=at)
    return {
        "count": None if count is None else _count_content(count),
        "loans": loan_figures(site=site, since=since, until=until, now=at)._asdict(),
        "classes": [list(one) for one in keys_by_class(site=site)],
        "overdue": [
            [one.item.number, one.borrower, one.due_at.isoformat()]
            for one in overdue_loans(site=site, now=at)
        ],
    }


def _count_content(count: Stocktake) -> dict[str, Any]:
    lines = StockLine.objects.filter(stocktake=count, result__in=DIFFERENCES).select_related("item")
    return {
        "id": count.pk, "closed_at": count.closed_at.isoformat() if count.closed_at else "", "total": count.total,
        "in_place": count.in_place, "away": count.away, "missing": count.missing, "surplus": count.surplus,
        "differences": [[one.item.number, one.result, one.explanation] for one in lines.order_by("item__number")],
    }  # fmt: skip


@transaction.atomic
def file_month(
    *, actor: Actor, year: int, month: int, at: datetime, conclusion: str, reason: str = ""
) -> Filing:
    """Report the keys of a month with the count that was made for it (K-08, PO-04).

    Refused before all keys were counted in the window of the month; again only as a correction with its reason.
    """
    demand(actor=actor, permission=REPORT)
    content = content_of_month(site=actor.site, year=year, month=month, at=at)
    if content["count"] is None:
        raise Refused(gettext_noop("先完成这个月的钥匙清点，再上报"), code="not_counted", rule="K-08")
    if not conclusion.strip():
        raise Refused(gettext_noop("请写明情况，有差异的写清怎么处理"), field="conclusion", rule="K-08")
    period = hold_period(site=actor.site, code=PERIOD, first=date(year, month, 1), at=at)
    filing = file_period(
        period=period,
        content=content,
        definition=DEFINITION,
        by=actor.staff,
        at=at,
        note=conclusion,
        reason=reason,
    )
    tell(
        record=period, kind="keys.month_filed", actor=actor, at=at, rule="K-08", period=period_name(period=period),
        version=filing.version, digest=filing.digest, conclusion=conclusion, reason=reason,
    )  # fmt: skip
    return filing


def note_count(*, stocktake: Stocktake, at: datetime) -> None:
    """A count closed from the window of its month on keeps that month's promise; part of the event of closing it."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    site = stocktake.site
    window = window_of(year=day.year, month=day.month, site=site, at=at)
    if day < window.first:
        return
    period = hold_period(site=site, code=PERIOD, first=day.replace(day=1), at=at)
    timers.meet(subject=period, milestones=[COUNTED], by=stocktake.closed_by, at=at)


@transaction.atomic
def export_keys(*, actor: Actor, what: str, rows: int, reason: str, at: datetime) -> None:
    """Note who took which list out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    tell(
        record=actor.site,
        kind="keys.exported",
        actor=actor,
        at=at,
        rule="",
        what=what,
        rows=rows,
        reason=reason,
    )
