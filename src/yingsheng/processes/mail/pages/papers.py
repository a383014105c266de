"""The printed sheets and the files: looking is free, printing is counted (FM-39 to FM-42, CF-28)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.custody.models import Item, Move
from yingsheng.kernel.custody.queries import shown_id
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments, read_attachment
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.mail.process import sheets
from yingsheng.processes.mail.process.books import SEE
from yingsheng.processes.mail.process.forms import COLLECTED_AS, CONDITIONS, ID_KINDS, KINDS, WAYS
from yingsheng.processes.mail.queries.items import (
    find_batch,
    find_mail,
    list_mail,
    local_day,
    signatures_of,
)
from yingsheng.processes.mail.queries.month import batches_of, bounds, days_of, list_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, month_query
from yingsheng.ui.papers import paper

MOST_LINES = 200
HANDED = ("collected", "by_family", "to_area", "to_post")


def _found(request: DeskRequest, pk: int) -> Item:
    row = find_mail(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@desk(SEE)
def notice(request: DeskRequest, pk: int) -> HttpResponse:
    """挂号、特快专递及包裹通知单 FM-41 for a household (M-11)."""
    row = _found(request, pk)
    return paper(
        request, process="mail", declared=sheets.NOTICE, subject=row, number=row.number, rule="M-11",
        context={"item": row, "mail": row.mail, "kind": _(dict(KINDS)[row.mail.kind])},
        here=reverse("mail:notice", args=[pk]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def labels(request: DeskRequest) -> HttpResponse:
    """Labels to be stuck on: of one item, or of all that came today and lie here (M-10).

    Number, room and shelf, and a code that opens the record. The pick-up code stands not on it: whoever sees the
    shelf could read it.
    """
    chosen = request.GET.get("item", "")
    if chosen:
        rows = [_found(request, whole_number(text=chosen) or 0)]
    else:
        start, end = bounds(first=local_day(at=request.now), last=local_day(at=request.now))
        found = list_mail(actor=request.actor).filter(
            state=Item.State.HELD, mail__received_at__gte=start, mail__received_at__lt=end
        )
        rows = list(found.order_by("mail__received_at", "pk")[:MOST_LINES])
    kinds = dict(KINDS)
    lines = [
        (row, _(kinds[row.mail.kind]), request.build_absolute_uri(reverse("mail:scanned", args=[row.key])))
        for row in rows
    ]
    return paper(
        request, process="mail", declared=sheets.LABELS, subject=rows[0] if chosen else request.actor.site, rule="M-10",
        number=rows[0].number if chosen else f"{local_day(at=request.now):%Y%m%d}", context={"lines": lines},
        here=f"{reverse('mail:labels')}{f'?item={rows[0].pk}' if chosen else ''}",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def register(request: DeskRequest) -> HttpResponse:
    """The register of a month: FM-42 or FM-40, as the adopted regulation has it (M-04, M-10)."""
    year, month = chosen_month(request)
    site = request.actor.site
    rows = list(list_month(actor=request.actor, year=year, month=month, at=request.now)[:MOST_LINES])
    is_receipt = figure(path="M-10.register_layout", site=site, at=request.now) == "receipt_record"
    declared = sheets.RECEIPTS if is_receipt else sheets.HANDOUTS
    return paper(
        request, process="mail", declared=declared, subject=site,
        number=f"{year}-{month:02d}", rule="M-04" if is_receipt else "M-10",
        context={"lines": _lines(rows), "year": year, "month": month},
        here=f"{reverse('mail:register_sheet')}{month_query(year=year, month=month)}", layout="wide",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(SEE)
def batches(request: DeskRequest) -> HttpResponse:
    """报刊、杂志、邮件收发记录表 FM-39 of a month (M-03)."""
    year, month = chosen_month(request)
    first, last = days_of(year=year, month=month)
    rows = list(batches_of(site=request.actor.site, first=first, last=last)[:MOST_LINES])
    signed = {one.subject_id: one for one in signatures_of(batches=rows)}
    lines = [(row, _drawn(signed.get(row.pk))) for row in rows]
    return paper(
        request, process="mail", declared=sheets.BATCHES, subject=request.actor.site,
        number=f"{year}-{month:02d}", rule="M-03",
        context={"lines": lines}, layout="dense",
        here=f"{reverse('mail:batch_sheet')}{month_query(year=year, month=month)}",
    )  # fmt: skip


def _lines(rows: Sequence[Item]) -> list[dict[str, Any]]:
    """An item with its words and the hand-over that ended it; one statement for all hand-overs."""
    kinds, conditions, ways, papers = dict(KINDS), dict(CONDITIONS), dict(WAYS), dict(ID_KINDS)
    moves: dict[int, Move] = {}
    found = Move.objects.filter(item__in=rows, act__in=HANDED).select_related("signature")
    for one in found.order_by("serial"):
        moves[one.item_id] = one
    lines = []
    for row in rows:
        move = moves.get(row.pk)
        lines.append(
            {
                "item": row,
                "mail": row.mail,
                "kind": _(kinds[row.mail.kind]),
                "condition": _(conditions[row.mail.condition]),
                "way": _(ways[row.mail.told_way]) if row.mail.told_way else "",
                "move": move,
                "relation": _(COLLECTED_AS[row.mail.relation]) if row.mail.relation else "",
                "paper": _(papers[move.id_kind]) if move is not None and move.id_kind in papers else "",
                "id_number": shown_id(move=move) if move is not None else "",
                "drawn": _drawn(move.signature) if move is not None else "",
            }
        )
    return lines


def _drawn(signature: Attachment | None) -> str:
    """A signature drawn on glass as a data address, "" where a name was typed."""
    if signature is None:
        return ""
    return f"data:image/png;base64,{b64encode(read_attachment(attachment=signature)).decode()}"


@require_GET
@desk(SEE)
def batch_file(request: DeskRequest, pk: int, key: str) -> HttpResponse:
    """The signature under a batch."""
    row = find_batch(actor=request.actor, pk=pk)
    if row is None:
        raise Http404
    kept = list_attachments(subject=row).filter(key=key).first()
    if kept is None:
        raise Http404
    response = HttpResponse(read_attachment(attachment=kept), content_type=kept.kind)
    response["Content-Disposition"] = f'inline; filename="mail-batch-{pk}-{kept.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
