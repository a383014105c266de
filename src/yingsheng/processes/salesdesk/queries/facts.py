"""What the books know of a visit and a deal, as the rules take it (J-30)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.salesdesk.models import Deal, Entry, Finding, Proof, Visit
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules import facts as known
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.figures import Figures, read_figures
from yingsheng.processes.salesdesk.rules.matching import Key, missing_fields

# the columns of an entry that the seven fields stand in (J-04)
COLUMNS = {
    "name": "name", "employer_or_address": "employer_or_address", "contact": "contact", "intention": "intention",
    "source": "source",
}  # fmt: skip


def figures_of(*, site: Site, at: datetime) -> Figures:
    """The figures by which the sales desk of a site decides, as of a moment."""
    return read_figures(value=lambda path: figure(path=path, site=site, at=at))


def as_read(*, entry: Entry) -> dict[str, str]:
    """What an entry says now, with the lines that were added to it (J-29)."""
    values = {
        name: str(getattr(entry, name)) for name in (*COLUMNS, "surname", "car_brand", "plate", "remark")
    }
    for line in entry.corrections.all():
        values[line.field] = line.text
    return values


def missing_of(*, entry: Entry) -> tuple[str, ...]:
    """Which of the seven fields an entry does not have (J-04)."""
    values = as_read(entry=entry)
    fields = {name: values[column] for name, column in COLUMNS.items()}
    return missing_fields(fields={**fields, "date": str(entry.day), "agent": str(entry.agent_id)})


def holder_of(*, entry: Entry) -> int:
    """Whose customer an entry speaks for: who was found to own the visit, else who wrote it; a staff key."""
    visit: Visit | None = getattr(entry, "visit", None)
    return visit.owner_id if visit is not None and visit.owner_id else entry.agent_id


def facts_of(*, visit: Visit, deal: Deal | None = None, present: Iterable[int] | None = None) -> known.Facts:
    """A visit, what was found of earlier entries, and the deal that came of it if one is asked about.

    `present` is who is on site or within reach while the reception lasts; afterwards the visit knows it itself.
    Raises ValueError for facts that contradict one another.
    """
    found = list(
        visit.findings.select_related("entry__visit").prefetch_related("entry__corrections", "entry__proofs")
    )
    public = [one for one in found if _is_public(one)]
    claiming = [one for one in found if one not in public]
    past = _past(findings=claiming, visit=visit)
    by_another = deal is not None and deal.closer_id != visit.receiver_id
    there = deal.present if deal is not None and by_another else _reached(visit=visit, there=visit.present)
    bringer = visit.brought_by
    return known.Facts(
        receiver=str(visit.receiver_id),
        visit_day=local_day(at=visit.arrived_at),
        claims=tuple(_claim(finding=one, past=past) for one in claiming),
        present=frozenset(
            str(pk) for pk in (there if present is None else _reached(visit=visit, there=present))
        ),
        named=_key(visit.named_id),
        named_too_late=visit.named_too_late,
        brought_by=str(holder_of(entry=bringer)) if bringer is not None else "",
        help_of=_key(visit.help_of_id),
        group_purchase=visit.is_group,
        public=_public(visit),
        was_public=any(one.relation == Relation.SELF for one in public),
        knew=visit.knew,
        went_on=visit.went_on,
        consented=frozenset(str(pk) for pk in visit.consents.values_list("agent_id", flat=True)),
        deal=_deal(deal) if deal is not None else None,
    )


def _reached(*, visit: Visit, there: Iterable[int]) -> set[int]:
    """Who is there, with what was said of single agents: reached by telephone, or not though they signed in (J-19)."""
    told = {int(key): can for key, can in visit.reached.items()}
    return {pk for pk in {*there, *told} if told.get(pk, True)}


def _key(pk: int | None) -> str:
    return str(pk) if pk else ""


def _is_public(finding: Finding) -> bool:
    """An earlier visit of a public customer speaks for no agent (J-10)."""
    visit: Visit | None = getattr(finding.entry, "visit", None)
    return visit is not None and visit.outcome == "public"


def _public(visit: Visit) -> known.Public | None:
    if not visit.public_kind:
        return None
    return known.Public(
        kind=known.PublicKind(visit.public_kind), said_himself=visit.said_himself,
        colleagues_know=visit.colleagues_know, card_given=visit.card_given,
        recognised=known.Noticed.AFTER if visit.public_after else known.Noticed.DURING,
    )  # fmt: skip


def _deal(deal: Deal) -> known.Deal:
    return known.Deal(
        closer=str(deal.closer_id), deposit_day=deal.deposit_day, signed_day=deal.signed_day,
        purchaser=deal.purchaser, transferred_to=deal.transferred_to,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What is known of the customers of several entries, read at once: their deals, and when they came before."""

    closed: Mapping[int, date]  # by entry: its last closing
    came: Mapping[tuple[str, int], date]  # by proof and owner: the last visit before this one


def _past(*, findings: Sequence[Finding], visit: Visit) -> _Past:
    """Two statements however many entries were found (J-21, CF-49)."""
    entries = [one.entry for one in findings]
    if not entries:
        return _Past(closed={}, came={})
    closed: Any = Deal.objects.filter(visit__entry__in=[one.pk for one in entries], state=Deal.State.CLOSED)
    keys = {proof.key for entry in entries for proof in entry.proofs.all()}
    earlier = (
        Proof.objects.filter(
            site_id=visit.site_id, key__in=keys, entry__visit__arrived_at__lt=visit.arrived_at
        )
        .exclude(entry__visit=visit)
        .values_list("key", "entry__visit__owner_id", "entry__day")
    )
    came: dict[tuple[str, int], date] = {}
    for key, owner_id, day in earlier:
        if owner_id is not None:
            came[key, owner_id] = max(day, came.get((key, owner_id), day))
    rows = closed.values_list("visit__entry_id").annotate(day=Max("closed_day"))
    return _Past(closed=dict(rows), came=came)


def _claim(*, finding: Finding, past: _Past) -> known.Claim:
    entry = finding.entry
    proofs = list(entry.proofs.all())
    shared = [one for one in proofs if one.key.partition(":")[0] in finding.keys]
    noticed = known.Noticed(finding.noticed)
    holder = holder_of(entry=entry)
    visits = [past.came[one.key, holder] for one in proofs if (one.key, holder) in past.came]
    return known.Claim(
        agent=str(holder),
        record=known.Record(entry.book),
        registered_day=min((one.since for one in shared), default=entry.day),
        keys=frozenset(Key(one) for one in finding.keys),
        relation=Relation(finding.relation),
        entry=entry.pk,
        received_day=entry.day if entry.book == Entry.Book.VISIT else None,
        closed_day=past.closed.get(entry.pk),
        last_visit_day=max(visits, default=None),
        noticed=noticed,
        discovered_day=finding.day if noticed is known.Noticed.AFTER else None,
        complies=not missing_of(entry=entry) and bool(proofs),
    )
