"""The registers: prepaid orders (FM-43, FM-44), joint purchases (FM-45), requests at utilities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yingsheng.base.money import format_fen
from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.books import stocktake_book
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.prepaid import queries
from yingsheng.processes.prepaid.models import Batch, Order, Request
from yingsheng.processes.prepaid.process import forms
from yingsheng.processes.prepaid.services import batches, orders, requests
from yingsheng.processes.prepaid.services.orders import CARRY, TAKE

SEE = "prepaid.see"
TONES = {
    "ordered": "soon", "batched": "plain", "carried": "waiting", "bought": "soon", "not_bought": "late",
    "told": "waiting", "collected": "met", "cancelled": "plain", "prepared": "soon", "closed": "met", "empty": "met",
    "requested": "soon", "submitted": "waiting", "done": "soon", "refused": "late",
}  # fmt: skip


def _states(choices: Any, *final: str) -> tuple[State, ...]:
    return tuple(
        State(code=code, label=str(label), tone=TONES.get(code, "plain"), final=code in final)
        for code, label in choices
    )


def _yuan(fen: int) -> str:
    return format_fen(fen=fen)


def _home(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """A record for a home that was asked for by its room."""
    return {"room": asked.removeprefix("home-")} if asked.startswith("home-") else {}


def _back(*, actor: Actor, record: Order) -> bool:
    """What is not with the purchaser any more."""
    return record.batch_id is None


def _expected(batch: Batch) -> dict[str, Any]:
    """A purchase that comes back whole brings every device."""
    return {"devices_back": batch.devices_out}


ORDERS = RecordBook(
    code="prepaid_orders", title=N("代购电气"), icon="bolt",
    hint=N("收现金和遥控板或智能卡，开保管凭条；每周集中购买，买回后通知住户来领，当面点清找零。"),
    rules=("P-02", "P-05"), see=SEE, states=_states(Order.State.choices, "collected", "cancelled"),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.household.room.label}",
    attrs=(
        Attr(name="room", label=N("房号"), value=lambda row: row.household.room.label, listed=True),
        Attr(name="kind", label=N("买什么"), value=lambda row: row.kind, words=dict(forms.KINDS), listed=True),
        Attr(name="cash", label=N("预交（元）"), value=lambda row: _yuan(row.cash_fen), kind="number", listed=True),
        Attr(name="quantity", label=N("要买的数量"), value=lambda row: row.quantity or None, kind="number"),
        Attr(name="device", label=N("遥控板或智能卡编号"), value=lambda row: row.device, listed=True),
        Attr(name="payer", label=N("交款人"), value=lambda row: row.payer),
        Attr(name="ordered_at", label=N("登记时间"), value=lambda row: row.ordered_at, kind="moment", listed=True),
        Attr(name="ordered_by", label=N("登记人"), value=lambda row: row.ordered_by.name),
        Attr(name="bought", label=N("购买金额（元）"), kind="number", listed=True,
             value=lambda row: _yuan(row.bought_fen) if row.bought_fen else ""),
        Attr(name="bought_quantity", label=N("买到的数量"), value=lambda row: row.bought_quantity or None,
             kind="number"),
        Attr(name="receipt", label=N("收据号"), value=lambda row: row.receipt),
        Attr(name="change", label=N("找零（元）"), kind="number", listed=True,
             value=lambda row: _yuan(row.change_fen) if row.bought_fen else ""),
        Attr(name="told_at", label=N("通知时间"), value=lambda row: row.told_at, kind="moment"),
        Attr(name="collector", label=N("领取人"), value=lambda row: row.collector),
        Attr(name="collector_signed", label=N("领取签名"), value=lambda row: row.collector_signed),
        Attr(name="ended_at", label=N("领取时间"), value=lambda row: row.ended_at, kind="moment"),
        Attr(name="reason", label=N("原因"), value=lambda row: row.reason, wide=True),
    ),
    rows=queries.list_orders, find=queries.find_order, newest_by="ordered_at",
    filters=(Filter(name="kind", label=N("买什么"), choices=forms.KINDS),),
    verbs=(
        Verb(code="bought", form=forms.BOUGHT, permission=CARRY, run=orders.record_bought, sources=("carried",)),
        Verb(
            code="not_bought", form=forms.NOT_BOUGHT, permission=CARRY, run=orders.record_not_bought,
            sources=("carried",),
        ),
        Verb(
            code="tell", form=forms.TELL, permission=TAKE, run=orders.tell_home, sources=("bought", "not_bought"),
            fits=_back,
        ),
        Verb(
            code="collect", form=forms.COLLECT, permission=TAKE, run=orders.collect_order,
            sources=("bought", "told"), fits=_back, fill=lambda row: {"collector": row.payer},
        ),
        Verb(
            code="cancel", form=forms.ORDER_CANCEL, permission=TAKE, run=orders.cancel_order,
            sources=("ordered", "not_bought"), fits=_back, fill=lambda row: {"collector": row.payer},
        ),
    ),
    create=forms.ORDER, create_permission=TAKE, make=orders.take_order, start=_home,
)  # fmt: skip

BATCHES = RecordBook(
    code="prepaid_batches", title=N("集中购买"), icon="shopping-cart",
    hint=N("每周一次：列清单，交给代办人双方签名；交回时现金、票据、设备三样相符才能关闭。"),
    rules=("P-03", "P-04", "P-07"), see=SEE,
    states=_states(Batch.State.choices, "closed", "empty", "cancelled"),
    state_of=lambda row: str(row.state), name=lambda row: str(row.number),
    attrs=(
        Attr(name="purchaser", label=N("代办人"), value=lambda row: row.purchaser.name, listed=True),
        Attr(name="orders", label=N("户数"), value=lambda row: row.order_count, kind="number", listed=True),
        Attr(name="cash", label=N("交出现金（元）"), value=lambda row: _yuan(row.cash_fen), kind="number", listed=True),
        Attr(name="bought", label=N("购买金额（元）"), value=lambda row: _yuan(row.bought_fen), kind="number",
             listed=True),
        Attr(name="change", label=N("退回现金（元）"), value=lambda row: _yuan(row.change_fen), kind="number",
             listed=True),
        Attr(name="devices_out", label=N("交出设备"), value=lambda row: row.devices_out, kind="number"),
        Attr(name="devices_back", label=N("交回设备"), value=lambda row: row.devices_back, kind="number"),
        Attr(name="prepared_at", label=N("备好时间"), value=lambda row: row.prepared_at, kind="moment", listed=True),
        Attr(name="prepared_by", label=N("准备人"), value=lambda row: row.prepared_by.name),
        Attr(name="handed_at", label=N("交出时间"), value=lambda row: row.handed_at, kind="moment"),
        Attr(name="signed_out", label=N("交出签名"), value=lambda row: _both(row.given_signed, row.taken_signed)),
        Attr(name="returned_at", label=N("交回时间"), value=lambda row: row.returned_at, kind="moment"),
        Attr(name="signed_back", label=N("交回签名"), value=lambda row: _both(row.back_signed, row.kept_signed)),
        Attr(name="remark", label=N("备注"), value=lambda row: row.remark, wide=True),
        Attr(name="explanation", label=N("说明"), value=lambda row: row.explanation, wide=True),
    ),
    rows=queries.list_batches, find=queries.find_batch, newest_by="prepared_at",
    verbs=(
        Verb(
            code="hand", form=forms.BATCH_HAND, permission=TAKE, run=batches.hand_batch_over, sources=("prepared",)
        ),
        Verb(
            code="gather", form=forms.BATCH_GATHER, permission=TAKE, run=batches.gather_batch, sources=("prepared",)
        ),
        Verb(
            code="back", form=forms.BATCH_BACK, permission=TAKE, run=batches.take_batch_back, sources=("carried",),
            fill=_expected,
        ),
        Verb(
            code="cancel", form=forms.BATCH_CANCEL, permission=TAKE, run=batches.cancel_batch, sources=("prepared",)
        ),
    ),
    create=forms.BATCH, create_permission=TAKE, make=batches.prepare_batch,
)  # fmt: skip

REQUESTS = RecordBook(
    code="utility_requests", title=N("代办"), icon="file-text",
    hint=N("代住户申办开通或缴费：受理、递交、办妥或没有办成，告知住户并交还资料和票据。"), rules=("P-01",), see=SEE,
    states=_states(Request.State.choices, "closed"),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.household.room.label}",
    attrs=(
        Attr(name="room", label=N("房号"), value=lambda row: row.household.room.label, listed=True),
        Attr(name="kind", label=N("代办种类"), value=lambda row: row.kind, words=dict(forms.REQUEST_KINDS),
             listed=True),
        Attr(name="utility", label=N("哪家单位"), value=lambda row: row.utility, listed=True),
        Attr(name="requested_by_name", label=N("申请人"), value=lambda row: row.requested_by_name),
        Attr(name="text", label=N("要办什么"), value=lambda row: row.text, wide=True),
        Attr(name="papers", label=N("收下的资料"), value=lambda row: row.papers, wide=True),
        Attr(name="cash", label=N("收到现金（元）"), value=lambda row: _yuan(row.cash_fen), kind="number", listed=True),
        Attr(name="requested_at", label=N("受理时间"), value=lambda row: row.requested_at, kind="moment", listed=True),
        Attr(name="taken_by", label=N("受理人"), value=lambda row: row.taken_by.name),
        Attr(name="runner", label=N("经办人"), value=lambda row: row.runner.name if row.runner else "", listed=True),
        Attr(name="submitted_at", label=N("递交时间"), value=lambda row: row.submitted_at, kind="moment"),
        Attr(name="result", label=N("结果"), value=lambda row: row.result, wide=True),
        Attr(name="paid", label=N("缴费金额（元）"), value=lambda row: _yuan(row.paid_fen), kind="number"),
        Attr(name="receipt", label=N("收据号"), value=lambda row: row.receipt),
        Attr(name="closed_at", label=N("交还时间"), value=lambda row: row.closed_at, kind="moment"),
        Attr(name="closed_signed", label=N("领取签名"), value=lambda row: row.closed_signed),
    ),
    rows=queries.list_requests, find=queries.find_request, newest_by="requested_at",
    filters=(Filter(name="kind", label=N("代办种类"), choices=forms.REQUEST_KINDS),),
    verbs=(
        Verb(
            code="submit", form=forms.REQUEST_SUBMIT, permission=TAKE, run=requests.submit_request,
            sources=("requested",),
        ),
        Verb(
            code="done", form=forms.REQUEST_DONE, permission=CARRY, run=requests.finish_request, sources=("submitted",)
        ),
        Verb(
            code="refuse", form=forms.REQUEST_REFUSED, permission=CARRY, run=requests.refuse_request,
            sources=("submitted",),
        ),
        Verb(
            code="close", form=forms.REQUEST_CLOSE, permission=TAKE, run=requests.close_request,
            sources=("done", "refused"), fill=lambda row: {"collector": row.requested_by_name},
        ),
    ),
    create=forms.REQUEST, create_permission=TAKE, make=requests.take_request, start=_home,
)  # fmt: skip
STOCKTAKES = stocktake_book(process="prepaid", title=N("设备清点"), rule="P-02", see=SEE, count=TAKE)
BOOKS = (ORDERS, BATCHES, REQUESTS, STOCKTAKES)


def _both(first: str, second: str) -> str:
    return " / ".join(one for one in (first, second) if one)
