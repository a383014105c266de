"""What the one does whose work an order is: sign for it, begin, pause, finish, pass it on (R-01, R-03, R-08, R-17)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.rules import moment_told
from yingsheng.kernel.orders.services.writing import (
    hold,
    hold_own,
    move,
    need,
    note,
    receiver,
    tell_new,
    who_gives_out,
)
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow

SENT_BACK = gettext_noop("派工单%(order)s被退回：%(reason)s")


@transaction.atomic
def take_order(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """Take an order out of the pool and sign for it; Conflict when somebody else was quicker."""
    demand(actor=actor, permission=Allow.WORK_ORDERS)
    order = hold(order=order, seen=None)
    if order.worker_id == actor.staff.pk and order.state == WorkOrder.State.ACCEPTED:
        raise Conflict(gettext_noop("这张单已经在您手上"), code="taken")
    if order.worker_id is not None or order.outside or order.state != WorkOrder.State.WAITING:
        raise Conflict(gettext_noop("这张单已被%(who)s接走"), code="taken", who=receiver(order=order))
    move(
        order=order,
        verb="take",
        worker=actor.staff,
        given_at=at,
        signed_at=moment_told(told=device_at, after=order.issued_at, at=at),
    )
    note(
        order=order, kind="accepted", by=actor.staff, at=at, rule="R-01", device_at=device_at,
        data={"worker": actor.staff.name, "taken": True},
    )  # fmt: skip
    return order


@transaction.atomic
def accept_order(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """The receiver signs for an order (R-01). Whoever gives out work may enter what was signed on paper."""
    order = hold_own(order=order, actor=actor, seen=seen)
    if order.worker is None and not order.outside:
        raise Refused(gettext_noop("这张单还没有派给人"), rule="R-01")
    signed = moment_told(told=device_at, after=order.given_at or order.issued_at, at=at)
    move(order=order, verb="accept", signed_at=signed)
    note(
        order=order, kind="accepted", by=actor.staff, at=at, rule="R-01", device_at=device_at,
        data={"worker": receiver(order=order), "taken": False},
    )  # fmt: skip
    return order


@transaction.atomic
def start_order(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """Arrived and begun, or gone on after a pause."""
    order = hold_own(order=order, actor=actor, seen=seen)
    resumed = order.state == WorkOrder.State.PAUSED
    started = order.started_at or moment_told(told=device_at, after=order.signed_at or order.issued_at, at=at)
    move(order=order, verb="start", started_at=started, paused_at=None, pause_reason="")
    note(
        order=order, kind="resumed" if resumed else "started", by=actor.staff, at=at, rule="R-03",
        device_at=device_at, data={"worker": receiver(order=order)},
    )  # fmt: skip
    return order


@transaction.atomic
def pause_order(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    reason: str,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """Interrupt the work, with a reason: material is missing, nobody at home."""
    need(reason=reason)
    order = hold_own(order=order, actor=actor, seen=seen)
    paused = moment_told(told=device_at, after=order.started_at or order.signed_at or order.issued_at, at=at)
    move(order=order, verb="pause", paused_at=paused, pause_reason=reason.strip()[:200])
    note(
        order=order, kind="paused", by=actor.staff, at=at, rule="R-03", device_at=device_at,
        data={"worker": receiver(order=order), "reason": reason},
    )  # fmt: skip
    return order


@transaction.atomic
def send_back(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    reason: str,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """The worker gives an order back with his reason; it lies in the pool again and who gives out work is told."""
    need(reason=reason)
    order = hold_own(order=order, actor=actor, seen=seen)
    before = receiver(order=order)
    move(
        order=order, verb="send_back", worker=None, outside="", given_at=None, signed_at=None, paused_at=None,
        pause_reason="",
    )  # fmt: skip
    queue(
        site_id=order.site_id, subject=order.case, at=at,
        drafts=[
            Draft(
                text=SENT_BACK, to_staff=staff, rule="R-11", tone="late",
                params={"order": order.number, "reason": reason, "key": order.case.key},
                dedup_key=f"order:{order.pk}:back:{order.version}:{staff.pk}",
            )
            for staff in who_gives_out(order=order, at=at)
        ],
    )  # fmt: skip
    note(
        order=order, kind="sent_back", by=actor.staff, at=at, rule="R-11", device_at=device_at,
        data={"worker": before, "reason": reason},
    )  # fmt: skip
    return order


@transaction.atomic
def hand_over(
    *, order: WorkOrder, actor: Actor, at: datetime, worker: Staff, reason: str, seen: int | None = None
) -> WorkOrder:
    """Pass an order on to a colleague, who signs for it anew."""
    need(reason=reason)
    order = hold_own(order=order, actor=actor, seen=seen)
    if worker.pk == order.worker_id:
        raise Refused(gettext_noop("这张单本来就在他手上"), field="worker", rule="R-11")
    before = receiver(order=order)
    move(
        order=order, verb="hand_over", worker=worker, outside="", given_at=at, signed_at=None, paused_at=None,
        pause_reason="",
    )  # fmt: skip
    tell_new(order=order, at=at)
    note(
        order=order, kind="handed_over", by=actor.staff, at=at, rule="R-11",
        data={"before": before, "worker": worker.name, "reason": reason},
    )  # fmt: skip
    return order


@transaction.atomic
def finish_order(
    *,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    result: str,
    checklist: list[str] | None = None,
    done_at: datetime | None = None,
    signer: str = "",
    signature: str = "",
    from_paper: bool = False,
    seen: int | None = None,
    device_at: datetime | None = None,
) -> WorkOrder:
    """The work is done: what was done, which manners were kept (R-17), the household's signature where it was given.

    `done_at` is when it was done where that is told later (a device without signal); never after `at`. `from_paper`:
    entered from the paper order by whoever gives out work, also where nobody signed for it on the screen.
    """
    if from_paper:
        demand(actor=actor, permission=Allow.DISPATCH_ORDERS)
    if not result.strip():
        raise Refused(gettext_noop("请写明做了什么、结果怎样"), field="result", rule="R-08")
    if done_at is not None and done_at > at:
        raise Refused(gettext_noop("完成时间不能晚于现在"), field="done_at", rule="R-08")
    order = hold_own(order=order, actor=actor, seen=seen)
    begun = order.started_at or order.signed_at or order.issued_at
    moment = done_at or moment_told(told=device_at, after=begun, at=at)
    if moment < order.issued_at:
        raise Refused(gettext_noop("完成时间不能早于开单时间"), field="done_at", rule="R-08")
    move(
        order=order, verb="finish_from_paper" if from_paper else "finish", done_at=moment, result=result.strip(),
        started_at=order.started_at or moment, signed_at=order.signed_at or moment, paused_at=None, pause_reason="",
        checklist=sorted(set(checklist or ())),
    )  # fmt: skip
    signed_by = signer_of(value=signature, typed=signer) if signature or signer else ""
    if signature:
        sign(
            site_id=order.site_id,
            subject=order.case,
            value=signature,
            signer=signed_by,
            by=actor.staff,
            at=at,
        )
    note(
        order=order, kind="done", by=actor.staff, at=at, rule="R-08", device_at=device_at,
        data={
            "worker": receiver(order=order), "result": result, "checklist": order.checklist,
            "signed_by": signed_by, "done": moment.isoformat(),
        },
    )  # fmt: skip
    return order
