"""Reading a decision: who may look at it, whose names stand in it, what would change it (J-30)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Deal, Finding, Ruling, Visit
from yingsheng.processes.salesdesk.queries.facts import facts_of, figures_of
from yingsheng.processes.salesdesk.rules.answers import from_data
from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.what_if import Change, what_if

MOST_CHANGES = 40  # more than these nobody reads; the nearest come first


def list_cases(*, actor: Actor, sees_all: bool) -> QuerySet[Visit]:
    """The visits whose decision the actor may read: all, or those he received, owns, or has an entry found for.

    While a reception lasts only the receiver and who sees all may look: colleagues are told nothing yet (J-15).
    """
    rows = Visit.objects.filter(site=actor.site).select_related(
        "site", "project", "receiver", "entry", "owner", "named", "help_of"
    )
    if sees_all:
        return rows
    me = actor.staff
    later = ~Q(state=Visit.State.RECEIVING) & (Q(owner=me) | Q(findings__entry__agent=me) | Q(named=me))
    return rows.filter(Q(receiver=me) | later).distinct()


def find_deal(*, visit: Visit, pk: int) -> Deal | None:
    """A deal that came of a visit."""
    return visit.deals.select_related("closer", "owner", "visit__site").filter(pk=pk).first()


def decision_of(*, record: Visit | Deal) -> Decision | None:
    """What was decided last, as it was kept; None before anything was."""
    return from_data(data=record.decision) if record.decision else None


def list_findings(*, visit: Visit) -> QuerySet[Finding]:
    """What speaks for somebody, the oldest entry first."""
    return visit.findings.select_related("entry__agent", "by").order_by("entry__day", "entry_id")


def list_rulings(*, visit: Visit, deal: Deal | None) -> QuerySet[Ruling]:
    """What the manager said, the latest first."""
    rows = Ruling.objects.filter(visit=visit, deal=deal).select_related("owner", "heir", "by")
    return rows.order_by("-pk")


def changes_of(*, visit: Visit, deal: Deal | None) -> tuple[Change, ...]:
    """Which single other day or fact would turn what the articles say; nothing for facts that contradict each other."""
    try:
        return what_if(
            facts=facts_of(visit=visit, deal=deal), figures=figures_of(site=visit.site, at=visit.arrived_at)
        )[:MOST_CHANGES]
    except ValueError:
        return ()


def names_of(*, visit: Visit, deal: Deal | None, more: Iterable[int] = ()) -> dict[str, str]:
    """The names of everybody a decision may speak of, by the text that stands for them in it."""
    keys: set[int] = {visit.receiver_id, *visit.present, *visit.others, *more}
    keys |= {pk for pk in (visit.named_id, visit.help_of_id, visit.owner_id) if pk}
    if deal is not None:
        keys |= {deal.closer_id, *deal.present, *([deal.owner_id] if deal.owner_id else [])}
    keys |= set(visit.findings.values_list("entry__agent_id", flat=True))
    keys |= {pk for pk in visit.findings.values_list("entry__visit__owner_id", flat=True) if pk}
    if visit.brought_by is not None:
        keys.add(visit.brought_by.agent_id)
    return {str(one.pk): one.name for one in Staff.objects.filter(pk__in=keys)}
