"""The registers of walking as declared: routes, patrols, findings, daily reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.patrols.process import forms
from yingsheng.processes.patrols.queries import walking as queries
from yingsheng.processes.patrols.services import reports, routes, walking

SEE, WALK, ARRANGE = "patrols.see", "patrols.walk", "patrols.arrange"


def _points(row: Any) -> str:
    return "\n".join(
        f"{one.number}. {' '.join(part for part in (one.place, one.name) if part)}：{one.look_at}"
        for one in row.in_use
    )


def _ticks(row: Any) -> str:
    words = dict(forms.RESULTS)
    return "\n".join(
        f"{queries.clock(one.at)} {one.point.number}. {one.point.name} {_(words['found' if one.found else 'fine'])}"
        for one in row.ticks.all()
    )


def _left(row: Any) -> int:
    """Points of a walk that goes on which were not looked at yet."""
    done = {tick.point_id for tick in row.ticks.all()}
    return sum(point.pk not in done for point in row.route.in_use) if row.state == "walking" else 0


def _acts(row: Any) -> str:
    words = dict(forms.ACTS)
    return str(_("、")).join(_(words[code]) for code in row.acts if code in words)


def own(*, actor: Actor, record: Any) -> bool:
    """Whether it is this person's own walk or report."""
    return bool(record.staff_id == actor.staff.pk)


def _route_start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """A walk along the route that was asked for by its number."""
    route = queries.find_route(actor=actor, pk=int(asked)) if asked.isdigit() and len(asked) < 10 else None
    return {"route": route.name} if route is not None else {}


def _report(row: Any) -> dict[str, Any]:
    text = queries.text_of_day(site=row.site, staff=row.staff, day=row.day, nothing=str(_("无")))
    told = {
        name: getattr(text, name)
        for name in ("area", "route", "time", "focus", "findings", "action", "open_items")
    }
    return told | {"focus": text.focus or row.focus}


ROUTES = RecordBook(
    code="patrol_routes", title=N("巡视路线"), icon="route",
    hint=N("一条路线从哪里走到哪里，重点看什么；每个点一张码，贴在现场。"), rules=("G-01",), see=SEE,
    states=(
        State(code="active", label=N("在用"), tone="met"),
        State(code="retired", label=N("停用"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.name),
    attrs=(
        Attr(name="area", label=N("片区"), value=lambda row: row.area.name if row.area else "", listed=True),
        Attr(name="focus", label=N("巡视重点"), value=lambda row: row.focus, listed=True, wide=True),
        Attr(name="point_count", label=N("点数"), value=lambda row: len(row.in_use), kind="number", listed=True),
        Attr(name="points", label=N("看的点"), value=_points, wide=True),
        Attr(name="made_by", label=N("登记人"), value=lambda row: row.made_by.name),
        Attr(name="made_at", label=N("登记时间"), value=lambda row: row.made_at, kind="moment"),
    ),
    rows=queries.list_routes, find=queries.find_route, newest_by="made_at",
    verbs=(
        Verb(code="add_point", form=forms.POINT, permission=ARRANGE, run=routes.add_point, sources=("active",)),
        Verb(
            code="change", form=forms.ROUTE_CHANGE, permission=ARRANGE, run=routes.change_route, sources=("active",),
            fill=lambda row: {"name": row.name, "focus": row.focus, "area": row.area.name if row.area else ""},
        ),
        Verb(code="drop_point", form=forms.POINT_DROP, permission=ARRANGE, run=routes.drop_point, sources=("active",)),
        Verb(code="retire", form=forms.ROUTE_RETIRE, permission=ARRANGE, run=routes.retire_route, sources=("active",)),
    ),
    create=forms.ROUTE, create_permission=ARRANGE, make=routes.make_route,
)  # fmt: skip

PATROLS = RecordBook(
    code="patrols", title=N("巡视"), icon="map-pin",
    hint=N("每天有重点地走一遍楼宇和设施；在手机上逐点打勾，没有信号也能记。"), rules=("G-01", "G-05"), see=SEE,
    states=(
        State(code="walking", label=N("巡视中"), tone="soon"),
        State(code="ended", label=N("已结束"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.route.name} {row.day}",
    attrs=(
        Attr(name="staff", label=N("巡视人"), value=lambda row: row.staff.name, listed=True),
        Attr(name="area", label=N("片区"), value=lambda row: row.route.area.name if row.route.area else ""),
        Attr(name="started_at", label=N("开始"), value=lambda row: row.started_at, kind="moment", listed=True),
        Attr(name="ended_at", label=N("结束"), value=lambda row: row.ended_at, kind="moment", listed=True),
        Attr(name="focus", label=N("今天的重点"), value=lambda row: row.focus, wide=True),
        Attr(
            name="tick_count", label=N("看过的点"), value=lambda row: len(row.ticks.all()), kind="number", listed=True
        ),
        Attr(name="left", label=N("还没看的点"), value=_left, kind="number"),
        Attr(
            name="found_count", label=N("发现"), value=lambda row: len(row.findings.all()), kind="number", listed=True
        ),
        Attr(name="ticks", label=N("逐点记录"), value=_ticks, wide=True),
        Attr(name="remark", label=N("说明"), value=lambda row: row.remark, wide=True),
    ),
    rows=queries.list_patrols, find=queries.find_patrol, newest_by="started_at",
    verbs=(
        Verb(code="tick", form=forms.TICK, permission=WALK, run=walking.tick_point, sources=("walking",), fits=own),
        Verb(code="find", form=forms.FIND, permission=WALK, run=walking.note_finding, sources=("walking",), fits=own),
        Verb(code="end", form=forms.END, permission=WALK, run=walking.end_patrol, sources=("walking",), fits=own),
    ),
    create=forms.START, create_permission=WALK, make=walking.start_patrol, start=_route_start,
)  # fmt: skip

FINDINGS = RecordBook(
    code="patrol_findings", title=N("巡视发现"), icon="flag",
    hint=N("能当场办的当场办，办不了的转报修、投诉或建议。"), rules=("G-02", "G-05"), see=SEE,
    states=(
        State(code="open", label=N("待处理"), tone="soon"),
        State(code="handled", label=N("已处理"), tone="met", final=True),
        State(code="passed", label=N("已转办"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.place} {row.text}".strip()[:60],
    attrs=(
        Attr(name="kind", label=N("问题种类"), value=lambda row: row.kind, words=dict(forms.KINDS), listed=True),
        Attr(name="place", label=N("地点"), value=lambda row: row.place),
        Attr(name="text", label=N("发现了什么"), value=lambda row: row.text, wide=True),
        Attr(name="acts", label=N("对违规的人"), value=_acts),
        Attr(name="action", label=N("怎么处理的"), value=lambda row: row.action, wide=True),
        Attr(name="case", label=N("转成的事项"), value=queries.matter_of, listed=True),
        Attr(name="route", label=N("路线"), value=lambda row: row.patrol.route.name if row.patrol else ""),
        Attr(name="found_by", label=N("发现人"), value=lambda row: row.found_by.name, listed=True),
        Attr(name="found_at", label=N("发现时间"), value=lambda row: row.found_at, kind="moment", listed=True),
    ),
    rows=queries.list_findings, find=queries.find_finding, newest_by="found_at",
    verbs=(
        Verb(code="handle", form=forms.HANDLE, permission=WALK, run=walking.handle_finding, sources=("open",)),
        Verb(code="pass_on", form=forms.PASS_ON, permission=WALK, run=walking.pass_on_finding, sources=("open",)),
    ),
    create=forms.FINDING, create_permission=WALK, make=walking.report_finding,
)  # fmt: skip

REPORTS = RecordBook(
    code="patrol_reports", title=N("巡视日报表"), icon="file-text",
    hint=N("下班前上交，次日早上由上级批回。"), rules=("G-02", "G-09"), see=SEE,
    states=(
        State(code="draft", label=N("未交"), tone="soon"),
        State(code="handed_up", label=N("已交"), tone="waiting"),
        State(code="returned", label=N("已批回"), tone="met", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: f"{row.day} {row.staff.name}",
    attrs=(
        Attr(name="area", label=N("片区"), value=lambda row: row.area, listed=True),
        Attr(name="route", label=N("路线"), value=lambda row: row.route, listed=True),
        Attr(name="time", label=N("时间"), value=lambda row: row.time),
        Attr(name="focus", label=N("重点"), value=lambda row: row.focus, wide=True),
        Attr(name="findings", label=N("发现"), value=lambda row: row.findings, wide=True),
        Attr(name="action", label=N("处理"), value=lambda row: row.action, wide=True),
        Attr(name="open_items", label=N("未完事项"), value=lambda row: row.open_items, wide=True),
        Attr(name="handed_up_at", label=N("上交时间"), value=lambda row: row.handed_up_at, kind="moment", listed=True),
        Attr(name="remark", label=N("上级意见"), value=lambda row: row.remark, wide=True),
        Attr(
            name="returned_by", label=N("批阅人"), value=lambda row: row.returned_by.name if row.returned_by else "",
            listed=True,
        ),
        Attr(name="returned_at", label=N("返回时间"), value=lambda row: row.returned_at, kind="moment", listed=True),
    ),
    rows=queries.list_reports, find=queries.find_report, newest_by="opened_at",
    verbs=(
        Verb(
            code="hand_up", form=forms.HAND_UP, permission=WALK, run=reports.hand_up_report, sources=("draft",),
            fits=own, fill=_report,
        ),
        Verb(code="return", form=forms.RETURN, permission=ARRANGE, run=reports.return_report, sources=("handed_up",)),
    ),
    create=forms.REPORT, create_permission=WALK, make=reports.open_report,
)  # fmt: skip
