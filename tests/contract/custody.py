"""The registers of things in our hands for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages


def custody_books(*, page: Make) -> dict[str, Any]:
    """Keys with their loans and counts."""
    return {
        **register_pages(
            page=page, space="keys", code="keys", see="keys.see", create="keys.keep", verb="lose", asked="none"
        ),
        **register_pages(page=page, space="keys", code="key_loans", see="keys.see", verb=""),
        **register_pages(
            page=page, space="keys", code="keys_stocktakes", see="keys.see", create="keys.count", verb="scan",
            asked="none",
        ),
        "keys:keys_file": page(
            permission="keys.see", is_object=True,
            arguments=lambda place: [place.records["keys"].pk, place.records["key_file"].key],
        ),
        "keys:scanned": page(
            permission="keys.see", is_object=True, arguments=lambda place: [place.records["keys"].key],
        ),
        "keys:labels": page(permission="keys.see", methods=BOTH),
        "keys:month": page(permission="keys.report", methods=BOTH),
        "keys:month_export": page(permission="keys.report", methods=SEND),
        "keys:count_sheet": page(permission="keys.report", methods=BOTH),
        "keys:import": page(permission="keys.keep", methods=BOTH),
        "keys:export": page(permission="keys.see", methods=BOTH),
        "keys:receipt": page(
            permission="keys.see", methods=BOTH, is_object=True, arguments=lambda place: [place.records["keys"].pk],
        ),
        "keys:pledge": page(
            permission="keys.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.records["key_entrusted"].pk],
        ),
        "keys:loan_sheet": page(permission="keys.see", methods=BOTH),
    }  # fmt: skip
