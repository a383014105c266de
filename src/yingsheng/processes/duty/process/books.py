"""The registers of the duty log as declared: its pages, open items, spot checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.duty.models import OpenItem, Page, SpotCheck
from yingsheng.processes.duty.process import forms
from yingsheng.processes.duty.queries import pages
from yingsheng.processes.duty.services import checks, entries, handing, preparing, presence

SEE, LOG, CHECK = "duty.see", "duty.log", "duty.check"
ON, HANDING = Page.State.ON_DUTY.value, Page.State.HANDING.value


def _page_name(page: Page) -> str:
    number = _("第%(number)s页") % {"number": page.number} if page.number else ""
    return f"{page.day:%Y-%m-%d} {own_name(page.post)} {own_name(page.shift)} {number}".strip()


def _is_away(*, actor: Actor, record: Page) -> bool:
    return record.absences.filter(staff=actor.staff, back_at__isnull=True).exists()


def _is_there(*, actor: Actor, record: Page) -> bool:
    return not _is_away(actor=actor, record=record) and actor.staff in record.people.all()


def _handed(page: Page, name: str) -> Any:
    return getattr(page.handed, name) if hasattr(page, "handed") else None


def _taken(page: Page, name: str) -> Any:
    return getattr(page.taken, name) if hasattr(page, "taken") else None


def things_of(page: Page) -> str:
    """What was there when the shift ended."""
    words = dict(forms.THINGS)
    return _("、").join(_(words[code]) for code in _handed(page, "property") or [] if code in words)


def _refusals(page: Page) -> str:
    return "；".join(f"{who}：{why}" for _at, who, why in _handed(page, "refusals") or [])


def _accepted(page: Page) -> str:
    return "；".join(f"{who}：{why}" for _key, who, why in _handed(page, "accepted") or [])


def _start_hand_over(page: Page) -> dict[str, Any]:
    first = page.people.order_by("pk").first()
    return {"outgoing": first.pk if first else None, "area": "normal"}


def _start_post(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    return {"area": "normal"}


LOG_BOOK = RecordBook(
    code="log", title=N("值班记录"), icon="book",
    hint=N("每班一页，编号相连；来电来访、派工和突发事件自己进来，手写的只能追加，不能改、不能撕。"),
    rules=("D-14",), see=SEE,
    states=(
        State(code="on_duty", label=N("值班中"), tone="met"),
        State(code="handing", label=N("待交接"), tone="soon"),
        State(code="scheduled", label=N("待接班"), tone="plain"),
        State(code="signed", label=N("待主管签"), tone="waiting"),
        State(code="checked", label=N("主管已签"), tone="plain", final=True),
        State(code="missed", label=N("无人接班"), tone="late", final=True),
    ),
    state_of=lambda page: str(page.state), name=_page_name,
    attrs=(
        Attr(
            name="people", label=N("值班人"), value=lambda page: _("、").join(one.name for one in page.people.all()),
            listed=True,
        ),
        Attr(name="starts_at", label=N("开始"), value=lambda page: page.starts_at, kind="moment", listed=True),
        Attr(name="ends_at", label=N("结束"), value=lambda page: page.ends_at, kind="moment", listed=True),
        Attr(name="opened_at", label=N("接班时间"), value=lambda page: page.opened_at, kind="moment", listed=True),
        Attr(name="arrived_at", label=N("到岗时间"), value=lambda page: _taken(page, "arrived_at"), kind="moment"),
        Attr(name="to_follow", label=N("接班时要跟进的事"), value=lambda page: _taken(page, "to_follow"), wide=True),
        Attr(name="area_note", label=N("接班时区域异常"), value=lambda page: _taken(page, "area_note"), wide=True),
        Attr(
            name="area_explained", label=N("上一班的说明"), value=lambda page: _taken(page, "area_explained"),
            wide=True,
        ),
        Attr(name="tidied_at", label=N("交班整理"), value=lambda page: _handed(page, "tidied_at"), kind="moment"),
        Attr(name="property", label=N("清点在位的公物"), value=things_of, wide=True),
        Attr(name="property_note", label=N("缺少或损坏"), value=lambda page: _handed(page, "property_note"), wide=True),
        Attr(name="told", label=N("交代的未完事项"), value=lambda page: _handed(page, "told"), wide=True),
        Attr(name="refusals", label=N("没有接班"), value=_refusals, wide=True),
        Attr(name="accepted", label=N("主管放行"), value=_accepted, wide=True),
        Attr(name="closed_at", label=N("交班时间"), value=lambda page: page.closed_at, kind="moment"),
        Attr(
            name="closed_by", label=N("交班人"), value=lambda page: page.closed_by.name if page.closed_by else "",
        ),
        Attr(
            name="checked_by", label=N("主管签名"),
            value=lambda page: page.checked_by.name if page.checked_by else "", listed=True,
        ),
        Attr(name="checked_at", label=N("签署时间"), value=lambda page: page.checked_at, kind="moment"),
        Attr(name="remark", label=N("批示"), value=lambda page: page.remark, wide=True),
        Attr(name="digest", label=N("这一页的指纹"), value=lambda page: page.digest[:16]),
    ),
    rows=pages.list_pages, find=pages.find_page, newest_by="starts_at",
    verbs=(
        Verb(code="note", form=forms.NOTE, permission=LOG, run=entries.write_line, sources=(ON, HANDING)),
        Verb(
            code="prepare", form=forms.PREPARE, permission=LOG, run=preparing.prepare_handover, sources=(ON, HANDING),
            fits=_is_there,
        ),
        Verb(
            code="hand_over", form=forms.HAND_OVER, permission=LOG, run=handing.hand_over, sources=(HANDING,),
            fill=_start_hand_over,
        ),
        Verb(code="refuse", form=forms.REFUSE, permission=LOG, run=preparing.refuse_handover, sources=(HANDING,)),
        Verb(
            code="close", form=forms.CLOSE, permission=LOG, run=handing.close_post, sources=(HANDING,), fits=_is_there,
        ),
        Verb(code="accept", form=forms.ACCEPT, permission=CHECK, run=preparing.accept_open, sources=(ON, HANDING)),
        Verb(
            code="step_out", form=forms.STEP_OUT, permission=LOG, run=presence.step_out, sources=(ON, HANDING),
            fits=_is_there,
        ),
        Verb(
            code="step_back", form=forms.STEP_BACK, permission=LOG, run=presence.step_back, sources=(ON, HANDING),
            fits=_is_away,
        ),
    ),
    create=forms.OPEN_POST, create_permission=LOG, make=handing.open_post, start=_start_post,
)  # fmt: skip


def _note_open(*, actor: Actor, at: datetime, **fields: Any) -> OpenItem:
    return entries.write_on_duty(actor=actor, at=at, **fields)


ITEMS = RecordBook(
    code="items", title=N("未完事项"), icon="list-check",
    hint=N("日志里记下还要接着办的事；夜里没有解决的投诉、委托和报修，天亮交班时由白班开单。"),
    rules=("D-15", "D-25"), see=SEE,
    states=(
        State(code="open", label=N("未完"), tone="soon"),
        State(code="opened", label=N("已开单"), tone="met", final=True),
        State(code="settled", label=N("已办完"), tone="met", final=True),
    ),
    state_of=lambda item: str(item.state), name=lambda item: str(item.line.content)[:60],
    attrs=(
        Attr(name="kind", label=N("类别"), value=lambda item: item.line.kind, words=dict(forms.KINDS), listed=True),
        Attr(
            name="room", label=N("房号"), value=lambda item: item.line.room.label if item.line.room else "",
            listed=True,
        ),
        Attr(name="caller", label=N("来电来访人"), value=lambda item: item.line.caller),
        Attr(name="content", label=N("内容"), value=lambda item: item.line.content, wide=True),
        Attr(name="action", label=N("已做的"), value=lambda item: item.line.action, wide=True),
        Attr(name="noted_at", label=N("记录时间"), value=lambda item: item.line.at, kind="moment", listed=True),
        Attr(name="noted_by", label=N("记录人"), value=lambda item: item.line.by.name, listed=True),
        Attr(name="to_be_opened", label=N("要开单"), value=lambda item: item.to_be_opened, listed=True),
        Attr(name="case", label=N("单号"), value=lambda item: item.case.number if item.case else "", listed=True),
        Attr(name="note", label=N("怎样办完的"), value=lambda item: item.note, wide=True),
        Attr(name="ended_at", label=N("办完时间"), value=lambda item: item.ended_at, kind="moment"),
        Attr(name="ended_by", label=N("办完的人"), value=lambda item: item.ended_by.name if item.ended_by else ""),
    ),
    rows=pages.list_items, find=pages.find_item, newest_by="line__at",
    verbs=(
        Verb(code="link", form=forms.LINK, permission=LOG, run=entries.link_item, sources=("open",)),
        Verb(code="settle", form=forms.SETTLE, permission=LOG, run=entries.settle_item, sources=("open",)),
    ),
    create=forms.NOTE_OPEN, create_permission=LOG, make=_note_open,
)  # fmt: skip

SPOT_CHECKS = RecordBook(
    code="spot_checks", title=N("值班抽查"), icon="search",
    hint=N("主管不定时抽查值班：在不在岗、记没记、办没办。"), rules=("D-22",), see=SEE,
    states=(
        State(code="wanting", label=N("有问题"), tone="late"),
        State(code="mended", label=N("已整改"), tone="met", final=True),
        State(code="good", label=N("正常"), tone="met", final=True),
    ),
    state_of=lambda check: str(check.state), name=lambda check: str(check.found)[:60],
    attrs=(
        Attr(name="at", label=N("时间"), value=lambda check: check.at, kind="moment", listed=True),
        Attr(name="by", label=N("抽查人"), value=lambda check: check.by.name, listed=True),
        Attr(
            name="person", label=N("抽查谁"), value=lambda check: check.person.name if check.person else "",
            listed=True,
        ),
        Attr(
            name="page", label=N("哪一班"), value=lambda check: _page_name(check.page) if check.page else "",
            listed=True,
        ),
        Attr(name="found", label=N("看到的情况"), value=lambda check: check.found, wide=True),
        Attr(name="demanded", label=N("要求怎样整改"), value=lambda check: check.demanded, wide=True),
        Attr(name="mended", label=N("怎样整改的"), value=lambda check: check.mended, wide=True),
    ),
    rows=pages.list_checks, find=pages.find_check, newest_by="at",
    verbs=(
        Verb(
            code="mend", form=forms.MEND, permission=LOG, run=checks.mend, sources=(SpotCheck.State.WANTING.value,),
        ),
    ),
    create=forms.SPOT_CHECK, create_permission=CHECK, make=checks.spot_check,
)  # fmt: skip

BOOKS = (LOG_BOOK, ITEMS, SPOT_CHECKS)
