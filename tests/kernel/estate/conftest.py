"""A small archive of invented people: one building of two units, two more houses for look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from yingsheng.kernel.estate import services
from yingsheng.kernel.estate.models import Building, Household, Person, Room
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.services import hire, open_site

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


@pytest.fixture
def archive(db: None) -> Archive:
    """钱业主 and his wife live in 3-2-1802; 3-1-1802 and 5-2-1802 are look-alikes."""
    site = open_site(code="ys", name="云溪花园", kind="residence", at=NOW, area_code="0755")
    clerk = hire(site=site, username="front", name="王前台", password=None, by=None, at=NOW)
    keys = ("3-2-1802", "3-1-1802", "5-2-1802", "3-2-1803")
    rooms = {key: new_room(site=site, key=key) for key in keys}
    rooms["3-2-201"] = new_room(site=site, key="3-2-201", former_key="B-2-201")
    home = services.open_household(room=rooms["3-2-1802"], by=clerk, at=NOW, reminder="老人独居")
    qian = services.add_person(
        site=site, name="钱业主", by=clerk, at=NOW, phones=["138 0013 8000", "26001234"]
    )
    wife = services.add_person(site=site, name="单晓明", by=clerk, at=NOW, phones=["13900001802"])
    services.add_member(household=home, person=wife, relation="family", by=clerk, at=NOW)
    services.add_member(household=home, person=qian, relation="owner", decides=True, by=clerk, at=NOW)
    services.add_vehicle(household=home, plate="粤B·12345", by=clerk, at=NOW)
    return Archive(site=site, clerk=clerk, rooms=rooms, home=home, qian=qian, wife=wife)
