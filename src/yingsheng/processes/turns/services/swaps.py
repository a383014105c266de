"""Swaps: asked of a colleague, agreed by him, approved by the supervisor; nobody swaps in private (D-11)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.rosters import writing
from yingsheng.kernel.rosters.checks import TurnBook
from yingsheng.kernel.rosters.models import Assignment
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.turns.models import Swap
from yingsheng.processes.turns.queries import APPROVE, SEE, find_published_turns, is_away
from yingsheng.processes.turns.services.holding import deciders, demand_decider, note, tell

DECIDE = "decide_swap"
ASKED = gettext_noop("%(who)s想和您换班：%(day)s%(shift)s，请答复（%(rule)s）")
AGREED = gettext_noop("%(who)s和%(other)s要换班：%(day)s%(shift)s，请批准（%(rule)s）")
YES = gettext_noop("%(day)s%(shift)s已经换班（%(rule)s）")
NO = gettext_noop("%(day)s%(shift)s没有换成，照原表上班（%(rule)s）")


@transaction.atomic
def ask_swap(
    *,
    actor: Actor,
    at: datetime,
    day: date,
    colleague: Staff,
    reason: str,
    shift: str = "",
    other_day: date | None = None,
) -> Swap:
    """Ask a colleague to take a turn, for one of his or for none; nothing changes before it is approved (D-11)."""
    demand(actor=actor, permission=SEE)
    if colleague.pk == actor.staff.pk:
        raise Refused(gettext_noop("请选另一位同事"), field="colleague", rule="D-11")
    turn = _turn(actor=actor, staff=actor.staff, day=day, code=shift, at=at, field="day")
    other = None
    if other_day is not None:
        other = _turn(actor=actor, staff=colleague, day=other_day, code="", at=at, field="other_day")
    try:
        with transaction.atomic():
            row = Swap.objects.create(
                site=actor.site, staff=actor.staff, turn=turn, colleague=colleague, other_turn=other,
                reason=reason.strip(), asked_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(gettext_noop("这个班已经在申请换班"), field="day", rule="D-11") from error
    tell(
        record=row, people=[colleague], text=ASKED, rule="D-11", at=at, who=actor.staff.name, day=str(turn.day),
        shift=turn.shift.name,
    )  # fmt: skip
    note(
        record=row, kind="swap_asked", actor=actor, at=at, rule="D-11", other=colleague.name, day=str(turn.day),
        shift=turn.shift.name,
    )  # fmt: skip
    return row


@transaction.atomic
def agree_swap(*, actor: Actor, record: Swap, at: datetime, seen: int | None = None) -> Swap:
    """The colleague agrees; now the supervisor owes an answer (D-11)."""
    row = hold(actor=actor, record=record, permission=SEE, seen=seen, states=("asked",))
    _demand_colleague(actor, row)
    change(record=row, state="agreed", agreed_at=at)
    owe(site=actor.site, subject=row, milestone=DECIDE, path="D-11.decide_within", role="CS_SUP", at=at)
    tell(
        record=row, people=deciders(actor=actor, at=at), text=AGREED, rule="D-11", at=at, who=row.staff.name,
        other=row.colleague.name, day=str(row.turn.day), shift=row.turn.shift.name,
    )  # fmt: skip
    note(record=row, kind="swap_agreed", actor=actor, at=at, rule="D-11")
    return row


@transaction.atomic
def decline_swap(
    *, actor: Actor, record: Swap, at: datetime, decision: str = "", seen: int | None = None
) -> Swap:
    """The colleague does not want to."""
    row = hold(actor=actor, record=record, permission=SEE, seen=seen, states=("asked",))
    _demand_colleague(actor, row)
    change(record=row, state="declined", decision=decision.strip())
    _tell_end(row, NO, at)
    note(record=row, kind="swap_declined", actor=actor, at=at, rule="D-11", reason=row.decision)
    return row


@transaction.atomic
def approve_swap(*, actor: Actor, record: Swap, at: datetime, seen: int | None = None) -> Swap:
    """The supervisor approves, and both turns change hands at once (D-11).

    Refused for turns that are not theirs any more, and for whoever cannot take the turn he would get.
    """
    row = hold(actor=actor, record=record, permission=APPROVE, seen=seen, states=("agreed",))
    demand_decider(actor=actor, at=at, concerned=[row.staff_id, row.colleague_id])
    people = [row.staff, row.colleague]
    asked = [one for one in (row.turn, row.other_turn) if one is not None]
    # in the order of the days, so that two swaps across two months never wait for each other
    turns = [
        writing.hold_turn(site=actor.site, turn=one, people=people)
        for one in sorted(asked, key=lambda each: (each.day, each.pk))
    ]
    if any(one.starts_at <= at for one in turns):
        raise Refused(gettext_noop("已经开始的班不能再换"), code="begun", rule="D-11")
    days = [one.day for one in turns]
    book = writing.book_for(site=actor.site, people=people, first=min(days), last=max(days), at=at)
    for one in turns:
        writing.end(turn=one, at=at, reason=gettext_noop("换班"))
        book.drop(one)
    for one in turns:
        _hand(
            actor=actor, turn=one, to=row.colleague if one.staff_id == row.staff_id else row.staff, book=book
        )
    change(record=row, state="approved", decided_at=at, decided_by=actor.staff)
    timers.meet(subject=row, milestones=[DECIDE], by=actor.staff, at=at)
    _tell_end(row, YES, at)
    note(
        record=row, kind="swap_approved", actor=actor, at=at, rule="D-11", who=row.staff.name,
        other=row.colleague.name, day=str(row.turn.day), shift=row.turn.shift.name,
    )  # fmt: skip
    return row


@transaction.atomic
def refuse_swap(*, actor: Actor, record: Swap, at: datetime, decision: str, seen: int | None = None) -> Swap:
    """The supervisor turns it down, with the reason (D-11)."""
    row = hold(actor=actor, record=record, permission=APPROVE, seen=seen, states=("agreed",))
    demand_decider(actor=actor, at=at, concerned=[row.staff_id, row.colleague_id])
    change(record=row, state="refused", decided_at=at, decided_by=actor.staff, decision=decision.strip())
    timers.meet(subject=row, milestones=[DECIDE], by=actor.staff, at=at)
    _tell_end(row, NO, at)
    note(record=row, kind="swap_refused", actor=actor, at=at, rule="D-11", reason=row.decision)
    return row


@transaction.atomic
def withdraw_swap(*, actor: Actor, record: Swap, at: datetime, seen: int | None = None) -> Swap:
    """Whoever asked takes it back before it is approved."""
    row = hold(actor=actor, record=record, permission=SEE, seen=seen, states=("asked", "agreed"))
    if row.staff_id != actor.staff.pk:
        raise Refused(gettext_noop("只有申请人自己可以撤回"), code="not_his", rule="D-11")
    change(record=row, state="withdrawn")
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("申请已撤回"))
    note(record=row, kind="swap_withdrawn", actor=actor, at=at, rule="D-11")
    return row


def _turn(*, actor: Actor, staff: Staff, day: date, code: str, at: datetime, field: str) -> Assignment:
    found = find_published_turns(site=actor.site, staff=staff, day=day, code=code.strip())
    if not found:
        text = gettext_noop("%(who)s在%(day)s没有已发布的班")
        raise Refused(text, field=field, rule="D-11", who=staff.name, day=str(day))
    if len(found) > 1:
        raise Refused(gettext_noop("那天有几个班，请写明班次代码"), field="shift", rule="D-11")
    if found[0].starts_at <= at:
        raise Refused(gettext_noop("已经开始的班不能再换"), field=field, rule="D-11", code="begun")
    return found[0]


def _demand_colleague(actor: Actor, row: Swap) -> None:
    if row.colleague_id != actor.staff.pk:
        raise Refused(gettext_noop("换班要由被问的同事自己答复"), code="not_his", rule="D-11")


def _hand(*, actor: Actor, turn: Assignment, to: Staff, book: TurnBook) -> None:
    span = (turn.starts_at, turn.ends_at)
    found = book.objection(staff=to, shift=turn.shift, day=turn.day, span=span)
    if found is not None:
        raise found.refuse(field="")
    if is_away(site=actor.site, staff=to, span=span) is not None:
        raise Refused(gettext_noop("%(who)s那时请假"), code="away", rule="D-11", who=to.name)
    made = writing.put(
        roster=turn.roster, shift=turn.shift, day=turn.day, staff=to, span=span, origin=Assignment.Origin.SWAP,
        covers=turn, fixed=turn.is_fixed,
    )  # fmt: skip
    book.add(made)


def _tell_end(row: Swap, text: str, at: datetime) -> None:
    tell(
        record=row, people=[row.staff, row.colleague], text=text, rule="D-11", at=at, day=str(row.turn.day),
        shift=row.turn.shift.name,
    )  # fmt: skip
