"""The page of a decision and the trial of the articles for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, Make


def case_pages(*, page: Make) -> dict[str, Any]:
    """Whose customer, and by which article."""
    return {
        "salesdesk:attribution": page(
            permission="salesdesk.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.records["sales_visits"].pk],
        ),
        "salesdesk:explain": page(permission="salesdesk.see", methods=BOTH),
    }  # fmt: skip
