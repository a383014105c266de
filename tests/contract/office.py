"""The addresses of the administrator's office for the table of `test_permissions`, and what they show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Delegation, Post
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ops.imports.jobs import send_file
from yingsheng.ops.imports.work import do_next_job
from yingsheng.ops.models import ImportJob


def office_pages(*, page: Callable[..., Any]) -> dict[str, Any]:
    """What is expected of each; `page` makes an entry of the table."""
    return {
        "ui:promise": page(methods=("GET", "POST"), arguments=_promise, is_object=True),
        "ui:delegate": page(methods=("GET", "POST")),
        "ui:delegation_end": page(
            methods=("POST",), arguments=lambda place: [place.delegation.pk], is_object=True
        ),
        "ui:settings": page(),
        "ui:staff": page(permission="org.manage"),
        "ui:staff_new": page(permission="org.manage", methods=("GET", "POST")),
        "ui:staff_member": page(
            permission="org.manage",
            methods=("GET", "POST"),
            arguments=lambda place: [place.cast.front.pk],
            is_object=True,
        ),
        "ui:roles": page(permission="org.manage"),
        "ui:role": page(
            permission="org.manage", methods=("GET", "POST"), arguments=lambda _place: ["CS_SUP"]
        ),
        "ui:calendar": page(permission="worktime.edit"),
        "ui:calendar_week": page(permission="worktime.edit", methods=("GET", "POST"), arguments=_calendar()),
        "ui:calendar_load": page(permission="worktime.edit", methods=("POST",), arguments=_calendar()),
        "ui:calendar_day": page(
            permission="worktime.edit", methods=("GET", "POST"), arguments=_calendar("2025-03-04")
        ),
        "ui:contacts": page(permission="org.manage", methods=("GET", "POST")),
        "ui:contacts_sheet": page(),
        "ui:contacts_pdf": page(),
        "ui:tokens": page(permission="org.manage"),
        "ui:token_new": page(permission="org.manage", methods=("GET", "POST")),
        "ui:token_revoke": page(
            permission="org.manage",
            methods=("POST",),
            arguments=lambda place: [place.token.pk],
            is_object=True,
        ),
        "ui:records": page(permission="events.audit"),
        "imports:list": page(permission="estate.import"),
        "imports:new": page(
            permission="estate.import", methods=("GET", "POST"), arguments=lambda _place: ["rooms"]
        ),
        "imports:template": page(permission="estate.import", arguments=lambda _place: ["rooms"]),
        "imports:job": page(permission="estate.import", arguments=_job, is_object=True),
        "imports:report": page(permission="estate.import", arguments=_job, is_object=True),
        "imports:confirm": page(
            permission="estate.import", methods=("POST",), arguments=_job, is_object=True
        ),
        "imports:drop": page(permission="estate.import", methods=("POST",), arguments=_job, is_object=True),
    }


def _calendar(*more: str) -> Callable[[Any], list[Any]]:
    return lambda _place: ["office", *more]


def _promise(place: Any) -> list[Any]:
    return [Obligation.objects.filter(subject_id=place.case.pk).order_by("pk")[0].pk]


def _job(place: Any) -> list[Any]:
    return [place.job.key]


def lent(cast: Cast) -> Delegation:
    """A post that somebody stands in for, for years."""
    return org.delegate(
        post=Post.objects.get(site=cast.site, role__code="CS_SUP"),
        to_staff=cast.lobby,
        active_from=MONDAY_NINE,
        active_to=MONDAY_NINE + timedelta(days=10_000),
        reason="年假",
        by=cast.supervisor,
        at=MONDAY_NINE,
    )


def sent_file(cast: Cast) -> ImportJob:
    """A file that was checked and found wanting."""
    job = send_file(
        actor=cast.actor("supervisor"),
        kind="rooms",
        name="rooms.csv",
        body="楼栋,单元,房号\n9栋,1单元,\n".encode(),
        at=MONDAY_NINE,
    )
    do_next_job(now=MONDAY_NINE)
    job.refresh_from_db()
    assert job.problem_count
    return job


def a_price(cast: Cast) -> PriceItem:
    """A line of the price list."""
    return set_price(
        actor=cast.actor("supervisor"), at=MONDAY_NINE, kind="material", code="M-01", name="角阀", unit="个",
        price_fen=3500,
    )  # fmt: skip
