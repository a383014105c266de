"""回访: the visits owed in their views, and the rates of the month with what is still needed."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.process import processes
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.timers.rules import month_start
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import (
    VIEWS,
    contentment,
    count_views,
    is_overdue,
    rates_by_matter,
    rates_by_rank,
    view_of,
    visible_follow_ups,
    with_home,
)
from yingsheng.processes.followups.rules import Rate
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Row, Tab

PAGE = 50
RANKS = {"CS_SUP": N("客服主管"), "DEPT_MGR": N("物业部经理"), "SITE_HEAD": N("管理处主任")}
MATTERS = {
    "repairs": N("维修"), "services": N("特约服务"), "events": N("文体活动"), "survey": N("调查"),
    "key": N("重点客户"), "other": N("其他服务"),
}  # fmt: skip
PARTS = {"mid": N("中期"), "end": N("结束后"), "periodic": N("定期")}
LABELS = {
    "owed": N("待回访"), "today": N("今天到期"), "overdue": N("已超时"), "week": N("本周"), "waiting": N("待约时间"),
    "yesterday": N("昨日办结"), "unhappy": N("不满意"),
}  # fmt: skip
RULES = {"survey": "F-19", "key": "F-25", "events": "F-05"}
TONES = {"overdue": "late", "unhappy": "late", "today": "soon"}


def matter_words(*, matter: str, part: str = "") -> str:
    """What kind of matter a visit is about, with the half of it where it has two."""
    known = processes.get(matter).title if matter in processes else MATTERS.get(matter, matter)
    half = PARTS.get(part)
    return _(known) if half is None else f"{_(known)} · {_(half)}"


@require_GET
@desk("followups.see")
def follow_ups(request: DeskRequest) -> HttpResponse:
    """The visits of one view, earliest first, with the rates of this month and what is still needed."""
    asked = request.GET.get("view", "owed")
    view = asked if asked in VIEWS else "owed"
    counts = count_views(actor=request.actor, now=request.now)
    rows = with_home(rows=visible_follow_ups(actor=request.actor).filter(view_of(name=view, now=request.now)))
    page = Paginator(rows.order_by("due_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [
            Tab(
                label=_(LABELS[name]),
                url=f"?view={name}",
                active=name == view,
                count=counts[name],
                tone=TONES.get(name, ""),  # type: ignore[arg-type]
            )
            for name in VIEWS
        ],
        "columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("应在此前"), kind="moment"),
            Column(label=_("事项"), kind="code"),
            Column(label=_("哪一类")),
            Column(label=_("事由"), kind="long"),
            Column(label=_("房号")),
            Column(label=_("约定时间"), kind="moment"),
            Column(label=_("计划日")),
            Column(label=_("谁去")),
            Column(label=_("要求")),
        ],
        "rows": [_row(request, row) for row in page],
        "paging": page,
        "caption": _(LABELS[view]),
        "figures": _figures(request) if request.actor.may("followups.quota") else [],
        "may_register": request.actor.may("followups.register"),
        "empty": Empty(text=_("这里没有要回访的事项。"), sign="circle-check"),
    }
    return render(request, "followups/list.html", context)


def _row(request: DeskRequest, row: FollowUp) -> Row:
    late = is_overdue(row=row, now=request.now)
    url = reverse("followups:visit", args=[row.pk])
    tone = "late" if late or row.state == FollowUp.State.UNSATISFIED else "soon"
    return Row(
        name=row.case.number,
        url=url,
        cells=[
            Cell(text=_("已超时") if late else _(row.get_state_display()), tone=tone),  # type: ignore[arg-type]
            row.due_at if row.limited else None,
            Cell(text=row.case.number, url=reverse("ui:case", args=[row.case.key])),
            matter_words(matter=row.matter, part=row.part),
            Cell(text=row.case.title, url=url),
            row.place,
            row.appointment_at,
            f"{row.planned_day:%m-%d}" if row.planned_day else "",
            row.assigned.name if row.assigned else "",
            _needs(row),
        ],
    )


def _needs(row: FollowUp) -> str:
    """What is asked beyond being made: both heads (F-13), the ranks of the plan (F-12), a key customer (F-25)."""
    found = [_("两位负责人同访")] if row.heads_needed else []
    found += [_(RANKS[role]) for role in row.planned_roles if role in RANKS and not row.heads_needed]
    if row.home is not None and row.home.is_key_customer and row.matter != "key":
        found.append(_("重点客户"))
    return " · ".join(found)


def _figures(request: DeskRequest) -> list[Figure]:
    site, start = request.actor.site, month_start(at=request.now)
    end = request.now + timedelta(seconds=1)
    figures = []
    for matter, rate in rates_by_matter(site=site, start=start, end=end).items():
        label = _("%(matter)s回访率") % {"matter": matter_words(matter=matter)}
        figures.append(rate_figure(label=label, rate=rate, rule=RULES.get(matter, "F-07")))
    for role, rate in rates_by_rank(site=site, start=start, end=end).items():
        figures.append(
            rate_figure(
                label=_("%(rank)s走访率") % {"rank": _(RANKS.get(role, role))}, rate=rate, rule="F-12"
            )
        )
    content = contentment(site=site, start=start, end=end)
    figures.append(
        Figure(
            label=_("回访满意"),
            value=round(content.satisfied * 100 / content.visited) if content.visited else "—",
            unit="%" if content.visited else "",
            numerator=content.satisfied,
            denominator=content.visited,
            rule="F-09",
            rule_url=reverse("ui:rule", args=["F-09"]),
        )
    )
    return figures


def rate_figure(*, label: str, rate: Rate, rule: str) -> Figure:
    """A rate so far with its target, and in words how many are still needed."""
    return Figure(
        label=label,
        value=round(rate.percent) if rate.percent is not None else "—",
        unit="%" if rate.percent is not None else "",
        target=rate.target or None,
        numerator=rate.done,
        denominator=rate.base,
        tone="met" if rate.reached else "soon",
        word=_("已达标") if rate.reached else _("还需%(count)s件") % {"count": rate.still_needed},
        rule=rule,
        rule_url=reverse("ui:rule", args=[rule]),
    )
