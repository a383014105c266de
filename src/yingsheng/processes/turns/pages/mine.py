"""One's own turns on the phone, and what a month counts for everybody (D-08, D-11, D-28)."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.money import format_fen
from yingsheng.base.months import next_month as month_after
from yingsheng.base.months import previous_month
from yingsheng.kernel.rosters.models import Assignment
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.pages.calendars import feed_address
from yingsheng.processes.turns.pages.grid import chosen_month, month_url
from yingsheng.processes.turns.process.words import hours_words
from yingsheng.processes.turns.queries import PLAN, SEE, MonthLine, list_own_turns, month_lines
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Column, Empty, Figure, Row


@require_GET
@desk(SEE)
def mine(request: DeskRequest) -> HttpResponse:
    """What is ahead of me, with the ways to ask for leave or a swap."""
    turns = list_own_turns(actor=request.actor, since=request.now)
    today = timezone.localtime(request.now).date()
    lines = month_lines(
        site=request.actor.site, month=today.replace(day=1), at=request.now, only=request.actor.staff
    )
    context = {
        "turns": [_line(request, one) for one in turns],
        "figures": _figures(lines[0]) if lines else [],
        "feed": feed_address(request),
        "empty": Empty(
            text=_("还没有排到您的班。"), hint=_("排班表发布后，您的班会出现在这里。"), sign="calendar-time"
        ),
        "today": today,
    }
    return render(request, "turns/mine.html", context)


def _line(request: DeskRequest, turn: Assignment) -> dict[str, object]:
    here = turn.site_id == request.actor.site.pk
    return {
        "turn": turn,
        "name": f"{own_name(turn.shift.post)} {own_name(turn.shift)}",
        "hours": hours_words(turn=turn),
        "running": turn.starts_at <= request.now < turn.ends_at,
        "note": _("替%(who)s") % {"who": turn.covers.staff.name}
        if turn.covers is not None and turn.origin == Assignment.Origin.SUBSTITUTE
        else "",
        "leave": reverse("turns:leaves_new", args=[turn.pk]) if here else "",
        "swap": reverse("turns:swaps_new", args=[turn.pk]) if here and turn.starts_at > request.now else "",
    }


def _figures(line: MonthLine) -> list[Figure]:
    return [
        Figure(label=_("本月班数"), value=line.tally.turns),
        Figure(label=_("工时"), value=line.tally.hours),
        Figure(label=_("夜班"), value=line.tally.nights),
        Figure(label=_("周末和节假日"), value=line.tally.specials),
        Figure(
            label=_("请假天数"),
            value=line.leave_days,
            rule="D-28",
            rule_url=reverse("ui:rule", args=["D-28"]),
        ),
    ]


@require_GET
@desk(SEE)
def hours(request: DeskRequest) -> HttpResponse:
    """The list of a month, by person; whoever does not plan sees his own line (D-08, D-28)."""
    month = chosen_month(request)
    only = None if request.actor.may(PLAN) else request.actor.staff
    lines = month_lines(site=request.actor.site, month=month, at=request.now, only=only)
    costs = any(line.deducted_fen is not None for line in lines)
    context = {
        "month": month,
        "before": month_url("turns:hours", date(*previous_month(year=month.year, month=month.month), 1)),
        "after": month_url("turns:hours", date(*month_after(year=month.year, month=month.month), 1)),
        "month_url": month_url("turns:month", month),
        "columns": [
            Column(label=_("姓名")),
            Column(label=_("出勤天数"), kind="number"),
            Column(label=_("班数"), kind="number"),
            Column(label=_("工时"), kind="number"),
            Column(label=_("夜班"), kind="number"),
            Column(label=_("周末和节假日"), kind="number"),
            Column(label=_("替别人"), kind="number"),
            Column(label=_("请假天数"), kind="number"),
            *([Column(label=_("请假扣款（元）"), kind="number")] if costs else []),
        ],
        "rows": [_row(line, costs) for line in lines],
        "caption": _("出勤与请假"),
        "empty": Empty(text=_("这个月没有已发布的班。")),
    }
    return render(request, "turns/hours.html", context)


def _row(line: MonthLine, costs: bool) -> Row:
    found = line.tally
    cells: list[object] = [
        line.staff.name, found.days, found.turns, found.hours, found.nights, found.specials, found.stood_in,
        line.leave_days,
    ]  # fmt: skip
    if costs:
        cells.append(format_fen(fen=line.deducted_fen) if line.deducted_fen is not None else "")
    return Row(name=line.staff.name, cells=cells)
