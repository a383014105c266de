"""The on-call list: who keeps his mobile on, when he was last rung up; on the screen and on paper (D-13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.org.queries import role_titles
from yingsheng.processes.turns.models import CallAttempt
from yingsheng.processes.turns.process.books import TONES
from yingsheng.processes.turns.queries import CALL, SEE, OnCall, list_on_call
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.rules import language_code
from yingsheng.ui.parts import Empty, Sheet


@require_GET
@desk(SEE)
def on_call(request: DeskRequest) -> HttpResponse:
    """Whom to ring up after hours, one press away from writing the attempt down."""
    context = {
        "people": _people(request),
        "calls_url": reverse("turns:calls"),
        "sheet_url": reverse("turns:on_call_sheet"),
        "may_call": request.actor.may(CALL),
        "empty": Empty(text=_("规程指定的岗位都还没有人。"), sign="phone-call"),
    }
    return render(request, "turns/on_call.html", context)


def _people(request: DeskRequest) -> list[dict[str, Any]]:
    site = request.actor.site
    titles = role_titles(site_id=site.pk, english=language_code() == "en")
    return [_line(one, titles) for one in list_on_call(site=site, at=request.now)]


def _line(one: OnCall, titles: dict[str, str]) -> dict[str, Any]:
    last = one.last
    return {
        "staff": one.staff,
        "post": titles.get(one.role, one.role),
        "phone": one.staff.phone,
        "call": f"tel:{one.staff.phone}" if one.staff.phone else "",
        "last": last,
        "last_word": _(CallAttempt.State(last.state).label) if last is not None else "",
        "last_tone": TONES[last.state] if last is not None else "",
        "record": f"{reverse('turns:calls_new', args=[one.staff.pk])}#new",
    }


@require_GET
@desk(SEE)
def on_call_sheet(request: DeskRequest) -> HttpResponse:
    """The list on paper, for the wall of the duty room."""
    context = {
        "people": _people(request),
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_("随叫随到名单"),
            number="D-13",
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
    }
    return render(request, "turns/sheets/on_call.html", context)
