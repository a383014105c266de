"""Calls that a leader orders or a plan lays down: ordered, made, and the outcome reported to who ordered (F-15)."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import Rung, calendar_for
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at as due_moment
from yingsheng.processes.followups.models import CallOrder

MILESTONE = "call_report"
REACHED, AGAIN, GIVEN_UP = "reached", "again", "given_up"
ORDERED = gettext_noop("请打电话：%(text)s（%(rule)s）")
REPORTED = gettext_noop("您交办的电话：%(outcome)s（%(rule)s）")


@transaction.atomic
def order_call(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    text: str,
    case: Case | None = None,
    household: Household | None = None,
    plan: str = "",
    assigned: Staff | None = None,
    due_at: datetime | None = None,
) -> CallOrder:
    """Order a follow-up call, or a notification call that a plan lays down, for a case or a household (F-15).

    The outcome is owed to who ordered it: by the moment given, else within F-15.report_within.
    """
    demand(actor=actor, permission="followups.order")
    if case is None and household is None:
        raise Refused(gettext_noop("请写明是哪件事，或哪一户"), field="room", rule="F-15")
    if kind == CallOrder.Kind.NOTICE and not plan.strip():
        raise Refused(gettext_noop("通知电话要写明是哪个活动方案里的"), field="plan", rule="F-15")
    if due_at is not None and due_at <= at:
        raise Refused(gettext_noop("要求的时间要晚于现在"), field="due_at", rule="F-15")
    order = CallOrder.objects.create(
        site=actor.site, kind=kind, text=text, plan=plan, case=case, assigned=assigned,
        household=household or (case.household if case is not None else None), ordered_by=actor.staff, ordered_at=at,
    )  # fmt: skip
    _owe_report(order=order, asked=due_at, at=at)
    if assigned is not None:
        _ring(order=order, staff=assigned, text=ORDERED, params={"text": text}, why="ordered", at=at)
    _record(
        order=order, kind="call_ordered", by=actor.staff, at=at,
        data={"kind": kind, "text": text, "plan": plan, "assigned": assigned.name if assigned else ""},
    )  # fmt: skip
    return order


@transaction.atomic
def record_call(
    *, order: CallOrder, actor: Actor, at: datetime, result: str, outcome: str, seen: int | None = None
) -> CallOrder:
    """Write what a call brought and report it to who ordered it; one that reached nobody is tried again (F-15)."""
    demand(actor=actor, permission="followups.visit")
    row = (
        CallOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ordered_by")
        .get(pk=order.pk)
    )
    if seen is not None and seen != row.version:
        raise Conflict(gettext_noop("这个电话刚被别人登记过，请看过最新情况再继续"), code="stale")
    if row.state != CallOrder.State.OPEN:
        raise Refused(gettext_noop("这个电话已经办完"), code="illegal_step", rule="F-15")
    if not outcome.strip():
        raise Refused(gettext_noop("请写下通话结果"), field="outcome", rule="F-15")
    states = {REACHED: CallOrder.State.REACHED, GIVEN_UP: CallOrder.State.GIVEN_UP}
    values = {
        "tries": row.tries + 1, "outcome": outcome, "called_at": at, "called_by": actor.staff,
        "state": states.get(result, CallOrder.State.OPEN), "version": row.version + 1,
    }  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    if row.state != CallOrder.State.OPEN:
        timers.meet(subject=row, milestones=[MILESTONE], by=actor.staff, at=at)
    _ring(
        order=row,
        staff=row.ordered_by,
        text=REPORTED,
        params={"outcome": outcome},
        why=f"try:{row.tries}",
        at=at,
    )
    kind = "call_reported" if row.state != CallOrder.State.OPEN else "call_tried"
    _record(
        order=row,
        kind=kind,
        by=actor.staff,
        at=at,
        data={"result": result, "outcome": outcome, "tries": row.tries},
    )
    return row


def _owe_report(*, order: CallOrder, asked: datetime | None, at: datetime) -> None:
    rule = resolve(rule_id="F-15", site=order.site, at=at)
    amount = rule["report_within"]
    if amount is None and asked is None:
        return
    unit = rule.rule.parameter("report_within").unit
    calendar = SiteCalendars(site_id=order.site_id).counting(unit=unit)
    ladder = figure(path="C-53.escalation_ladder", site=order.site, at=at) or []
    promise = Promise(
        milestone=MILESTONE,
        resolved=rule,
        amount=int(amount or 0),
        unit=unit,
        starts_at=at,
        due_at=asked or due_moment(start=at, amount=int(amount), unit=unit, calendar=calendar).at,
        responsible_role="FRONT_DESK",
        responsible_staff=order.assigned,
        ladder=[Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder],
        warn_percent=figure(path="C-53.warn_at_percent", site=order.site, at=at),
        calendar=calendar_for(unit=unit),
    )
    timers.arm(site_id=order.site_id, subject=order, promises=[promise], at=at)


def _ring(
    *, order: CallOrder, staff: Staff, text: str, params: dict[str, object], why: str, at: datetime
) -> None:
    subject: models.Model = order.case or order
    draft = Draft(
        text=text, params={**params, "rule": "F-15"}, to_staff=staff, rule="F-15",
        dedup_key=f"call:{order.pk}:{why}:{staff.pk}",
    )  # fmt: skip
    queue(site_id=order.site_id, subject=subject, drafts=[draft], at=at)


def _record(*, order: CallOrder, kind: str, by: Staff, at: datetime, data: dict[str, object]) -> None:
    # on the case where there is one: the story is read there
    events.record(
        site_id=order.site_id, kind=f"followups.{kind}", subject=order.case or order, by=by, at=at, rule="F-15",
        data={"order": order.pk, "case": order.case_id, **data},
    )  # fmt: skip
