"""Reading cases. `visible_cases` is the only door: list, detail, search, export and API all go through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.search.queries import find_ids

SUBJECT = "cases.case"


def visible_cases(*, actor: Actor) -> QuerySet[Case]:
    """The cases this actor may know of: his site, his department or own work, his confidentiality."""
    rows = Case.objects.filter(site=actor.site)
    mine = Q(handler=actor.staff) | Q(received_by=actor.staff)
    if not actor.may(Allow.SEE_SITE_CASES):
        rows = rows.filter(mine | Q(department_id__in=actor.department_ids))
    if not actor.may(Allow.SEE_SEALED_CASES):
        rows = rows.filter(Q(confidentiality=Case.Confidentiality.NORMAL) | Q(handler=actor.staff))
    return rows


def with_people(*, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Join what one line of a list shows, so that a page costs the same for any number of lines."""
    return rows.select_related("room", "handler", "department", "person")


def find_case(*, actor: Actor, key: str) -> Case | None:
    """The case with this key, if the actor may know of it."""
    return (
        visible_cases(actor=actor)
        .select_related(
            "site",
            "room",
            "building",
            "household",
            "person",
            "handler",
            "department",
            "received_by",
            "group",
            "origin",
        )
        .filter(key=key)
        .first()
    )


def search_cases(*, actor: Actor, query: str, limit: int = 50) -> list[Case]:
    """Visible cases that hold every word of the query, newest first."""
    ids = find_ids(site_id=actor.site.pk, subject_type=SUBJECT, query=query, limit=limit)
    if not ids:
        return []
    rows = with_people(rows=visible_cases(actor=actor).filter(pk__in=ids))
    return sorted(rows, key=lambda case: -case.pk)


def apply_view(*, rows: QuerySet[Case], view: str, actor: Actor, now: datetime) -> QuerySet[Case]:
    """Narrow a list to a saved view; an unknown view leaves it as it is."""
    is_open = Q(closed_at__isnull=True)
    conditions: Mapping[str, Q] = {
        "open": is_open,
        "mine": is_open & Q(handler=actor.staff),
        "department": is_open & Q(department_id__in=actor.department_ids),
        "unclaimed": is_open & Q(handler__isnull=True),
        "overdue": is_open & Q(next_due_at__lt=now),
        "closed": Q(closed_at__isnull=False),
    }
    return rows.filter(conditions[view]) if view in conditions else rows


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """A step offered on a case page: `why` and `rule` say what blocks it, empty when it may be done."""

    step: Step
    why: str = ""
    rule: str = ""


def next_steps(*, case: Case, subject: object, actor: Actor) -> list[NextStep]:
    """The steps this actor may do from the case's state, blocked ones with their reason."""
    process: Process = processes.get(case.process)
    offered = []
    for step in process.steps:
        if case.state not in step.sources or not actor.may(step.permission):
            continue
        reason = step.blocked(subject) if step.blocked is not None else None
        offered.append(NextStep(step=step, why=reason[0] if reason else "", rule=reason[1] if reason else ""))
    return offered
