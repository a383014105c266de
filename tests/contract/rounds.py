"""Patrols, visits and inspections for the table of `test_permissions`."""

from __future__ import annotations

from typing import Any

from tests.contract.register_pages import BOTH, SEND, Make, register_pages


def patrol_books(*, page: Make) -> dict[str, Any]:
    """Patrols, household visits, inspections."""
    return {
        **register_pages(
            page=page,
            space="patrols",
            code="patrol_routes",
            see="patrols.see",
            create="patrols.arrange",
            verb="change",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="patrols",
            see="patrols.see",
            create="patrols.walk",
            verb="end",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="patrol_findings",
            see="patrols.see",
            create="patrols.walk",
            verb="handle",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="patrol_reports",
            see="patrols.see",
            create="patrols.walk",
            verb="hand_up",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="household_visits",
            see="patrols.see",
            create="patrols.walk",
            verb="pass_on",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="inspections",
            see="patrols.inspect",
            create="patrols.inspect",
            verb="",
            asked="none",
        ),
        **register_pages(
            page=page,
            space="patrols",
            code="work_diary",
            see="patrols.inspect",
            create="patrols.inspect",
            verb="",
            asked="none",
        ),
        "patrols:coverage": page(permission="patrols.see"),
        "patrols:arrange": page(permission="patrols.arrange", methods=BOTH),
        "patrols:standards": page(permission="patrols.standards"),
        "patrols:file": page(
            permission="patrols.see",
            arguments=lambda place: [
                "finding",
                place.records["patrol_findings"].pk,
                place.records["finding_file"].key,
            ],
            is_object=True,
        ),
        "patrols:round_sheet": page(permission="patrols.see", methods=BOTH),
        "patrols:diary_sheet": page(permission="patrols.inspect", methods=BOTH),
        "patrols:phone": page(permission="patrols.walk"),
        **{
            f"patrols:{name}": page(
                permission="patrols.see",
                methods=BOTH,
                is_object=True,
                arguments=lambda place, code=code: [place.records[code].pk],  # type: ignore[misc]
            )
            for name, code in (
                ("posters", "patrol_routes"),
                ("report_sheet", "patrol_reports"),
                ("visit_sheet", "household_visits"),
            )
        },
        "patrols:phone_route": page(
            permission="patrols.walk",
            arguments=lambda place: [place.records["patrol_routes"].pk],
            is_object=True,
        ),
        "patrols:phone_route_verb": page(
            permission="patrols.walk",
            methods=SEND,
            is_object=True,
            arguments=lambda place: [place.records["patrol_routes"].pk, "tick-1"],
        ),
        "patrols:phone_point": page(
            permission="patrols.walk",
            is_object=True,
            arguments=lambda place: [place.records["patrol_routes"].points.first().key],
        ),
        "patrols:phone_home": page(
            permission="patrols.walk", arguments=lambda place: [place.cast.homes[0].pk], is_object=True
        ),
        "patrols:phone_home_verb": page(
            permission="patrols.walk",
            methods=SEND,
            is_object=True,
            arguments=lambda place: [place.cast.homes[0].pk, "absent"],
        ),
    }
