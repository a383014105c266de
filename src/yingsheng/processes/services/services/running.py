"""A service from its order to its end: given out, followed, finished, put right, closed (S-02, S-03, S-08)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case
from yingsheng.kernel.charges.queries import paid_fen
from yingsheng.kernel.orders.queries import list_orders_of, open_orders
from yingsheng.kernel.orders.services import finish_order, issue_order, void_open
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.services.models import Remark, Service
from yingsheng.processes.services.rules import (
    CANCELLED,
    CLOSED,
    DISPATCHED,
    FINISHED,
    IN_SERVICE,
    RECTIFYING,
    missing_before_dispatch,
    state_from_orders,
)
from yingsheng.processes.services.services.money import account_of
from yingsheng.processes.services.services.steps import GIVE_OUT, load, note, take

FOLLOW = "follow"
MISSING = {
    "fee": gettext_noop("办理即收费：先收费，再派工"),
    "signature": gettext_noop("收费还没有签名，先签名，再派工"),
}


def dispatch_blocked(*, service: Service) -> tuple[str, str] | None:
    """What keeps a service from being given out: (message id, rule), None if nothing does (S-04, S-05).

    By the figures that stood when it was asked for.
    """
    at = service.case.received_at
    missing = missing_before_dispatch(
        account=account_of(service=service),
        fee_first=bool(figure(path="S-04.fee_at_arrangement", site=service.case.site, at=at)),
        signature_required=bool(figure(path="S-05.signature_required", site=service.case.site, at=at)),
    )
    return (MISSING[missing[0]], missing[1]) if missing is not None else None


@transaction.atomic
def dispatch(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    trade: str,
    task: str = "",
    department: Department | None = None,
    worker: Staff | None = None,
    outside: str = "",
    visit_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Make out the work order at once, to our people or an outside provider (S-02); its event is that of the order."""
    case, service = load(case=case, seen=seen)
    blocked = dispatch_blocked(service=service)
    if blocked is not None:
        raise Refused(blocked[0], rule=blocked[1])
    provider = outside.strip() or (worker.name if worker is not None else service.provider)
    take(
        service=service, step="dispatch", at=at, to_state=DISPATCHED,
        changes={"provider": provider[:80], "waits_for_morning": False}, department=department or case.department,
        handler=worker or case.handler,
    )  # fmt: skip
    timers.meet(subject=case, milestones=[GIVE_OUT], by=by, at=at)
    issue_order(
        case=case, by=by, at=at, trade=trade, task=task.strip() or case.title, department=department, worker=worker,
        outside=outside, visit_at=visit_at, rule="S-02",
    )  # fmt: skip
    return case


def follow_orders(*, case: Case, by: Staff | None, at: datetime, done_at: datetime) -> None:
    """Bring a service behind its orders after one of them moved; called in the transaction of that move."""
    case, service = load(case=case)
    if case.closed_at is not None or case.state in (FINISHED, RECTIFYING):
        return
    state = state_from_orders(states=[order.state for order in list_orders_of(case=case)], present=case.state)
    if state == FINISHED:
        _finished(service=service, by=by, at=at, done_at=done_at)
    elif state == IN_SERVICE and case.state != IN_SERVICE:
        _started(service=service, by=by, at=at)
    elif state != case.state:
        change_case(case=case, step=FOLLOW, at=at, to_state=state)


@transaction.atomic
def begin(*, case: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Write down that an outside provider has begun; our own people say so on their order."""
    case, service = load(case=case, seen=seen)
    _started(service=service, by=by, at=at, step="begin")
    return case


def _started(*, service: Service, by: Staff | None, at: datetime, step: str = FOLLOW) -> None:
    take(service=service, step=step, at=at, to_state=IN_SERVICE)
    note(
        case=service.case, kind="started", by=by, at=at, rule="S-08",
        data={"from": service.first_date.isoformat(), "to": service.last_date.isoformat()},
    )  # fmt: skip


def _finished(*, service: Service, by: Staff | None, at: datetime, done_at: datetime) -> None:
    done = [
        order.result for order in list_orders_of(case=service.case) if order.state in ("done", "returned")
    ]
    result = "；".join(text for text in done if text)
    take(
        service=service, step=FOLLOW, at=at, to_state=FINISHED, changes={"result": result}, handled_at=done_at
    )
    note(case=service.case, kind="finished", by=by, at=at, rule="S-08", data={"result": result})


@transaction.atomic
def track(*, case: Case, by: Staff, at: datetime, text: str, good: bool, seen: int | None = None) -> Case:
    """Write what was seen of the quality (S-03)."""
    case, service = load(case=case, seen=seen)
    if not text.strip():
        raise Refused(gettext_noop("请写明看到了什么"), field="text", rule="S-03")
    take(service=service, step="track", at=at)
    Remark.objects.create(service=service, at=at, by=by, text=text, is_good=good)
    note(case=case, kind="tracked", by=by, at=at, rule="S-03", data={"text": text, "good": good})
    return case


@transaction.atomic
def finish(
    *,
    case: Case,
    actor: Actor,
    at: datetime,
    result: str,
    done_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Enter from paper that the service is done: each open order is finished with this result, and the service."""
    case, _service = load(case=case, seen=seen)
    orders = list(open_orders(case=case))
    if not orders:
        raise Refused(gettext_noop("没有未完成的派工单"), rule="S-02")
    for order in orders:
        order.case = case
        if order.worker is None and not order.outside:
            raise Refused(
                gettext_noop("派工单%(order)s还没有派给人"), field="result", rule="S-02", order=order.number
            )
        finish_order(order=order, actor=actor, at=at, result=result, done_at=done_at, from_paper=True)
    return Case.objects.select_related("site", "room").get(pk=case.pk)


@transaction.atomic
def rectify(*, case: Case, by: Staff, at: datetime, text: str, seen: int | None = None) -> Case:
    """Write what was put right after an unhappy visit; the same half is visited again (F-11, S-08)."""
    case, service = load(case=case, seen=seen)
    if not text.strip():
        raise Refused(gettext_noop("请写明整改了什么"), field="text", rule="F-11")
    part = unhappy_part(service=service)
    if not part:
        raise Refused(gettext_noop("没有要整改的回访"), rule="F-11")
    ended = case.state == RECTIFYING
    take(
        service=service, step="rectify", at=at, to_state=FINISHED if ended else case.state,
        changes={f"{part}_visit": Service.Visit.OWED}, **({"handled_at": at} if ended else {}),
    )  # fmt: skip
    note(case=case, kind="rectified", by=by, at=at, rule="F-11", data={"text": text, "part": part})
    return case


def unhappy_part(*, service: Service) -> str:
    """Which half of a service was visited last and found wanting: mid, end; "" for none."""
    found = [part for part in ("end", "mid") if getattr(service, f"{part}_visit") == Service.Visit.UNHAPPY]
    return found[0] if found else ""


def visit_changed(
    *, case: Case, part: str, state: str, by: Staff | None, at: datetime, due: date | None = None
) -> None:
    """Keep how the visit of a half stands; an unhappy end is put right, a happy one closes the service (S-08)."""
    case, service = load(case=case)
    changes: dict[str, object] = {f"{part}_visit": state}
    if part == "mid" and due is not None:
        changes["mid_date"] = due
    for name, value in changes.items():
        setattr(service, name, value)
    service.save(update_fields=list(changes))
    if part != "end" or case.state != FINISHED:
        return
    if state == Service.Visit.UNHAPPY:
        change_case(case=case, step=FOLLOW, at=at, to_state=RECTIFYING, changes={"satisfied": False})
    elif state in (Service.Visit.DONE, Service.Visit.EXEMPT):
        satisfied = True if state == Service.Visit.DONE else None
        change_case(case=case, step=FOLLOW, at=at, to_state=CLOSED, changes={"satisfied": satisfied})
        note(case=case, kind="closed", by=by, at=at, rule="S-08", data={"visit": state})


@transaction.atomic
def cancel(*, case: Case, by: Staff, at: datetime, reason: str, seen: int | None = None) -> Case:
    """The household no longer wants it; what was paid is given back first (S-05)."""
    case, service = load(case=case, seen=seen)
    if not reason.strip():
        raise Refused(gettext_noop("请写明取消的原因"), field="reason", rule="S-05")
    if paid_fen(case=case):
        raise Refused(gettext_noop("已收了费，请先退款再取消"), rule="S-05")
    take(service=service, step="cancel", at=at, to_state=CANCELLED, changes={"answer": reason})
    void_open(case=case, by=by, at=at, reason=reason)
    timers.void(subject=case, milestones=[GIVE_OUT], by=by, at=at, reason=reason)
    note(case=case, kind="cancelled", by=by, at=at, rule="S-05", data={"reason": reason})
    return case
