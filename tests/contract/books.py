"""The registers and what belongs to them for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.custody import custody_books
from tests.contract.gate import gate_books
from tests.contract.mail_pages import mail_books
from tests.contract.purse import purse_books
from tests.contract.register_pages import BOTH, SEND, Make, register_pages
from tests.contract.rounds import patrol_books
from tests.contract.sales_board import board_pages
from tests.contract.sales_books import sales_books
from tests.contract.sales_cases import case_pages
from tests.contract.sales_deals import deal_books


def desk_books(*, page: Make) -> dict[str, Any]:
    """Notices, lists, the duty log and the telephone."""
    return {
        **register_pages(
            page=page,
            space="notices",
            code="bulletins",
            see="notices.see",
            create="notices.publish",
            verb="extend",
            asked="water",
        ),
        "notices:poster": page(
            permission="notices.see",
            methods=BOTH,
            arguments=lambda place: [place.records["bulletins"].pk],
            is_object=True,
        ),
        **register_pages(
            page=page,
            space="registers",
            code="key_customers",
            see="registers.care",
            create="registers.care",
            verb="contact",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="registers",
            code="typical_cases",
            see="registers.see",
            create="registers.write_typical",
            verb="rewrite",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="knowledge",
            code="knowledge",
            see="knowledge.see",
            create="knowledge.write",
            verb="review",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="knowledge",
            code="gaps",
            see="knowledge.see",
            create="knowledge.see",
            verb="dismiss",
            asked="none",
        ),
        "knowledge:coverage": page(permission="knowledge.see"),
        "knowledge:stock": page(permission="knowledge.approve", methods=SEND),
        "knowledge:export": page(permission="knowledge.see", methods=BOTH),
        "knowledge:import": page(permission="knowledge.write", methods=BOTH),
        "knowledge:missed": page(permission="knowledge.see", methods=SEND),
        "knowledge:handbook": page(
            permission="knowledge.see", methods=BOTH, arguments=lambda _place: ["script"]
        ),
        "knowledge:mark": page(
            permission="knowledge.see",
            methods=SEND,
            arguments=lambda place: [place.records["knowledge"].pk, "yes"],
            is_object=True,
        ),
        **register_pages(
            page=page,
            space="registers",
            code="plans",
            see="registers.plan",
            create="registers.plan",
            verb="draft",
            asked="none",
        ),
        "registers:customer_sheet": page(permission="registers.care", methods=BOTH),
        "registers:customer_export": page(permission="registers.care", methods=BOTH),
        "registers:customer_import": page(permission="registers.care", methods=BOTH),
        "registers:plan_file": page(
            permission="registers.plan",
            arguments=lambda place: [place.records["plans"].pk, place.records["plan_file"].key],
            is_object=True,
        ),
        **register_pages(
            page=page,
            space="duty",
            code="log",
            see="duty.see",
            create="duty.log",
            verb="note",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="duty",
            code="items",
            see="duty.see",
            create="duty.log",
            verb="settle",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="duty",
            code="spot_checks",
            see="duty.see",
            create="duty.check",
            verb="mend",
            asked="none",
        ),
        "duty:sign": page(permission="duty.check", methods=BOTH),
        "duty:conduct": page(permission="duty.see"),
        "duty:sheet": page(
            permission="duty.see",
            methods=BOTH,
            arguments=lambda place: [place.records["log"].pk, "record"],
            is_object=True,
        ),
        **register_pages(
            page=page, space="phone", code="calls", see="phone.see", verb="call_back", record="phone_calls"
        ),
        "phone:ringing": page(permission="phone.see"),
        "phone:exchanges": page(permission="phone.set_up", methods=BOTH),
        "phone:extension": page(
            permission="phone.set_up",
            methods=SEND,
            arguments=lambda place: [place.records["exchange"].pk],
            is_object=True,
        ),
        "phone:retire": page(
            permission="phone.set_up",
            methods=SEND,
            arguments=lambda place: [place.records["exchange"].pk],
            is_object=True,
        ),
    }


def turn_books(*, page: Make) -> dict[str, Any]:
    """The duty roster and the library."""
    return {
        **register_pages(
            page=page,
            space="turns",
            code="leaves",
            see="turns.see",
            create="turns.see",
            verb="refuse",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="turns",
            code="swaps",
            see="turns.see",
            create="turns.see",
            verb="decline",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="turns",
            code="wishes",
            see="turns.see",
            create="turns.see",
            verb="withdraw",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="turns",
            code="calls",
            see="turns.see",
            create="turns.call",
            verb="came",
            asked="none",
        ),
        "turns:month": page(permission="turns.see"),
        "turns:next_month": page(permission="turns.plan"),
        "turns:publish": page(permission="turns.plan", methods=SEND),
        "turns:sheet": page(permission="turns.plan", methods=BOTH),
        "turns:day": page(permission="turns.see", arguments=lambda _place: ["2025-03-10"]),
        "turns:assign": page(
            permission="turns.plan",
            methods=SEND,
            arguments=lambda place: ["2025-03-10", place.records["turn"].shift_id],
            is_object=True,
        ),
        "turns:take_back": page(
            permission="turns.plan",
            methods=SEND,
            arguments=lambda place: [place.records["turn"].pk],
            is_object=True,
        ),
        "turns:fix": page(
            permission="turns.plan",
            methods=SEND,
            arguments=lambda place: [place.records["turn"].pk],
            is_object=True,
        ),
        "turns:plan": page(permission="turns.plan", methods=BOTH),
        "turns:accept": page(
            permission="turns.plan",
            methods=SEND,
            arguments=lambda place: [place.records["plan_run"].pk],
            is_object=True,
        ),
        "turns:mine": page(permission="turns.see"),
        "turns:own_calendar": page(permission="turns.see"),
        "turns:site_calendar": page(permission="turns.plan"),
        "turns:hours": page(permission="turns.see"),
        "turns:table": page(permission="turns.plan"),
        "turns:import": page(permission="turns.plan", methods=BOTH),
        "turns:import_confirm": page(permission="turns.plan", methods=SEND),
        "turns:posts": page(permission="turns.plan", methods=BOTH),
        "turns:post": page(
            permission="turns.plan",
            methods=BOTH,
            arguments=lambda place: [place.records["turn"].shift.post_id],
            is_object=True,
        ),
        "turns:shift_new": page(
            permission="turns.plan",
            methods=BOTH,
            arguments=lambda place: [place.records["turn"].shift.post_id],
            is_object=True,
        ),
        "turns:shift": page(
            permission="turns.plan",
            methods=BOTH,
            arguments=lambda place: [place.records["turn"].shift_id],
            is_object=True,
        ),
        "turns:on_call": page(permission="turns.see"),
        "turns:on_call_sheet": page(permission="turns.see"),
    }


def books_pages(*, page: Make) -> dict[str, Any]:
    """What is expected of each; `page` makes an entry of the table."""
    return {
        **desk_books(page=page),
        **turn_books(page=page),
        **patrol_books(page=page),
        **custody_books(page=page),
        **mail_books(page=page),
        **purse_books(page=page),
        **gate_books(page=page),
        **board_pages(page=page),
        **sales_books(page=page),
        **deal_books(page=page),
        **case_pages(page=page),
    }
