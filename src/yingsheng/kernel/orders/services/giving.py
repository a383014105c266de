"""Making orders out, giving them to people by name or by turn, recovering and voiding them (R-01, R-05, R-11)."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.events import services as events
from yingsheng.kernel.orders.models import Trade, WorkerProfile, WorkOrder
from yingsheng.kernel.orders.queries import crew
from yingsheng.kernel.orders.rules import OPEN, choose_worker, share_out
from yingsheng.kernel.orders.services.writing import hold, move, need, note, receiver, tell_new
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.org.permissions import Allow

PREFIX = "PG"


@transaction.atomic
def issue_order(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    trade: str,
    task: str,
    department: Department | None = None,
    worker: Staff | None = None,
    outside: str = "",
    visit_at: datetime | None = None,
    due_at: datetime | None = None,
    urgent: bool = False,
    outdoor: bool = False,
    redo_of: WorkOrder | None = None,
    rule: str = "R-01",
) -> WorkOrder:
    """Make out an order under a case: to a person, to an outside firm, or to the pool of a department (R-01, S-02).

    Refused without a task, for a trade there is not, or where both a person and a firm are named.
    """
    if not task.strip():
        raise Refused(gettext_noop("请写明要做什么"), field="task", rule=rule)
    if worker is not None and outside.strip():
        raise Refused(gettext_noop("派给人或派给外单位，只能选一个"), field="outside", rule=rule)
    if trade not in Trade.values:
        raise Refused(gettext_noop("没有这个工种"), field="trade", rule=rule)
    order = WorkOrder(
        site_id=case.site_id, number=take_number(site=case.site, prefix=PREFIX, at=at), case=case, redo_of=redo_of,
        trade=trade, task=task.strip()[:300], outdoor=outdoor, urgent=urgent, department=department, worker=worker,
        outside=outside.strip()[:80], visit_at=visit_at, due_at=due_at, issued_at=at, issued_by=by,
        given_at=at if worker is not None else None,
    )  # fmt: skip
    order.save(force_insert=True)
    tell_new(order=order, at=at)
    note(
        order=order, kind="issued", by=by, at=at, rule=rule,
        data={
            "task": order.task, "trade": trade, "worker": receiver(order=order),
            "department": department.name if department is not None else "", "urgent": urgent,
            "redo_of": redo_of.number if redo_of is not None else "",
        },
    )  # fmt: skip
    return order


@transaction.atomic
def assign_order(
    *,
    order: WorkOrder,
    by: Staff,
    at: datetime,
    worker: Staff | None = None,
    department: Department | None = None,
    outside: str = "",
    reason: str = "",
    seen: int | None = None,
) -> WorkOrder:
    """Give an order to a person, a firm, or back to the pool; who had it before is named in the event."""
    order = hold(order=order, seen=seen)
    if worker is not None and outside.strip():
        raise Refused(gettext_noop("派给人或派给外单位，只能选一个"), field="outside", rule="R-11")
    before = receiver(order=order)
    move(
        order=order, verb="assign", worker=worker, outside=outside.strip()[:80], given_at=at, signed_at=None,
        department=department or order.department, pause_reason="", paused_at=None,
    )  # fmt: skip
    tell_new(order=order, at=at)
    note(
        order=order, kind="assigned", by=by, at=at, rule="R-11",
        data={"worker": receiver(order=order), "before": before, "reason": reason},
    )  # fmt: skip
    return order


@transaction.atomic
def assign_by_turn(
    *, order: WorkOrder, by: Staff, at: datetime, most_open: int | None = None, seen: int | None = None
) -> WorkOrder:
    """Give an order to whose turn it is by skill, shift and load (R-11); Refused when nobody fits, with why."""
    workers = crew(site=order.case.site, at=at)
    choice = choose_worker(workers=workers, trade=order.trade, most_open=most_open)
    if choice.worker is None:
        raise Refused(_nobody_words(whys={item.why for item in choice.passed}), rule="R-11")
    worker = Staff.objects.get(pk=choice.worker)
    return assign_order(order=order, by=by, at=at, worker=worker, seen=seen, reason="by_turn")


def _nobody_words(*, whys: set[str]) -> str:
    if "full" in whys:
        return gettext_noop("会做的人手上的单都满了，请指定人员或留在抢单池")
    if "off_shift" in whys:
        return gettext_noop("会做的人都不当班，请指定人员或留在抢单池")
    return gettext_noop("没有登记会做这个工种的人，请指定人员或外单位")


def share_out_pool(
    *, actor: Actor, at: datetime, most_open: int | None = None, most: int = 1000
) -> dict[str, int]:
    """Give out what waits in the pool of a site by turn, the earliest promise first; one event for each order given.

    Each order in a transaction of its own, so that nobody at a desk waits for all of them; one that somebody else took
    meanwhile is left to him. Returns how many were given and how many were not. Raises Forbidden.
    """
    demand(actor=actor, permission=Allow.DISPATCH_ORDERS)
    waiting = list(
        WorkOrder.objects.filter(
            site=actor.site, state=WorkOrder.State.WAITING, worker__isnull=True, outside=""
        )
        .order_by("due_at", "pk")
        .values_list("pk", "trade", "version")[:most]
    )
    versions = {pk: version for pk, _trade, version in waiting}
    plan = share_out(
        orders=[(pk, trade) for pk, trade, _version in waiting], workers=crew(site=actor.site, at=at),
        most_open=most_open, at=at,
    )  # fmt: skip
    people = Staff.objects.in_bulk([one for one in set(plan.values()) if one is not None])
    given = 0
    for pk, chosen in plan.items():
        if chosen is None:
            continue
        order = WorkOrder.objects.select_related("case__site").get(pk=pk)
        try:
            assign_order(
                order=order, by=actor.staff, at=at, worker=people[chosen], reason="by_turn", seen=versions[pk]
            )
        except Refused:
            continue
        given += 1
    return {"given": given, "left": len(plan) - given}


@transaction.atomic
def recover_order(*, order: WorkOrder, by: Staff, at: datetime, seen: int | None = None) -> WorkOrder:
    """The form is back at the desk (R-05)."""
    order = hold(order=order, seen=seen)
    move(order=order, verb="recover", returned_at=at, returned_by=by)
    note(order=order, kind="returned", by=by, at=at, rule="R-05", data={"worker": receiver(order=order)})
    return order


@transaction.atomic
def void_order(
    *, order: WorkOrder, by: Staff, at: datetime, reason: str, seen: int | None = None
) -> WorkOrder:
    """Take an order out of use, with a reason; its number stays accounted for (R-05)."""
    need(reason=reason)
    order = hold(order=order, seen=seen)
    move(order=order, verb="void", void_reason=reason.strip()[:200], paused_at=None, pause_reason="")
    note(order=order, kind="voided", by=by, at=at, rule="R-05", data={"reason": reason})
    return order


def void_open(*, case: Case, by: Staff, at: datetime, reason: str) -> int:
    """Take every order of a case that is not finished out of use, one event each; returns how many."""
    rows = list(
        WorkOrder.objects.filter(case=case, state__in=OPEN).select_related("case__site").order_by("pk")
    )
    for order in rows:
        void_order(order=order, by=by, at=at, reason=reason)
    return len(rows)


@transaction.atomic
def set_profile(
    *,
    actor: Actor,
    staff: Staff,
    trades: list[str],
    shift_from: time,
    shift_to: time,
    weekdays: list[int],
    away_until: datetime | None,
    active: bool,
    at: datetime,
) -> WorkerProfile:
    """Say what somebody can do and when work is given to him (R-11). Raises Forbidden, Refused without a trade."""
    demand(actor=actor, permission=Allow.KEEP_CREW)
    if active and not trades:
        raise Refused(gettext_noop("请至少选一个工种"), field="trades", rule="R-11")
    if active and not weekdays:
        raise Refused(gettext_noop("请至少选一个当班日"), field="weekdays", rule="R-11")
    profile, _created = WorkerProfile.objects.update_or_create(
        site=actor.site, staff=staff,
        defaults={
            "trades": sorted(set(trades)), "shift_from": shift_from, "shift_to": shift_to,
            "weekdays": sorted(set(weekdays)), "away_until": away_until, "active": active,
        },
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="orders.profile_set", subject=profile, by=actor.staff, at=at, rule="R-11",
        data={
            "who": staff.name, "trades": profile.trades, "from": shift_from.isoformat(), "to": shift_to.isoformat(),
            "weekdays": profile.weekdays, "active": active,
            "away_until": away_until.isoformat() if away_until is not None else "",
        },
    )  # fmt: skip
    return profile
