"""The printed sheets: looking is free, printing is counted (O-06)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.money import format_fen
from yingsheng.processes.fees.pages.registers import taking_columns, taking_row
from yingsheng.processes.fees.process import sheets
from yingsheng.processes.fees.process.books import SEE, pieces_words
from yingsheng.processes.fees.process.forms import ITEMS, METHODS
from yingsheng.processes.fees.queries import find_handover, find_receipt, takings_of
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.papers import paper


@require_http_methods(["GET", "POST"])
@desk(SEE)
def receipt(request: DeskRequest, pk: int) -> HttpResponse:
    """代收费用收据: for the payer to keep (O-06)."""
    row = find_receipt(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return paper(
        request, process="fees", declared=sheets.RECEIPT, subject=row,
        number=row.number, here=reverse("fees:receipt_sheet", args=[pk]),
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
    return paper(
        request, process="fees", declared=sheets.HANDOVER, subject=row,
        number=row.number, here=reverse("fees:handover_sheet", args=[pk]),
        context={
            "handover": row, "columns": taking_columns(),
            "rows": [taking_row(one) for one in takings_of(handover=row)], "book": format_fen(fen=row.fen),
            "counted": "" if row.counted_fen is None else format_fen(fen=row.counted_fen),
            "pieces": pieces_words(row.count.pieces) if row.count else "",
        },
    )  # fmt: skip
