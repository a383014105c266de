"""Leave, swaps, wishes and calls as registers: what is shown of each and what may be done with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.turns import queries
from yingsheng.processes.turns.models import CallAttempt, Cover, Leave, Swap, Wish
from yingsheng.processes.turns.process import forms
from yingsheng.processes.turns.process.words import turn_words
from yingsheng.processes.turns.queries import APPROVE, CALL, PLAN, SEE
from yingsheng.processes.turns.services import leaves, swaps, wishes

TONES = {
    "asked": "soon", "agreed": "soon", "approved": "met", "refused": "late", "declined": "late", "withdrawn": "waiting",
    "open": "plain", "missed": "late", "reached": "met", "coming": "soon", "came": "met",
}  # fmt: skip


def _states(kinds: Any, *, final: frozenset[str]) -> tuple[State, ...]:
    return tuple(
        State(
            code=str(one.value),
            label=str(one.label),
            tone=TONES[str(one.value)],
            final=str(one.value) in final,
        )
        for one in kinds
    )


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"


def _cover_words(row: Leave) -> str:
    return "\n".join(_cover_line(one) for one in row.covers.all())


def _cover_line(one: Cover) -> str:
    who = one.substitute.name if one.substitute is not None else _("还没有人替")
    return f"{turn_words(turn=one.turn)} {_day(one.starts_at)}–{_day(one.ends_at)[6:]}：{who}"


def _is_asker(*, actor: Actor, record: Any) -> bool:
    return bool(record.staff_id == actor.staff.pk)


def _is_colleague(*, actor: Actor, record: Any) -> bool:
    return bool(record.colleague_id == actor.staff.pk)


def _is_other(*, actor: Actor, record: Any) -> bool:
    return actor.staff.pk not in {record.staff_id, getattr(record, "colleague_id", None)}


def _has_open(*, actor: Actor, record: Any) -> bool:
    return bool(record.open_turns) and _is_other(actor=actor, record=record)


def _turn_asked(*, actor: Actor, asked: str) -> Any:
    if not asked.isdigit() or len(asked) > 12:
        return None
    found = queries.find_turn(actor=actor, pk=int(asked))
    return found if found is not None and found.staff_id == actor.staff.pk else None


def _leave_start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """The hours of a turn that was pressed on, else tomorrow's working day."""
    turn = _turn_asked(actor=actor, asked=asked)
    tomorrow = (timezone.localtime(at) + timedelta(days=1)).replace(hour=8, minute=0)
    begins, ends = (
        (timezone.localtime(turn.starts_at), timezone.localtime(turn.ends_at))
        if turn is not None
        else (tomorrow, tomorrow.replace(hour=18))
    )
    return {"starts_at": begins.strftime("%Y-%m-%dT%H:%M"), "ends_at": ends.strftime("%Y-%m-%dT%H:%M")}


def _swap_start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    turn = _turn_asked(actor=actor, asked=asked)
    return {} if turn is None else {"day": turn.day, "shift": turn.shift.code}


def _call_start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    return {"staff": int(asked)} if asked.isdigit() and len(asked) < 12 else {}


LEAVES = RecordBook(
    code="leaves", title=N("请假与替班"), icon="door-exit",
    hint=N("请假向主管申请，批准后由主管安排替班；替班超过规定小时算请假一天。"), rules=("D-11", "D-28"), see=SEE,
    states=_states(Leave.State, final=frozenset({"refused", "withdrawn"})),
    state_of=lambda row: str(row.state), name=lambda row: str(row.staff.name),
    attrs=(
        Attr(
            name="kind", label=N("类别"), value=lambda row: row.kind, words=dict(forms.LEAVE_KINDS), listed=True,
        ),
        Attr(name="starts_at", label=N("从什么时候"), value=lambda row: row.starts_at, kind="moment", listed=True),
        Attr(name="ends_at", label=N("到什么时候"), value=lambda row: row.ends_at, kind="moment", listed=True),
        Attr(name="reason", label=N("特殊原因"), value=lambda row: row.reason, listed=True),
        Attr(name="covers", label=N("让出的班和替班的人"), value=_cover_words, wide=True),
        Attr(
            name="open_turns", label=N("还没人替的班"), value=lambda row: row.open_turns, kind="number", listed=True,
        ),
        Attr(name="asked_at", label=N("申请时间"), value=lambda row: row.asked_at, kind="moment"),
        Attr(name="decided_by", label=N("批复人"), value=lambda row: row.decided_by.name if row.decided_by else ""),
        Attr(name="decided_at", label=N("批复时间"), value=lambda row: row.decided_at, kind="moment"),
        Attr(name="decision", label=N("意见"), value=lambda row: row.decision, wide=True),
    ),
    rows=queries.list_leaves, find=queries.find_leave, newest_by="asked_at",
    verbs=(
        Verb(
            code="approve", form=forms.LEAVE_APPROVE, permission=APPROVE, run=leaves.approve_leave, sources=("asked",),
            fits=_is_other,
        ),
        Verb(
            code="refuse", form=forms.LEAVE_REFUSE, permission=APPROVE, run=leaves.refuse_leave, sources=("asked",),
            fits=_is_other,
        ),
        Verb(
            code="substitute", form=forms.LEAVE_SUBSTITUTE, permission=APPROVE, run=leaves.name_substitute,
            sources=("approved",), fits=_has_open,
        ),
        Verb(
            code="withdraw", form=forms.LEAVE_WITHDRAW, permission=SEE, run=leaves.withdraw_leave, sources=("asked",),
            fits=_is_asker,
        ),
    ),
    create=forms.LEAVE, create_permission=SEE, make=leaves.ask_leave, start=_leave_start,
)  # fmt: skip


def _other_turn(row: Swap) -> str:
    return turn_words(turn=row.other_turn) if row.other_turn is not None else str(_("不还班"))


SWAPS = RecordBook(
    code="swaps", title=N("换班"), icon="refresh", hint=N("先问同事，同事同意后由主管批准；没有批准就照原表上班。"),
    rules=("D-11",), see=SEE,
    states=_states(Swap.State, final=frozenset({"approved", "declined", "refused", "withdrawn"})),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.staff.name} ⇄ {row.colleague.name}",
    attrs=(
        Attr(name="turn", label=N("让出的班"), value=lambda row: turn_words(turn=row.turn), listed=True),
        Attr(name="other_turn", label=N("换来的班"), value=_other_turn, listed=True),
        Attr(name="reason", label=N("原因"), value=lambda row: row.reason, listed=True),
        Attr(name="asked_at", label=N("申请时间"), value=lambda row: row.asked_at, kind="moment", listed=True),
        Attr(name="agreed_at", label=N("对方同意"), value=lambda row: row.agreed_at, kind="moment"),
        Attr(name="decided_by", label=N("批复人"), value=lambda row: row.decided_by.name if row.decided_by else ""),
        Attr(name="decided_at", label=N("批复时间"), value=lambda row: row.decided_at, kind="moment"),
        Attr(name="decision", label=N("意见"), value=lambda row: row.decision, wide=True),
    ),
    rows=queries.list_swaps, find=queries.find_swap, newest_by="asked_at",
    verbs=(
        Verb(
            code="agree", form=forms.SWAP_AGREE, permission=SEE, run=swaps.agree_swap, sources=("asked",),
            fits=_is_colleague,
        ),
        Verb(
            code="decline", form=forms.SWAP_DECLINE, permission=SEE, run=swaps.decline_swap, sources=("asked",),
            fits=_is_colleague,
        ),
        Verb(
            code="approve", form=forms.SWAP_APPROVE, permission=APPROVE, run=swaps.approve_swap, sources=("agreed",),
            fits=_is_other,
        ),
        Verb(
            code="refuse", form=forms.SWAP_REFUSE, permission=APPROVE, run=swaps.refuse_swap, sources=("agreed",),
            fits=_is_other,
        ),
        Verb(
            code="withdraw", form=forms.SWAP_WITHDRAW, permission=SEE, run=swaps.withdraw_swap,
            sources=("asked", "agreed"), fits=_is_asker,
        ),
    ),
    create=forms.SWAP, create_permission=SEE, make=swaps.ask_swap, start=_swap_start,
)  # fmt: skip

WISHES = RecordBook(
    code="wishes", title=N("休息愿望"), icon="star", hint=N("下月希望哪天休息；自动排班会尽量照顾，不保证。"),
    rules=("D-01",), see=SEE, states=_states(Wish.State, final=frozenset({"withdrawn"})),
    state_of=lambda row: str(row.state), name=lambda row: str(row.staff.name),
    attrs=(
        Attr(name="day", label=N("哪一天"), value=lambda row: row.day, kind="date", listed=True),
        Attr(name="note", label=N("说明"), value=lambda row: row.note, listed=True),
        Attr(name="asked_at", label=N("登记时间"), value=lambda row: row.asked_at, kind="moment", listed=True),
    ),
    rows=queries.list_wishes, find=queries.find_wish, newest_by="asked_at",
    verbs=(
        Verb(
            code="withdraw", form=forms.WISH_WITHDRAW, permission=SEE, run=wishes.withdraw_wish, sources=("open",),
            fits=_is_asker,
        ),
    ),
    create=forms.WISH, create_permission=SEE, make=wishes.make_wish,
)  # fmt: skip

CALLS = RecordBook(
    code="calls", title=N("随叫随到联系记录"), icon="phone-outgoing",
    hint=N("下班后和节假日联系主管的记录：什么时候、谁打的、通没通、有没有回到现场。"), rules=("D-13",), see=SEE,
    states=_states(CallAttempt.State, final=frozenset({"missed", "came"})),
    state_of=lambda row: str(row.state), name=lambda row: str(row.staff.name),
    attrs=(
        Attr(name="called_at", label=N("联系时间"), value=lambda row: row.called_at, kind="moment", listed=True),
        Attr(name="called_by", label=N("谁打的"), value=lambda row: row.called_by.name, listed=True),
        Attr(name="reason", label=N("为什么事"), value=lambda row: row.reason, listed=True),
        Attr(name="came_at", label=N("回到现场时间"), value=lambda row: row.came_at, kind="moment", listed=True),
        Attr(name="note", label=N("说明"), value=lambda row: row.note, wide=True),
    ),
    rows=queries.list_calls, find=queries.find_call, newest_by="called_at",
    verbs=(
        Verb(
            code="came", form=forms.CALL_CAME, permission=CALL, run=wishes.record_arrival,
            sources=("reached", "coming"),
        ),
    ),
    create=forms.CALL, create_permission=CALL, make=wishes.record_call, start=_call_start,
)  # fmt: skip

BOOKS = (LEAVES, SWAPS, WISHES, CALLS)
__all__ = ["BOOKS", "CALLS", "LEAVES", "PLAN", "SWAPS", "WISHES"]
