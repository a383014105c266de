"""The mail for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages


def mail_books(*, page: Make) -> dict[str, Any]:
    """Taking in, both registers, the papers, the month."""
    return {
        **register_pages(
            page=page,
            space="mail",
            code="mail_items",
            see="mail.see",
            create="mail.take_in",
            verb="move",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="mail",
            code="mail_batches",
            see="mail.see",
            create="mail.take_in",
            verb="tell",
            asked="none",
        ),
        "mail:intake": page(permission="mail.take_in", methods=BOTH),
        "mail:area": page(permission="mail.take_in", methods=BOTH),
        "mail:month": page(permission="mail.report"),
        "mail:month_export": page(permission="mail.report", methods=SEND),
        "mail:register_sheet": page(permission="mail.see", methods=BOTH),
        "mail:batch_sheet": page(permission="mail.see", methods=BOTH),
        **register_pages(
            page=page,
            space="mail",
            code="mail_stocktakes",
            see="mail.see",
            create="mail.hand_out",
            verb="close",
            asked="none",
        ),
        "mail:labels": page(permission="mail.see", methods=BOTH),
        "mail:notice": page(
            permission="mail.see",
            methods=BOTH,
            arguments=lambda place: [place.records["mail_items"].pk],
            is_object=True,
        ),
        "mail:scanned": page(
            permission="mail.see", arguments=lambda place: [place.records["mail_items"].key], is_object=True
        ),
        "mail:mail_items_file": page(
            permission="mail.see",
            arguments=lambda place: [place.records["mail_items"].pk, place.records["mail_file"].key],
            is_object=True,
        ),
        "mail:batch_file": page(
            permission="mail.see",
            arguments=lambda place: [
                place.records["mail_batch_signed"].pk,
                place.records["mail_signature"].key,
            ],
            is_object=True,
        ),
    }
