"""The registers: receipts, handovers to the cashier, counts of the box, every movement of cash."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.fees import queries
from yingsheng.processes.fees.models import Receipt
from yingsheng.processes.fees.process import forms
from yingsheng.processes.fees.process.words import PURPOSES, place_words, purpose_words
from yingsheng.processes.fees.services import cashbox, handing, receipts

SEE, SEE_CASH = "fees.see", "fees.see_box"


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_fen(fen=fen)


def _bag(row: Receipt) -> Any:
    found = list(row.takings.all())
    return found[0].handover if found else None


def _other(*, actor: Actor, record: Any) -> bool:
    """Whoever counted does not receive."""
    return bool(record.counted_by_id != actor.staff.pk)


def _different(*, actor: Actor, record: Any) -> bool:
    return bool(record.counted_fen != record.book_fen and record.place.balance_fen == record.book_fen)


def pieces_words(pieces: dict[str, int]) -> str:
    """A count in words: how many of each note."""
    labels = {name.removeprefix("n_"): label for name, label in forms.NOTES}
    return str(_("，")).join(f"{_(labels[one])} {number}" for one, number in pieces.items() if one in labels)


RECEIPTS = RecordBook(
    code="fee_receipts", title=N("费用代收"), icon="coin",
    hint=N("收银员不上班时前台代收，给收据号，付款人签名，现金进钱箱，按时移交收银员。默认不代收，由规程开启。"),
    rules=("O-01", "O-06"), see=SEE,
    states=(
        State(code="taken", label=N("已收"), tone="met", final=True),
        State(code="voided", label=N("已作废"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.household.room.label}",
    attrs=(
        Attr(name="room", label=N("房号"), value=lambda row: row.household.room.label, listed=True),
        Attr(name="item", label=N("收费项目"), value=lambda row: row.item, words=dict(forms.ITEMS), listed=True),
        Attr(name="period", label=N("所属期间"), value=lambda row: row.period, listed=True),
        Attr(name="amount", label=N("金额（元）"), value=lambda row: _yuan(row.amount_fen), kind="number", listed=True),
        Attr(name="method", label=N("收款方式"), value=lambda row: row.method, words=dict(forms.METHODS), listed=True),
        Attr(name="payer", label=N("付款人"), value=lambda row: row.payer),
        Attr(name="signed_by", label=N("付款人签名"), value=lambda row: row.signed_by),
        Attr(name="taken_at", label=N("收款时间"), value=lambda row: row.taken_at, kind="moment", listed=True),
        Attr(name="taken_by", label=N("收款人"), value=lambda row: row.taken_by.name, listed=True),
        Attr(name="handover", label=N("移交批次"), value=lambda row: bag.number if (bag := _bag(row)) else ""),
        Attr(name="cashier_signed", label=N("收银员签名"),
             value=lambda row: bag.cashier_signed if (bag := _bag(row)) else ""),
        Attr(name="received_at", label=N("移交时间"), kind="moment",
             value=lambda row: bag.received_at if (bag := _bag(row)) else None),
        Attr(name="reason", label=N("作废原因"), value=lambda row: row.reason, wide=True),
    ),
    rows=queries.list_receipts, find=queries.find_receipt, newest_by="taken_at",
    filters=(Filter(name="item", label=N("收费项目"), choices=forms.ITEMS),),
    verbs=(
        Verb(code="void", form=forms.VOID, permission=receipts.COLLECT, run=receipts.void_receipt, sources=("taken",)),
    ),
    create=forms.FEE, create_permission=receipts.COLLECT, make=receipts.collect_fee,
)  # fmt: skip

HANDOVERS = RecordBook(
    code="cashier_handovers", title=N("移交收银员"), icon="arrow-right",
    hint=N("前台收的现金都归到这里，按票面点清，差额写明原因，在规程的时限前交收银员签收。"),
    rules=("O-03", "O-06"), see=SEE,
    states=(
        State(code="collecting", label=N("待移交"), tone="soon"),
        State(code="counted", label=N("已清点"), tone="waiting"),
        State(code="received", label=N("收银员已收"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.number),
    attrs=(
        Attr(name="fen", label=N("账面（元）"), value=lambda row: _yuan(row.fen), kind="number", listed=True),
        Attr(name="takings", label=N("笔数"), value=lambda row: row.taking_count, kind="number", listed=True),
        Attr(name="counted", label=N("实点（元）"), value=lambda row: _yuan(row.counted_fen), kind="number",
             listed=True),
        Attr(name="pieces", label=N("票面"), value=lambda row: pieces_words(row.count.pieces) if row.count else "",
             wide=True),
        Attr(name="explanation", label=N("差额原因"), value=lambda row: row.explanation, wide=True),
        Attr(name="opened_at", label=N("第一笔时间"), value=lambda row: row.opened_at, kind="moment", listed=True),
        Attr(name="due_at", label=N("移交期限"), value=lambda row: row.due_at, kind="moment", listed=True),
        Attr(name="counted_at", label=N("清点时间"), value=lambda row: row.counted_at, kind="moment"),
        Attr(name="counted_by", label=N("移交人"), value=lambda row: row.counted_by.name if row.counted_by else ""),
        Attr(name="desk_signed", label=N("移交人签名"), value=lambda row: row.desk_signed),
        Attr(name="received_at", label=N("签收时间"), value=lambda row: row.received_at, kind="moment", listed=True),
        Attr(name="cashier", label=N("收银员"), value=lambda row: row.cashier.name if row.cashier else "",
             listed=True),
        Attr(name="cashier_signed", label=N("收银员签名"), value=lambda row: row.cashier_signed),
        Attr(name="is_late", label=N("迟交"), value=lambda row: row.is_late),
        Attr(name="remark", label=N("备注"), value=lambda row: row.remark, wide=True),
    ),
    rows=queries.list_handovers, find=queries.find_handover, newest_by="opened_at",
    verbs=(
        Verb(
            code="count", form=forms.COUNT, permission=handing.HAND, run=handing.count_takings,
            sources=("collecting",),
        ),
        Verb(
            code="receive", form=forms.RECEIVE, permission=handing.RECEIVE, run=handing.receive_takings,
            sources=("counted",), fits=_other,
        ),
        Verb(
            code="send_back", form=forms.SEND_BACK, permission=handing.RECEIVE, run=handing.send_back,
            sources=("counted",),
        ),
    ),
)  # fmt: skip

COUNTS = RecordBook(
    code="cash_counts", title=N("钱箱"), icon="calculator",
    hint=N("每天和交接班时按票面清点；与账面不符要写明原因，由主管处理。"), rules=("P-02", "O-06"), see=SEE_CASH,
    states=(
        State(code="even", label=N("相符"), tone="met", final=True),
        State(code="different", label=N("有差额"), tone="late"),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{_yuan(row.counted_fen)} / {_yuan(row.book_fen)}",
    attrs=(
        Attr(name="at", label=N("清点时间"), value=lambda row: row.at, kind="moment", listed=True),
        Attr(name="by", label=N("清点人"), value=lambda row: row.by.name, listed=True),
        Attr(name="purpose", label=N("清点场合"), value=lambda row: row.purpose, listed=True,
             words={**dict(forms.PURPOSES), "handover": N("移交清点")}),
        Attr(name="counted", label=N("实点（元）"), value=lambda row: _yuan(row.counted_fen), kind="number",
             listed=True),
        Attr(name="book", label=N("账面（元）"), value=lambda row: _yuan(row.book_fen), kind="number", listed=True),
        Attr(name="pieces", label=N("票面"), value=lambda row: pieces_words(row.pieces), wide=True),
        Attr(name="explanation", label=N("差额原因"), value=lambda row: row.explanation, wide=True),
    ),
    rows=queries.list_counts, find=queries.find_count, newest_by="at",
    verbs=(
        Verb(
            code="settle", form=forms.SETTLE, permission=cashbox.SETTLE, run=cashbox.settle_difference,
            sources=("different",), fits=_different,
        ),
    ),
    create=forms.BOX_COUNT, create_permission=cashbox.COUNT, make=cashbox.count_box,
)  # fmt: skip

ENTRIES = RecordBook(
    code="cash_entries", title=N("现金流水"), icon="list-details",
    hint=N("每一分钱从哪里到哪里，为了什么；写了就不能改。"), rules=("P-07", "O-06"), see=SEE_CASH,
    states=(
        State(code="in", label=N("入箱"), tone="met", final=True),
        State(code="out", label=N("出箱"), tone="waiting", final=True),
        State(code="beside", label=N("箱外"), final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {purpose_words(code=row.purpose)}",
    attrs=(
        Attr(name="at", label=N("时间"), value=lambda row: row.at, kind="moment", listed=True),
        Attr(name="fen", label=N("金额（元）"), value=lambda row: _yuan(row.fen), kind="number", listed=True),
        Attr(name="source", label=N("从"), value=lambda row: place_words(place=row.source), listed=True),
        Attr(name="target", label=N("到"), value=lambda row: place_words(place=row.target), listed=True),
        Attr(name="purpose", label=N("用途"), value=lambda row: purpose_words(code=row.purpose)),
        Attr(name="by", label=N("经手人"), value=lambda row: row.by.name, listed=True),
        Attr(name="note", label=N("说明"), value=lambda row: row.note, wide=True),
    ),
    rows=queries.list_entries, find=queries.find_entry, newest_by="at",
    filters=(Filter(name="purpose", label=N("用途"), choices=tuple(PURPOSES.items())),), verbs=(),
)  # fmt: skip
BOOKS = (RECEIPTS, HANDOVERS, COUNTS, ENTRIES)
