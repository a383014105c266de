"""工作台 Today: my promises in due order, and what nobody took."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.process import processes
from yingsheng.base.shown import TodayList, TodayNumber
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, apply_view, as_lines, count_views, visible_cases
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import list_owed, period_name
from yingsheng.kernel.timers.queries import Running, list_running_for
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words
from yingsheng.ui.parts import Empty, Figure, Result, Tab

LINES = 40
OWED = 8
RECENT = 8
VIEWS = ("mine", "department", "unclaimed", "overdue", "open")


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """One promise on the page: the clock, what is promised, about which case, and the step that keeps it.

    `verb` and `step_url` are empty where the person may not take that step, or none keeps the promise.
    """

    obligation: Running
    label: str
    case: Case
    url: str
    verb: str = ""
    step_url: str = ""


@dataclass(frozen=True, kw_only=True)
class OwedLine:
    """Recurring work that a post of this person owes: the clock, which day or month, where it is done."""

    obligation: Obligation
    label: str
    period: str
    count: str
    url: str


def _owed(request: DeskRequest) -> list[OwedLine]:
    """The recurring work of the person's posts, each kind once, the earliest due first."""
    actor = request.actor
    lines: list[OwedLine] = []
    for period, obligation in list_owed(site=actor.site, roles=actor.roles, limit=OWED):
        periodic = processes.periodic(period.code)
        if actor.may(periodic.permission):
            lines.append(
                OwedLine(
                    obligation=obligation,
                    label=milestone_words(code=obligation.milestone),
                    period=period_name(period=period),
                    count=f"{period.done} / {period.needed}" if period.needed else "",
                    url=reverse(periodic.url_name),
                )
            )
    return lines


def _tabs(view: str, counts: dict[str, int]) -> list[Tab]:
    labels = {
        "mine": _("我的"),
        "department": _("本组"),
        "unclaimed": _("无人认领"),
        "overdue": _("已超时"),
        "open": _("全部在办"),
    }
    return [
        Tab(
            label=labels[name],
            url=f"?view={name}",
            active=name == view,
            count=counts.get(name),
            tone="late" if name == "overdue" else "",
        )
        for name in VIEWS
    ]


def _line(*, actor: Actor, case: Case, obligation: Running) -> PromiseLine:
    process = processes.get(case.process)
    line = PromiseLine(
        obligation=obligation,
        label=milestone_words(code=obligation.milestone, process=process),
        case=case,
        url=reverse("ui:case", args=[case.key]),
    )
    step = process.step_keeping(milestone=obligation.milestone, state=case.state, case=case)
    if step is None or not actor.may(step.permission):
        return line
    address = reverse("ui:case_step", args=[case.key, step.code])
    return replace(line, verb=str(_(step.label)), step_url=f"{address}?seen={case.version}&back=today")


def _figures(request: DeskRequest) -> list[Figure]:
    """The rates of the month that this person answers for, each with its target."""
    return [
        Figure(
            label=number.label,
            value=f"{number.count * 100 / number.base:.1f}" if number.base else "—",
            unit="%" if number.base else "",
            target=number.target,
            target_words="" if number.target is None else f"{number.target}%",
            numerator=number.count,
            denominator=number.base,
            url=reverse(number.url_name),
            rule=number.rule,
            rule_url=reverse("ui:rule", args=[number.rule]),
            **_verdict(number),
        )
        for process in processes
        if process.numbers is not None
        for number in process.numbers(actor=request.actor, now=request.now)
    ]


def _verdict(number: TodayNumber) -> dict[str, Any]:
    if number.target is None or not number.base:
        return {}
    if number.count * 100 >= number.target * number.base:
        return {"tone": "met", "word": _("达标")}
    return {"tone": "late", "word": _("未达标")}


def _done(request: DeskRequest) -> Result | None:
    """What was just done on a line of this page."""
    key, code = request.GET.get("case", ""), request.GET.get("did", "")
    case = visible_cases(actor=request.actor).filter(key=key).first() if key and code else None
    step = None
    if case is not None:
        step = next((one for one in processes.get(case.process).steps if one.code == code), None)
    if case is None or step is None:
        return None
    text = _("已办：%(step)s") % {"step": _(step.label)}
    return Result(text=text, number=case.number, url=reverse("ui:case", args=[case.key]))


def _lists(request: DeskRequest) -> list[TodayList]:
    """What the processes put on the first page of this person, what goes on now before everything else."""
    lists = [
        one
        for process in processes
        if process.today is not None
        for one in process.today(actor=request.actor, now=request.now)
    ]
    return sorted(lists, key=lambda one: one.rank)


@desk()
def today(request: DeskRequest) -> HttpResponse:
    """My work, my group's, what nobody took, what is late."""
    return _show(request)


@require_GET
@desk()
def today_figures(request: DeskRequest) -> HttpResponse:
    """The rates of the month, read behind the page because they count many rows; without scripts, with the page."""
    if "HX-Request" not in request.headers:
        return _show(request, with_figures=True)
    return render(request, "ui/pages/today_figures.html", {"figures": _figures(request)})


@require_GET
@desk()
def today_lists(request: DeskRequest) -> HttpResponse:
    """What each process puts before this person, read behind the page, as there are many; without scripts, with it."""
    if "HX-Request" not in request.headers:
        return _show(request, with_lists=True)
    return render(request, "ui/pages/today_lists.html", {"lists": _lists(request)})


def _show(request: DeskRequest, *, with_figures: bool = False, with_lists: bool = False) -> HttpResponse:
    actor = request.actor
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "mine"
    rows = visible_cases(actor=actor)
    counts = count_views(rows=rows, views=("mine", "unclaimed", "overdue"), actor=actor, now=request.now)
    if not asked and not counts["mine"]:
        view = "open"
    chosen = apply_view(rows=rows, view=view, actor=actor, now=request.now).filter(next_due_at__isnull=False)
    cases = list(as_lines(rows=chosen).order_by("next_due_at", "pk")[:LINES])
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    lines = [
        _line(actor=actor, case=case, obligation=obligation)
        for case in cases
        for obligation in running.get(case.pk, [])[:1]
    ]
    context = {
        "lines": lines,
        "tabs": _tabs(view, counts),
        "now": request.now,
        "owed": _owed(request),
        "figures": _figures(request) if with_figures else None,
        "has_figures": any(process.numbers is not None for process in processes),
        "result": _done(request),
        "lists": _lists(request) if with_lists else None,
        "own_posts": [post.role for post in actor.posts],
        "recent": as_lines(rows=rows.filter(received_by=actor.staff)).order_by("-received_at")[:RECENT],
        "empty": Empty(
            text=_("眼下没有到期要办的事。"),
            hint=_("新的来电来访从接待台登记。"),
            url=reverse("enquiries:reception") if actor.may("enquiries.register") else "",
            label=_("去接待台"),
            key="r",
        ),
    }
    return render(request, "ui/pages/today.html", context)
