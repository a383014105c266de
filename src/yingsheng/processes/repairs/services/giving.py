"""Orders of a repair: made out, followed as they move, finished from paper, redone, recovered (R-01, R-05, R-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, lock_case
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import list_orders_of, open_orders
from yingsheng.kernel.orders.services import assign_by_turn, finish_order, issue_order, recover_order
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.rules.facts import (
    DONE,
    ORDERED,
    REQUESTED,
    URGENT,
    scale_of,
    state_from_orders,
)
from yingsheng.processes.repairs.services.steps import (
    load,
    note,
    same_day,
    start_clocks,
    take,
    tell_household,
)

COMES = gettext_noop("编号%(number)s：维修已由%(who)s接单，上门前会与您联系。")
COMES_AT = gettext_noop("编号%(number)s：维修已由%(who)s接单，%(due)s上门。")
FOLLOW = "follow_orders"  # the move of a case behind its orders


@transaction.atomic
def give_order(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    trade: str,
    task: str,
    department: Department | None = None,
    worker: Staff | None = None,
    by_turn: bool = False,
    outside: str = "",
    visit_at: datetime | None = None,
    outdoor: bool = False,
    seen: int | None = None,
) -> Case:
    """Make out a work order: to a person, to whose turn it is, to a firm outside, or to the pool (R-01, R-11).

    A second one while the first is open splits the work over several trades. What is made out goes to the team of the
    department at once; the clock of the order is kept.
    """
    case, repair = load(case=case, seen=seen)
    due = _due_of(case=case)
    if task.strip() and repair.place and repair.place not in task:
        task = f"{task[: 298 - len(repair.place)]}（{repair.place}）"  # the sheet has no other line for it
    take(
        case=case, repair=repair, step="issue", at=at, to_state=ORDERED,
        case_changes={"department": department or case.department},
        repair_changes={"waits_for_morning": False},
    )  # fmt: skip
    timers.meet(subject=case, milestones=[c.ISSUE], by=by, at=at)
    order = issue_order(
        case=case, by=by, at=at, trade=trade, task=task, department=department or case.department, worker=worker,
        outside=outside, visit_at=visit_at or repair.visit_at, due_at=due, urgent=repair.kind == URGENT,
        outdoor=outdoor,
    )  # fmt: skip
    if by_turn and worker is None and not outside.strip():
        assign_by_turn(
            order=order, by=by, at=at, most_open=figure(path="R-11.most_open", site=case.site, at=at)
        )
    _owe_signature(case=case, at=at)
    return case


def _due_of(*, case: Case) -> datetime | None:
    row = list_obligations(subject=case).filter(milestone=c.FINISH).order_by("-round").first()
    return row.due_at if row is not None else None


def _owe_signature(*, case: Case, at: datetime) -> None:
    """The receiver signs for the order in the time of R-01; one promise for all orders of a case."""
    running = list_obligations(subject=case).filter(milestone=c.SIGN, state=Obligation.State.ARMED)
    if not running.exists():
        clock = c.Clock(milestone=c.SIGN, path="R-01.sign_within", starts_at=at, role=c.TEAM)
        start_clocks(case=case, clocks=[clock], at=at)


def follow_orders(
    *,
    case: Case,
    kind: str,
    by: Staff | None,
    at: datetime,
    done_at: datetime | None,
    order_id: int | None = None,
) -> None:
    """Bring a repair behind its orders after one of them moved; called in the transaction of that move.

    `kind` is what happened to the order `order_id`: accepted, assigned, started, done, sent_back … `done_at` of an
    order done. An order of another process is no affair of this one.
    """
    held = lock_case(case=case)
    if held.process != "repairs" or held.closed_at is not None:
        return
    case, repair = held, Repair.objects.get(case_id=held.pk)
    repair.case = held  # each knows the other from now on, without asking again
    orders = list(list_orders_of(case=case))
    _keep_promises(case=case, kind=kind, orders=orders, by=by, at=at)
    if kind == "accepted" and not repair.is_internal:
        _tell_who_comes(case=case, order=next((one for one in orders if one.pk == order_id), None), at=at)
    state = state_from_orders(order_states=[order.state for order in orders])
    if state == DONE and case.state == DONE:
        if kind == "returned" and not any(order.state == WorkOrder.State.DONE for order in orders):
            timers.meet(subject=case, milestones=[c.RECOVER], by=by, at=at)
        return
    if state == DONE:
        _completed(case=case, repair=repair, orders=orders, by=by, at=at, done_at=done_at or at)
        return
    changes: dict[str, object] = {}
    holder = next(
        (order.worker for order in orders if order.worker is not None and order.state != "void"), None
    )
    if kind in ("accepted", "handed_over", "assigned") and holder is not None:
        changes = {"handler": holder}
    if state != case.state or changes:
        change_case(case=case, step=FOLLOW, at=at, to_state=state, changes=changes)
    if state == REQUESTED:  # every order was voided: another one is owed
        start_clocks(
            case=case, at=at,
            clocks=[c.Clock(milestone=c.ISSUE, path="R-01.issue_within", starts_at=at, role=c.DESK)],
        )  # fmt: skip


def _tell_who_comes(*, case: Case, order: WorkOrder | None, at: datetime) -> None:
    """The household hears who took its repair on, and when he comes where that is agreed."""
    who = (
        (order.outside or (order.worker.name if order.worker is not None else ""))
        if order is not None
        else ""
    )
    if order is None or not who:
        return
    visit = order.visit_at if order.visit_at is not None and order.visit_at > at else None
    tell_household(
        case=case, text=COMES_AT if visit else COMES, at=at, why=f"accepted:{order.pk}:{order.version}", rule="R-01",
        who=who, **({"due": visit.isoformat()} if visit else {}),
    )  # fmt: skip


def _keep_promises(
    *, case: Case, kind: str, orders: Iterable[WorkOrder], by: Staff | None, at: datetime
) -> None:
    open_ones = [order for order in orders if order.state in ("waiting", "accepted", "working", "paused")]
    named = all(order.worker_id is not None or order.outside for order in open_ones)
    if kind in ("issued", "assigned", "accepted", "handed_over") and named:
        timers.meet(subject=case, milestones=[c.PASS_ON], by=by, at=at)
    if kind in ("accepted", "started", "done") and not any(order.state == "waiting" for order in open_ones):
        timers.meet(subject=case, milestones=[c.SIGN], by=by, at=at)
    if kind in ("assigned", "handed_over", "sent_back"):
        _owe_signature(case=case, at=at)
    if kind in ("started", "done"):
        timers.meet(subject=case, milestones=[c.ON_SITE], by=by, at=at)
    if kind == "sent_back":
        again = c.Clock(milestone=c.PASS_ON, path="R-11.pass_on_within", starts_at=at, role=c.TEAM)
        running = list_obligations(subject=case).filter(milestone=c.PASS_ON, state=Obligation.State.ARMED)
        if not running.exists():
            start_clocks(case=case, clocks=[again], at=at)


def _completed(
    *, case: Case, repair: Repair, orders: list[WorkOrder], by: Staff | None, at: datetime, done_at: datetime
) -> None:
    """The last open order is done: the repair is, and the household hears of it (R-03, R-04, R-18)."""
    result = "；".join(order.result for order in orders if order.result and order.state != "void")
    kept = timers.meet(subject=case, milestones=[c.FINISH], by=by, at=done_at)
    in_limit = repair.in_limit
    if kept:
        in_limit = all(row.state == Obligation.State.MET for row in kept)
    timers.void(
        subject=case, milestones=[c.SIGN, c.PASS_ON, c.ON_SITE, c.ISSUE], by=by, at=at,
        reason=gettext_noop("维修已完成"),
    )  # fmt: skip
    take(
        case=case, repair=repair, step=FOLLOW, at=at, to_state=DONE, case_changes={"handled_at": done_at},
        repair_changes={"result": result, "in_limit": in_limit},
    )  # fmt: skip
    start_clocks(case=case, clocks=c.clocks_of_done(done_at=done_at), at=at)
    note(
        case=case, kind="completed", by=by, at=at, rule="R-03",
        data={
            "result": result, "scale": scale_of(kind=repair.kind), "internal": repair.is_internal,
            "in_limit": in_limit, "done": done_at.isoformat(),
        },
    )  # fmt: skip


@transaction.atomic
def complete_from_paper(
    *,
    case: Case,
    actor: Actor,
    at: datetime,
    result: str,
    done_at: datetime | None = None,
    signer: str = "",
    signature: str = "",
    seen: int | None = None,
) -> Case:
    """Enter from the paper order that the work is done: every open order of the case is finished with this result.

    Orders nobody signed for on the screen were signed for on paper. Refused without an open order, or while one has no
    worker.
    """
    case, _repair = load(case=case, seen=seen)
    orders = list(open_orders(case=case))
    if not orders:
        raise Refused(gettext_noop("没有未完成的派工单"), rule="R-05")
    for order in orders:
        order.case = case
        if order.worker is None and not order.outside:
            raise Refused(
                gettext_noop("派工单%(order)s还没有派给人"), field="result", rule="R-11", order=order.number
            )
        finish_order(
            order=order, actor=actor, at=at, result=result, done_at=done_at, signer=signer, signature=signature,
            from_paper=True,
        )  # fmt: skip
        signature = ""  # one drawing is kept once
    return Case.objects.select_related("site", "room").get(pk=case.pk)


@transaction.atomic
def recover_forms(*, case: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Every finished order of the case is back at the desk (R-05); Refused where none is out."""
    case, _repair = load(case=case, seen=seen)
    out = list(list_orders_of(case=case).filter(state=WorkOrder.State.DONE))
    if not out:
        raise Refused(gettext_noop("没有要收回的派工单"), rule="R-05")
    for order in out:
        order.case = case
        recover_order(order=order, by=by, at=at)
    return case


@transaction.atomic
def redo(
    *, case: Case, by: Staff, at: datetime, reason: str, worker: Staff | None = None, seen: int | None = None
) -> Case:
    """Not done well: another order under the same case, and what is promised of the work is promised again (F-11).

    The visit that was owed is cancelled; the next completion owes the next one.
    """
    if not reason.strip():
        raise Refused(gettext_noop("请写明哪里没修好"), field="reason", rule="F-11")
    case, repair = load(case=case, seen=seen)
    last = list_orders_of(case=case).exclude(state="void").order_by("-pk").first()
    take(
        case=case, repair=repair, step="redo", at=at, to_state=ORDERED, case_changes={"handled_at": None},
        repair_changes={
            "rework": repair.rework + 1, "told_at": None, "satisfaction": "", "signed_at": None, "signed_by": "",
            "promised_at": None,
        },
    )  # fmt: skip
    timers.void(
        subject=case, milestones=[c.TELL, c.RECOVER, c.APOLOGY], by=by, at=at, reason=gettext_noop("返工")
    )
    note(case=case, kind="redone", by=by, at=at, rule="F-11", data={"reason": reason, "times": repair.rework})
    start_clocks(
        case=case, at=at,
        clocks=[
            c.finish_clock(
                kind=repair.kind, starts_at=at, promised_at=None, same_day=same_day(site=case.site, at=at)
            )
        ],
    )  # fmt: skip
    issue_order(
        case=case, by=by, at=at, trade=last.trade if last is not None else repair.trade, task=reason,
        department=case.department, worker=worker or (last.worker if last is not None else None),
        outside=last.outside if last is not None and worker is None else "",
        due_at=_due_of(case=case), urgent=repair.kind == URGENT, outdoor=last.outdoor if last is not None else False,
        redo_of=last, rule="F-11",
    )  # fmt: skip
    _owe_signature(case=case, at=at)
    return case
