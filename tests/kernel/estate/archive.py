"""A small archive of invented people: one building of two units, two more houses for look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from yingsheng.kernel.estate.models import Building, Household, Person, Room
from yingsheng.kernel.org.models import Site, Staff

NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)  # a Monday, 10:00 at the desk


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What the tests of this folder start from."""

    site: Site
    clerk: Staff
    rooms: dict[str, Room]
    home: Household
    qian: Person
    wife: Person


def new_room(*, site: Site, key: str, former_key: str = "") -> Room:
    """A room by its key, in a building made on the way."""
    house, unit, number = key.split("-")
    building, _ = Building.objects.get_or_create(site=site, code=house, defaults={"name": f"{house}栋"})
    return Room.objects.create(
        site=site,
        building=building,
        unit=unit,
        number=number,
        key=key,
        label=f"{house}栋{unit}单元{number}",
        former_key=former_key,
    )
