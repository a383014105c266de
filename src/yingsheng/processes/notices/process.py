"""Notices as declared: the register with its verbs, the line at the desk, the list on the first page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.shown import TOLD_TODAY, Known, TodayLine, TodayList
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.notices import services
from yingsheng.processes.notices.models import Notice
from yingsheng.processes.notices.queries import (
    find_notice,
    list_notices,
    notices_for,
    running_notices,
    text_for,
)

KINDS = tuple((code, str(label)) for code, label in Notice.Kind.choices)
TODAY_LINES = 5
SLIPS = Field(
    name="slips", kind=Kind.FLAG, label=N("同时给每户出告知单"), hint=N("不勾选就只张贴海报"), rules=("Z-04",)
)  # fmt: skip
ENDS = Field(name="ends_at", kind=Kind.MOMENT, label=N("结束时间"), hint=N("不知道就留空"), rules=("Z-04",))
REASON = Field(name="reason", kind=Kind.LINE, label=N("原因"), required=True, max_length=200, rules=("Z-04",))
WORDS = (
    Field(name="title", kind=Kind.LINE, label=N("标题"), required=True, max_length=80, rules=("Z-04",)),
    Field(
        name="text", kind=Kind.TEXT, label=N("正文"), required=True, max_length=1000, rules=("Z-04", "Z-16")
    ),
)
PLACE = (
    Field(name="starts_at", kind=Kind.MOMENT, label=N("开始时间"), required=True, rules=("Z-04",)),
    ENDS,
    Field(
        name="buildings", kind=Kind.BUILDINGS, label=N("受影响的楼栋"), hint=N("一栋都不选就是全项目"), rules=("Z-04",)
    ),
)  # fmt: skip
CONTACT = Field(name="contact", kind=Kind.LINE, label=N("咨询电话或联系人"), max_length=80, rules=("Z-04",))


def _spec(name: str, title: str, verb: str, *fields: Field) -> FormSpec:
    groups = (Fieldset(legend="", fields=fields),) if fields else ()
    return FormSpec(name=name, title=title, verb=verb, fieldsets=groups)


REPORT = _spec(
    "notice", N("登记通知"), N("登记"),
    Field(name="kind", kind=Kind.CHOICE, label=N("类别"), choices=KINDS, required=True, rules=("Z-04", "Z-16")),
    Field(name="sudden", kind=Kind.FLAG, label=N("突发，没有预告"), rules=("X-09",)),
    *WORDS, *PLACE,
    Field(name="department", kind=Kind.DEPARTMENT, label=N("由哪个部门报来"), rules=("Z-04",)),
    CONTACT,
    Field(name="publish", kind=Kind.FLAG, label=N("马上发布，告知各部门"), rules=("Z-04", "X-09")),
    SLIPS,
)  # fmt: skip
PUBLISH = _spec("notice_publish", N("发布通知"), N("发布"), SLIPS)
CHANGE = _spec("notice_change", N("更改通知"), N("更改"), *WORDS, *PLACE, CONTACT, REASON)
EXTEND = _spec(
    "notice_extend", N("延长"), N("延长"),
    Field(name="ends_at", kind=Kind.MOMENT, label=N("新的结束时间"), required=True, rules=("Z-04",)), REASON,
)  # fmt: skip
END = _spec(
    "notice_end", N("确认结束"), N("确认已结束"),
    Field(name="note", kind=Kind.LINE, label=N("说明"), max_length=200, rules=("Z-04",)),
)  # fmt: skip
CANCEL = _spec("notice_cancel", N("取消通知"), N("取消通知"), REASON)
SEEN = _spec("notice_seen", N("看过通知"), N("我已看过"))


def where_words(notice: Notice) -> str:
    """The buildings that a notice concerns, or that it is all of them."""
    if notice.whole_site:
        return str(_("全项目"))
    return str(_("、")).join(one.name for one in notice.buildings.all())


def time_words(notice: Notice) -> str:
    """From when until when, in local time."""
    starts = timezone.localtime(notice.starts_at).strftime("%m-%d %H:%M")
    if notice.ends_at is None:
        return str(_("%(start)s起，结束时间未定") % {"start": starts})
    return f"{starts} – {timezone.localtime(notice.ends_at).strftime('%m-%d %H:%M')}"


def _unread(*, actor: Actor, record: Notice) -> bool:
    return all(read.staff_id != actor.staff.pk for read in record.reads.all())


def _changing(notice: Notice) -> dict[str, Any]:
    return {
        "title": notice.title, "text": notice.text, "contact": notice.contact, "starts_at": notice.starts_at,
        "ends_at": notice.ends_at, "buildings": [one.pk for one in notice.buildings.all()],
    }  # fmt: skip


def _start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    started = {"starts_at": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M"), "publish": True}
    return {**started, **text_for(kind=asked)}


BOOK = RecordBook(
    code="bulletins", title=N("通知公告"), icon="speakerphone",
    hint=N("部门报来的停水停电等通知，登记后马上转告各部门和住户，结束了要确认。"), rules=("Z-04", "X-09", "Z-16"),
    see="notices.see",
    states=(
        State(code="reported", label=N("待发布"), tone="soon"),
        State(code="published", label=N("已发布"), tone="met"),
        State(code="ended", label=N("已结束"), final=True),
        State(code="cancelled", label=N("已取消"), tone="waiting", final=True),
    ),
    state_of=lambda notice: str(notice.state), name=lambda notice: str(notice.title),
    attrs=(
        Attr(name="kind", label=N("类别"), value=lambda one: one.kind, words=dict(KINDS), listed=True),
        Attr(name="starts_at", label=N("开始时间"), value=lambda one: one.starts_at, kind="moment", listed=True),
        Attr(name="ends_at", label=N("结束时间"), value=lambda one: one.ends_at, kind="moment", listed=True),
        Attr(name="where", label=N("范围"), value=where_words, listed=True),
        Attr(name="sudden", label=N("突发"), value=lambda one: one.sudden),
        Attr(name="text", label=N("正文"), value=lambda one: one.text, wide=True),
        Attr(name="contact", label=N("咨询电话或联系人"), value=lambda one: one.contact),
        Attr(
            name="department", label=N("报来的部门"), value=lambda one: one.department.name if one.department else "",
            listed=True,
        ),
        Attr(name="reported_at", label=N("报来时间"), value=lambda one: one.reported_at, kind="moment"),
        Attr(name="reported_by", label=N("登记人"), value=lambda one: one.reported_by.name),
        Attr(name="published_at", label=N("发布时间"), value=lambda one: one.published_at, kind="moment"),
        Attr(name="ended_at", label=N("结束确认"), value=lambda one: one.ended_at, kind="moment"),
        Attr(name="reason", label=N("说明"), value=lambda one: one.reason, wide=True),
        Attr(
            name="read_count", label=N("已看人数"), value=lambda one: len(one.reads.all()), kind="number", listed=True,
        ),
        Attr(
            name="read_by", label=N("已看的人"),
            value=lambda one: str(_("、")).join(read.staff.name for read in one.reads.all()), wide=True,
        ),
    ),
    rows=list_notices, find=find_notice, newest_by="reported_at",
    verbs=(
        Verb(
            code="publish", form=PUBLISH, permission="notices.publish", run=services.publish_notice,
            sources=("reported",),
        ),
        Verb(
            code="seen", form=SEEN, permission="notices.see", run=services.mark_seen, sources=("published",),
            fits=_unread,
        ),
        Verb(code="end", form=END, permission="notices.publish", run=services.end_notice, sources=("published",)),
        Verb(code="extend", form=EXTEND, permission="notices.publish", run=services.keep_open, sources=("published",)),
        Verb(
            code="change", form=CHANGE, permission="notices.publish", run=services.change_notice,
            sources=("reported", "published"), fill=_changing,
        ),
        Verb(
            code="cancel", form=CANCEL, permission="notices.publish", run=services.cancel_notice,
            sources=("reported", "published"),
        ),
    ),
    create=REPORT, create_permission="notices.publish", make=services.report_notice, start=_start,
)  # fmt: skip


def _known(*, actor: Actor, household: Household, now: datetime) -> list[Known]:
    """What a home is told when it calls: the cuts and works that run or begin soon (Z-04)."""
    if not actor.may("notices.see"):
        return []
    return [
        Known(
            word=str(_(Notice.Kind(one.kind).label)), tone="late" if one.sudden else "soon", text=one.title,
            note=time_words(one), url_name="notices:bulletins_one", url_args=(one.pk,),
        )
        for one in notices_for(household=household, now=now)
    ]  # fmt: skip


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Today's notices, and those that nobody passed on yet, for whoever may see them."""
    if not actor.may("notices.see"):
        return []
    running = running_notices(site=actor.site, now=now)[:TODAY_LINES]
    if not running:
        return []
    lines = tuple(
        TodayLine(
            text=f"{_(Notice.Kind(one.kind).label)} · {one.title}", note=time_words(one),
            url_name="notices:bulletins_one", url_args=(one.pk,),
        )
        for one in running
    )  # fmt: skip
    return [
        TodayList(
            title=str(_("今天的通知")), icon="speakerphone", rule="Z-04", count=len(lines), lines=lines,
            more_url=reverse("notices:bulletins"), rank=TOLD_TODAY,
        )
    ]  # fmt: skip


NOTICES = Process(
    code="notices",
    title=N("通知公告"),
    module="Z",
    number_prefix="TZ",
    permissions=(
        Permission(code="notices.see", label=N("查看通知")),
        Permission(code="notices.publish", label=N("登记和发布通知")),
    ),
    menu=(
        MenuEntry(
            group=N("接待"), label=N("通知公告"), icon="speakerphone", url_name="notices:bulletins",
            permission="notices.see",
            order=24,
        ),
    ),
    milestones=(
        Milestone(code="pass_on_notice", label=N("转告通知")),
        Milestone(code="confirm_end", label=N("确认通知是否结束")),
    ),
    codes={"notice_kind": dict(KINDS)},
    today=_today,
    known=_known,
)  # fmt: skip
