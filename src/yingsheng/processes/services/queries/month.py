"""The services of a month, counted by kind with their fees, and listed (S-06, S-07, KPI-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from yingsheng.base.months import Window, window_up_to
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers.models import Filing, Period
from yingsheng.processes.services.models import Service

PERIOD = "service_month"


@dataclass(frozen=True, kw_only=True)
class KindFigures:
    """One kind of service in a month: how often, what it cost and what was paid."""

    name: str
    count: int
    fee_fen: int


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """A month of special services; `visited` of `visits` are those midway and at the end (S-08)."""

    count: int
    finished: int
    declined: int
    fee_fen: int
    paid_fen: int
    visited: int
    visits: int
    target: int | None
    satisfied: int
    kinds: Sequence[KindFigures]

    def content(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "count": self.count, "finished": self.finished, "declined": self.declined, "fee_fen": self.fee_fen,
            "paid_fen": self.paid_fen, "visited": self.visited, "visits": self.visits, "satisfied": self.satisfied,
            "kinds": [[one.name, one.count, one.fee_fen] for one in self.kinds],
        }  # fmt: skip


def window_of(*, year: int, month: int, site: Site, at: datetime) -> Window:
    """The days whose services the statistics of a month count: after the last analysis up to this one (S-07)."""
    resolved = resolve(rule_id="S-07", site=site, at=at)

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


def month_figures(*, site: Site, window: Window, at: datetime) -> MonthFigures:
    """The figures of a window, in four statements (S-06)."""
    start, end = bounds(window=window)
    rows = Service.objects.filter(case__site=site, case__received_at__gte=start, case__received_at__lt=end)
    ordered = rows.filter(scope=Service.Scope.INSIDE).exclude(
        case__state__in=("declined", "helped", "cancelled")
    )
    done = (Service.Visit.DONE, Service.Visit.UNHAPPY)
    found = ordered.aggregate(
        count=Count("pk"),
        finished=Count("pk", filter=Q(case__handled_at__isnull=False)),
        fee=Sum("fee_fen"),
        mid=Count("pk", filter=~Q(mid_visit="")),
        end=Count("pk", filter=~Q(end_visit="")),
        mid_done=Count("pk", filter=Q(mid_visit__in=done)),
        end_done=Count("pk", filter=Q(end_visit__in=done)),
        satisfied=Count("pk", filter=Q(case__satisfied=True)),
    )
    declined = rows.filter(case__state__in=("declined", "helped")).count()
    paid = Payment.objects.filter(
        site=site, case__process="services", taken_at__gte=start, taken_at__lt=end
    ).aggregate(sum=Sum("amount_fen"))["sum"]
    kinds = (
        ordered.values("item_name")
        .annotate(number=Count("pk"), fee=Sum("fee_fen"))
        .order_by("-number", "item_name")
    )
    target = figure(path="S-08.follow_up_rate", site=site, at=at)
    return MonthFigures(
        count=found["count"], finished=found["finished"], declined=declined, fee_fen=found["fee"] or 0,
        paid_fen=paid or 0, visited=found["mid_done"] + found["end_done"], visits=found["mid"] + found["end"],
        target=None if target is None else int(target), satisfied=found["satisfied"],
        kinds=[KindFigures(name=row["item_name"], count=row["number"], fee_fen=row["fee"]) for row in kinds],
    )  # fmt: skip


def list_month(*, actor: Actor, window: Window) -> QuerySet[Case]:
    """The services of a window as far as the actor may know of them, in the order they came."""
    start, end = bounds(window=window)
    rows = visible_cases(actor=actor).filter(process="services", received_at__gte=start, received_at__lt=end)
    return rows.select_related("room", "handler", "service").order_by("received_at", "pk")


def list_filings(*, site: Site, limit: int = 12) -> list[Filing]:
    """What was handed in lately, newest first."""
    periods = Period.objects.filter(site=site, code=PERIOD)
    rows = Filing.objects.filter(period__in=periods).select_related("by", "period")
    return list(rows.order_by("-at", "-pk")[:limit])
