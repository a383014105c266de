"""Taking a key in, hanging it elsewhere, the owner's pledge, giving it to its owner, scrapping it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.rules import GONE, HELD
from yingsheng.kernel.custody.services import Party, hand_over, put_elsewhere, take_in
from yingsheng.kernel.custody.services import bring_back as lay_back
from yingsheng.kernel.estate.models import Household, Room
from yingsheng.kernel.estate.queries import find_household, find_room_named
from yingsheng.kernel.files.services import attach, sign
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.keys.models import Key
from yingsheng.processes.keys.queries import KEYS
from yingsheng.processes.keys.rules import ENTRUSTED, OF_A_HOME, lacks_pledge, place_words

KEEP, MANAGE = "keys.keep", "keys.manage"
PLEDGE = "key_pledge"
MOST_FILES = 4
BACK_WITH_OWNER = gettext_noop("钥匙已交还业主")


@transaction.atomic
def register_key(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    name: str,
    cabinet: str,
    room: str = "",
    building: str = "",
    floor: str = "",
    hook: str = "",
    number: str = "",
    pieces: int | None = 1,
    is_security_door: bool = False,
    handed_by: str = "",
    pledged_by: str = "",
    signature: str = "",
    files: Iterable[Any] = (),
    remark: str = "",
) -> Item:
    """Take a key into the cabinet under its label and on its hook (K-01, K-02, K-03).

    A key of a home needs its room; one an owner entrusts needs the pledge, at once or within the time of K-10. Raises
    Forbidden, and Refused for a room that does not exist or a hook that is taken.
    """
    demand(actor=actor, permission=KEEP)
    classes = str(figure(path="K-01.classes", site=actor.site, at=at) or "")
    if kind not in classes.split(","):
        raise Refused(gettext_noop("本项目没有这一类钥匙"), field="kind", rule="K-01")
    home = find_room_named(site=actor.site, text=room)
    if kind in OF_A_HOME and home is None:
        raise Refused(gettext_noop("空置和托管的钥匙要写明是哪一户的"), field="room", rule="K-01")
    if room.strip() and home is None:
        raise Refused(gettext_noop("没有这个房号"), field="room", rule="K-01")
    household = find_household(room=home) if home is not None else None
    where = building.strip() or (home.building.name if home is not None else "")
    level = floor.strip() or _floor(home)
    place = place_words(cabinet=cabinet, building=where, floor=level, hook=hook)
    giver = handed_by.strip() or pledged_by.strip() or actor.staff.name
    item = take_in(
        site=actor.site, process=KEYS, kind=kind, name=name, number=number, place=place, room=home,
        household=household if kind == ENTRUSTED else None, giver=Party(name=giver), by=actor.staff, at=at,
        remark=remark,
    )  # fmt: skip
    try:
        with transaction.atomic():
            key = Key.objects.create(
                item=item, site=actor.site, is_security_door=is_security_door, pieces=pieces or 1,
                cabinet=cabinet.strip(), building=where[:40], floor=level[:10], hook=hook.strip(),
            )  # fmt: skip
    except IntegrityError as error:
        raise _hook_taken(hook=hook) from error
    if kind == ENTRUSTED and (signature.strip() or list(files)):
        _keep_pledge(actor=actor, item=item, key=key, who=pledged_by, signature=signature, files=files, at=at)
    if lacks_pledge(kind=kind, pledged=key.pledged_at is not None):
        _owe_pledge(actor=actor, item=item, at=at)
    tell(
        record=item, kind="keys.registered", actor=actor, at=at, rule="K-03", number=item.number, name=item.name,
        place=place,
    )  # fmt: skip
    return item


@transaction.atomic
def hang_elsewhere(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    cabinet: str,
    building: str = "",
    floor: str = "",
    hook: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Item:
    """Another cabinet, floor or hook (K-02); Refused for a hook that is taken."""
    hold(actor=actor, record=record, permission=KEEP, seen=seen, states=(HELD,))
    key = Key.objects.select_for_update(no_key=True).get(item=record)
    place = place_words(cabinet=cabinet, building=building, floor=floor, hook=hook)
    row = put_elsewhere(item=record, place=place, by=actor.staff, at=at, reason=reason)
    key.cabinet, key.building = cabinet.strip(), building.strip()
    key.floor, key.hook = floor.strip(), hook.strip()
    try:
        with transaction.atomic():
            key.save(update_fields=["cabinet", "building", "floor", "hook"])
    except IntegrityError as error:
        raise _hook_taken(hook=hook) from error
    tell(record=row, kind="keys.moved", actor=actor, at=at, rule="K-02", place=place)
    return row


@transaction.atomic
def pledge_key(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    pledged_by: str,
    signature: str = "",
    files: Iterable[Any] = (),
    seen: int | None = None,
) -> Item:
    """File the owner's pledge for a key that lies here: signed on glass, or the signed paper as a picture (K-10)."""
    row = hold(actor=actor, record=record, permission=KEEP, seen=seen, states=(HELD, "out"))
    key = Key.objects.select_for_update(no_key=True).get(item=row)
    if not lacks_pledge(kind=row.kind, pledged=key.pledged_at is not None):
        raise Refused(gettext_noop("这把钥匙不缺承诺书"), rule="K-10")
    _keep_pledge(actor=actor, item=row, key=key, who=pledged_by, signature=signature, files=files, at=at)
    change(record=row)
    timers.meet(subject=row, milestones=[PLEDGE], by=actor.staff, at=at)
    tell(record=row, kind="keys.pledged", actor=actor, at=at, rule="K-10", who=key.pledged_by)
    return row


@transaction.atomic
def give_to_owner(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    name: str,
    id_kind: str,
    id_number: str,
    signature: str,
    phone: str = "",
    remark: str = "",
    seen: int | None = None,
) -> Item:
    """Hand the key of a home to its owner, at move-in or when he takes it back: who, on which paper, signed (K-07)."""
    demand(actor=actor, permission=KEEP)
    if record.kind not in OF_A_HOME:
        raise Refused(gettext_noop("只有住户的钥匙才交给业主"), rule="K-07")
    for field, value in (("id_kind", id_kind), ("id_number", id_number), ("signature", signature)):
        if not value.strip():
            raise Refused(gettext_noop("业主领钥匙要看证件、记号码并签名"), field=field, rule="K-07")
    to = Party(name=name, phone=phone, id_kind=id_kind, id_number=id_number, signature=signature)
    row = hand_over(
        item=record, to=to, act="to_owner", by=actor.staff, at=at, for_good=True, reason=remark, seen=seen
    )
    timers.void(subject=row, milestones=[PLEDGE], by=actor.staff, at=at, reason=BACK_WITH_OWNER)
    pieces = row.held_key.pieces
    tell(record=row, kind="keys.given", actor=actor, at=at, rule="K-07", who=name.strip(), pieces=pieces)
    return row


@transaction.atomic
def entrust_key(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    pledged_by: str,
    signature: str = "",
    files: Iterable[Any] = (),
    seen: int | None = None,
) -> Item:
    """The owner gives his key into our keeping (again): it hangs on its hook once more, with a new pledge (K-10)."""
    demand(actor=actor, permission=KEEP)
    if record.kind not in OF_A_HOME or record.room_id is None:
        raise Refused(gettext_noop("只有住户的钥匙可以托管"), rule="K-10")
    row = lay_back(
        item=record, giver=Party(name=pledged_by, signature=signature), act="entrusted", by=actor.staff, at=at,
        seen=seen, sources=(GONE,),
    )  # fmt: skip
    change(record=row, kind=ENTRUSTED, household=owner_of(item=record))
    key = Key.objects.select_for_update(no_key=True).get(item=row)
    key.pledged_at, key.pledged_by = None, ""
    _keep_pledge(
        actor=actor, item=row, key=key, who=pledged_by, signature="", files=files, at=at, signed=signature
    )
    tell(record=row, kind="keys.entrusted", actor=actor, at=at, rule="K-10", who=key.pledged_by)
    return row


@transaction.atomic
def scrap_key(
    *, actor: Actor, record: Item, at: datetime, reason: str, witness: str, seen: int | None = None
) -> Item:
    """Take a key out of the cabinet that opens nothing any more, before a witness; its hook is free (K-04)."""
    demand(actor=actor, permission=MANAGE)
    if not reason.strip() or not witness.strip():
        raise Refused(gettext_noop("请写明为什么作废、谁在场"), field="reason", rule="K-04")
    row = hand_over(
        item=record, to=Party(name=witness), act="scrapped", by=actor.staff, at=at, for_good=True, reason=reason,
        seen=seen,
    )  # fmt: skip
    free_hook(item=row)
    timers.void(subject=row, milestones=[PLEDGE], by=actor.staff, at=at, reason=reason)
    tell(record=row, kind="keys.scrapped", actor=actor, at=at, rule="K-04", reason=reason, witness=witness)
    return row


def free_hook(*, item: Item) -> None:
    """Nothing hangs there any more."""
    Key.objects.filter(item=item).update(hook="")


def owner_of(*, item: Item) -> Household | None:
    """The household whose key it is."""
    return find_household(room=item.room) if item.room is not None else None


def _floor(room: Room | None) -> str:
    return str(room.floor) if room is not None and room.floor is not None else ""


def _owe_pledge(*, actor: Actor, item: Item, at: datetime) -> None:
    role = owed_role(path="K-09.kept_by", site=actor.site, at=at)
    owe(site=actor.site, subject=item, milestone=PLEDGE, path="K-10.pledge_within", role=role, at=at)


def _keep_pledge(
    *,
    actor: Actor,
    item: Item,
    key: Key,
    who: str,
    signature: str,
    files: Iterable[Any],
    at: datetime,
    signed: str = "",
) -> None:
    """The pledge of K-10 in the archive: `signed` when the signature is kept with a hand-over already."""
    papers = list(files)
    if not who.strip():
        raise Refused(gettext_noop("请写明承诺书由谁签"), field="pledged_by", rule="K-10")
    if not (signature.strip() or signed.strip() or papers):
        raise Refused(
            gettext_noop("承诺书要当面签名，或附上签好的纸质承诺书照片"), field="signature", rule="K-10"
        )
    if len(papers) > MOST_FILES:
        raise Refused(gettext_noop("一次最多%(most)s个文件"), field="files", most=MOST_FILES)
    if signature.strip():
        sign(site_id=item.site_id, subject=item, value=signature, signer=who.strip(), by=actor.staff, at=at)
    for file in papers:
        attach(
            site_id=item.site_id, subject=item, name=str(file.name), body=file.read(), by=actor.staff, at=at,
            note=gettext_noop("托管承诺书"),
        )  # fmt: skip
    key.pledged_by, key.pledged_at = who.strip()[:60], at
    key.save(update_fields=["pledged_by", "pledged_at"])


def _hook_taken(*, hook: str) -> Refused:
    return Refused(gettext_noop("%(hook)s号钩上已有别的钥匙"), field="hook", rule="K-02", hook=hook.strip())
