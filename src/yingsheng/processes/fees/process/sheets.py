"""The printed sheets: the receipt of a fee, the handover to the cashier (O-06; no form of the list)."""

from __future__ import annotations

from typing import Any

from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N


def _as_is(context: dict[str, Any]) -> dict[str, Any]:
    return context


RECEIPT = Sheet(
    code="fees_receipt", title=N("代收费用收据"), form_number="", template="fees/sheets/receipt.html", build=_as_is,
    copies=(N("存根"), N("住户")),
)  # fmt: skip
HANDOVER = Sheet(
    code="fees_handover",
    title=N("代收款移交单"),
    form_number="",
    template="fees/sheets/handover.html",
    build=_as_is,
)
