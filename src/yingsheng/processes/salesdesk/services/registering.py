"""Whoever was received is entered into 客户登记本, leaves nothing, or is spoken of later (J-04 … J-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.identity import prove
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.salesdesk.models import Consent, Day, Entry, QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.facts import holder_of
from yingsheng.processes.salesdesk.queries.queue import (
    cause_of,
    local_day,
    rotation_now,
    rotation_of_day,
)
from yingsheng.processes.salesdesk.services.deciding import settle
from yingsheng.processes.salesdesk.services.entries import check_agent, entry_meant, write_entry
from yingsheng.processes.salesdesk.services.finding import (
    demand_receiver,
    note_later,
    note_matches,
    tell_others,
)
from yingsheng.processes.salesdesk.services.receiving import REGISTER, set_free

TOO_LATE = "afterwards"  # named when reception was complete
ONE_WAY = ("knew", "went_on")  # what nobody takes back himself
# what may be told later, and under which word the story says it
TOLD = {
    "named": "named", "named_too_late": "named", "public_kind": "public", "said_himself": "public",
    "colleagues_know": "public", "card_given": "public", "public_after": "public", "is_group": "group",
    "knew": "knew", "went_on": "went_on", "remark": "remark",
}  # fmt: skip


@transaction.atomic
def register(
    *,
    actor: Actor,
    record: Visit,
    at: datetime,
    name: str,
    contact: str,
    named: Staff | None = None,
    named_when: str = "",
    brought_by: str = "",
    companions: str = "",
    seen: int | None = None,
    **known: str,
) -> Visit:
    """Enter whoever was received into 客户登记本: the reception is complete, its agent free again (J-04, J-13).

    The entry stands as written. Every earlier entry with a common proof is found, and whose customer it is decided;
    other agents and the keeper of the register are told now, not before (J-05, J-15). Raises Forbidden, Conflict;
    Refused for whoever did not receive him, without a name and one way to reach him.
    """
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=(Visit.State.RECEIVING,))
    demand_receiver(actor=actor, visit=row)
    if not contact.strip():
        raise Refused(gettext_noop("请写电话或别的联系方式"), field="contact", rule="J-04")
    if named is not None:
        check_agent(agent=named, site=actor.site, at=at, field="named", rule="J-13")
    bringer = _bringer(actor=actor, text=brought_by)
    entry = write_entry(
        project=row.project, book=Entry.Book.VISIT, agent=row.receiver, by=actor.staff, at=at,
        day=local_day(at=row.arrived_at), known={**known, "name": name, "contact": contact},
    )  # fmt: skip
    asked_for = named or row.named
    too_late = named_when == TOO_LATE if named_when else row.named_too_late
    change(
        record=row, state=Visit.State.REGISTERED, finished_at=at, entry=entry, present=present_at(visit=row, at=at),
        named=asked_for, named_too_late=asked_for is not None and too_late, brought_by=bringer or row.brought_by,
        remark=companions.strip()[:300] or row.remark,
    )  # fmt: skip
    _end(actor=actor, visit=row, at=at)
    found = note_matches(visit=row, at=at)
    settle(visit=row, by=actor.staff, at=at)
    tell_others(visit=row, findings=row.findings.all(), at=at, by=actor.staff)
    settle_later(entry=entry, by=actor.staff, at=at)
    tell(
        record=row, kind="salesdesk.registered", actor=actor, at=at, rule="J-04", number=row.number,
        entry=entry.number, article=row.decision.get("article", ""), found=len(found),
    )  # fmt: skip
    return row


def settle_later(*, entry: Entry, by: Staff, at: datetime) -> None:
    """Decide anew those visits for which an entry that is written now stands earlier; part of its event (J-22)."""
    for visit in note_later(entries=[entry], at=at):
        settle(visit=visit, by=by, at=at)
        tell_others(visit=visit, findings=visit.findings.filter(entry=entry), at=at, by=by)


def _bringer(*, actor: Actor, text: str) -> Entry | None:
    if not text.strip():
        return None
    return entry_meant(site=actor.site, text=text, field="brought_by", rule="J-11")


def _end(*, actor: Actor, visit: Visit, at: datetime) -> None:
    """The promise of registering is met, and who received is back in the rotation."""
    timers.meet(subject=visit, milestones=[REGISTER], by=actor.staff, at=at)
    set_free(actor=actor, visit=visit, at=at)


def present_at(*, visit: Visit, at: datetime) -> list[int]:
    """Who is on site when reception is complete: signed in, or at other work there; staff keys.

    Registered on a later day, it is whoever was there when the visitor came.
    """
    came = local_day(at=visit.arrived_at)
    day = Day.objects.filter(project=visit.project, date=came).first()
    if came == local_day(at=at) or day is None:
        rotation = rotation_now(project=visit.project, at=at)
    else:
        first = QueueEvent.objects.filter(day=day, cause=cause_of(visit=visit)).order_by("number").first()
        rotation = rotation_of_day(
            day=day, at=visit.arrived_at, until=first.number if first is not None else None
        )
    return sorted(int(key) for key in {*rotation.here, *rotation.busy})


@transaction.atomic
def leave(*, actor: Actor, record: Visit, at: datetime, reason: str, seen: int | None = None) -> Visit:
    """The visitor left nothing of himself; no entry, its agent is free (J-04). Refused without the reason."""
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=(Visit.State.RECEIVING,))
    demand_receiver(actor=actor, visit=row)
    if not reason.strip():
        raise Refused(gettext_noop("请写明客户为什么没有留资料"), field="reason", rule="J-04")
    change(record=row, state=Visit.State.LEFT, finished_at=at, remark=reason.strip()[:300])
    _end(actor=actor, visit=row, at=at)
    tell(
        record=row, kind="salesdesk.left", actor=actor, at=at, rule="J-04", number=row.number,
        reason=reason.strip(),
    )  # fmt: skip
    return row


@transaction.atomic
def tell_facts(
    *,
    actor: Actor,
    record: Visit,
    at: datetime,
    named: Staff | None = None,
    named_when: str = "",
    seen: int | None = None,
    **facts: Any,
) -> Visit:
    """What was learnt of the reception: whom he asked for, a public customer, a group, who knew and went on.

    Everything is told as it is known now; what the receiver said he knew, or that he went on, he does not take back
    himself (J-09, J-10, J-13, J-19, J-26, J-33). Raises Forbidden, Conflict, Refused where nothing is new.
    """
    states = (Visit.State.RECEIVING, Visit.State.REGISTERED)
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=states)
    demand_receiver(actor=actor, visit=row)
    if named is not None:
        check_agent(agent=named, site=actor.site, at=at, field="named", rule="J-13")
    facts["named"], facts["named_too_late"] = named, named is not None and named_when == TOO_LATE
    new = {field: value for field, value in facts.items() if value != getattr(row, field)}
    if not new:
        raise Refused(gettext_noop("没有要补记的"), code="nothing_new", rule="J-30")
    for field in ONE_WAY:
        if new.get(field) is False and not actor.may(SEE_ALL):
            raise Refused(gettext_noop("说过知道的，不能自己收回，请找销售经理"), field=field, rule="J-33")
    change(record=row, **new)
    settle(visit=row, by=actor.staff, at=at)
    what = {TOLD[field] for field in new}
    tell(
        record=row, kind="salesdesk.told", actor=actor, at=at, rule="J-30", number=row.number,
        what=what.pop() if len(what) == 1 else "several",
        told={field: value.pk if isinstance(value, Staff) else value for field, value in new.items()},
    )  # fmt: skip
    return row


@transaction.atomic
def give_consent(
    *,
    actor: Actor,
    record: Visit,
    at: datetime,
    agent: Staff | None = None,
    password: str = "",
    note: str = "",
    seen: int | None = None,
) -> Visit:
    """The original agent lets the receiver go on with his customer: he says so himself (J-19).

    On a screen of somebody else he signs with his password. Raises Forbidden, Conflict; Refused for whoever's customer
    it is not, for a wrong password, and once he has agreed.
    """
    states = (Visit.State.RECEIVING, Visit.State.REGISTERED)
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=states)
    who = agent or actor.staff
    if who.pk not in originals(visit=row):
        raise Refused(
            gettext_noop("只有原业务员本人可以同意"), field="agent", rule="J-19", code="not_original"
        )
    if row.consents.filter(agent=who).exists():
        raise Refused(gettext_noop("%(name)s已经同意过"), field="agent", rule="J-19", name=who.name)
    if who.pk != actor.staff.pk:
        prove(staff=who, password=password, site=actor.site, by=actor.staff, at=at)
    Consent.objects.create(visit=row, agent=who, note=note.strip()[:200], at=at, by=actor.staff)
    change(record=row)
    settle(visit=row, by=actor.staff, at=at)
    tell(
        record=row,
        kind="salesdesk.consented",
        actor=actor,
        at=at,
        rule="J-19",
        number=row.number,
        agent=who.name,
    )
    return row


def originals(*, visit: Visit) -> frozenset[int]:
    """The agents who may agree that the receiver goes on: whoever's customer this may be; staff keys (J-19)."""
    found = {holder_of(entry=one.entry) for one in visit.findings.select_related("entry__visit")}
    found |= {pk for pk in (visit.owner_id, visit.named_id, visit.help_of_id) if pk is not None}
    if visit.brought_by is not None:
        found.add(holder_of(entry=visit.brought_by))
    return frozenset(found - {visit.receiver_id})
