"""What of the books leaves on paper or as a file, or is read unmasked; each time written down (J-29)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org import prints
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.records import tell
from yingsheng.processes.salesdesk.models import Call, Entry, Referral, Visit
from yingsheng.processes.salesdesk.queries.allow import SEE, SEE_ALL
from yingsheng.processes.salesdesk.services.entries import demand_keeper


@transaction.atomic
def record_print(*, actor: Actor, subject: Entry | Site, sheet: str, at: datetime) -> int:
    """Count a print of a sheet; 1 is no reprint. A whole book prints only who keeps it (J-29)."""
    demand(actor=actor, permission=SEE)
    if isinstance(subject, Site):
        demand_keeper(actor=actor, at=at)
    return prints.record_print(
        actor=actor, process="salesdesk", subject=subject, sheet=sheet, at=at, rule="J-29"
    )


@transaction.atomic
def record_export(*, actor: Actor, what: str, rows: int, reason: str, at: datetime) -> None:
    """Note who took a book out of the house, and why; Refused without a reason and for who does not keep it (J-29)."""
    demand(actor=actor, permission=SEE_ALL)
    demand_keeper(actor=actor, at=at)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason", rule="J-29")
    tell(
        record=actor.site, kind="salesdesk.exported", actor=actor, at=at, rule="J-29", what=what, rows=rows,
        reason=reason.strip(),
    )  # fmt: skip


@transaction.atomic
def open_entry(*, actor: Actor, entry: Entry, at: datetime, reason: str) -> Entry:
    """Read another agent's customer unmasked, for a reason (J-29). Raises Forbidden; Refused without one."""
    demand(actor=actor, permission=SEE_ALL)
    if not reason.strip():
        raise Refused(gettext_noop("请写明查看的理由"), field="reason", rule="J-29")
    subject: Visit | Call | Referral | Entry = entry
    for name in ("visit", "call", "referral"):
        subject = getattr(entry, name, None) or subject
    tell(
        record=subject, kind="salesdesk.opened", actor=actor, at=at, rule="J-29", entry=entry.number,
        reason=reason.strip(),
    )  # fmt: skip
    return entry
