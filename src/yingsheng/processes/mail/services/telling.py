"""Telling the household of its item, and the area clerk to come for it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.mail.models import Attempt, MailItem
from yingsheng.processes.mail.queries.items import SHELVED, TOLD, area_hours, local_day
from yingsheng.processes.mail.rules import TELL_AREA, TELL_HOUSEHOLD, area_window, is_told
from yingsheng.processes.mail.services.writing import CLOSED, area_clerk, put, take_up

SLIP = gettext_noop(
    "您有一件邮件（%(number)s）由前台代收，请带证件来取；家人代取请带本人证件。取件码：%(code)s（%(rule)s）"
)
FETCH = gettext_noop("%(number)s（%(room)s）到了前台，请来签收（%(rule)s）")


@transaction.atomic
def notify_household(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    way: str,
    reached: bool = False,
    note: str = "",
    seen: int | None = None,
) -> Item:
    """Write down that the household was told of its item, or could not be reached (M-11).

    Who was reached, or got a slip (FM-41), knows; a call that nobody took keeps no promise. A slip is queued for the
    counter. Raises Forbidden, Conflict, Refused.
    """
    item, row = take_up(
        actor=actor, record=record, permission="mail.hand_out", seen=seen, states=(Item.State.HELD, Item.State.OUT)
    )  # fmt: skip
    if row.closed_at is not None:
        raise Refused(CLOSED, code="illegal_step", rule="M-11")
    Attempt.objects.create(item=row, at=at, by=actor.staff, way=way, reached=reached, note=note.strip()[:200])
    told = is_told(way=way, reached=reached)
    if told:
        put(
            row=row, stage=TOLD if row.stage == SHELVED else row.stage, told_at=at, told_by=actor.staff, told_way=way
        )  # fmt: skip
        timers.meet(subject=item, milestones=[TELL_HOUSEHOLD], by=actor.staff, at=at)
    if way == "slip":
        _slip(actor=actor, item=item, row=row, at=at)
    change(record=item)
    tell(
        record=item, kind="mail.told" if told else "mail.not_reached", actor=actor, at=at, rule="M-11", way=way,
        note=note.strip()[:120],
    )  # fmt: skip
    return item


@transaction.atomic
def tell_area(*, actor: Actor, record: Item, at: datetime, officer: Staff, seen: int | None = None) -> Item:
    """Tell the area clerk to come and sign for an item, between the hours of the regulation (M-05).

    Refused before they begin, and where the adopted regulation does not ask for it.
    """
    item, row = take_up(
        actor=actor, record=record, permission="mail.take_in", seen=seen, states=(Item.State.HELD,)
    )
    hours = area_hours(site=actor.site, at=at)
    if hours is None:
        raise Refused(gettext_noop("采用的规程不要求通知管理员，请直接电话通知住户"), rule="M-05")
    here = row.received_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    opens, _closes = area_window(received_at=here, opens=hours[0], closes=hours[1])
    if at < opens:
        raise Refused(
            gettext_noop("%(when)s起集中通知管理员"), code="too_early", rule="M-05", when=f"{opens:%m-%d %H:%M}"
        )  # fmt: skip
    clerk = area_clerk(actor=actor, staff=officer, at=at)
    queue(
        site_id=actor.site.pk, subject=item, at=at,
        drafts=[
            Draft(
                text=FETCH, params={"number": item.number, "room": place_of(item=item, row=row), "rule": "M-05"},
                to_staff=clerk, rule="M-05", dedup_key=f"mail-area:{item.pk}:{local_day(at=at)}",
            )
        ],
    )  # fmt: skip
    put(row=row, area_told_at=at)
    timers.meet(subject=item, milestones=[TELL_AREA], by=actor.staff, at=at)
    change(record=item)
    tell(record=item, kind="mail.area_told", actor=actor, at=at, rule="M-05", who=clerk.name)
    return item


def place_of(*, item: Item, row: MailItem) -> str:
    """Where an item is for: its room, or what is written on it."""
    return item.room.label if item.room is not None else row.destination


def _slip(*, actor: Actor, item: Item, row: MailItem, at: datetime) -> None:
    home = item.household
    queue(
        site_id=actor.site.pk, subject=item, at=at,
        drafts=[
            Draft(
                text=SLIP, params={"number": item.number, "code": row.pickup_code, "rule": "M-11"},
                to_household=home, to_name="" if home is not None else row.addressee, rule="M-11",
                dedup_key=f"mail-slip:{item.pk}:{local_day(at=at)}",
            )
        ],
    )  # fmt: skip
