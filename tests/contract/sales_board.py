"""The rotation of the sales desk for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages

DAY = "2025-03-03"


def board_pages(*, page: Make) -> dict[str, Any]:
    """The board with what is done there, the wall, the days, the projects."""

    def of_project(*rest: object) -> Any:
        return lambda place: [place.records["sales_projects"].pk, *rest]

    def of_agent(place: Any) -> list[int]:
        return [place.records["sales_projects"].pk, place.cast.agent_a.pk]

    return {
        **register_pages(
            page=page, space="salesdesk", code="sales_projects", see="salesdesk.board", create="salesdesk.set",
            verb="close", asked="none",
        ),
        "salesdesk:board": page(permission="salesdesk.board"),
        "salesdesk:board_one": page(permission="salesdesk.board", arguments=of_project(), is_object=True),
        "salesdesk:board_wall": page(permission="salesdesk.board", arguments=of_project(), is_object=True),
        "salesdesk:board_next": page(
            permission="salesdesk.take", methods=SEND, arguments=of_project(), is_object=True
        ),
        "salesdesk:board_public": page(
            permission="salesdesk.take", methods=SEND, arguments=of_project(), is_object=True
        ),
        "salesdesk:board_join": page(
            permission="salesdesk.run", methods=SEND, arguments=of_project(), is_object=True
        ),
        "salesdesk:board_receive": page(
            permission="salesdesk.take", methods=SEND, arguments=of_agent, is_object=True
        ),
        "salesdesk:board_move": page(
            permission="salesdesk.board", methods=SEND, arguments=of_agent, is_object=True
        ),
        "salesdesk:board_day": page(permission="salesdesk.board", arguments=of_project(DAY), is_object=True),
        "salesdesk:board_sheet": page(
            permission="salesdesk.board", methods=BOTH, arguments=of_project(DAY), is_object=True
        ),
    }  # fmt: skip
