"""The two registers as declared: items one by one, letters and papers by the batch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.custody.books import stocktake_book
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.mail.process import forms as f
from yingsheng.processes.mail.queries import items
from yingsheng.processes.mail.services import batches, handing, intake, keeping, telling

SEE, TAKE_IN, HAND_OUT = "mail.see", "mail.take_in", "mail.hand_out"
ACCEPT, RETURN, REPORT = "mail.accept_proxy", "mail.return", "mail.report"
HELD, OUT, LOST = "held", "out", "lost"
# what is done with an item, as its story says it
ACTS = {
    "received": N("收件"), "collected": N("本户领取"), "by_family": N("家人代领"), "to_area": N("交给管理员"),
    "brought_back": N("管理员交回"), "to_post": N("退回邮局"), "moved": N("换位置"), "lost": N("报遗失"),
    "found": N("找回"),
}  # fmt: skip
HERE, WAITING = (items.SHELVED, items.TOLD, items.KEPT), items.OPEN


def _name(record: Any) -> str:
    where = record.room.label if record.room is not None else record.mail.destination
    return f"{record.number} {where} {record.mail.addressee}"


def _in(*stages: str) -> Any:
    def fits(*, actor: Actor, record: Any) -> bool:
        return record.mail.stage in stages

    return fits


def _overdue_known(*, actor: Actor, record: Any) -> bool:
    return record.mail.stage in HERE and record.mail.overdue_at is not None


def _by_area(*, actor: Actor, record: Any) -> bool:
    """Whether the area clerk has a part in it by the regulation of the day on which it came (M-05)."""
    hours = items.area_hours(site=actor.site, at=record.taken_in_at)
    return hours is not None and record.mail.stage in HERE


def _area_owed(*, actor: Actor, record: Any) -> bool:
    return record.mail.area_told_at is None and _by_area(actor=actor, record=record)


def _start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """The form of a new item: sound unless somebody says otherwise; for a home its room."""
    room = asked.removeprefix("home-") if asked.startswith("home-") else ""
    return {"condition": "sound", "kind": "parcel", "room": room}


def _attempts(record: Any) -> str:
    ways = dict(f.WAYS)
    lines = []
    for one in sorted(record.mail.attempts.all(), key=lambda row: row.at, reverse=True)[:6]:
        result = _("联系上了") if one.reached else _("没联系上")
        words = f"{timezone.localtime(one.at):%m-%d %H:%M} {one.by.name} {_(ways[one.way])} {result}"
        lines.append(f"{words} {one.note}".strip())
    return "\n".join(lines)


def _accepted(record: Any) -> str:
    return str(record.mail.accepted_by.name) if record.mail.accepted_by is not None else ""


ITEM_ATTRS = (
    Attr(name="stage", label=N("进展"), value=lambda row: row.mail.stage, words=dict(f.STAGES), listed=True),
    Attr(name="kind", label=N("种类"), value=lambda row: row.mail.kind, words=dict(f.KINDS), listed=True),
    Attr(
        name="tracking_number", label=N("运单号"), value=lambda row: row.mail.tracking_number, kind="code", listed=True
    ),
    Attr(name="addressee", label=N("收件人"), value=lambda row: row.mail.addressee),
    Attr(name="room", label=N("房号"), value=lambda row: row.room.label if row.room is not None else ""),
    Attr(name="destination", label=N("寄至何处"), value=lambda row: row.mail.destination),
    Attr(name="carrier", label=N("邮局或快递公司"), value=lambda row: row.mail.carrier),
    Attr(name="sender", label=N("寄件人"), value=lambda row: row.mail.sender),
    Attr(name="place", label=N("存放位置"), value=lambda row: row.place, listed=True),
    Attr(name="pickup_code", label=N("取件码"), value=lambda row: row.mail.pickup_code, kind="code"),
    Attr(name="condition", label=N("外观"), value=lambda row: row.mail.condition, words=dict(f.CONDITIONS)),
    Attr(name="damage", label=N("破损的样子"), value=lambda row: row.mail.damage, wide=True),
    Attr(
        name="received_at", label=N("签收时间"), value=lambda row: row.mail.received_at, kind="moment", listed=True
    ),
    Attr(name="received_by", label=N("签收人"), value=lambda row: row.mail.received_by.name),
    Attr(name="holder", label=N("现在谁手里"), value=lambda row: row.holder_name),
    Attr(name="area_told_at", label=N("通知管理员时间"), value=lambda row: row.mail.area_told_at, kind="moment"),
    Attr(name="told_at", label=N("通知住户时间"), value=lambda row: row.mail.told_at, kind="moment"),
    Attr(name="told_way", label=N("通知方式"), value=lambda row: row.mail.told_way, words=dict(f.WAYS)),
    Attr(name="attempts", label=N("通知和联系"), value=_attempts, wide=True),
    Attr(
        name="overdue_at", label=N("过期时间"), value=lambda row: row.mail.overdue_at, kind="moment", listed=True
    ),
    Attr(name="wish", label=N("住户要怎么处理"), value=lambda row: row.mail.wish, words=dict(f.WISHES)),
    Attr(name="kept_because", label=N("暂存理由"), value=lambda row: row.mail.kept_because, wide=True),
    Attr(name="verified_as", label=N("怎么核实的"), value=lambda row: row.mail.verified_as, wide=True),
    Attr(name="collector", label=N("领取人"), value=lambda row: row.mail.collector),
    Attr(
        name="relation", label=N("与收件人的关系"), value=lambda row: row.mail.relation, words=f.COLLECTED_AS
    ),
    Attr(name="accepted_by", label=N("代领由谁认可"), value=_accepted),
    Attr(name="closed_at", label=N("办结时间"), value=lambda row: row.mail.closed_at, kind="moment"),
    Attr(name="returned_date", label=N("退回日期"), value=lambda row: row.mail.returned_date, kind="date"),
)  # fmt: skip

ITEM_VERBS = (
    Verb(
        code="collect", form=f.COLLECT, permission=HAND_OUT, run=handing.collect, sources=(HELD, OUT),
        fits=_in(*WAITING), fill=lambda row: {"name": row.mail.addressee},
    ),
    Verb(
        code="collect_by_family", form=f.BY_FAMILY, permission=ACCEPT, run=handing.collect_by_family,
        sources=(HELD, OUT), fits=_in(*WAITING),
    ),
    Verb(
        code="notify", form=f.NOTIFY, permission=HAND_OUT, run=telling.notify_household, sources=(HELD, OUT),
        fits=_in(*WAITING), fill=lambda row: {"way": "phone"},
    ),
    Verb(
        code="tell_area", form=f.TELL_AREA, permission=TAKE_IN, run=telling.tell_area, sources=(HELD,),
        fits=_area_owed,
    ),
    Verb(
        code="hand_to_area", form=f.TO_AREA, permission=TAKE_IN, run=handing.hand_to_area, sources=(HELD,),
        fits=_by_area,
    ),
    Verb(
        code="take_back", form=f.TAKE_BACK, permission=TAKE_IN, run=handing.take_back, sources=(OUT,),
        fits=_in(*WAITING),
    ),
    Verb(
        code="contact", form=f.CONTACT, permission=HAND_OUT, run=keeping.contact_overdue, sources=(HELD, OUT),
        fits=_overdue_known,
    ),
    Verb(
        code="keep", form=f.KEEP, permission=HAND_OUT, run=keeping.keep_item, sources=(HELD, OUT),
        fits=_in(items.SHELVED, items.TOLD),
    ),
    Verb(
        code="undeliverable", form=f.UNDELIVERABLE, permission=RETURN, run=keeping.mark_undeliverable,
        sources=(HELD,), fits=_in(*HERE),
    ),
    Verb(
        code="give_back", form=f.RETURN, permission=RETURN, run=handing.return_to_post, sources=(HELD,),
        fits=_in(items.UNDELIVERABLE), fill=lambda row: {"organisation": row.mail.carrier},
    ),
    Verb(
        code="move", form=f.MOVE, permission=HAND_OUT, run=keeping.move_item, sources=(HELD,), fits=_in(*WAITING)
    ),
    Verb(
        code="damage", form=f.DAMAGE, permission=HAND_OUT, run=keeping.note_damage, sources=(HELD, OUT),
        fits=_in(*WAITING),
    ),
    Verb(
        code="lose", form=f.LOSE, permission=HAND_OUT, run=keeping.lose_item, sources=(HELD, OUT),
        fits=_in(*WAITING),
    ),
    Verb(code="find", form=f.FOUND, permission=HAND_OUT, run=keeping.find_again, sources=(LOST,)),
)  # fmt: skip

ITEMS = RecordBook(
    code="mail_items", title=N("挂号与包裹"), icon="package",
    hint=N("要签收的邮件一件一登记：谁送来、放在哪里、通知了谁、谁领走、退给了谁。"),
    rules=("M-04", "M-10"), see=SEE,
    states=(
        State(code="held", label=N("在柜"), tone="soon"),
        State(code="out", label=N("在管理员手里"), tone="waiting"),
        State(code="gone", label=N("已交出"), tone="met", final=True),
        State(code="lost", label=N("遗失"), tone="late"),
    ),
    state_of=lambda row: str(row.state), name=_name, attrs=ITEM_ATTRS, rows=items.list_mail, find=items.find_mail,
    newest_by="taken_in_at", verbs=ITEM_VERBS, create=f.INTAKE, create_permission=TAKE_IN,
    make=intake.take_in_item, start=_start,
    filters=(
        Filter(name="mail__stage", label=N("进展"), choices=f.STAGES),
        Filter(name="mail__kind", label=N("种类"), choices=f.KINDS),
    ),
)  # fmt: skip

BATCHES = RecordBook(
    code="mail_batches", title=N("信件报刊"), icon="mail",
    hint=N("平信、报纸、杂志按片区成批登记，按时通知管理员来取并签名。"), rules=("M-01", "M-02", "M-03"), see=SEE,
    states=(
        State(code="sorted", label=N("待通知"), tone="soon"),
        State(code="told", label=N("已通知，待取"), tone="waiting"),
        State(code="fetched", label=N("已取走"), tone="met", final=True),
        State(code="cancelled", label=N("登记有误"), tone="plain", final=True),
    ),
    state_of=lambda row: str(row.state),
    name=lambda row: f"{timezone.localtime(row.received_at):%Y-%m-%d} {row.area.name if row.area else _('全项目')}",
    attrs=(
        Attr(name="letters", label=N("信件（封）"), value=lambda row: row.letters, kind="number", listed=True),
        Attr(name="papers", label=N("报纸（份）"), value=lambda row: row.papers, kind="number", listed=True),
        Attr(name="magazines", label=N("杂志（本）"), value=lambda row: row.magazines, kind="number", listed=True),
        Attr(name="others", label=N("其它（件）"), value=lambda row: row.others, kind="number", listed=True),
        Attr(name="damaged", label=N("破损（件）"), value=lambda row: row.damaged, kind="number", listed=True),
        Attr(name="damage", label=N("破损的样子"), value=lambda row: row.damage, wide=True),
        Attr(name="area", label=N("片区"), value=lambda row: row.area.name if row.area else ""),
        Attr(name="brought_by", label=N("投递员"), value=lambda row: row.brought_by),
        Attr(
            name="received_at", label=N("签收时间"), value=lambda row: row.received_at, kind="moment", listed=True
        ),
        Attr(name="received_by", label=N("签收人"), value=lambda row: row.received_by.name),
        Attr(name="told_at", label=N("通知管理员时间"), value=lambda row: row.told_at, kind="moment"),
        Attr(
            name="fetched_at", label=N("领取时间"), value=lambda row: row.fetched_at, kind="moment", listed=True
        ),
        Attr(name="fetched_by", label=N("领取人"), value=lambda row: row.fetched_by.name if row.fetched_by else ""),
        Attr(name="signed_by", label=N("签名"), value=lambda row: row.signed_by),
        Attr(name="reason", label=N("作废原因"), value=lambda row: row.reason, wide=True),
    ),
    rows=items.list_batches, find=items.find_batch, newest_by="received_at",
    verbs=(
        Verb(
            code="tell", form=f.BATCH_TELL, permission=TAKE_IN, run=batches.tell_of_batch, sources=("sorted",)
        ),
        Verb(
            code="fetch", form=f.BATCH_FETCH, permission=TAKE_IN, run=batches.fetch_batch, sources=("sorted", "told")
        ),
        Verb(
            code="cancel", form=f.BATCH_CANCEL, permission=TAKE_IN, run=batches.cancel_batch,
            sources=("sorted", "told"),
        ),
    ),
    create=f.BATCH, create_permission=TAKE_IN, make=batches.take_in_batch,
)  # fmt: skip
STOCKTAKES = stocktake_book(process="mail", title=N("邮件清点"), rule="M-06", see=SEE, count=HAND_OUT)
BOOKS = (ITEMS, BATCHES, STOCKTAKES)
