"""The registers of visitors, deposits and lost property as declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.rules import HELD
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.visitors.models import Visitor
from yingsheng.processes.visitors.process import forms
from yingsheng.processes.visitors.queries import deposits as deposit_queries
from yingsheng.processes.visitors.queries import visits as queries
from yingsheng.processes.visitors.rules.visits import (
    ENDED,
    EXPECTED,
    INSIDE,
    TURNED_AWAY,
    WAITING,
)
from yingsheng.processes.visitors.services import deposits, visits
from yingsheng.processes.visitors.services.writing import DEPOSITS, REGISTER, SEE

TONES = {"expected": "plain", "waiting": "soon", "inside": "met", "refused": "waiting", "message": "waiting"}


ACTS = {
    "received": N("收下"), "collected": N("领走"), "handed_on": N("移交"), "moved": N("换地方"),
}  # fmt: skip


def visitor_name(row: Visitor) -> str:
    """What a visit is called once nobody remembers the name."""
    return str(row.name or _("姓名已清除"))


def _room(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """What the form begins with for a home that was asked for."""
    if not asked.startswith("home-"):
        return {}
    return {"room": asked.removeprefix("home-"), "host_kind": "home", "kind": "deposit"}


VISITORS = RecordBook(
    code="visitors", title=N("来访登记"), icon="users",
    hint=N("谁来、找谁、被访人同意没有、什么时候进出；不记证件号，姓名到期清除。"),
    rules=("V-01", "V-05", "V-09"), see=SEE,
    states=tuple(
        State(code=code, label=str(label), tone=TONES.get(code, "plain"), final=code in ENDED)
        for code, label in Visitor.State.choices
    ),
    state_of=lambda row: str(row.state), name=visitor_name,
    attrs=(
        Attr(name="host", label=N("找谁"), value=queries.host_of, listed=True),
        Attr(name="purpose", label=N("事由"), value=lambda row: row.purpose, listed=True),
        Attr(name="people", label=N("人数"), value=lambda row: row.people, kind="number"),
        Attr(name="is_vip", label=N("重要来宾"), value=lambda row: row.is_vip),
        Attr(name="expected_at", label=N("预约的时间"), value=lambda row: row.expected_at, kind="moment"),
        Attr(name="met_by", label=N("由谁迎接、引导"), value=lambda row: row.met_by.name if row.met_by else ""),
        Attr(
            name="host_answer", label=N("被访人怎么说"), value=lambda row: row.host_answer,
            words=dict(forms.HOST_ANSWERS),
        ),
        Attr(name="id_state", label=N("证件"), value=lambda row: row.id_state, words=dict(forms.ID_STATES)),
        Attr(name="leader", label=N("来协助的干部"), value=lambda row: row.leader),
        Attr(name="led_by", label=N("由谁带路"), value=lambda row: row.led_by),
        Attr(name="reason", label=N("未进入的原因"), value=lambda row: row.reason, words=dict(forms.REASONS)),
        Attr(name="message", label=N("留言或名片"), value=lambda row: row.message, wide=True),
        Attr(
            name="registered_at", label=N("登记时间"), value=lambda row: row.registered_at, kind="moment", listed=True,
        ),
        Attr(name="registered_by", label=N("登记人"), value=lambda row: row.registered_by.name, listed=True),
        Attr(name="in_at", label=N("进入时间"), value=lambda row: row.in_at, kind="moment", listed=True),
        Attr(name="let_in_by", label=N("放行的人"), value=lambda row: row.let_in_by.name if row.let_in_by else ""),
        Attr(name="out_at", label=N("离开时间"), value=lambda row: row.out_at, kind="moment", listed=True),
    ),
    rows=queries.list_visitors, find=queries.find_visitor, newest_by="registered_at",
    verbs=(
        Verb(
            code="arrive", form=forms.VISITOR_ARRIVED, permission=REGISTER, run=visits.visitor_arrived,
            sources=(EXPECTED,),
        ),
        Verb(
            code="let_in", form=forms.VISITOR_IN, permission=REGISTER, run=visits.let_in, sources=(WAITING,),
            fill=lambda row: {"led_by": row.met_by.name if row.met_by else ""},
        ),
        Verb(
            code="refuse", form=forms.VISITOR_REFUSE, permission=REGISTER, run=visits.turn_away, sources=(WAITING,)
        ),
        Verb(
            code="message", form=forms.VISITOR_MESSAGE, permission=REGISTER, run=visits.take_message,
            sources=(WAITING, TURNED_AWAY),
        ),
        Verb(
            code="leave", form=forms.VISITOR_LEAVE, permission=REGISTER, run=visits.see_off, sources=(INSIDE,)
        ),
        Verb(
            code="cancel", form=forms.VISITOR_CANCEL, permission=REGISTER, run=visits.cancel_visit,
            sources=(EXPECTED,),
        ),
    ),
    create=forms.VISITOR, create_permission=REGISTER, make=visits.register_visitor, start=_room,
    filters=(Filter(name="host_kind", label=N("找谁"), choices=forms.HOST_KINDS),),
)  # fmt: skip

DEPOSIT_BOOK = RecordBook(
    code="deposits", title=N("寄存与失物"), icon="package",
    hint=N("住户寄存的和捡到的东西：什么状况、放在哪里、谁收的、谁签名领走。"), rules=("V-04", "V-09"), see=SEE,
    states=(
        State(code="held", label=N("保管中"), tone="plain"),
        State(code="gone", label=N("已交出"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.name}",
    attrs=(
        Attr(
            name="kind", label=N("是哪一种"), value=lambda row: row.kind, words=dict(forms.DEPOSIT_KINDS), listed=True
        ),
        Attr(name="giver", label=N("寄存人或拾到的人"), value=deposit_queries.giver_of, listed=True),
        Attr(name="room", label=N("房号"), value=lambda row: row.room.label if row.room else "", listed=True),
        Attr(name="condition", label=N("状况"), value=lambda row: row.deposit.condition, wide=True),
        Attr(name="found_where", label=N("在哪里捡到的"), value=lambda row: row.deposit.found_where, wide=True),
        Attr(name="place", label=N("放在哪里"), value=lambda row: row.place, listed=True),
        Attr(
            name="taken_in_at", label=N("收下的时间"), value=lambda row: row.taken_in_at, kind="moment", listed=True
        ),
        Attr(name="taken_in_by", label=N("收取人"), value=lambda row: row.taken_in_by.name),
        Attr(name="due_at", label=N("保管到"), value=lambda row: row.due_at, kind="moment", listed=True),
        Attr(name="holder", label=N("领取人"), value=lambda row: row.holder_name, listed=True),
        Attr(name="remark", label=N("备注"), value=lambda row: row.remark, wide=True),
    ),
    rows=deposit_queries.list_deposits, find=deposit_queries.find_deposit, newest_by="taken_in_at",
    verbs=(
        Verb(
            code="collect", form=forms.DEPOSIT_COLLECT, permission=DEPOSITS, run=deposits.collect_deposit,
            sources=(HELD,),
        ),
        Verb(
            code="move", form=forms.DEPOSIT_MOVE, permission=DEPOSITS, run=deposits.move_deposit, sources=(HELD,)
        ),
        Verb(
            code="hand_on", form=forms.DEPOSIT_HAND_ON, permission=DEPOSITS, run=deposits.hand_on_deposit,
            sources=(HELD,),
        ),
    ),
    create=forms.DEPOSIT, create_permission=DEPOSITS, make=deposits.take_deposit, start=_room,
    filters=(Filter(name="kind", label=N("是哪一种"), choices=forms.DEPOSIT_KINDS),),
)  # fmt: skip
