"""Correcting the facts of a room; a renumbered one is still found by what it was called before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import room_key, room_label
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Room
from yingsheng.kernel.estate.writing import check_seen, field_words, note, save_changes
from yingsheng.kernel.org.models import Staff

LOWEST, HIGHEST = -9, 200
LARGEST_M2 = Decimal(1_000_000)


@transaction.atomic
def correct_room(
    *,
    room: Room,
    number: str,
    use: str,
    by: Staff,
    at: datetime,
    unit: str = "",
    floor: int | None = None,
    area_m2: Decimal | None = None,
    former_key: str = "",
    seen: int | None = None,
) -> Room:
    """Set unit, number, use, floor, area (m²) and former number; a new number keeps the old one as former.

    Refused for a number another room has, or figures that no room has; Conflict for an older version. Rule A-06.
    """
    held = (
        Room.objects.select_for_update(no_key=True, of=("self",)).select_related("building").get(pk=room.pk)
    )
    check_seen(record=held, seen=seen)
    clean_unit = room_key(building="", unit=unit, room="")[:12]
    clean_number = room_key(building="", unit="", room=number)
    if not clean_number or len(clean_number) > 12:
        raise Refused(N("请填写房号，最多12个字"), field="number")
    if use not in Room.Use.values:
        raise Refused(N("请选择用途"), field="use")
    if floor is not None and not LOWEST <= floor <= HIGHEST:
        raise Refused(N("没有这样的楼层"), field="floor")
    if area_m2 is not None and not 0 < area_m2 < LARGEST_M2:
        raise Refused(N("建筑面积要大于0"), field="area_m2")
    key = room_key(building=held.building.code, unit=clean_unit, room=clean_number)
    if Room.objects.filter(site_id=held.site_id, key=key).exclude(pk=held.pk).exists():
        raise Refused(N("%(room)s已经是另一间房的房号"), field="number", room=key)
    columns: dict[str, object] = {
        "unit": clean_unit,
        "number": clean_number,
        "use": use,
        "floor": floor,
        "area_m2": area_m2,
        "former_key": _former(text=former_key, held=held, key=key),
        "key": key,
    }
    if key != held.key:
        columns["label"] = room_label(building=held.building.code, unit=clean_unit, room=clean_number)
    changed = set(save_changes(record=held, columns=columns)) - {"key", "label"}
    if changed:
        note(
            site_id=held.site_id,
            kind="room_corrected",
            subject=held,
            by=by,
            at=at,
            data={"fields": field_words(changed), "room": held.label},
        )
    return held


def _former(*, text: str, held: Room, key: str) -> str:
    """What the room was called before: as typed, else the number it has just lost."""
    typed = "-".join(part for part in text.upper().replace("—", "-").split("-") if part.strip())[:40]
    return held.key if key != held.key and typed in ("", held.former_key) else typed
