"""The board: what runs now with its minutes, what is still owed; and the press by which another home is noted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.estate.models import Household, Person
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.processes.emergencies.queries import board, list_open
from yingsheng.processes.emergencies.rules.life import OPEN
from yingsheng.processes.emergencies.rules.months import minutes_between
from yingsheng.processes.emergencies.services.intake import add_household
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Row

CLOSED_SHOWN = 20


@require_GET
@desk("emergencies.see")
def board_page(request: DeskRequest) -> HttpResponse:
    """What runs now, the oldest alarm first; below it what is over."""
    live, closed = board(actor=request.actor, closed=CLOSED_SHOWN)
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in live])
    may_register = request.actor.may("emergencies.register") and request.actor.may("enquiries.register")
    context = {
        "live_columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("下一时限"), kind="chip"),
            Column(label=_("已过"), kind="number"),
            Column(label=_("编号"), kind="code"),
            Column(label=_("什么事"), kind="long"),
            Column(label=_("登记时间"), kind="moment"),
            Column(label=_("谁去")),
            Column(label=_("到场时间"), kind="moment"),
            Column(label=_("来电户数"), kind="number"),
        ],
        "live_rows": [_live_row(case, request, running.get(case.pk, [])) for case in live],
        "closed_columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("编号"), kind="code"),
            Column(label=_("什么事"), kind="long"),
            Column(label=_("登记时间"), kind="moment"),
            Column(label=_("用时"), kind="number"),
            Column(label=_("来电户数"), kind="number"),
        ],
        "closed_rows": [_closed_row(case) for case in closed],
        "waiting": sum(case.waiting for case in live if case.state not in OPEN),  # type: ignore[attr-defined]
        "register_url": f"{reverse('enquiries:reception')}?start=emergencies" if may_register else "",
        "may_report": request.actor.may("emergencies.report"),
        "calm": Empty(text=_("现在没有正在处理的突发事件。"), hint=_("接到求助按 ! 登记，几秒钟就能报警。")),
        "empty": Empty(text=_("还没有发生过突发事件。")),
        "now": request.now,
    }
    return render(request, "emergencies/board.html", context)


def _minutes(count: int) -> str:
    return _("%(minutes)s 分钟") % {"minutes": count}


def _event_cell(case: Any) -> Cell:
    return Cell(text=case.title, url=reverse("ui:case", args=[case.key]))


def _live_row(case: Any, request: DeskRequest, promises: list[Any]) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    first = promises[0] if promises else None
    until = request.now if case.state in OPEN else case.handled_at or request.now
    taken = case.emergency.acknowledged_by
    return Row(
        url=url,
        name=case.number,
        tone="late" if case.state == "alarm" else "",
        cells=[
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            Cell(obligation=first, text=milestone_words(code=first.milestone)) if first is not None else "",
            _minutes(minutes_between(start=case.received_at, end=until)),
            Cell(text=case.number, url=url),
            _event_cell(case),
            case.received_at,
            taken.name if taken is not None else _("还没有人接警"),
            case.emergency.arrived_at or "",
            case.households,
        ],
    )


def _closed_row(case: Any) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    used = minutes_between(start=case.received_at, end=case.handled_at) if case.handled_at else None
    return Row(
        url=url,
        name=case.number,
        cells=[
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            Cell(text=case.number, url=url),
            _event_cell(case),
            case.received_at,
            _minutes(used) if used is not None else "",
            case.households,
        ],
    )


@require_http_methods(["POST"])
@desk("emergencies.register")
def join(request: DeskRequest, key: str) -> HttpResponse:
    """又一户来电: note the home on the desk's screen, and go back to it; noted twice is noted once (X-03)."""
    case = list_open(actor=request.actor).filter(key=key).first()
    if case is None:
        raise Http404
    pk = whole_number(text=request.POST.get("household", ""))
    household = (
        Household.objects.filter(site=request.actor.site, pk=pk).select_related("room", "site").first()
        if pk is not None
        else None
    )
    if household is None:
        return HttpResponseRedirect(reverse("enquiries:reception"), status=303)
    person = _speaker(request, household)
    try:
        add_household(
            case=case,
            household=household,
            by=request.actor.staff,
            at=request.now,
            caller_name=(person.call_as or person.name) if person is not None else "",
        )
    except Refused as refusal:
        if refusal.code != "known":
            raise
    back = {"household": household.pk, **({"person": person.pk} if person is not None else {})}
    return HttpResponseRedirect(f"{reverse('enquiries:reception')}?{urlencode(back)}#hints", status=303)


def _speaker(request: DeskRequest, household: Household) -> Person | None:
    pk = whole_number(text=request.POST.get("person", ""))
    return Person.objects.filter(memberships__household=household, pk=pk).first() if pk is not None else None
