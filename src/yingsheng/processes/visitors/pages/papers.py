"""The printed sheets, and the files kept with a record: looking is free, printing is counted."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.plates import format_plate
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.processes.visitors.models import Deposit, Pass, Visitor
from yingsheng.processes.visitors.process import forms, sheets
from yingsheng.processes.visitors.queries.deposits import find_deposit, giver_of
from yingsheng.processes.visitors.queries.passes import find_pass, lines_of, local_day
from yingsheng.processes.visitors.queries.visits import host_of, list_day
from yingsheng.processes.visitors.queries.weeks import midnight
from yingsheng.processes.visitors.services.writing import REGISTER, SEE
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.papers import paper

MOST_LINES = 200


@require_http_methods(["GET", "POST"])
@desk(SEE)
def release_pass(request: DeskRequest, pk: int) -> HttpResponse:
    """放行条 FM-59 for the gate and the customer, with the code that the gate checks (V-02)."""
    row = find_pass(actor=request.actor, pk=pk)
    if row is None or not row.code:
        raise Http404
    return paper(
        request, process="visitors", declared=sheets.PASS, subject=row,
        number=row.number, here=reverse("visitors:pass_sheet", args=[pk]),
        context={
            "pass": row, "lines": lines_of(row), "relation": _(Pass.Relation(row.relation).label),
            "consent": _(Pass.Consent(row.consent_way).label),
            "plate": format_plate(plate=row.plate) if row.plate else "",
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """The slip for whoever leaves an article (V-04)."""
    row = find_deposit(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    kind = _(Deposit.Kind(row.kind).label)
    return paper(
        request, process="visitors", declared=sheets.RECEIPT, subject=row, number=row.number,
        here=reverse("visitors:receipt_sheet", args=[pk]),
        context={"item": row, "kind": kind, "giver": giver_of(row)},
    )  # fmt: skip


def _asked_day(request: DeskRequest) -> date:
    """The day in the address, today if it names none."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked or local_day(at=request.now)


@require_http_methods(["GET", "POST"])
@desk(REGISTER)
def book(request: DeskRequest) -> HttpResponse:
    """来访登记本 FM-65 of a day (V-01, V-09)."""
    day = _asked_day(request)
    rows = list_day(actor=request.actor, start=midnight(day), end=midnight(day + timedelta(days=1)))
    reasons = dict(forms.REASONS)
    lines = [
        (row, host_of(row), _(reasons[row.reason]) if row.reason else _(Visitor.State(row.state).label))
        for row in rows[:MOST_LINES]
    ]
    return paper(
        request, process="visitors", declared=sheets.BOOK, subject=request.actor.site, number=f"{day:%Y%m%d}",
        context={"day": day, "lines": lines}, here=f"{reverse('visitors:book_sheet')}?day={day}",
    )  # fmt: skip


@require_GET
@desk(SEE)
def file(request: DeskRequest, pk: int, key: str) -> HttpResponse:
    """A letter of consent kept with a pass."""
    row = find_pass(actor=request.actor, pk=pk)
    kept = list_attachments(subject=row).filter(key=key).first() if row is not None else None
    if kept is None:
        raise Http404
    response = HttpResponse(read_attachment(attachment=kept), content_type=kept.kind)
    response["Content-Disposition"] = f'inline; filename="consent-{pk}-{kept.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
