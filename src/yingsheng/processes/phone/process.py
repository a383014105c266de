"""The phone desk as declared: its register of calls, who is called back, how soon calls are answered."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.phones import mask_phone
from yingsheng.base.process import MenuEntry, Milestone, Permission, Process, State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.shown import TOLD_TODAY, TodayLine, TodayList, TodayNumber
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.calls.models import Call
from yingsheng.kernel.calls.queries import find_call, list_calls, ring_figures
from yingsheng.kernel.calls.services import CALL_BACK, call_back
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.rules import month_start

SEE, BACK, SET_UP = "phone.see", "phone.call_back", "phone.set_up"
LINES = 5
IN_TIME = 100  # KPI-11: every call
OUTCOMES = (("reached", N("打通了")), ("tried", N("没打通，再打")))
DIRECTIONS = tuple((code, str(label)) for code, label in Call.Direction.choices)

CALL_BACK_FORM = FormSpec(
    name="phone_call_back", title=N("回电"), verb=N("记下回电"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(
                    name="outcome", kind=Kind.CHOICE, label=N("打通没有"), choices=OUTCOMES, required=True,
                    rules=("B-06",),
                ),
                Field(name="note", kind=Kind.LINE, label=N("说了什么"), max_length=200, rules=("B-06",)),
            ),
        ),
    ),
)  # fmt: skip
EXCHANGE = FormSpec(
    name="phone_exchange", title=N("接入电话系统"), verb=N("生成密钥"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="name", kind=Kind.LINE, label=N("名称"), required=True, max_length=40),
                Field(
                    name="hotline", kind=Kind.LINE, label=N("热线号码"), max_length=24, rules=("D-10",),
                    hint=N("只用来接听的号码；用它打出去会计数"),
                ),
            ),
        ),
    ),
)  # fmt: skip
EXTENSION = FormSpec(
    name="phone_extension", title=N("分机是谁的"), verb=N("保存"),
    fieldsets=(
        Fieldset(
            legend="",
            fields=(
                Field(name="number", kind=Kind.LINE, label=N("分机号"), required=True, max_length=12),
                Field(name="staff", kind=Kind.STAFF, label=N("谁的"), hint=N("不选就是不归任何人")),
            ),
        ),
    ),
)  # fmt: skip


def _shown(call: Call) -> str:
    return mask_phone(number=call.number) if call.number else _("不显示号码")


def _name(call: Call) -> str:
    return f"{_shown(call)} {timezone.localtime(call.rang_at):%m-%d %H:%M}"


def _tries(call: Call) -> str:
    said = [(timezone.localtime(datetime.fromisoformat(at)), who, words) for at, who, words in call.tries]
    return "；".join(f"{at:%m-%d %H:%M} {who} {words}".strip() for at, who, words in said)


def _waited(call: Call) -> int | str:
    return int((call.answered_at - call.rang_at).total_seconds()) if call.answered_at else ""


CALLS = RecordBook(
    code="calls", title=N("通话记录"), icon="phone",
    hint=N("电话系统报来的每个电话；漏接的要回电，响几声接起自己会算。"),
    rules=("B-06", "D-10"), see=SEE,
    states=(
        State(code="missed", label=N("未接"), tone="late"),
        State(code="ringing", label=N("振铃中"), tone="soon"),
        State(code="talking", label=N("通话中"), tone="met"),
        State(code="ended", label=N("已接"), tone="plain", final=True),
        State(code="back", label=N("已回电"), tone="met", final=True),
    ),
    state_of=lambda call: str(call.state), name=_name,
    attrs=(
        Attr(name="direction", label=N("方向"), value=lambda call: call.direction, words=dict(DIRECTIONS), listed=True),
        Attr(name="rang_at", label=N("响起"), value=lambda call: call.rang_at, kind="moment", listed=True),
        Attr(name="rings", label=N("第几声接"), value=lambda call: call.rings, kind="number", listed=True),
        Attr(name="waited", label=N("等了几秒"), value=_waited, kind="number", listed=True),
        Attr(
            name="answered_by", label=N("谁接的"), value=lambda call: call.answered_by.name if call.answered_by else "",
            listed=True,
        ),
        Attr(name="extension", label=N("分机"), value=lambda call: call.extension),
        Attr(name="line", label=N("我方号码"), value=lambda call: call.line),
        Attr(name="ended_at", label=N("挂断"), value=lambda call: call.ended_at, kind="moment"),
        Attr(name="transfers", label=N("转接"), value=lambda call: " → ".join(to for _at, to in call.transfers)),
        Attr(name="tries", label=N("回电经过"), value=_tries, wide=True),
        Attr(name="back_at", label=N("回电时间"), value=lambda call: call.back_at, kind="moment"),
        Attr(
            name="back_by", label=N("回电人"), value=lambda call: call.back_by.name if call.back_by else "",
            listed=True,
        ),
    ),
    rows=list_calls, find=find_call, newest_by="rang_at",
    verbs=(Verb(code="call_back", form=CALL_BACK_FORM, permission=BACK, run=call_back, sources=("missed",)),),
)  # fmt: skip


def _today(*, actor: Actor, now: datetime) -> list[TodayList]:
    """Who rang in vain and waits to be called back (B-06)."""
    if not actor.may(BACK):
        return []
    rows = Call.objects.filter(site=actor.site, state=Call.State.MISSED, direction=Call.Direction.IN)
    count = rows.count()
    if not count:
        return []
    lines = tuple(
        TodayLine(
            text=_shown(call),
            note=_("%(at)s 打来") % {"at": timezone.localtime(call.rang_at).strftime("%m-%d %H:%M")},
            url_name="phone:calls_one",
            url_args=(call.pk,),
        )
        for call in rows.order_by("rang_at")[:LINES]
    )
    return [
        TodayList(
            title=_("漏接待回电"), icon="phone", rule="B-06", count=count, lines=lines, rank=TOLD_TODAY,
            more_url=f"{reverse('phone:calls')}?state=missed",
        )
    ]  # fmt: skip


def _numbers(*, actor: Actor, now: datetime) -> list[TodayNumber]:
    """Calls answered within the rings of the rule (KPI-11)."""
    limit = figure(path="D-10.rings", site=actor.site, at=now)
    if limit is None or not actor.may("enquiries.report"):
        return []
    found = ring_figures(site=actor.site, start=month_start(at=now), end=now, ring_limit=int(limit))
    if not found.answered:
        return []
    return [
        TodayNumber(
            label=_("%(limit)s声内接起") % {"limit": limit}, count=found.kept, base=found.answered, target=IN_TIME,
            rule="D-10", url_name="phone:calls",
        )
    ]  # fmt: skip


PHONE = Process(
    code="phone",
    title=N("电话台"),
    module="Z",
    number_prefix="DH",
    permissions=(
        Permission(code=SEE, label=N("查看通话记录、来电弹屏")),
        Permission(code=BACK, label=N("回电")),
        Permission(code=SET_UP, label=N("接入电话系统、分配分机")),
    ),
    menu=(
        MenuEntry(
            group=N("接待"),
            label=N("通话记录"),
            icon="phone",
            url_name="phone:calls",
            permission=SEE,
            order=26,
        ),
    ),
    milestones=(Milestone(code=CALL_BACK, label=N("回电")),),
    today=_today,
    numbers=_numbers,
    desk_live="phone:ringing",
    desk_live_permission=SEE,
    codes={"direction": dict(DIRECTIONS)},
)
