"""Taking in: scope and condition checked, registered, put on the shelf, and who must be told from then on."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody import services as custody
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.services import Party
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.records import tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.owing import due_by, owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.queries.items import (
    PROCESS,
    area_hours,
    household_in,
    members_of,
    room_named,
)
from yingsheng.processes.mail.rules import (
    CONTACT,
    TELL_AREA,
    TELL_HOUSEHOLD,
    area_window,
    is_in_scope,
    missing_fields,
)
from yingsheng.processes.mail.services.writing import keep_files, keeper, put

DIGITS, LONGER = 4, 6
CROWDED = 4000  # open codes of four digits, above which they get longer
MISSING = {
    "addressee": gettext_noop("请写收件人"),
    "room": gettext_noop("请写房号，或照件上写寄至何处"),
    "destination": gettext_noop("请写寄至何处"),
}


@transaction.atomic
def take_in_item(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    room: str = "",
    addressee: str = "",
    tracking_number: str = "",
    carrier: str = "",
    sender: str = "",
    destination: str = "",
    brought_by: str = "",
    condition: str = "sound",
    damage: str = "",
    place: str = "",
    photos: Iterable[Any] = (),
) -> Item:
    """Take a registered item or parcel in for a household (M-02, M-04, M-09, M-10).

    1. Its kind must be taken in here, and what the register asks for must be known.
    2. It is looked over: what is wrong with it is written down before it is signed for.
    3. It gets its number, its place on the shelf and a pick-up code.
    4. From now on the household is told by phone (M-11), the area clerk between the hours of the regulation (M-05),
       and once it is overdue the household is contacted (M-07), as far as the adopted regulation asks for it.

    Raises Forbidden, Refused.
    """
    demand(actor=actor, permission="mail.take_in")
    _check_scope(actor=actor, kind=kind, at=at)
    where = room_named(site=actor.site, text=room) if room.strip() else None
    if room.strip() and where is None:
        raise Refused(
            gettext_noop("没有这个房号；查无此处的，房号留空，照件上写寄至何处"), field="room", rule="M-04"
        )
    home = household_in(room=where) if where is not None else None
    named = addressee.strip() or next((name for name, _relation in members_of(household=home)), "")
    written = destination.strip() or (where.label if where is not None else "")
    asked = figure(path="M-04.register_fields", site=actor.site, at=at)
    lacking = missing_fields(
        asked=asked, addressee=named, has_place=where is not None, destination=written
    ) or ("" if named else "addressee")
    if lacking:
        raise Refused(MISSING[lacking], field=lacking, rule="M-04")
    if condition != MailItem.Condition.SOUND and not damage.strip():
        raise Refused(gettext_noop("破损要写明样子，投递员在场时拍照"), field="damage", rule="M-02")
    if tracking_number.strip() and _is_here(site=actor.site, tracking_number=tracking_number.strip()):
        raise Refused(gettext_noop("这个单号已经在柜里"), field="tracking_number", rule="M-10")
    item = custody.take_in(
        site=actor.site, process=PROCESS, kind=kind, name=f"{named} {tracking_number.strip()}".strip(),
        giver=Party(name=f"{carrier.strip()} {brought_by.strip()}".strip() or gettext_noop("投递员")),
        by=actor.staff, at=at, place=place, room=where, household=home,
    )  # fmt: skip
    row = MailItem.objects.create(
        item=item, site=actor.site, kind=kind, tracking_number=tracking_number.strip(), carrier=carrier.strip(),
        sender=sender.strip(), addressee=named, destination=written, condition=condition, damage=damage.strip(),
        pickup_code=_new_code(site=actor.site), received_at=at, received_by=actor.staff,
        overdue_at=due_by(path="M-07.overdue_after", site=actor.site, starts_at=at, at=at),
    )  # fmt: skip
    count = keep_files(actor=actor, record=item, files=photos, at=at, note=row.damage)
    if count:
        put(row=row, file_count=count)
    _owe(actor=actor, item=item, row=row, at=at)
    tell(
        record=item, kind="mail.received", actor=actor, at=at, rule="M-10", number=item.number,
        room=where.label if where is not None else written, kind_code=kind, damage=row.damage, place=item.place,
    )  # fmt: skip
    return item


def _check_scope(*, actor: Actor, kind: str, at: datetime) -> None:
    enabled = figure(path="M-14.registered_enabled", site=actor.site, at=at)
    if not enabled:
        raise Refused(gettext_noop("本项目现在不代收挂号信和包裹，由邮局直接投递"), field="kind", rule="M-14")
    kinds = figure(path="M-09.kinds", site=actor.site, at=at)
    if not is_in_scope(kind=kind, kinds=kinds, enabled=bool(enabled)):
        raise Refused(gettext_noop("这一种不在代收范围里"), field="kind", rule="M-09")


def _is_here(*, site: Site, tracking_number: str) -> bool:
    rows = MailItem.objects.filter(site=site, tracking_number=tracking_number, closed_at__isnull=True)
    return rows.exists()


def _new_code(*, site: Site) -> str:
    """A pick-up code that no open item has; the counter of numbers holds others back meanwhile."""
    taken = set(
        MailItem.objects.filter(site=site, closed_at__isnull=True).values_list("pickup_code", flat=True)
    )
    length = DIGITS if len(taken) < CROWDED else LONGER
    while True:
        code = f"{secrets.randbelow(10**length):0{length}d}"
        if code not in taken:
            return code


def _owe(*, actor: Actor, item: Item, row: MailItem, at: datetime) -> None:
    site = actor.site
    owe(
        site=site, subject=item, milestone=TELL_HOUSEHOLD, path="M-11.phone_within",
        role=owed_role(path="M-11.notified_by", site=site, at=at), at=at,
    )  # fmt: skip
    hours = area_hours(site=site, at=at)
    if hours is not None:
        here = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        _opens, closes = area_window(received_at=here, opens=hours[0], closes=hours[1])
        owe(
            site=site, subject=item, milestone=TELL_AREA, path="M-05",
            role=owed_role(path="M-15.taken_in_by", site=site, at=at), at=at, until=closes,
        )  # fmt: skip
    if row.overdue_at is not None:
        owe(
            site=site, subject=item, milestone=CONTACT, path="M-07.contact_within",
            role=keeper(actor=actor, at=at), at=at, starts_at=row.overdue_at,
        )  # fmt: skip
