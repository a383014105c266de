"""What a worker does beside the work: photos, ringing the household, a note of what could not be done any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.attachments import Sent, keep_files
from yingsheng.kernel.estate.disclosures import open_phones
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.rules import ACCEPTED, PAUSED, WORKING
from yingsheng.kernel.orders.services.writing import hold, hold_own, note
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow

IN_HAND = (ACCEPTED, WORKING, PAUSED)
WHY_RING = gettext_noop("派工单%(order)s联系住户")


@transaction.atomic
def keep_photos(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    files: Iterable[Sent],
    note: str = "",
    device_at: datetime | None = None,
) -> list[Attachment]:
    """Keep photos with the case of an order: for the one whose work it is, and for whoever gives out work.

    That is enough here, whatever the process asks of others who add files. Raises as `hold_own` and `keep_files` do.
    """
    held = hold_own(order=order, actor=actor, seen=None)
    return keep_files(
        by=actor.staff, case=held.case, files=files, at=at, note=f"{held.number} {note}".strip(),
        device_at=device_at,
    )  # fmt: skip


def may_ring(*, order: WorkOrder, actor: Actor) -> bool:
    """Whether the number of the household may be opened: only to the one whose order it is, while it is in hand."""
    return actor.may(Allow.WORK_ORDERS) and order.worker_id == actor.staff.pk and str(order.state) in IN_HAND


@transaction.atomic
def ring_household(*, order: WorkOrder, actor: Actor, at: datetime) -> list[str]:
    """The full numbers of whoever asked for the work; opening them is an event with the order as its reason (A-09).

    Refused for an order that is not in this person's hands, and where no number is known.
    """
    held = hold(order=order, seen=None)
    if not may_ring(order=held, actor=actor):
        raise Refused(gettext_noop("签收之后、完工之前，只有做这张单的人能查看电话"), rule="A-09")
    reason = WHY_RING % {"order": held.number}
    person, phone = held.case.person, held.case.caller_phone
    if person is not None and person.phones.exists():
        return open_phones(person=person, by=actor.staff, reason=reason, at=at)
    if not phone:
        raise Refused(gettext_noop("没有登记电话，请问前台"))
    note(
        order=held, kind="phone_opened", by=actor.staff, at=at, rule="A-09",
        data={"reason": reason},
    )  # fmt: skip
    return [phone]


@transaction.atomic
def keep_note(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    text: str,
    files: Iterable[Sent] = (),
    signer: str = "",
    signature: str = "",
    device_at: datetime | None = None,
) -> WorkOrder:
    """Keep what somebody did and could not enter, because the order changed meanwhile: words, photos, signature.

    Anybody who works at the site, for the order may be out of his hands by now. Nothing of the order changes; photos
    have their own event.
    """
    demand(actor=actor, permission=Allow.WORK_ORDERS)
    if not text.strip():
        raise Refused(gettext_noop("请写明做了什么"), field="text")
    held = hold(order=order, seen=None)
    sent = list(files)
    photos = (
        keep_files(by=actor.staff, case=held.case, files=sent, at=at, note=held.number, device_at=device_at)
        if sent
        else []
    )
    signed_by = signer_of(value=signature, typed=signer) if signature or signer else ""
    if signature:
        sign(
            site_id=held.site_id, subject=held.case, value=signature, signer=signed_by, by=actor.staff, at=at
        )
    note(
        order=held, kind="note_kept", by=actor.staff, at=at, rule="R-05", device_at=device_at,
        data={
            "text": text.strip()[:2000], "signed_by": signed_by, "photos": [one.key for one in photos],
        },
    )  # fmt: skip
    return held
