"""The printed sheets: looking is free, printing is counted (FM-43, FM-44, FM-45, the receipt of what is kept)."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base import process as base
from yingsheng.base.money import format_fen
from yingsheng.processes.prepaid.models import Kind
from yingsheng.processes.prepaid.pages.registers import line_columns, line_rows
from yingsheng.processes.prepaid.process import sheets
from yingsheng.processes.prepaid.process.books import SEE
from yingsheng.processes.prepaid.queries import (
    count_prints,
    find_batch,
    find_order,
    list_month,
    purchase_day,
    window_of,
)
from yingsheng.processes.prepaid.services.filing import REPORT, record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Sheet


def paper(
    request: DeskRequest, *, declared: base.Sheet, subject: Any, number: str, context: dict[str, Any], here: str,
    layout: Literal["", "dense"] = "",
) -> HttpResponse:  # fmt: skip
    """A sheet as page or PDF; a POST prints it and is counted with its subject."""
    mark = f"{declared.code}:{number}"
    count = None
    if request.method == "POST":
        count = record_print(actor=request.actor, record=subject, sheet=mark, at=request.now)
    told = {
        **declared.build(context),
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_(declared.title),
            form_code=declared.form_number,
            number=number,
            layout=layout,
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "now": request.now,
        "print_url": here,
        "pdf_url": f"{here}{'&' if '?' in here else '?'}as=pdf",
        "preview": count is None,
        "printed": count_prints(subject=subject, sheet=mark),
    }
    if request.GET.get("as") != "pdf":
        return render(request, declared.template, told)
    html = render_to_string(declared.template, {**told, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=declared.code)


@require_http_methods(["GET", "POST"])
@desk(SEE)
def custody(request: DeskRequest, pk: int) -> HttpResponse:
    """What a home left with us: its cash and its device, for the home to keep (P-02)."""
    order = find_order(actor=request.actor, pk=pk)
    if order is None:
        raise Http404
    return paper(
        request, declared=sheets.CUSTODY, subject=order, number=order.number,
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
        request, declared=sheets.HANDOVER, subject=batch, number=batch.number, layout="dense",
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
        request, declared=sheets.BY_KIND[kind], subject=site, number=f"{year}-{number:02d}", layout="dense",
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
