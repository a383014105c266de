"""The printed sheets, and the photos that were taken: looking is free, printing is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.processes.patrols.models import Patrol
from yingsheng.processes.patrols.process import sheets
from yingsheng.processes.patrols.process.books import SEE
from yingsheng.processes.patrols.process.forms import DIARY_KINDS
from yingsheng.processes.patrols.process.more_books import INSPECT, visit_words
from yingsheng.processes.patrols.queries.inspecting import diary_of_day
from yingsheng.processes.patrols.queries.visiting import find_visit, list_visits
from yingsheng.processes.patrols.queries.walking import (
    find_finding,
    find_patrol,
    find_report,
    find_route,
    list_patrols,
    local_day,
)
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.papers import paper

MOST_LINES = 60
FILES = {"finding": find_finding, "patrol": find_patrol}


@require_http_methods(["GET", "POST"])
@desk(SEE)
def posters(request: DeskRequest, pk: int) -> HttpResponse:
    """The codes of a route's points for the walls: each opens its point on a phone (G-01)."""
    route = find_route(actor=request.actor, pk=pk)
    if route is None:
        raise Http404
    points = [
        (point, request.build_absolute_uri(reverse("patrols:phone_point", args=[point.key])))
        for point in route.in_use  # type: ignore[attr-defined]
    ]
    return paper(
        request, process="patrols", declared=sheets.POSTERS, subject=route, number=f"XL-{route.pk}",
        context={"route": route, "points": points}, here=reverse("patrols:posters", args=[pk]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def report(request: DeskRequest, pk: int) -> HttpResponse:
    """巡视日报表 FM-58, filled in (G-09)."""
    row = find_report(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return paper(
        request, process="patrols", declared=sheets.REPORT, subject=row,
        number=f"{row.day:%Y%m%d}-{row.pk}", context={"report": row},
        here=reverse("patrols:report_sheet", args=[pk]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def visit(request: DeskRequest, pk: int) -> HttpResponse:
    """业户访问记录 FM-18 of one visit, for the household to sign."""
    row = find_visit(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return paper(
        request, process="patrols", declared=sheets.VISIT, subject=row, number=f"{row.day:%Y%m%d}-{row.pk}",
        context={"visit": row, "result": visit_words(row)}, here=reverse("patrols:visit_sheet", args=[pk]),
    )  # fmt: skip


def _asked_day(request: DeskRequest) -> date:
    """The day in the address, today if it names none."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked or local_day(at=request.now)


@require_http_methods(["GET", "POST"])
@desk(SEE)
def day_round(request: DeskRequest) -> HttpResponse:
    """巡访、回访记录表 FM-29: the walks and visits of a day."""
    day = _asked_day(request)
    visits = list_visits(actor=request.actor).filter(day=day).exclude(state__in=("planned", "dropped"))
    walks = list_patrols(actor=request.actor).filter(day=day)
    return paper(
        request, process="patrols", declared=sheets.ROUND, subject=request.actor.site, number=f"{day:%Y%m%d}",
        context={
            "day": day, "walks": list(walks[:MOST_LINES]),
            "visits": [(row, visit_words(row)) for row in visits[:MOST_LINES]],
        },
        here=f"{reverse('patrols:round_sheet')}?day={day}",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(INSPECT)
def diary(request: DeskRequest) -> HttpResponse:
    """工作日记 FM-15: what the reader wrote on a day (G-06, G-07)."""
    day = _asked_day(request)
    words = dict(DIARY_KINDS)
    rows = diary_of_day(site=request.actor.site, staff=request.actor.staff, day=day)
    return paper(
        request, process="patrols", declared=sheets.DIARY, subject=request.actor.site,
        number=f"{day:%Y%m%d}-{request.actor.staff.pk}",
        context={"day": day, "who": request.actor.staff.name, "entries": [(row, _(words[row.kind])) for row in rows]},
        here=f"{reverse('patrols:diary_sheet')}?day={day}",
    )  # fmt: skip


@require_GET
@desk(SEE)
def file(request: DeskRequest, kind: str, pk: int, key: str) -> HttpResponse:
    """A photo of a finding or of a walk."""
    find = FILES.get(kind)
    row: Any = find(actor=request.actor, pk=pk) if find is not None else None
    kept = list_attachments(subject=row).filter(key=key).first() if row is not None else None
    if kept is None:
        raise Http404
    response = HttpResponse(read_attachment(attachment=kept), content_type=kept.kind)
    ending = "patrol" if isinstance(row, Patrol) else "finding"
    response["Content-Disposition"] = f'inline; filename="{ending}-{pk}-{kept.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
