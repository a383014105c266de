"""The printed sheets: looking is free, printing is counted (O-06)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base import process as base
from yingsheng.base.money import format_fen
from yingsheng.processes.fees.pages.registers import taking_columns, taking_row
from yingsheng.processes.fees.process import sheets
from yingsheng.processes.fees.process.books import SEE, pieces_words
from yingsheng.processes.fees.process.forms import ITEMS, METHODS
from yingsheng.processes.fees.queries import count_prints, find_handover, find_receipt, takings_of
from yingsheng.processes.fees.services.cashbox import record_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Sheet


def _paper(
    request: DeskRequest, *, declared: base.Sheet, subject: Any, context: dict[str, Any], here: str
) -> HttpResponse:
    """A sheet as page or PDF; a POST prints it and is counted with its subject."""
    mark = f"{declared.code}:{subject.number}"
    count = None
    if request.method == "POST":
        count = record_print(actor=request.actor, record=subject, sheet=mark, at=request.now)
    told = {
        **declared.build(context),
        "sheet": Sheet(
            site_name=request.actor.site.name,
            form_name=_(declared.title),
            form_code=declared.form_number,
            number=subject.number,
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "now": request.now,
        "print_url": here,
        "pdf_url": f"{here}?as=pdf",
        "preview": count is None,
        "printed": count_prints(subject=subject, sheet=mark),
    }
    if request.GET.get("as") != "pdf":
        return render(request, declared.template, told)
    html = render_to_string(declared.template, {**told, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=declared.code)


@require_http_methods(["GET", "POST"])
@desk(SEE)
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """代收费用收据: for the payer to keep (O-06)."""
    row = find_receipt(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return _paper(
        request, declared=sheets.RECEIPT, subject=row, here=reverse("fees:receipt_sheet", args=[pk]),
        context={
            "receipt": row, "amount": format_fen(fen=row.amount_fen), "item": _(dict(ITEMS)[row.item]),
            "method": _(dict(METHODS).get(row.method, row.method)),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def handover(request: DeskRequest, pk: int) -> HttpResponse:
    """代收款移交单: every taking, the notes, both signatures (O-03, O-06)."""
    row = find_handover(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return _paper(
        request, declared=sheets.HANDOVER, subject=row, here=reverse("fees:handover_sheet", args=[pk]),
        context={
            "handover": row, "columns": taking_columns(),
            "rows": [taking_row(one) for one in takings_of(handover=row)], "book": format_fen(fen=row.fen),
            "counted": "" if row.counted_fen is None else format_fen(fen=row.counted_fen),
            "pieces": pieces_words(row.count.pieces) if row.count else "",
        },
    )  # fmt: skip
