"""Reading visits: the worklist, and the rates by matter and by rank with what is still needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.followups.models import FollowUp, Visitor
from yingsheng.processes.followups.rules import Rate

OWED = (FollowUp.State.DUE, FollowUp.State.SCHEDULED)
VISITED = (FollowUp.State.SATISFIED, FollowUp.State.UNSATISFIED)
RATE_OF = {"complaints": "F-07.complaints_rate", "enquiries": "F-07.other_rate"}
RANKS = (
    ("CS_SUP", "F-12.supervisor_rate"),
    ("DEPT_MGR", "F-12.department_rate"),
    ("SITE_HEAD", "F-12.site_head_rate"),
)


def visible_follow_ups(*, actor: Actor) -> QuerySet[FollowUp]:
    """The visits this person may know of: those of the cases he may know of."""
    return FollowUp.objects.filter(site=actor.site, case__in=visible_cases(actor=actor))


def list_owed(*, actor: Actor) -> QuerySet[FollowUp]:
    """The worklist: visits owed, the earliest first."""
    return (
        visible_follow_ups(actor=actor)
        .filter(state__in=OWED)
        .select_related("case", "case__room", "assigned")
        .order_by("due_at", "pk")
    )


def find_follow_up(*, actor: Actor, pk: int) -> FollowUp | None:
    """One visit, if the actor may know of it."""
    return (
        visible_follow_ups(actor=actor)
        .select_related("case", "case__room", "case__household", "case__site", "assigned")
        .filter(pk=pk)
        .first()
    )


def rates_by_matter(*, site: Site, start: datetime, end: datetime) -> Mapping[str, Rate]:
    """Visited of handled, per kind of matter, for what was handled from `start` up to before `end` (F-07, KPI-03).

    Each case counts once whatever the rounds; an exempted case is in the base and not among the visited.
    """
    rows = (
        FollowUp.objects.filter(site=site, handled_at__gte=start, handled_at__lt=end)
        .exclude(state=FollowUp.State.VOID)
        .values("matter")
        .annotate(
            base=Count("case", distinct=True),
            done=Count("case", distinct=True, filter=Q(state__in=VISITED)),
        )
        .order_by("matter")
    )
    return {
        row["matter"]: Rate(
            done=row["done"],
            base=row["base"],
            target=int(figure(path=RATE_OF.get(row["matter"], "F-07.other_rate"), site=site, at=end) or 0),
        )
        for row in rows
    }


def rates_by_rank(*, site: Site, start: datetime, end: datetime) -> Mapping[str, Rate]:
    """Of the customers whose matter was handled in the time, how many each rank visited (F-12, KPI-08)."""
    handled = FollowUp.objects.filter(site=site, handled_at__gte=start, handled_at__lt=end).exclude(
        state=FollowUp.State.VOID
    )
    base = handled.aggregate(number=Count("case", distinct=True))["number"]
    rates = {}
    for role, path in RANKS:
        target = figure(path=path, site=site, at=end)
        if target is None:
            continue
        done = (
            Visitor.objects.filter(
                follow_up__in=handled.filter(state__in=VISITED), roles__icontains=f'"{role}"'
            )
            .values("follow_up__case")
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
