"""That an earlier entry speaks of a visitor: shown while he is received, found when he is registered, told by somebody.

What was shown is written down when it is shown, by the server, whoever asked: nobody has to remember it, and nobody can
say afterwards that he did not know (J-15, J-19, J-33). Only when the visitor is registered it is clear which of it was
he: an entry that was shown to the receiver and shares a proof with what he then registered was noticed during
reception, any other was found afterwards, by nobody (J-05, J-22).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.processes.salesdesk.models import Entry, Finding, Sighting, Visit
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.customers import (
    Conflict,
    entries_sharing,
    find_conflicts,
    is_told,
)
from yingsheng.processes.salesdesk.queries.facts import holder_of
from yingsheng.processes.salesdesk.queries.queue import day_start, local_day
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.services.deciding import settle
from yingsheng.processes.salesdesk.services.entries import entry_meant, keepers

DURING, AFTER = "during", "after"
REACHED, UNREACHED = "reached", "unreached"
OPEN = (Visit.State.RECEIVING, Visit.State.REGISTERED)
TOLD_AGENT = gettext_noop("%(number)s登记的客户与您登记的%(entry)s相同，现归%(owner)s（%(article)s）")
TOLD_KEEPER = gettext_noop("%(number)s登记的客户与%(agent)s登记的%(entry)s相同，现归%(owner)s（%(article)s）")
TOLD_NOBODYS = gettext_noop("%(number)s登记的客户与%(agent)s登记的%(entry)s相同，现不归个人（%(article)s）")


def demand_receiver(*, actor: Actor, visit: Visit) -> None:
    """Refused for whoever neither receives this visitor nor reads the books whole (J-15)."""
    if visit.receiver_id != actor.staff.pk and not actor.may(SEE_ALL):
        raise Refused(gettext_noop("只有接待他的人可以登记"), code="not_receiver", rule="J-04")


# -- while he is received ----------------------------------------------------------------------------------


@transaction.atomic
def look_up(*, actor: Actor, at: datetime, visit: Visit | None = None, **asked: str) -> list[Conflict]:
    """What the books say of somebody while his words are typed; whatever is shown is written down (J-05, J-15).

    `asked` are name, surname, contact, car_brand and plate. With a visit only its receiver, or whoever reads the books
    whole, may ask, and only while it lasts. One event if anything was shown that was not before. Raises Forbidden,
    Refused.
    """
    demand(actor=actor, permission=TAKE)
    if visit is not None:
        demand_receiver(actor=actor, visit=visit)
        if visit.state != Visit.State.RECEIVING:
            raise Refused(gettext_noop("这次接待已经登记完，不用再查"), code="illegal_step", rule="J-15")
    shown = _shown(actor=actor, at=at, visit=visit, **asked)
    fresh = _keep_sightings(actor=actor, at=at, visit=visit, shown=shown)
    if fresh:
        _tell_shown(actor=actor, at=at, subject=visit or actor.site, shown=fresh)
    return shown


@transaction.atomic
def look(*, actor: Actor, record: Visit, at: datetime, seen: int | None = None, **asked: str) -> Visit:
    """The same as a step of its own, one event whether anything is found or not: without scripts, and for programs.

    Raises Forbidden, Conflict, Refused without anything to look for.
    """
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=(Visit.State.RECEIVING,))
    demand_receiver(actor=actor, visit=row)
    if not any(value.strip() for value in asked.values()):
        raise Refused(gettext_noop("请写客户说的姓名、电话或车辆"), field="name", rule="J-05")
    shown = _shown(actor=actor, at=at, visit=row, **asked)
    _keep_sightings(actor=actor, at=at, visit=row, shown=shown)
    change(record=row)
    _tell_shown(actor=actor, at=at, subject=row, shown=shown)
    return row


def _shown(
    *, actor: Actor, at: datetime, visit: Visit | None, contact: str = "", **asked: str
) -> list[Conflict]:
    day = local_day(at=at if visit is None else visit.arrived_at)
    found = find_conflicts(site=actor.site, at=at, until=day, phones=contact, **asked)
    return [one for one in found if is_told(actor=actor, conflict=one, at=at)]


def _tell_shown(*, actor: Actor, at: datetime, subject: Visit | Site, shown: list[Conflict]) -> None:
    tell(
        record=subject, kind="salesdesk.sighted", actor=actor, at=at, rule="J-15", count=len(shown),
        entries="、".join(one.entry.number for one in shown),
    )  # fmt: skip


def _keep_sightings(
    *, actor: Actor, at: datetime, visit: Visit | None, shown: Iterable[Conflict]
) -> list[Conflict]:
    """Write what was shown and was not before, without a visit once a day; returns that."""
    known = Sighting.objects.filter(by=actor.staff, visit=visit)
    if visit is None:
        known = known.filter(at__gte=day_start(at=at))
    seen = set(known.values_list("entry_id", flat=True))
    fresh = [one for one in shown if one.entry.pk not in seen]
    Sighting.objects.bulk_create(
        [
            Sighting(
                site=actor.site, visit=visit, entry=one.entry, keys=[key.value for key in one.keys], at=at,
                by=actor.staff,
            )
            for one in fresh
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return fresh


def _seen_entries(*, visit: Visit, at: datetime) -> dict[int, list[str]]:
    """What the receiver was shown of this visitor: by entry its keys; before he took him on counts too, that day."""
    rows = Sighting.objects.filter(
        Q(visit=visit) | Q(visit__isnull=True, at__gte=day_start(at=visit.arrived_at), at__lte=at),
        by=visit.receiver_id, site=visit.site_id,
    )  # fmt: skip
    return dict(rows.order_by("pk").values_list("entry_id", "keys"))


# -- when he is registered ---------------------------------------------------------------------------------


def note_matches(*, visit: Visit, at: datetime) -> list[Finding]:
    """A finding for every earlier entry that shares a proof with the visitor's own, once (J-05, J-07, J-21, J-22).

    Noticed during reception if it was shown to the receiver, else afterwards, today. Inside the caller's transaction.
    """
    entry = visit.entry
    assert entry is not None
    day = local_day(at=visit.arrived_at)
    held = entries_sharing(
        site=visit.site, proofs=entry.proofs.values_list("key", flat=True), until=day, besides=[entry.pk]
    )
    known = set(visit.findings.values_list("entry_id", flat=True))
    earlier = [
        one for one in held if one.entry.pk not in known and _came_before(entry=one.entry, visit=visit)
    ]
    seen = _seen_entries(visit=visit, at=at) if earlier else {}
    return [
        _write(
            visit=visit, entry=one.entry, relation=Relation.SELF, keys=[key.value for key in one.keys], at=at,
            noticed=DURING if one.entry.pk in seen else AFTER,
            day=day if one.entry.pk in seen else local_day(at=at),
        )
        for one in earlier
    ]  # fmt: skip


def note_later(*, entries: Iterable[Entry], at: datetime) -> list[Visit]:
    """Visits registered before, of customers for whom an earlier entry is written only now; found today (J-22).

    Returns them, for the caller to settle.
    """
    changed = []
    for entry in entries:
        mine = dict(entry.proofs.values_list("key", "since"))
        for one in entries_sharing(site=entry.site, proofs=mine, besides=[entry.pk]):
            visit: Visit | None = getattr(one.entry, "visit", None)
            if visit is None or not _came_before(entry=entry, visit=visit):
                continue
            came = local_day(at=visit.arrived_at)
            shared = one.entry.proofs.filter(key__in=mine).values_list("key", flat=True)
            keys = sorted({key.partition(":")[0] for key in shared if mine[key] <= came})
            if keys and not visit.findings.filter(entry=entry).exists():
                _write(
                    visit=visit, entry=entry, relation=Relation.SELF, keys=keys, noticed=AFTER,
                    day=local_day(at=at), at=at,
                )  # fmt: skip
                changed.append(visit)
    return list({one.pk: one for one in changed}.values())


def _came_before(*, entry: Entry, visit: Visit) -> bool:
    """Whether what an entry tells of happened before this visitor came; of one day, by the hour where it is known."""
    day = local_day(at=visit.arrived_at)
    if entry.day != day:
        return entry.day < day
    moment: datetime | None = None
    if entry.book == Entry.Book.VISIT and not entry.is_imported:
        return (entry.visit.arrived_at, entry.visit.pk) < (visit.arrived_at, visit.pk)
    if entry.book == Entry.Book.PHONE_IN:
        moment = entry.call.called_at
    elif entry.book == Entry.Book.REFERRAL:
        moment = entry.referral.told_at
    return moment is None or moment < visit.arrived_at


def _write(
    *, visit: Visit, entry: Entry, relation: Relation, keys: list[str], noticed: str, day: date, at: datetime,
    by: Staff | None = None, note: str = "",
) -> Finding:  # fmt: skip
    return Finding.objects.create(
        visit=visit, entry=entry, relation=relation.value, keys=keys, noticed=noticed, day=day, by=by,
        note=note.strip()[:200], at=at,
    )  # fmt: skip


def tell_others(*, visit: Visit, findings: Iterable[Finding], at: datetime, by: Staff) -> None:
    """The agents whose entries were found, and who keeps the register, are told, never before reception is complete.

    Rule J-15; inside the caller's transaction, after the visit was settled.
    """
    if visit.state != Visit.State.REGISTERED:
        return
    owner = visit.owner.name if visit.owner else ""
    article = str(visit.decision.get("article", ""))
    keep = keepers(site=visit.site, at=at)
    drafts = []
    for one in findings:
        holder = Staff.objects.get(pk=holder_of(entry=one.entry))
        if holder.pk == visit.receiver_id:
            continue
        words = {
            "number": visit.number, "entry": one.entry.number, "owner": owner, "article": article, "agent": holder.name
        }  # fmt: skip
        drafts += [
            Draft(
                text=TOLD_NOBODYS if not owner else TOLD_AGENT if person.pk == holder.pk else TOLD_KEEPER,
                params=words, to_staff=person, rule="J-15", tone="soon",
                dedup_key=f"sales-found:{visit.pk}:{one.entry_id}:{person.pk}",
            )
            for person in {staff.pk: staff for staff in (holder, *keep)}.values()
            if person.pk != by.pk
        ]  # fmt: skip
    queue(site_id=visit.site_id, subject=visit, drafts=drafts, at=at)


# -- what somebody tells -----------------------------------------------------------------------------------


@transaction.atomic
def find_earlier(
    *,
    actor: Actor,
    record: Visit,
    at: datetime,
    entry: str,
    relation: str,
    noticed: str,
    day: date | None = None,
    reach: str = "",
    note: str = "",
    seen: int | None = None,
) -> Visit:
    """An earlier entry speaks of the visitor or his family: which, how related, when it was noticed (J-08, J-19, J-21).

    `reach` says whether its agent is there or can be reached. Raises Forbidden, Conflict; Refused for no entry, for the
    same person without a common proof, for a day that cannot be, and for what was found before: what was noticed
    during reception never becomes a thing of afterwards.
    """
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=OPEN)
    demand_receiver(actor=actor, visit=row)
    other = entry_meant(site=actor.site, text=entry, field="entry", rule="J-05")
    known = row.findings.filter(entry=other).first()
    if known is not None and known.noticed == DURING and noticed == AFTER:
        raise Refused(
            gettext_noop("接待中已经知道的，不能改成接待后才发现"), field="noticed", rule="J-33", code="known"
        )
    if known is not None or other.pk == row.entry_id:
        raise Refused(gettext_noop("这条登记已经记过，不再重复记"), field="entry", rule="J-29", code="found")
    related = Relation(relation)
    found_on = _day_found(visit=row, noticed=noticed, day=day, at=at)
    if not _came_before(entry=other, visit=row):
        raise Refused(gettext_noop("这条登记比这次来访还晚"), field="entry", rule="J-31")
    keys = _common_keys(visit=row, entry=other, at=at) if related is Relation.SELF else []
    found = _write(
        visit=row, entry=other, relation=related, keys=keys, noticed=noticed, day=found_on, at=at, by=actor.staff,
        note=note,
    )  # fmt: skip
    holder = holder_of(entry=other)
    told = {str(holder): reach == REACHED} if reach else {}
    change(record=row, reached={**row.reached, **told})
    settle(visit=row, by=actor.staff, at=at)
    tell_others(visit=row, findings=[found], at=at, by=actor.staff)
    tell(
        record=row, kind="salesdesk.found", actor=actor, at=at,
        rule="J-05" if related is Relation.SELF else "J-08", entry=other.number, noticed=noticed,
        relation=related.value, reach=reach, note=note.strip(),
    )  # fmt: skip
    return row


def _day_found(*, visit: Visit, noticed: str, day: date | None, at: datetime) -> date:
    """The day of a finding; Refused where it cannot be."""
    came, today = local_day(at=visit.arrived_at), local_day(at=at)
    if noticed == DURING:
        return came
    if visit.state == Visit.State.RECEIVING:
        raise Refused(gettext_noop("还在接待，只能记接待中发现"), field="noticed", rule="J-19")
    if day is not None and not came <= day <= today:
        raise Refused(gettext_noop("发现日期要在来访之后、今天以前"), field="day", rule="J-31")
    return day or today


def _common_keys(*, visit: Visit, entry: Entry, at: datetime) -> list[str]:
    """By which proofs an entry speaks of the visitor himself (J-05); Refused for none."""
    keys = _seen_entries(visit=visit, at=at).get(entry.pk, [])
    if visit.entry is not None:
        mine = visit.entry.proofs.values_list("key", flat=True)
        held = entry.proofs.filter(key__in=mine, since__lte=local_day(at=visit.arrived_at))
        keys = sorted({key.partition(":")[0] for key in held.values_list("key", flat=True)})
    if not keys:
        raise Refused(
            gettext_noop("两边没有相同的姓名、电话或车辆，不能认定是同一人；接待中请先查冲突"), field="relation",
            rule="J-05",
        )  # fmt: skip
    return keys
