"""认购书 FM-64 and the statement of an agent: looking is free, printing is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base import process as base
from yingsheng.base.money import format_fen
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.pages.deal_lines import line_columns, line_row
from yingsheng.processes.salesdesk.process.deal_books import STATEMENT, SUBSCRIPTION
from yingsheng.processes.salesdesk.queries.deals import count_prints, find_deal
from yingsheng.processes.salesdesk.queries.month import (
    COMPANY,
    list_lines,
    statement_of,
    window_of,
)
from yingsheng.processes.salesdesk.services.allow import REPORT, SEE
from yingsheng.processes.salesdesk.services.statements import record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Cell, Row, Sheet, SignatureLine


def _paper(
    request: DeskRequest,
    *,
    declared: base.Sheet,
    subject: Any,
    number: str,
    context: dict[str, Any],
    here: str,
    signatures: tuple[SignatureLine, ...],
) -> HttpResponse:
    """A sheet as page or PDF; a POST prints it and is counted with its subject."""
    mark = f"{declared.code}:{number}"
    count = None
    if request.method == "POST":
        count = record_print(actor=request.actor, record=subject, sheet=mark, at=request.now)
    told = {
        **declared.build(context),
        "sheet": Sheet(
            site_name=request.actor.site.name, form_name=_(declared.title), form_code=declared.form_number,
            number=number, reprint_count=count - 1 if count else 0, printed_at=request.now,
            printed_by=request.actor.staff.name, signatures=signatures,
            copies=[_(label) for label in declared.copies],
        ),
        "now": request.now,
        "print_url": here,
        "pdf_url": f"{here}{'&' if '?' in here else '?'}as=pdf",
        "preview": count is None,
        "printed": count_prints(subject=subject, sheet=mark),
    }  # fmt: skip
    if request.GET.get("as") != "pdf":
        return render(request, declared.template, told)
    html = render_to_string(declared.template, {**told, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=declared.code)


def _on_paper(row: Row) -> Row:
    """A row without its links, which say nothing on paper."""
    return replace(row, cells=[one.text if isinstance(one, Cell) else one for one in row.cells])


@require_http_methods(["GET", "POST"])
@desk(SEE)
def subscription(request: DeskRequest, pk: int) -> HttpResponse:
    """认购书 of a deal: purchaser, unit, price, deposit, signature (J-24, J-25)."""
    deal = find_deal(actor=request.actor, pk=pk)
    if deal is None:
        raise Http404
    return _paper(
        request, declared=SUBSCRIPTION, subject=deal, number=deal.number,
        here=reverse("salesdesk:sales_deals_sheet", args=[pk]),
        context={
            "deal": deal, "price": format_fen(fen=deal.price_fen),
            "deposit": format_fen(fen=deal.deposit_fen) if deal.deposit_fen else "",
        },
        signatures=(
            SignatureLine(
                label=_("买方签名"), name=deal.signed_by, date=str(deal.signed_day) if deal.signed_day else ""
            ),
            SignatureLine(label=_("销售人员"), name=deal.closer.name),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def statement(request: DeskRequest, pk: int) -> HttpResponse:
    """What an agent has of a month, line by line; 0 is the company. One's own, or anybody's with REPORT."""
    year, number = chosen_month(request)
    if pk != request.actor.staff.pk and not request.actor.may(REPORT):
        raise Http404
    people = Staff.objects.filter(appointments__post__site=request.actor.site).distinct()
    agent = people.filter(pk=pk).first()
    if agent is None and pk != COMPANY:
        raise Http404
    lines = list_lines(actor=request.actor, window=window_of(year=year, month=number))
    rows = list(lines.filter(agent=agent) if agent is not None else lines.filter(agent__isnull=True))
    told = statement_of(agent=agent, rows=rows)
    return _paper(
        request, declared=STATEMENT, subject=agent or request.actor.site, number=f"{year}-{number:02d}-{pk}",
        here=f"{reverse('salesdesk:statement_sheet', args=[pk])}{month_query(year=year, month=number)}",
        context={
            "whose": agent.name if agent is not None else _("公司"), "month": f"{year}-{number:02d}",
            "columns": line_columns(whose=False),
            "rows": [_on_paper(line_row(line=one, whose=False, actor=request.actor)) for one in rows],
            "total": format_fen(fen=told.total_fen),
            "commission": format_fen(fen=told.commission_fen), "bonus": format_fen(fen=told.bonus_fen),
            "fine": format_fen(fen=told.fine_fen),
        },
        signatures=(SignatureLine(label=_("业务员")), SignatureLine(label=_("销售经理"))),
    )  # fmt: skip
