"""The printed sheets: 放行条 FM-59 for the gate and the customer, 来访登记本 FM-65, the receipt of a deposit."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


PASS = Sheet(
    code="visitors_pass",
    title=N("放行条"),
    form_number="FM-59",
    template="visitors/sheets/pass.html",
    build=_as_is,
    copies=(N("门岗存根"), N("住户联")),
)
BOOK = Sheet(
    code="visitors_book",
    title=N("来访登记本"),
    form_number="FM-65",
    template="visitors/sheets/book.html",
    build=_as_is,
)
RECEIPT = Sheet(
    code="visitors_receipt",
    title=N("寄存凭条"),
    form_number="",
    template="visitors/sheets/receipt.html",
    build=_as_is,
)
SHEETS = (PASS, BOOK)  # the receipt is no form of the list
