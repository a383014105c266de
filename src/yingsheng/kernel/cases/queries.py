"""Reading cases. `visible_cases` is the only door: list, detail, search, export and API all go through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import IntegerField, Q, QuerySet, Subquery

from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.queries import list_counter
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.search.queries import find_ids

SUBJECT = "cases.case"


def visible_cases(*, actor: Actor) -> QuerySet[Case]:
    """The cases this actor may know of: his site, his department or own work, his confidentiality.

    Never one that is kept from him, whatever his post.
    """
    rows = Case.objects.filter(~Q(kept_from=actor.staff) | Q(kept_from__isnull=True), site=actor.site)
    mine = Q(handler=actor.staff) | Q(received_by=actor.staff)
    if not actor.may(Allow.SEE_SITE_CASES):
        own = Q(department_id__in=actor.department_ids) | Q(asked_department_id__in=actor.department_ids)
        rows = rows.filter(mine | own)
    if not actor.may(Allow.SEE_SEALED_CASES):
        rows = rows.filter(Q(confidentiality=Case.Confidentiality.NORMAL) | Q(handler=actor.staff))
    return rows


def with_people(*, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Join what one line of a list shows, so that a page costs the same for any number of lines."""
    return rows.select_related("room", "handler", "department", "person")


# what one line of a worklist shows; the rest of fifty cases, rooms and people is not worth reading for it
LINE = (
    "key", "number", "process", "state", "version", "title", "category", "severity", "caller_name", "received_at",
    "next_due_at", "closed_at", "room__label", "handler__name",
)  # fmt: skip


def as_lines(*, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Read of each case what one line of a worklist shows, in one statement for any number of lines."""
    return rows.select_related("room", "handler").only(*LINE)


def find_case(*, actor: Actor, key: str) -> Case | None:
    """The case with this key, if the actor may know of it."""
    people = ("room", "household", "person", "handler", "department", "received_by", "group", "origin")
    case = visible_cases(actor=actor).select_related(*people).filter(key=key).first()
    if case is not None:
        case.site = actor.site  # it is this one, or the case would not have been found
    return case


def list_kin(*, actor: Actor, case: Case) -> tuple[list[Case], list[Case]]:
    """The cases that followed from this one, and the members of the group it stands for, in one statement."""
    kin = with_people(rows=visible_cases(actor=actor).filter(Q(origin=case) | Q(group=case))).order_by("pk")
    found = list(kin)
    return (
        [one for one in found if one.origin_id == case.pk],
        [one for one in found if one.group_id == case.pk],
    )


def search_cases(*, actor: Actor, query: str, limit: int = 50) -> list[Case]:
    """Visible cases that hold every word of the query, newest first."""
    ids = find_ids(site_id=actor.site.pk, subject_type=SUBJECT, query=query, limit=limit)
    if not ids:
        return []
    rows = as_lines(rows=visible_cases(actor=actor).filter(pk__in=ids))
    return sorted(rows, key=lambda case: -case.pk)


def visible_slips(*, actor: Actor) -> QuerySet[Message]:
    """What waits to be handed over on paper, as far as the actor may know of the matter it is about."""
    about_case = Q(subject_type=SUBJECT)
    seen = Q(subject_id__in=visible_cases(actor=actor).values("pk"))
    return list_counter(site=actor.site).filter(~about_case | seen)


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


class CountUpTo(Subquery):
    """How many rows a sliced query gives, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def count_views(
    *, rows: QuerySet[Case], views: Sequence[str], actor: Actor, now: datetime, most: int = 100
) -> dict[str, int]:
    """How many cases each view holds, counted no further than `most`, in one statement."""
    columns = [
        CountUpTo(apply_view(rows=rows, view=view, actor=actor, now=now).order_by().values("pk")[:most])
        for view in views
    ]
    found = Site.objects.filter(pk=actor.site.pk).values_list(*columns).get()
    return dict(zip(views, found, strict=True))


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
        if step.fits is not None and not step.fits(case):
            continue
        reason = step.blocked(subject) if step.blocked is not None else None
        unasked = step.unasked(subject) if step.unasked is not None else frozenset()
        shown = replace(step, form=step.form.without(unasked)) if unasked else step
        offered.append(
            NextStep(step=shown, why=reason[0] if reason else "", rule=reason[1] if reason else "")
        )
    return offered


def taken_up_at(*, case: Case, at: datetime) -> datetime:
    """When somebody here first did something about a matter that came from another system: `at` if nobody did yet.

    An import writes no event about single matters, so the first event about one is its first step here.
    """
    first = list_events(subject=case).order_by("seq").values_list("at", flat=True).first()
    return first or at
