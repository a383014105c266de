"""A line is added to an entry that was wrong; the entry itself stands, both can be read (J-29)."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.processes.salesdesk.models import Call, Correction, Referral, Visit
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL, TAKE
from yingsheng.processes.salesdesk.queries.facts import as_read
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.services.deciding import settle
from yingsheng.processes.salesdesk.services.entries import LIMITS, write_proofs
from yingsheng.processes.salesdesk.services.finding import note_matches, tell_others
from yingsheng.processes.salesdesk.services.registering import settle_later

CORRECTABLE = (Visit.State.REGISTERED.value, "kept")
R = TypeVar("R", Visit, Call, Referral)


@transaction.atomic
def correct(
    *, actor: Actor, record: R, at: datetime, field: str, text: str, reason: str, seen: int | None = None
) -> R:
    """Write beside an entry what one of its fields should say, and why (J-29).

    A proof that comes of it counts from today on; entries that share it are found today (J-05). Raises Forbidden,
    Conflict; Refused without a reason, for what it says already, and for whoever has no part in the entry.
    """
    row = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=CORRECTABLE)
    entry = row.entry
    assert entry is not None
    if actor.staff.pk not in (entry.agent_id, entry.by_id) and not actor.may(SEE_ALL):
        raise Refused(gettext_noop("只有登记的业务员可以补记更正"), code="not_own", rule="J-29")
    if field not in LIMITS or (field == "name" and not text.strip()):
        raise Refused(gettext_noop("请选要更正的一项，姓名不能空"), field="field", rule="J-29")
    if not reason.strip():
        raise Refused(gettext_noop("请写明为什么更正"), field="reason", rule="J-29")
    told = text.strip()[: LIMITS[field]]
    values = as_read(entry=entry)
    if values[field] == told:
        raise Refused(gettext_noop("登记上已经是这样写的"), field="text", rule="J-29")
    Correction.objects.create(
        entry=entry, field=field, text=told[:200], reason=reason.strip()[:200], at=at, by=actor.staff
    )
    write_proofs(entry=entry, values={**values, field: told}, since=local_day(at=at), at=at)
    change(record=row)
    if isinstance(row, Visit):
        found = note_matches(visit=row, at=at)
        settle(visit=row, by=actor.staff, at=at)
        tell_others(visit=row, findings=found, at=at, by=actor.staff)
    settle_later(entry=entry, by=actor.staff, at=at)
    tell(
        record=row, kind="salesdesk.corrected", actor=actor, at=at, rule="J-29", number=row.number,
        entry=entry.number, field=field, reason=reason.strip(),
    )  # fmt: skip
    return row
