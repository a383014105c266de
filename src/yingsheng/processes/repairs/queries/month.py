"""The requests of a month, counted and listed (R-05, R-06, R-15, KPI-34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from yingsheng.base.months import Window, window_up_to
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.orders.queries import accounts
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.processes.repairs.models import Repair

AXES = ("kind", "trade", "part")


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    count: int
    base: int

    @property
    def percent(self) -> float | None:
        """The share in percent; None of nothing."""
        return self.count * 100 / self.base if self.base else None


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """A month of requests. `paid` are those with a charge, counted apart (R-15); `orders` the heaps of R-05."""

    received: int
    done: int
    cancelled: int
    paid: int
    reworked: int
    in_limit: Share
    satisfied: Share
    by: Mapping[str, Mapping[str, int]]
    orders: Mapping[str, int]

    def content(self) -> dict[str, Any]:
        """The same as JSON values; shares as [count, base]."""
        return {
            "received": self.received, "done": self.done, "cancelled": self.cancelled, "paid": self.paid,
            "reworked": self.reworked, "in_limit": [self.in_limit.count, self.in_limit.base],
            "satisfied": [self.satisfied.count, self.satisfied.base],
            "by": {axis: dict(counts) for axis, counts in self.by.items()}, "orders": dict(self.orders),
        }  # fmt: skip


def window_of(*, year: int, month: int, site: Site, at: datetime) -> Window:
    """The days whose requests the analysis of a month counts: after the last analysis up to this one (R-06)."""
    resolved = resolve(rule_id="R-06", site=site, at=at)

    def day(name: str) -> int:
        found = resolved[name]
        return int(found if found is not None else resolved.rule.parameter(name).value)

    return window_up_to(
        year=year, month=month, to_day=day("analysis_to_day"), report_day=day("report_day")
    )  # fmt: skip


def bounds(*, window: Window) -> tuple[datetime, datetime]:
    """From the first moment of a window up to before the moment after it."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime.combine(window.first, time.min, tzinfo=zone)
    return first, datetime.combine(window.last + timedelta(days=1), time.min, tzinfo=zone)


def _of(*, site: Site, start: datetime, end: datetime) -> QuerySet[Repair]:
    return Repair.objects.filter(
        case__site=site, case__process="repairs", case__received_at__gte=start, case__received_at__lt=end
    )


def in_limit_rate(*, site: Site, start: datetime, end: datetime) -> Share:
    """Of the repairs received from `start` up to before `end` whose limit is decided, those done inside it (KPI-34).

    One that is late and still open counts as not done (R-18).
    """
    found = _of(site=site, start=start, end=end).aggregate(
        base=Count("pk", filter=Q(in_limit__isnull=False)),
        count=Count("pk", filter=Q(in_limit=True)),
    )
    return Share(**found)


def month_figures(*, site: Site, window: Window) -> MonthFigures:
    """The figures of a window, in five statements (R-06)."""
    start, end = bounds(window=window)
    rows = _of(site=site, start=start, end=end)
    found = rows.aggregate(
        received=Count("pk"),
        done=Count("pk", filter=Q(case__handled_at__isnull=False)),
        cancelled=Count("pk", filter=Q(case__state="cancelled")),
        paid=Count("pk", filter=Q(is_paid_work=True)),
        reworked=Count("pk", filter=Q(rework__gt=0)),
        decided=Count("pk", filter=Q(in_limit__isnull=False)),
        kept=Count("pk", filter=Q(in_limit=True)),
        asked=Count("pk", filter=Q(satisfaction__in=("yes", "no"))),
        content=Count("pk", filter=Q(satisfaction="yes")),
    )
    by = {
        axis: {
            row[axis]: row["number"] for row in rows.values(axis).annotate(number=Count("pk")).order_by(axis)
        }
        for axis in AXES
    }
    return MonthFigures(
        received=found["received"], done=found["done"], cancelled=found["cancelled"], paid=found["paid"],
        reworked=found["reworked"], in_limit=Share(count=found["kept"], base=found["decided"]),
        satisfied=Share(count=found["content"], base=found["asked"]), by=by,
        orders=accounts(site=site, start=start, end=end),
    )  # fmt: skip


def list_month(*, actor: Actor, window: Window) -> QuerySet[Case]:
    """The requests of a window as far as the actor may know of them, in the order they came."""
    start, end = bounds(window=window)
    return (
        visible_cases(actor=actor)
        .filter(process="repairs", received_at__gte=start, received_at__lt=end)
        .select_related("room", "handler", "repair")
        .order_by("received_at", "pk")
    )


def list_filings(*, site: Site, code: str, limit: int = 12) -> list[Filing]:
    """What was handed in lately of a recurring duty, newest first."""
    periods = Period.objects.filter(site=site, code=code)
    return list(
        Filing.objects.filter(period__in=periods)
        .select_related("by", "period")
        .order_by("-at", "-pk")[:limit]
    )
