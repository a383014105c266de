"""How many were visited of those handled, by matter and by rank, how content they were, and a month of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Avg, Count, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.rules import first_after
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries.visits import VISITED
from yingsheng.processes.followups.rules import Rate, target_path

REMARKS = 200
RANKS = (
    ("CS_SUP", "F-12.supervisor_rate"),
    ("DEPT_MGR", "F-12.department_rate"),
    ("SITE_HEAD", "F-12.site_head_rate"),
)
# what counts once: a case, or the part of it that is visited for itself
UNIT = Concat(Cast("case_id", TextField()), Value(":"), "part", output_field=TextField())


def rates_by_matter(*, site: Site, start: datetime, end: datetime) -> Mapping[str, Rate]:
    """Visited of handled, per kind of matter, for what was handled from `start` up to before `end` (F-07, KPI-03).

    Each case, and each home or half of it that is visited for itself, counts once whatever the rounds; an exempted one
    is in the base and not among the visited, and a head's check (F-24) takes the place of no visit.
    """
    rows = (
        FollowUp.objects.filter(site=site, handled_at__gte=start, handled_at__lt=end, by_check=False)
        .exclude(state=FollowUp.State.VOID)
        .annotate(unit=UNIT)
        .values("matter")
        .annotate(
            base=Count("unit", distinct=True),
            done=Count("unit", distinct=True, filter=Q(state__in=VISITED)),
        )
        .order_by("matter")
    )
    return {
        row["matter"]: Rate(
            done=row["done"],
            base=row["base"],
            target=int(figure(path=target_path(matter=row["matter"]), site=site, at=end) or 0),
        )
        for row in rows
    }


def rates_by_rank(*, site: Site, start: datetime, end: datetime) -> Mapping[str, Rate]:
    """Of the customers whose matter was handled in the time, how many each rank visited (F-12, KPI-08)."""
    handled = (
        FollowUp.objects.filter(site=site, handled_at__gte=start, handled_at__lt=end)
        .exclude(state=FollowUp.State.VOID)
        .annotate(unit=UNIT)
    )
    base = handled.aggregate(number=Count("unit", distinct=True))["number"]
    rates = {}
    for role, path in RANKS:
        target = figure(path=path, site=site, at=end)
        if target is None:
            continue
        done = (
            handled.filter(state__in=VISITED, visits__roles__icontains=f'"{role}"')
            .values("unit")
            .distinct()
            .count()
        )
        rates[role] = Rate(done=done, base=base, target=int(target))
    return rates


@dataclass(frozen=True, kw_only=True)
class Contentment:
    """Of the households visited, how many are satisfied (KPI-26)."""

    satisfied: int
    visited: int


def contentment(*, site: Site, start: datetime, end: datetime) -> Contentment:
    """Satisfied of visited, by the moment of the visit."""
    found = FollowUp.objects.filter(
        site=site, visited_at__gte=start, visited_at__lt=end, state__in=VISITED
    ).aggregate(visited=Count("pk"), satisfied=Count("pk", filter=Q(state=FollowUp.State.SATISFIED)))
    return Contentment(satisfied=found["satisfied"], visited=found["visited"])


@dataclass(frozen=True, kw_only=True)
class DepartmentVisits:
    """How the work of one department was received: visited, satisfied, mean grade; "" for work of no department."""

    name: str
    visited: int
    satisfied: int
    grade: float | None


@dataclass(frozen=True, kw_only=True)
class MonthOfVisits:
    """A month of visits: how many, how many content, mean grades (4 is best), and what was said."""

    visited: int
    satisfied: int
    quality: float | None
    effect: float | None
    satisfaction: float | None
    remarks: list[FollowUp]
    departments: list[DepartmentVisits]


def month_of_visits(*, site: Site, month: date) -> MonthOfVisits:
    """The visits made in a month with their grades, and those where something was found wanting (F-20, F-22)."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(month.replace(day=1), time.min, tzinfo=zone)
    end = datetime.combine(first_after(every="month", first=month.replace(day=1)), time.min, tzinfo=zone)
    rows = FollowUp.objects.filter(site=site, visited_at__gte=start, visited_at__lt=end, state__in=VISITED)
    found = rows.aggregate(
        visited=Count("pk"),
        content=Count("pk", filter=Q(state=FollowUp.State.SATISFIED)),
        mean_quality=Avg("quality"),
        mean_effect=Avg("effect"),
        mean_satisfaction=Avg("satisfaction"),
    )
    wanting = rows.filter(Q(state=FollowUp.State.UNSATISFIED) | ~Q(shortcomings="") | ~Q(suggestions=""))
    return MonthOfVisits(
        visited=found["visited"],
        satisfied=found["content"],
        quality=_rounded(found["mean_quality"]),
        effect=_rounded(found["mean_effect"]),
        satisfaction=_rounded(found["mean_satisfaction"]),
        departments=_by_department(rows=rows),
        remarks=list(
            wanting.select_related("case", "case__room", "household__room").order_by("visited_at", "pk")[
                :REMARKS
            ]
        ),
    )


def _by_department(*, rows: QuerySet[FollowUp]) -> list[DepartmentVisits]:
    """The same month for each department whose work was visited, the least content first (F-22)."""
    found = (
        rows.values("case__department__name")
        .annotate(
            visited=Count("pk"),
            content=Count("pk", filter=Q(state=FollowUp.State.SATISFIED)),
            mean=Avg("satisfaction"),
        )
        .order_by("case__department__name")
    )
    made = [
        DepartmentVisits(
            name=row["case__department__name"] or "",
            visited=row["visited"],
            satisfied=row["content"],
            grade=_rounded(row["mean"]),
        )
        for row in found
    ]
    return sorted(made, key=lambda one: one.satisfied / one.visited)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 2)
