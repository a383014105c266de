"""认购书 FM-64 and the statement of an agent: looking is free, printing is counted."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.money import format_fen
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.pages.deal_lines import line_columns, line_row
from yingsheng.processes.salesdesk.process.deal_books import STATEMENT, SUBSCRIPTION
from yingsheng.processes.salesdesk.queries.allow import REPORT, SEE
from yingsheng.processes.salesdesk.queries.deals import find_deal
from yingsheng.processes.salesdesk.queries.month import (
    COMPANY,
    list_lines,
    statement_of,
    window_of,
)
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.papers import paper
from yingsheng.ui.parts import Cell, Row, SignatureLine


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
    return paper(
        request, process="salesdesk", declared=SUBSCRIPTION, subject=deal, number=deal.number,
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
    return paper(
        request, process="salesdesk", declared=STATEMENT, subject=agent or request.actor.site,
        number=f"{year}-{number:02d}-{pk}",
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
