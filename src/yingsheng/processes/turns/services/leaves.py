"""Leave and substitution: asked for with a reason, decided by the supervisor, who names the substitute (D-11, D-28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.rosters import writing
from yingsheng.kernel.rosters.checks import TurnBook
from yingsheng.kernel.rosters.models import Assignment, Roster
from yingsheng.kernel.rosters.rules import Span
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import due_by, owe
from yingsheng.processes.turns.models import Cover, Leave
from yingsheng.processes.turns.queries import APPROVE, SEE
from yingsheng.processes.turns.services.holding import deciders, demand_decider, note, tell

DECIDE, NAME = "decide_leave", "name_substitute"
LONGEST = timedelta(days=180)
ASKED = gettext_noop("%(who)s申请%(start)s起请假，请批复（%(rule)s）")
YES = gettext_noop("您%(start)s起的请假已批准（%(rule)s）")
NO = gettext_noop("您%(start)s起的请假未批准（%(rule)s）")
STAND_IN = gettext_noop("请您为%(who)s替班：%(days)s（%(rule)s）")
LEAVE = gettext_noop("%(who)s那时请假")


@transaction.atomic
def ask_leave(
    *, actor: Actor, at: datetime, kind: str, starts_at: datetime, ends_at: datetime, reason: str
) -> Leave:
    """Ask to be away, with the special reason that D-28 wants; the supervisor owes an answer (D-11)."""
    demand(actor=actor, permission=SEE)
    if ends_at <= starts_at:
        raise Refused(gettext_noop("结束时间要晚于开始时间"), field="ends_at", rule="D-11")
    if ends_at - starts_at > LONGEST:
        raise Refused(gettext_noop("一次请假最多%(days)s天"), field="ends_at", rule="D-11", days=LONGEST.days)
    Staff.objects.select_for_update(no_key=True).get(pk=actor.staff.pk)
    running = Leave.objects.filter(site=actor.site, staff=actor.staff, state__in=("asked", "approved"))
    if running.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Refused(gettext_noop("这段时间您已经请过假"), field="starts_at", rule="D-11")
    row = Leave.objects.create(
        site=actor.site, staff=actor.staff, kind=kind, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(),
        asked_at=at,
    )  # fmt: skip
    owe(
        site=actor.site,
        subject=row,
        milestone=DECIDE,
        path="D-11.decide_within",
        role="CS_SUP",
        at=at,
        climbs=True,
    )
    tell(
        record=row, people=deciders(actor=actor, at=at), text=ASKED, rule="D-11", at=at, who=actor.staff.name,
        start=starts_at.isoformat(),
    )  # fmt: skip
    note(
        record=row, kind="leave_asked", actor=actor, at=at, rule="D-11", start=starts_at.isoformat(),
        end=ends_at.isoformat(), reason=row.reason,
    )  # fmt: skip
    return row


@transaction.atomic
def approve_leave(
    *,
    actor: Actor,
    record: Leave,
    at: datetime,
    substitute: Staff | None = None,
    decision: str = "",
    seen: int | None = None,
) -> Leave:
    """Approve: the turns within are taken off him, and the substitute gets those he can take (D-11).

    What nobody stands in for yet is owed by the supervisor, at the latest when the turn begins.
    """
    row = hold(actor=actor, record=record, permission=APPROVE, seen=seen, states=("asked",))
    demand_decider(actor=actor, at=at, concerned=[row.staff_id])
    people = [row.staff, *([substitute] if substitute else [])]
    writing.hold_people(people=people)
    turns = writing.list_turns_within(site=actor.site, staff=row.staff, span=(row.starts_at, row.ends_at))
    for month in sorted({turn.roster.month for turn in turns}):
        writing.hold_roster(site=actor.site, day=month, people=[])
    parts = [(turn, _take_off(row, turn, at)) for turn in turns]
    # a draft goes on being planned, nobody has to stand in for it
    covers = [
        Cover.objects.create(leave=row, turn=turn, starts_at=part[0], ends_at=part[1])
        for turn, part in parts
        if turn.roster.state == Roster.State.PUBLISHED
    ]
    left = _stand_in(actor=actor, row=row, covers=covers, substitute=substitute, at=at)
    change(
        record=row, state="approved", decided_at=at, decided_by=actor.staff, decision=decision.strip(),
        open_turns=len(left),
    )  # fmt: skip
    timers.meet(subject=row, milestones=[DECIDE], by=actor.staff, at=at)
    if left:
        _owe_names(actor=actor, row=row, first=min(one.starts_at for one in left), at=at)
    _tell_decided(row, YES, at)
    note(
        record=row, kind="leave_approved", actor=actor, at=at, rule="D-11", turns=len(turns), open=len(left),
        substitute=substitute.name if substitute else "",
    )  # fmt: skip
    return row


@transaction.atomic
def name_substitute(
    *,
    actor: Actor,
    record: Leave,
    at: datetime,
    substitute: Staff,
    day: date | None = None,
    seen: int | None = None,
) -> Leave:
    """Name who stands in for what is still open, all of it or the turns of one day (D-11)."""
    row = hold(actor=actor, record=record, permission=APPROVE, seen=seen, states=("approved",))
    demand_decider(actor=actor, at=at, concerned=[row.staff_id])
    rows = Cover.objects.filter(leave=row, substitute=None)
    everything = list(rows.select_related("turn__shift__post", "turn__roster").order_by("starts_at"))
    covers = [one for one in everything if day is None or one.turn.day == day]
    if not covers:
        raise Refused(gettext_noop("没有还要找人替的班"), code="none", field="day", rule="D-11")
    writing.hold_people(people=[row.staff, substitute])
    left = _stand_in(actor=actor, row=row, covers=covers, substitute=substitute, at=at)
    still = len(everything) - len(covers) + len(left)
    change(record=row, open_turns=still)
    if not still:
        timers.meet(subject=row, milestones=[NAME], by=actor.staff, at=at)
    note(
        record=row, kind="substitute_named", actor=actor, at=at, rule="D-11", substitute=substitute.name,
        turns=len(covers) - len(left), open=still,
    )  # fmt: skip
    return row


@transaction.atomic
def refuse_leave(
    *, actor: Actor, record: Leave, at: datetime, decision: str, seen: int | None = None
) -> Leave:
    """Turn it down, with the reason; the roster stays as it is (D-11)."""
    row = hold(actor=actor, record=record, permission=APPROVE, seen=seen, states=("asked",))
    demand_decider(actor=actor, at=at, concerned=[row.staff_id])
    change(record=row, state="refused", decided_at=at, decided_by=actor.staff, decision=decision.strip())
    timers.meet(subject=row, milestones=[DECIDE], by=actor.staff, at=at)
    _tell_decided(row, NO, at)
    note(record=row, kind="leave_refused", actor=actor, at=at, rule="D-11", reason=row.decision)
    return row


@transaction.atomic
def withdraw_leave(*, actor: Actor, record: Leave, at: datetime, seen: int | None = None) -> Leave:
    """Take the request back before it is decided; only whoever made it."""
    row = hold(actor=actor, record=record, permission=SEE, seen=seen, states=("asked",))
    if row.staff_id != actor.staff.pk:
        raise Refused(gettext_noop("只有申请人自己可以撤回"), code="not_his", rule="D-11")
    change(record=row, state="withdrawn")
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("申请已撤回"))
    note(record=row, kind="leave_withdrawn", actor=actor, at=at, rule="D-11")
    return row


def _take_off(row: Leave, turn: Assignment, at: datetime) -> Span:
    return writing.release(turn=turn, span=(row.starts_at, row.ends_at), at=at, reason=gettext_noop("请假"))


def _stand_in(
    *, actor: Actor, row: Leave, covers: Sequence[Cover], substitute: Staff | None, at: datetime
) -> list[Cover]:
    """Give the substitute what he can take; what is left over. Refused if he can take none of it."""
    if substitute is None or not covers:
        return list(covers)
    if substitute.pk == row.staff_id:
        raise Refused(gettext_noop("不能自己替自己"), field="substitute", rule="D-11")
    days = [one.turn.day for one in covers]
    book = writing.book_for(site=actor.site, people=[substitute], first=min(days), last=max(days), at=at)
    left: list[Cover] = []
    refusal: Refused | None = None
    for one in covers:
        try:
            one.made = _cover(actor, one, substitute, book)
        except Refused as found:
            refusal = refusal or found
            left.append(one)
            continue
        one.substitute = substitute
        one.save(update_fields=["made", "substitute"])
    if refusal is not None and len(left) == len(covers):
        raise refusal
    named = "、".join(str(one.turn.day) for one in covers if one.substitute is not None)
    tell(record=row, people=[substitute], text=STAND_IN, rule="D-11", at=at, who=row.staff.name, days=named)
    return left


def _cover(actor: Actor, one: Cover, substitute: Staff, book: TurnBook) -> Assignment:
    span = (one.starts_at, one.ends_at)
    away = Leave.objects.filter(
        site=actor.site, staff=substitute, state="approved", starts_at__lt=span[1], ends_at__gt=span[0]
    )
    if away.exists():
        raise Refused(LEAVE, code="away", field="substitute", rule="D-11", who=substitute.name)
    return writing.stand_in(
        turn=one.turn, span=span, staff=substitute, book=book, origin=Assignment.Origin.SUBSTITUTE
    )


def _owe_names(*, actor: Actor, row: Leave, first: datetime, at: datetime) -> None:
    usual = due_by(path="D-11.substitute_within", site=actor.site, starts_at=at, at=at)
    until = max(at, min(usual, first)) if usual is not None else max(at, first)
    owe(
        site=actor.site, subject=row, milestone=NAME, path="D-11.substitute_within", role="CS_SUP", at=at,
        until=until, climbs=True,
    )  # fmt: skip


def _tell_decided(row: Leave, text: str, at: datetime) -> None:
    tell(record=row, people=[row.staff], text=text, rule="D-11", at=at, start=row.starts_at.isoformat())
