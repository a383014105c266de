"""A day of the rotation step by step, and its printed list (J-01, J-35, FM-63)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.processes.salesdesk.models import Day, Project
from yingsheng.processes.salesdesk.models.queue import KINDS
from yingsheng.processes.salesdesk.pages.board import project_of
from yingsheng.processes.salesdesk.process.queue_books import ROTATION_SHEET
from yingsheng.processes.salesdesk.process.queue_words import CASES, DOING, article_words, owed_words
from yingsheng.processes.salesdesk.queries.allow import BOARD, RUN
from yingsheng.processes.salesdesk.queries.board import Board, board_after
from yingsheng.processes.salesdesk.queries.board_days import (
    Step,
    Used,
    carries_on,
    days_beside,
    find_day_of,
    morning_order,
    steps_of,
    uses_of,
)
from yingsheng.processes.salesdesk.rules.queue import Kind
from yingsheng.processes.salesdesk.services.listing import record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.papers import paper
from yingsheng.ui.parts import Empty, SignatureLine

NOT_SAID = (Kind.LEAVE.value, Kind.ORDERED.value, Kind.DEPART.value)  # why somebody was away


@require_GET
@desk(BOARD)
def day_page(request: DeskRequest, pk: int, day: str) -> HttpResponse:
    """Everything that happened to the rotation on a day, with the order after each step (J-01)."""
    project, chosen = project_of(request, pk), _date(day)
    found = find_day_of(project=project, date=chosen)
    steps = steps_of(day=found, at=request.now) if found is not None else ()
    before, after = days_beside(project=project, date=chosen)
    wanted = whole_number(text=request.GET.get("step", ""))
    shown = next((one for one in steps if one.event.number == wanted), None)
    told = request.actor.may(RUN)
    context = {
        "project": project, "day": chosen,
        "steps": [_step(one, told=told or request.actor.staff.pk in one.event.agents) for one in steps],
        "opening": morning_order(day=found, at=request.now) if found is not None else (),
        "shown": shown.event.number if shown is not None else None,
        "stood": _stood(board_after(day=found, at=request.now, number=shown.event.number))
        if found is not None and shown is not None
        else None,
        "carries_on": carries_on(day=found, at=request.now) if found is not None else None,
        "before": _url(project, before), "after": _url(project, after),
        "board_url": reverse("salesdesk:board_one", args=[pk]),
        "sheet_url": reverse("salesdesk:board_sheet", args=[pk, chosen.isoformat()]) if found is not None else "",
        "empty": Empty(text=_("这一天轮排没有变化。"), sign="calendar"),
    }  # fmt: skip
    return render(request, "salesdesk/board_day.html", context)


@require_http_methods(["GET", "POST"])
@desk(BOARD)
def sheet(request: DeskRequest, pk: int, day: str) -> HttpResponse:
    """轮排表 of a day: looking is free, printing is counted (FM-63)."""
    project, chosen = project_of(request, pk), _date(day)
    found = find_day_of(project=project, date=chosen)
    return paper(
        request, process="salesdesk", declared=ROTATION_SHEET, subject=project,
        number=f"{project.number}-{chosen:%Y%m%d}", here=request.path, layout="wide",
        context={**_told(request, project, found), "day": chosen},
        signatures=(SignatureLine(label=_("销售经理签名")),),
        record=lambda mark: record_print(actor=request.actor, project=project, sheet=mark, at=request.now),
    )  # fmt: skip


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if found.isoformat() != text:
        raise Http404  # one address for one day
    return found


def _url(project: Project, day: date | None) -> str:
    return reverse("salesdesk:board_day", args=[project.pk, day.isoformat()]) if day is not None else ""


def _words(kind: str) -> str:
    return _(KINDS[Kind(kind)])


def _step(one: Step, *, told: bool) -> dict[str, Any]:
    """A step in words; why somebody was away is for him and for whoever runs the list."""
    event = one.event
    if one.credit is not None:
        what = _("补接新客户（%(why)s）") % {"why": _(CASES.get(one.credit.case, CASES[0]))}
        article = one.credit.article
    else:
        what, article = _words(event.kind), event.article
    return {
        "number": event.number, "at": localtime(event.at), "by": event.by.name, "names": "、".join(one.names),
        "what": what, "article": article_words(article) if article else "",
        "note": event.note if told or event.kind not in NOT_SAID else "", "order": one.order, "next": one.next_name,
        "owed": one.owed,
    }  # fmt: skip


def _stood(board: Board) -> list[dict[str, Any]]:
    """The board after a step, a line for each agent."""
    lines = []
    for one in board.standings:
        word, tone, sign = DOING[one.doing]
        lines.append(
            {
                "one": one, "word": _(word), "tone": tone, "sign": sign,
                "owed": [owed_words(owed) for owed in one.owed],
            }
        )  # fmt: skip
    return lines


def _told(request: DeskRequest, project: Project, day: Day | None) -> dict[str, Any]:
    rows = uses_of(day=day, at=request.now) if day is not None else ()
    told = request.actor.may(RUN)
    return {"project": project, "rows": [_row(one, told=told) for one in rows]}


def _row(one: Used, *, told: bool) -> dict[str, Any]:
    """An agent's line of the printed list."""
    return {
        "place": one.place or _("当天排入"), "name": one.name, "signed_in": _clock(one.signed_in),
        "signed_off": _clock(one.signed_off), "count": len(one.turns),
        "turns": [_clock(at) for at in one.turns],
        "made_up": [f"{_clock(at)} {article_words(article)}" for at, article in one.made_up],
        "kept": [
            f"{_clock(at)} {_('公共客户') if kind == Kind.PUBLIC else ''} {article_words(article)}"
            for at, kind, article in one.kept
        ],
        "away": [f"{_clock(at)} {_words(kind)} {reason if told else ''}".strip() for at, kind, reason in one.away],
        "owed": [article_words(article) for article in one.owed],
    }  # fmt: skip


def _clock(at: Any) -> str:
    return date_format(localtime(at), "H:i") if at is not None else ""
