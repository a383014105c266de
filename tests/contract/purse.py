"""Prepaid purchases, fees and the cash box for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages

# space, code, who sees, who makes one by hand, a verb
BOOKS = (
    ("prepaid", "prepaid_orders", "prepaid.see", "prepaid.take", "collect"),
    ("prepaid", "prepaid_batches", "prepaid.see", "prepaid.take", "hand"),
    ("prepaid", "utility_requests", "prepaid.see", "prepaid.take", "submit"),
    ("prepaid", "prepaid_stocktakes", "prepaid.see", "prepaid.take", "scan"),
    ("fees", "fee_receipts", "fees.see", "fees.collect", "void"),
    ("fees", "cashier_handovers", "fees.see", "", "count"),
    ("fees", "cash_counts", "fees.see_box", "fees.count_box", "settle"),
    ("fees", "cash_entries", "fees.see_box", "", ""),
)
# an address of a sheet, the permission, the register it belongs to
SHEETS = (
    ("prepaid:custody_sheet", "prepaid.see", "prepaid_orders"),
    ("prepaid:handover_sheet", "prepaid.see", "prepaid_batches"),
    ("fees:receipt_sheet", "fees.see", "fee_receipts"),
    ("fees:handover_sheet", "fees.see", "cashier_handovers"),
)


def purse_books(*, page: Make) -> dict[str, Any]:
    """Everything that has to do with cash in our hands."""
    found: dict[str, Any] = {}
    for space, code, see, create, verb in BOOKS:
        found |= register_pages(
            page=page,
            space=space,
            code=code,
            see=see,
            create=create,
            verb=verb,
            asked="none" if create else "",
        )
    for name, permission, code in SHEETS:
        found[name] = page(
            permission=permission, methods=BOTH, is_object=True,
            arguments=lambda place, code=code: [place.records[code].pk],
        )  # fmt: skip
    return {
        **found,
        "prepaid:month": page(permission="prepaid.report", methods=BOTH),
        "prepaid:month_export": page(permission="prepaid.report", methods=SEND),
        "prepaid:register_sheet": page(
            permission="prepaid.report", methods=BOTH, arguments=lambda _place: ["electricity"]
        ),
        "fees:month": page(permission="fees.report"),
        "fees:month_export": page(permission="fees.report", methods=SEND),
    }
