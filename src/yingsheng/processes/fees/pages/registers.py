"""The registers on the screen: receipts, handovers with their takings, the box with what lies in it."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.kernel.cash.models import Entry
from yingsheng.kernel.cash.queries import balance
from yingsheng.processes.fees.models import Handover, Receipt, Taking
from yingsheng.processes.fees.process.books import COUNTS, ENTRIES, HANDOVERS, RECEIPTS
from yingsheng.processes.fees.process.words import WHAT, place_words
from yingsheng.processes.fees.queries import list_entries, open_handover, places_of, refused_by, takings_of
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Link, Row
from yingsheng.ui.records import RecordPages, said

RECENT = 20
# where the record of a movement is looked at, by its type
PAGES = {
    "fees.receipt": "fees:fee_receipts_one", "fees.handover": "fees:cashier_handovers_one",
    "cash.count": "fees:cash_counts_one", "prepaid.order": "prepaid:prepaid_orders_one",
    "prepaid.batch": "prepaid:prepaid_batches_one", "prepaid.request": "prepaid:utility_requests_one",
}  # fmt: skip


def subject_url(entry: Entry) -> str:
    """The page of what a sum moved for; "" for what has none of its own."""
    name = PAGES.get(entry.subject_type, "")
    try:
        return reverse(name, args=[entry.subject_id]) if name else ""
    except NoReverseMatch:
        return ""


def taking_columns() -> list[Column]:
    """The columns of the takings of a bag."""
    return [
        Column(label=_("时间"), kind="moment"), Column(label=_("收据号"), kind="code"), Column(label=_("收的什么")),
        Column(label=_("房号")), Column(label=_("金额（元）"), kind="number"), Column(label=_("收款人")),
    ]  # fmt: skip


def taking_row(row: Taking) -> Row:
    """One taking: its paper, what for, whose."""
    if row.receipt is not None:
        number, room = row.receipt.number, row.receipt.household.room.label
        url = reverse("fees:fee_receipts_one", args=[row.receipt.pk])
    else:
        assert row.payment is not None
        case = row.payment.case
        number, room = row.payment.number, case.room.label if case.room else case.caller_name
        url = reverse("ui:case", args=[case.key])
    what = _(WHAT[row.what]) if row.what in WHAT else row.what
    cells: list[object] = [
        row.at, Cell(text=number, url=url), what, room, format_fen(fen=row.fen), row.by.name,
    ]  # fmt: skip
    return Row(name=number, url=url, cells=cells)


def _receipt(request: DeskRequest, row: Receipt) -> dict[str, Any]:
    links = [Link(label=_("打印收据"), url=reverse("fees:receipt_sheet", args=[row.pk]))]
    links += [
        Link(label=one.handover.number, url=reverse("fees:cashier_handovers_one", args=[one.handover_id]))
        for one in row.takings.all()[:1]
    ]
    return {"links": links}


def _handover(_request: DeskRequest, row: Handover) -> dict[str, Any]:
    return {
        "links": [Link(label=_("打印移交单"), url=reverse("fees:handover_sheet", args=[row.pk]))],
        "columns": taking_columns(), "rows": [taking_row(one) for one in takings_of(handover=row)],
        "caption": _("收款明细"), "empty_lines": Empty(text=_("还没有收款。")),
    }  # fmt: skip


def _receipt_list(request: DeskRequest) -> dict[str, Any]:
    """The form is not offered where the site takes no fees; the rule says why (CF-29)."""
    links = [Link(label=_("移交收银员"), url=reverse("fees:cashier_handovers"))]
    rule = refused_by(site=request.actor.site, at=request.now)
    if not rule:
        return {"exports": links}
    links.append(
        Link(label=_("为什么不能收（%(rule)s）") % {"rule": rule}, url=reverse("ui:rule", args=[rule]))
    )
    return {"exports": links, "form": None}


def _entry(_request: DeskRequest, row: Entry) -> dict[str, Any]:
    url = subject_url(row)
    return {"links": [Link(label=_("为了什么"), url=url)] if url else []}


def _box(request: DeskRequest) -> dict[str, Any]:
    """The box: how much by the book, where else cash lies, what moved last."""
    site = request.actor.site
    bag = open_handover(site=site)
    rule_url = reverse("ui:rule", args=["O-06"])
    figures = [
        Figure(
            label=_("钱箱余额"), value=format_fen(fen=balance(site=site)), unit=_("元"), rule="O-06", rule_url=rule_url
        ),
        Figure(
            label=_("其中待移交收银员"), value=format_fen(fen=bag.fen if bag else 0), unit=_("元"), rule="O-03",
            rule_url=reverse("ui:rule", args=["O-03"]), url=reverse("fees:cashier_handovers"),
        ),
        *(
            Figure(
                label=place_words(place=one), value=format_fen(fen=one.balance_fen), unit=_("元"), rule="P-07",
                rule_url=reverse("ui:rule", args=["P-07"]),
            )
            for one in places_of(site=site)
            if one.kind != "box"
        ),
    ]  # fmt: skip
    listed = [attr for attr in ENTRIES.attrs if attr.listed]
    rows = [
        Row(
            name=ENTRIES.name(one), url=reverse("fees:cash_entries_one", args=[one.pk]),
            cells=[
                Cell(text=ENTRIES.name(one), url=subject_url(one) or reverse("fees:cash_entries_one", args=[one.pk])),
                *(said(attr=attr, record=one) for attr in listed),
            ],
        )
        for one in list_entries(actor=request.actor)[:RECENT]
    ]  # fmt: skip
    return {
        "figures": figures,
        "moves": {
            "columns": [
                Column(label=_("流水")),
                *(
                    Column(label=_(attr.label), kind=attr.kind if attr.kind in ("moment", "number") else "text")  # type: ignore[arg-type]
                    for attr in listed
                ),
            ],
            "rows": rows, "caption": _("最近的收付"), "empty": Empty(text=_("还没有收付。")),
        },
        "exports": [
            Link(label=_("现金流水"), url=reverse("fees:cash_entries")),
            Link(label=_("移交收银员"), url=reverse("fees:cashier_handovers")),
        ],
    }  # fmt: skip


URLS = [
    *RecordPages(book=RECEIPTS, namespace="fees", more=_receipt, list_more=_receipt_list).urls(),
    *RecordPages(book=HANDOVERS, namespace="fees", more=_handover, template="fees/handover.html").urls(),
    *RecordPages(book=COUNTS, namespace="fees", list_more=_box, list_template="fees/box.html").urls(),
    *RecordPages(book=ENTRIES, namespace="fees", more=_entry).urls(),
]
