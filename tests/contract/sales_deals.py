"""Deals, rates, bonuses, applications and the month for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages

# code, who sees, who makes one by hand, a verb
BOOKS = (
    ("sales_deals", "salesdesk.see", "salesdesk.deal", "transfer"),
    ("sales_applications", "salesdesk.see", "salesdesk.deal", "grant"),
    ("sales_bonuses", "salesdesk.set", "salesdesk.set", ""),
    ("sales_rates", "salesdesk.set", "salesdesk.set", ""),
)


def deal_books(*, page: Make) -> dict[str, Any]:
    """What comes of a reception in money."""
    found: dict[str, Any] = {}
    for code, see, create, verb in BOOKS:
        found |= register_pages(
            page=page, space="salesdesk", code=code, see=see, create=create, verb=verb, asked="none"
        )
    return {
        **found,
        "salesdesk:sales_deals_sheet": page(
            permission="salesdesk.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.records["sales_deals"].pk],
        ),
        "salesdesk:month": page(permission="salesdesk.see"),
        "salesdesk:month_export": page(permission="salesdesk.see", methods=SEND),
        "salesdesk:statement_sheet": page(
            permission="salesdesk.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.cast.agent_b.pk],
        ),
    }  # fmt: skip
