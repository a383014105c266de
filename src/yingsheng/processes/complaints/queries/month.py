"""The month's figures of complaints: counts along every axis, the two rates, and the rows behind them (C-73 … C-75)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from yingsheng.base.months import Window, report_window, statistics_window
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.rules.clocks import HANDLE, REPLY, SAME_DAY_FIX, SOLVE
from yingsheng.processes.complaints.rules.facts import DEMAND, VALID

STATISTICS, REPORT = "statistics", "report"
# the limits of handling; for an invalid one it is the answer, which is all that is owed (C-67)
HANDLED_BY = ("C-35", "C-37", "C-39", "C-52", "C-67")


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many; the rate is None for an empty base."""

    count: int
    base: int

    @property
    def percent(self) -> float | None:
        """Count in percent of the base."""
        return None if self.base == 0 else self.count * 100 / self.base


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """Counts of complaints received in a window, by each axis, and the rates of C-36 and C-74."""

    window: Window
    accepted: int
    by_category: Mapping[str, int]
    by_validity: Mapping[str, int]
    by_severity: Mapping[str, int]
    valid: Share  # 投诉有效率, KPI-01
    timely: Share  # 处理及时率, KPI-02
    first_contact: Share  # settled on the spot, of all accepted (C-36)
    first_contact_target: int | None  # percent; None where the adopted regulation sets none
    satisfied: Share  # of those whose opinion is known


def window_of(*, kind: str, year: int, month: int, site: Site, at: datetime) -> Window:
    """The window of the monthly statistics (27th/28th) or of the company report (calendar month, CF-45)."""
    if kind == REPORT:
        return report_window(
            year=year,
            month=month,
            report_day=_day(path="C-75.monthly_report_day", site=site, at=at),
        )
    return statistics_window(
        year=year,
        month=month,
        from_day=_day(path="C-73.window_from_day", site=site, at=at),
        to_day=_day(path="C-73.window_to_day", site=site, at=at),
        report_day=_day(path="C-73.report_day", site=site, at=at),
    )


def _day(*, path: str, site: Site, at: datetime) -> int:
    """A day of the month as it applies; a site that silenced it still reports, on the day the regulation names."""
    rule_id, _, name = path.partition(".")
    found = figure(path=path, site=site, at=at)
    return int(found if found is not None else load_book().rules[rule_id].parameter(name).value)


def _bounds(window: Window) -> tuple[datetime, datetime]:
    zone = ZoneInfo(settings.TIME_ZONE)
    return _midnight(window.first, zone), _midnight(window.last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def month_figures(*, site: Site, window: Window, now: datetime) -> MonthFigures:
    """All figures of a window in two aggregate statements, whatever the number of complaints."""
    start, end = _bounds(window)
    rows = (
        _complaints(Case.objects.filter(site=site))
        .filter(received_at__gte=start, received_at__lt=end)
        .values("category", "validity", "severity", "satisfied")
        .annotate(number=Count("pk"), at_once=Count("pk", filter=Q(complaint__on_spot=True)))
        .order_by()
    )
    category: Counter[str] = Counter()
    validity: Counter[str] = Counter()
    severity: Counter[str] = Counter()
    content: Counter[bool | None] = Counter()
    at_once = 0
    for row in rows:
        at_once += row["at_once"]
        category[row["category"]] += row["number"]
        validity[row["validity"]] += row["number"]
        severity[row["severity"]] += row["number"]
        content[row["satisfied"]] += row["number"]
    accepted = sum(category.values())
    return MonthFigures(
        window=window,
        accepted=accepted,
        by_category=dict(category),
        by_validity=dict(validity),
        by_severity=dict(severity),
        valid=Share(count=validity[VALID], base=accepted),
        timely=timeliness(site=site, start=start, end=end, now=now),
        first_contact=Share(count=at_once, base=accepted),
        first_contact_target=figure(path="C-36.first_contact_target", site=site, at=now),
        satisfied=Share(count=content[True], base=content[True] + content[False]),
    )


def timeliness(*, site: Site, start: datetime, end: datetime, now: datetime) -> Share:
    """Complaints handled inside their limits, of those whose handling fell due in the window (KPI-02).

    One that is still open and overdue counts as due and not as kept, whatever the number of its limits; so does one of
    which only one limit was missed.
    """
    found = (
        Obligation.objects.filter(
            site=site,
            subject_type="cases.case",
            rule__in=HANDLED_BY,
            milestone__in=[SOLVE, HANDLE, SAME_DAY_FIX, REPLY],
            due_at__gte=start,
            due_at__lt=min(end, now),
        )
        .exclude(state__in=[Obligation.State.VOID, Obligation.State.WAIVED])
        .aggregate(
            base=Count("subject_id", distinct=True),
            missed=Count("subject_id", distinct=True, filter=~Q(state=Obligation.State.MET)),
        )
    )
    return Share(count=found["base"] - found["missed"], base=found["base"])


def all_of_month(*, site: Site, window: Window) -> QuerySet[Case]:
    """Every complaint accepted in the window, sealed ones too, for the report that must hold them all (C-75)."""
    return _of_window(rows=Case.objects.filter(site=site), window=window)


def list_month(*, actor: Actor, window: Window) -> QuerySet[Case]:
    """The complaints behind the figures, oldest first, as far as the reader may see them."""
    return _of_window(rows=visible_cases(actor=actor), window=window)


def _complaints(rows: QuerySet[Case]) -> QuerySet[Case]:
    """What counts as a complaint: not the head of a group, whose members do, and no demand (C-19, C-75)."""
    return rows.filter(process="complaints", complaint__is_group=False).exclude(validity=DEMAND)


def _of_window(*, rows: QuerySet[Case], window: Window) -> QuerySet[Case]:
    start, end = _bounds(window)
    return (
        _complaints(rows)
        .filter(received_at__gte=start, received_at__lt=end)
        .select_related("complaint", "room", "handler", "received_by", "department")
        .order_by("received_at", "pk")
    )
