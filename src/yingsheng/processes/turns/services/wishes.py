"""Days that people would like to have free, and attempts to reach those on call (D-01, D-13)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold
from yingsheng.processes.turns.models import CallAttempt, Wish
from yingsheng.processes.turns.queries import CALL, SEE, list_on_call
from yingsheng.processes.turns.services.holding import note


@transaction.atomic
def make_wish(*, actor: Actor, at: datetime, day: date, note_text: str = "") -> Wish:
    """Say that one would like a day free; the planner weighs it, nobody is bound by it (D-01)."""
    demand(actor=actor, permission=SEE)
    if day <= timezone.localtime(at).date():
        raise Refused(gettext_noop("请选今天以后的日期"), field="day", rule="D-01")
    try:
        with transaction.atomic():
            row = Wish.objects.create(
                site=actor.site, staff=actor.staff, day=day, note=note_text.strip(), asked_at=at
            )
    except IntegrityError as error:
        raise Refused(gettext_noop("这一天已经登记过"), field="day", rule="D-01") from error
    note(record=row, kind="wish_made", actor=actor, at=at, rule="D-01", day=str(day))
    return row


@transaction.atomic
def withdraw_wish(*, actor: Actor, record: Wish, at: datetime, seen: int | None = None) -> Wish:
    """No longer wish for the day; only whoever did."""
    row = hold(actor=actor, record=record, permission=SEE, seen=seen, states=("open",))
    if row.staff_id != actor.staff.pk:
        raise Refused(gettext_noop("只有申请人自己可以撤回"), code="not_his", rule="D-01")
    change(record=row, state="withdrawn")
    note(record=row, kind="wish_withdrawn", actor=actor, at=at, rule="D-01", day=str(row.day))
    return row


@transaction.atomic
def record_call(
    *, actor: Actor, at: datetime, staff: Staff, outcome: str, reason: str, note_text: str = ""
) -> CallAttempt:
    """Write down that somebody on call was rung up: when, by whom, reached or not (D-13)."""
    demand(actor=actor, permission=CALL)
    if staff.pk not in {one.staff.pk for one in list_on_call(site=actor.site, at=at)}:
        raise Refused(gettext_noop("这位同事不在随叫随到名单上"), field="staff", rule="D-13")
    row = CallAttempt.objects.create(
        site=actor.site, staff=staff, phone=staff.phone, reason=reason.strip(), state=outcome, called_at=at,
        called_by=actor.staff, note=note_text.strip(),
    )  # fmt: skip
    note(
        record=row, kind="called", actor=actor, at=at, rule="D-13", who=staff.name,
        call_outcome=outcome, reason=row.reason,
    )  # fmt: skip
    return row


@transaction.atomic
def record_arrival(
    *, actor: Actor, record: CallAttempt, at: datetime, note_text: str = "", seen: int | None = None
) -> CallAttempt:
    """Whoever was reached came back to the site (D-13)."""
    row = hold(actor=actor, record=record, permission=CALL, seen=seen, states=("reached", "coming"))
    change(record=row, state="came", came_at=at, note=(note_text.strip() or row.note)[:200])
    note(record=row, kind="came_back", actor=actor, at=at, rule="D-13", who=row.staff.name)
    return row
