"""Passes, visitors and deposits for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages


def gate_books(*, page: Make) -> dict[str, Any]:
    """Release passes, visitors, deposits; the gate itself."""
    return {
        **register_pages(
            page=page, space="visitors", code="passes", see="visitors.see", create="visitors.issue", verb="revoke",
            asked="none",
        ),
        **register_pages(
            page=page, space="visitors", code="visitors", see="visitors.see", create="visitors.register",
            verb="refuse", asked="none",
        ),
        **register_pages(
            page=page, space="visitors", code="deposits", see="visitors.see", create="visitors.deposits", verb="move",
            asked="none",
        ),
        **register_pages(
            page=page, space="visitors", code="gate_keys", see="visitors.report", create="visitors.report", verb="",
            asked="none",
        ),
        "visitors:pass_sheet": page(
            permission="visitors.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.records["passes"].pk],
        ),
        "visitors:receipt_sheet": page(
            permission="visitors.see", methods=BOTH, is_object=True,
            arguments=lambda place: [place.records["deposits"].pk],
        ),
        "visitors:book_sheet": page(permission="visitors.register", methods=BOTH),
        "visitors:file": page(
            permission="visitors.see", is_object=True,
            arguments=lambda place: [place.records["passes"].pk, place.records["pass_file"].key],
        ),
        "visitors:deposits_file": page(
            permission="visitors.see", is_object=True,
            arguments=lambda place: [place.records["deposits"].pk, place.records["deposit_file"].key],
        ),
        "visitors:week": page(permission="visitors.report", methods=BOTH),
        "visitors:month": page(permission="visitors.report"),
        "visitors:month_export": page(permission="visitors.report", methods=SEND),
        "visitors:gate": page(permission="visitors.gate"),
        "visitors:gate_verb": page(
            permission="visitors.gate", methods=SEND, arguments=lambda _place: ["release"]
        ),
    }  # fmt: skip
