"""The printed sheets: looking is free, printing is counted (FM-43, FM-44, FM-45, the receipt of what is kept)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.money import format_fen
from yingsheng.processes.prepaid.models import Kind
from yingsheng.processes.prepaid.pages.registers import line_columns, line_rows
from yingsheng.processes.prepaid.process import sheets
from yingsheng.processes.prepaid.process.books import SEE
from yingsheng.processes.prepaid.queries import (
    find_batch,
    find_order,
    list_month,
    purchase_day,
    window_of,
)
from yingsheng.processes.prepaid.services.filing import REPORT
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.papers import paper


@require_http_methods(["GET", "POST"])
@desk(SEE)
def custody(request: DeskRequest, pk: int) -> HttpResponse:
    """What a home left with us: its cash and its device, for the home to keep (P-02)."""
    order = find_order(actor=request.actor, pk=pk)
    if order is None:
        raise Http404
    return paper(
        request, process="prepaid", declared=sheets.CUSTODY, subject=order, number=order.number,
        here=reverse("prepaid:custody_sheet", args=[pk]),
        context={
            "order": order, "cash": format_fen(fen=order.cash_fen), "kind": _(order.get_kind_display()),
            "day": purchase_day(site=request.actor.site, at=request.now),
            "bought": format_fen(fen=order.bought_fen) if order.bought_fen else "",
            "change": format_fen(fen=order.change_fen) if order.bought_fen else "",
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def handover(request: DeskRequest, pk: int) -> HttpResponse:
    """交接记录 FM-45: what went to the purchaser and what came back, with both signatures (P-03, P-04)."""
    batch = find_batch(actor=request.actor, pk=pk)
    if batch is None:
        raise Http404
    return paper(
        request, process="prepaid", declared=sheets.HANDOVER, subject=batch, number=batch.number, layout="dense",
        here=reverse("prepaid:handover_sheet", args=[pk]),
        context={
            "batch": batch, "columns": line_columns(), "rows": line_rows(batch),
            "cash": format_fen(fen=batch.cash_fen), "bought": format_fen(fen=batch.bought_fen),
            "change": format_fen(fen=batch.change_fen),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(REPORT)
def register(request: DeskRequest, kind: str) -> HttpResponse:
    """预购电/气数量、领取记录表 FM-43 or FM-44 of a month (P-02)."""
    if kind not in Kind.values:
        raise Http404
    year, number = chosen_month(request)
    site = request.actor.site
    window = window_of(year=year, month=number, site=site, at=request.now)
    rows = list_month(actor=request.actor, window=window).filter(kind=kind)
    return paper(
        request, process="prepaid", declared=sheets.BY_KIND[kind], subject=site,
        number=f"{year}-{number:02d}", layout="dense",
        here=f"{reverse('prepaid:register_sheet', args=[kind])}{month_query(year=year, month=number)}",
        context={
            "window": window, "is_gas": kind == Kind.GAS,
            "rows": [
                (
                    row, format_fen(fen=row.cash_fen), format_fen(fen=row.bought_fen) if row.bought_fen else "",
                    format_fen(fen=row.change_fen) if row.bought_fen else "",
                )
                for row in rows
            ],
        },
    )  # fmt: skip
