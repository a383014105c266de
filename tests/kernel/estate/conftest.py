"""The archive every test of this folder starts from.

Models are imported inside: this file may be read before the program is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .archive import Archive


@pytest.fixture
def archive(db: None) -> Archive:
    """钱业主 and his wife live in 3-2-1802; 3-1-1802 and 5-2-1802 are look-alikes."""
    from yingsheng.kernel.estate import services
    from yingsheng.kernel.org.services import hire, open_site

    from .archive import NOW, Archive, new_room

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
