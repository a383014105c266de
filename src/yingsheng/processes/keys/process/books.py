"""The registers of keys, of loans and of counts as declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yingsheng.base.money import format_fen
from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.books import stocktake_book
from yingsheng.kernel.custody.rules import GONE, HELD, LOST, OUT
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.keys import queries
from yingsheng.processes.keys.process import forms
from yingsheng.processes.keys.rules import ENTRUSTED, OF_A_HOME
from yingsheng.processes.keys.services import cabinet, lending, losing

SEE, KEEP, MANAGE, COUNT, REPORT = "keys.see", "keys.keep", "keys.manage", "keys.count", "keys.report"
# what is done with a key, as its story says it
ACTS = {
    "received": N("入柜"),
    "lent": N("借出"),
    "returned": N("归还"),
    "extended": N("延长借用"),
    "moved": N("换位置"),
    "to_owner": N("交给业主"),
    "entrusted": N("业主托管"),
    "lost": N("报遗失"),
    "found": N("找回"),
    "recut": N("另配"),
    "relocked": N("换锁作废"),
    "written_off": N("注销"),
    "scrapped": N("作废"),
}


def _yuan(fen: int) -> str:
    return format_fen(fen=fen) if fen else ""


def _lent(row: Any) -> Any:
    return row.lent[0] if row.lent else None


def _lent_deposit(row: Any) -> str:
    return _yuan(_lent(row).deposit_fen) if _lent(row) else ""


def _hook(row: Any) -> dict[str, Any]:
    key = row.held_key
    return {"cabinet": key.cabinet, "building": key.building, "floor": key.floor, "hook": key.hook}


def _refund(row: Any) -> dict[str, Any]:
    loan = _lent(row)
    return {"refund_fen": loan.deposit_fen} if loan is not None and loan.deposit_fen else {}


def _of_home(*, actor: Actor, record: Any) -> bool:
    return record.kind in OF_A_HOME


def _unpledged(*, actor: Actor, record: Any) -> bool:
    return record.kind == ENTRUSTED and record.held_key.pledged_at is None


def _not_told(*, actor: Actor, record: Any) -> bool:
    return record.kind in OF_A_HOME and any(one.owner_told_at is None for one in record.open_losses)


def _start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """A new key, of the home that was asked for."""
    if asked.startswith("home-"):
        return {"room": asked.removeprefix("home-"), "kind": ENTRUSTED, "pieces": 1}
    return {"pieces": 1}


HELD_ONLY, OUT_ONLY = (HELD,), (OUT,)
KEYS = RecordBook(
    code="keys", title=N("钥匙"), icon="key",
    hint=N("每把钥匙挂在哪里、在谁手里、什么时候该还；借出要签名，外单位还要看证、交押金。"),
    rules=("K-01", "K-02", "K-03", "K-04"), see=SEE,
    states=(
        State(code=HELD, label=N("在柜"), tone="met"),
        State(code=OUT, label=N("借出"), tone="soon"),
        State(code=LOST, label=N("遗失"), tone="late"),
        State(code=GONE, label=N("已交出"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.name}",
    attrs=(
        Attr(name="kind", label=N("类别"), value=lambda row: row.kind, words=dict(forms.CLASSES), listed=True),
        Attr(name="room", label=N("房号"), value=lambda row: row.room.label if row.room else "", listed=True),
        Attr(name="place", label=N("挂在哪里"), value=lambda row: row.place, listed=True),
        Attr(name="holder", label=N("在谁手里"), value=lambda row: row.holder_name, listed=True),
        Attr(name="due_at", label=N("应还时间"), value=lambda row: row.due_at, kind="moment", listed=True),
        Attr(name="pieces", label=N("把数"), value=lambda row: row.held_key.pieces, kind="number"),
        Attr(name="is_security_door", label=N("防盗门钥匙"), value=lambda row: row.held_key.is_security_door),
        Attr(name="purpose", label=N("借用原因"), value=lambda row: _lent(row).purpose if _lent(row) else ""),
        Attr(name="consent", label=N("业主同意"), value=lambda row: _lent(row).consent_by if _lent(row) else ""),
        Attr(name="deposit", label=N("押金（元）"), value=_lent_deposit),
        Attr(name="pledged_by", label=N("承诺书签署人"), value=lambda row: row.held_key.pledged_by),
        Attr(name="pledged_at", label=N("承诺书日期"), value=lambda row: row.held_key.pledged_at, kind="moment"),
        Attr(name="taken_in_at", label=N("入柜时间"), value=lambda row: row.taken_in_at, kind="moment"),
        Attr(name="taken_in_by", label=N("入柜人"), value=lambda row: row.taken_in_by.name),
        Attr(
            name="loss", label=N("遗失经过"),
            value=lambda row: row.open_losses[0].circumstances if row.open_losses else "", wide=True,
        ),
        Attr(name="remark", label=N("备注"), value=lambda row: row.remark, wide=True),
    ),
    rows=queries.list_keys, find=queries.find_key, newest_by="taken_in_at",
    verbs=(
        Verb(
            code="take_back", form=forms.TAKE_BACK, permission=KEEP, run=lending.take_back, sources=OUT_ONLY,
            fill=_refund,
        ),
        Verb(code="chase", form=forms.CHASE, permission=KEEP, run=lending.chase_key, sources=OUT_ONLY),
        Verb(code="extend", form=forms.EXTEND, permission=KEEP, run=lending.give_more_time, sources=OUT_ONLY),
        Verb(code="lend_inside", form=forms.LEND_INSIDE, permission=KEEP, run=lending.lend_inside, sources=HELD_ONLY),
        Verb(
            code="lend_outside", form=forms.LEND_OUTSIDE, permission=KEEP, run=lending.lend_outside, sources=HELD_ONLY,
        ),
        Verb(
            code="pledge", form=forms.PLEDGE, permission=KEEP, run=cabinet.pledge_key, sources=(HELD, OUT),
            fits=_unpledged,
        ),
        Verb(
            code="give", form=forms.GIVE, permission=KEEP, run=cabinet.give_to_owner, sources=HELD_ONLY, fits=_of_home,
        ),
        Verb(
            code="entrust", form=forms.ENTRUST, permission=KEEP, run=cabinet.entrust_key, sources=(GONE,),
            fits=_of_home,
        ),
        Verb(
            code="tell_household", form=forms.LOSS_TOLD, permission=KEEP, run=losing.tell_household, sources=(LOST,),
            fits=_not_told,
        ),
        Verb(
            code="decide_loss", form=forms.LOSS_DECIDE, permission=MANAGE, run=losing.decide_loss, sources=(LOST,),
        ),
        Verb(
            code="move", form=forms.MOVE, permission=KEEP, run=cabinet.hang_elsewhere, sources=HELD_ONLY, fill=_hook,
        ),
        Verb(code="lose", form=forms.LOSE, permission=KEEP, run=losing.report_loss, sources=(HELD, OUT)),
        Verb(code="scrap", form=forms.SCRAP, permission=MANAGE, run=cabinet.scrap_key, sources=HELD_ONLY),
    ),
    create=forms.KEY, create_permission=KEEP, make=cabinet.register_key, start=_start,
    filters=(Filter(name="kind", label=N("类别"), choices=forms.CLASSES),),
)  # fmt: skip

LOANS = RecordBook(
    code="key_loans", title=N("钥匙借用"), icon="signature",
    hint=N("每次借用：谁、为什么、押金、证件和签名、什么时候还的；一本登记簿，按规程分两种表打印。"),
    rules=("K-04", "K-11"), see=SEE,
    states=(
        State(code="open", label=N("未还"), tone="soon"),
        State(code="returned", label=N("已还"), tone="met", final=True),
        State(code="lost", label=N("遗失"), tone="late", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.number} {row.item.name}",
    attrs=(
        Attr(name="key", label=N("钥匙编号"), value=lambda row: row.item.number, kind="code", listed=True),
        Attr(name="room", label=N("房号"), value=lambda row: row.item.room.label if row.item.room else "", listed=True),
        Attr(name="kind", label=N("借给谁"), value=lambda row: row.kind, words=dict(forms.LOAN_KINDS)),
        Attr(name="borrower", label=N("借用人"), value=lambda row: row.borrower, listed=True),
        Attr(name="organisation", label=N("单位"), value=lambda row: row.organisation),
        Attr(name="purpose", label=N("借用原因"), value=lambda row: row.purpose, listed=True, kind="long"),
        Attr(name="consent_by", label=N("业主同意"), value=lambda row: row.consent_by),
        Attr(
            name="consent_way", label=N("怎样同意的"), value=lambda row: row.consent_way,
            words=dict(forms.CONSENT_WAYS),
        ),
        Attr(name="deposit", label=N("押金（元）"), value=lambda row: _yuan(row.deposit_fen), kind="number"),
        Attr(name="refund", label=N("退还押金（元）"), value=lambda row: _yuan(row.refund_fen), kind="number"),
        Attr(name="kept_reason", label=N("押金没有全退的原因"), value=lambda row: row.kept_reason, wide=True),
        Attr(name="lent_at", label=N("借出时间"), value=lambda row: row.lent_at, kind="moment", listed=True),
        Attr(name="due_at", label=N("应还时间"), value=lambda row: row.due_at, kind="moment", listed=True),
        Attr(name="lent_by", label=N("保管人"), value=lambda row: row.lent_by.name),
        Attr(name="returned_at", label=N("归还时间"), value=lambda row: row.returned_at, kind="moment", listed=True),
        Attr(name="returned_to", label=N("收回人"), value=lambda row: row.returned_to.name if row.returned_to else ""),
    ),
    rows=queries.list_loans, find=queries.find_loan, newest_by="lent_at", verbs=(),
    filters=(Filter(name="kind", label=N("借给谁"), choices=forms.LOAN_KINDS),),
)  # fmt: skip

STOCKTAKES = stocktake_book(process="keys", title=N("钥匙清点"), rule="K-08", see=SEE, count=COUNT)
BOOKS = (KEYS, LOANS, STOCKTAKES)
