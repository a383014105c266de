"""What every verb on an order does: hold, check, move, tell, record the one event on its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yingsheng.base.process import processes
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.services import lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.rules import target_of
from yingsheng.kernel.org.access import Actor, Forbidden
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow

GIVEN = gettext_noop("派工单%(order)s：%(task)s，%(place)s")
IN_POOL = gettext_noop("派工单%(order)s待接：%(task)s，%(place)s")
STALE = gettext_noop("这张派工单刚被别人更新过，请看过最新情况再继续")


def need(*, reason: str) -> None:
    """Refused without a reason in words."""
    if not reason.strip():
        raise Refused(gettext_noop("请写明原因"), field="reason")


def hold(*, order: WorkOrder, seen: int | None) -> WorkOrder:
    """The order as it stands now, behind its case, held until the transaction ends."""
    case = lock_case(case=order.case)
    held = (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("worker", "department")
        .get(pk=order.pk)
    )
    held.case = case
    if seen is not None and seen != held.version:
        raise Conflict(STALE, code="stale")
    return held


def hold_own(*, order: WorkOrder, actor: Actor, seen: int | None) -> WorkOrder:
    """The same for the one whose work it is, or for whoever gives out work; Forbidden for anybody else."""
    held = hold(order=order, seen=seen)
    if actor.may(Allow.DISPATCH_ORDERS) or (
        actor.may(Allow.WORK_ORDERS) and held.worker_id == actor.staff.pk
    ):
        return held
    raise Forbidden(permission=Allow.DISPATCH_ORDERS)


def blocked_by(*, order: WorkOrder, verb: str) -> tuple[str, str] | None:
    """What the process of the case has against a verb on this order: (message id, rule), None if nothing."""
    process = processes.get(order.case.process) if order.case.process in processes else None
    return process.order_blocked(order.case, verb) if process is not None and process.order_blocked else None


def move(*, order: WorkOrder, verb: str, **changes: object) -> None:
    """Take a legal step and write what changed, in place and in the database.

    Refused where the step does not start from the order's state, or the process of the case forbids it.
    """
    blocked = blocked_by(order=order, verb=verb)
    if blocked is not None:
        raise Refused(blocked[0], rule=blocked[1])
    target = target_of(verb=verb, state=order.state)
    if target is None:
        raise Refused(
            gettext_noop("派工单现在是“%(state)s”，不能这样做"),
            code="illegal_step",
            state=str(WorkOrder.State(order.state).label),
        )
    values: Mapping[str, object] = {"state": target, "version": order.version + 1, **changes}
    for name, value in values.items():
        setattr(order, name, value)
    order.save(update_fields=list(values))


def receiver(*, order: WorkOrder) -> str:
    """Who has an order, by name; "" while it lies in the pool."""
    if order.outside:
        return order.outside
    return order.worker.name if order.worker is not None else ""


def who_gives_out(*, order: WorkOrder, at: datetime) -> list[Staff]:
    """The heads of the department that has the order, else whoever made it out."""
    leaders = leaders_of(department=order.department, at=at) if order.department is not None else []
    return leaders or [order.issued_by]


def tell_new(*, order: WorkOrder, at: datetime) -> None:
    """Ring the bell of the worker, or of the heads of the department in whose pool the order lies."""
    if order.outside:
        return
    place = order.case.room.label if order.case.room is not None else ""
    people = [order.worker] if order.worker is not None else []
    if order.worker is None and order.department is not None:
        people = list(leaders_of(department=order.department, at=at))
    queue(
        site_id=order.site_id, subject=order.case, at=at,
        drafts=[
            Draft(
                text=GIVEN if order.worker is not None else IN_POOL, to_staff=staff, rule="R-01",
                params={"order": order.number, "task": order.task, "place": place, "key": order.case.key},
                dedup_key=f"order:{order.pk}:given:{order.version}:{staff.pk}",
            )
            for staff in people
        ],
    )  # fmt: skip


def note(
    *,
    order: WorkOrder,
    kind: str,
    by: Staff,
    at: datetime,
    data: Mapping[str, object],
    rule: str,
    device_at: datetime | None = None,
) -> None:
    """The one event of a verb on an order, written on its case."""
    events.record(
        site_id=order.site_id,
        kind=f"orders.{kind}",
        subject=order.case,
        by=by,
        at=at,
        rule=rule,
        device_at=device_at,
        data={
            "case": order.case_id,
            "order_id": order.pk,
            "order": order.number,
            "state": order.state,
            **data,
        },
    )
