"""The books of the sales desk for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages

SEE, SEE_ALL, TAKE = "salesdesk.see", "salesdesk.see_all", "salesdesk.take"
# space, code, who makes one by hand, a verb
BOOKS = (
    ("sales_visits", "", "find"),
    ("sales_calls", TAKE, "correct"),
    ("sales_referrals", TAKE, "correct"),
)


def sales_books(*, page: Make) -> dict[str, Any]:
    """Receptions, calls and referrals, with their sheets and files."""
    found: dict[str, Any] = {}
    for code, create, verb in BOOKS:
        found |= register_pages(
            page=page,
            space="salesdesk",
            code=code,
            see=SEE,
            create=create,
            verb=verb,
            asked="none" if create else "",
        )

    def entry(place: Any) -> list[Any]:
        return [place.records["sales_entry"].pk]

    return {
        **found,
        "salesdesk:mine": page(permission=SEE),
        "salesdesk:conflicts": page(permission=TAKE, methods=SEND),
        "salesdesk:while_received": page(
            permission=TAKE, methods=SEND, is_object=True,
            arguments=lambda place: [place.records["sales_waiting"].pk],
        ),
        "salesdesk:customer_book": page(permission=SEE_ALL, methods=BOTH),
        "salesdesk:phone_book": page(permission=SEE_ALL, methods=BOTH),
        "salesdesk:visitor_book": page(permission=SEE_ALL, methods=BOTH),
        "salesdesk:book_export": page(permission=SEE_ALL, methods=BOTH),
        "salesdesk:book_import": page(permission=SEE_ALL, methods=BOTH),
        "salesdesk:book_import_confirm": page(permission=SEE_ALL, methods=SEND),
        "salesdesk:book_import_template": page(permission=SEE_ALL),
        "salesdesk:register_form": page(permission=SEE, methods=BOTH, is_object=True, arguments=entry),
        "salesdesk:open_entry": page(permission=SEE_ALL, methods=BOTH, is_object=True, arguments=entry),
    }  # fmt: skip
