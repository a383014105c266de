"""A form that stood open too long enters nobody into another family; nothing typed about somebody known is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.estate import residents
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room
from yingsheng.kernel.estate.personal import id_number_of
from yingsheng.kernel.estate.verbs import find_verb
from yingsheng.kernel.events.models import Event

from .archive import NOW, Archive

ID = "11010119900307109X"
TODAY = date(2025, 3, 3)


def enter(archive: Archive, **fields: Any) -> Member:
    known = {
        "room": archive.rooms["3-2-1803"],
        "name": "钱业主",
        "phones": ["13800138000"],
        "relation": "tenant",
    }
    return residents.register_resident(by=archive.clerk, at=NOW, **{**known, **fields})


def by_verb(archive: Archive, *, subject: Household | Room, seen: int | None) -> Member:
    """The deed as the page and the API do it."""
    verb = find_verb(kind="room" if isinstance(subject, Room) else "household", code="resident")
    assert verb is not None
    made: Member = verb.run(
        subject=subject, by=archive.clerk, at=NOW, seen=seen, name="冯租客", phone="", relation="tenant"
    )
    return made


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, Person, Member, Household, Phone))


@pytest.mark.rule("A-12")
def test_a_stale_form_enters_nobody_into_the_next_owners_household(archive: Archive) -> None:
    old = Household.objects.get(pk=archive.home.pk)
    new = residents.transfer_title(
        household=old, name="许新主", phones=["13700137000"], changed_date=TODAY, by=archive.clerk, at=NOW
    )
    before = counts()
    # its own version, the version the next owner's file happens to have, and none
    for seen in (old.version, new.version, None):
        with pytest.raises(Conflict):
            by_verb(archive, subject=old, seen=seen)
    assert counts() == before
    assert by_verb(archive, subject=new, seen=new.version).household == new


@pytest.mark.rule("A-03")
def test_an_empty_room_taken_meanwhile_is_not_joined_unasked(archive: Archive) -> None:
    room = archive.rooms["3-2-1803"]
    seen = room.version
    enter(archive)
    before = counts()
    with pytest.raises(Conflict):
        by_verb(archive, subject=room, seen=seen)
    assert counts() == before


def test_a_room_corrected_meanwhile_is_looked_at_again(archive: Archive) -> None:
    room = archive.rooms["3-2-1803"]
    Room.objects.filter(pk=room.pk).update(version=7)
    with pytest.raises(Conflict):
        by_verb(archive, subject=room, seen=6)
    made = by_verb(archive, subject=room, seen=7)
    assert made.household.room == room and made.decides


def test_what_was_empty_about_somebody_known_is_filled_with_the_same_event(archive: Archive) -> None:
    before = Event.objects.count()
    made = enter(
        archive, call_as="钱老师", id_number=ID, phones=["13800138000", "13900139007"], phone_label="只在晚上"
    )
    person = Person.objects.get(pk=archive.qian.pk)
    assert made.person == person and Event.objects.count() == before + 1
    assert (person.call_as, id_number_of(person=person)) == ("钱老师", ID)
    assert person.version == archive.qian.version + 1
    numbers = dict(Phone.objects.filter(person=person).values_list("number", "label"))
    assert numbers["13800138000"] == "只在晚上" and "13900139007" in numbers
    data = Event.objects.latest("seq").data
    assert data["fields"] == "称呼、身份证号、电话" and ID not in str(data)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("call_as", {"call_as": "钱总"}),
        ("id_number", {"id_number": "110101198001010010"}),
        ("id_number", {"id_number": "123"}),
        ("phone_label", {"phone_label": "单位"}),
        ("phones", {"phones": ["13800138000", *(f"1390013900{place}" for place in range(8))]}),
    ],
)
def test_what_differs_from_what_is_known_is_refused(
    archive: Archive, field: str, typed: dict[str, Any]
) -> None:
    known = {"call_as": "钱老师", "id_number": ID, "phone_label": "只在晚上"}
    enter(archive, **known)
    before = counts()
    with pytest.raises(Refused) as refused:
        enter(archive, room=archive.rooms["3-2-201"], **typed)
    assert refused.value.field == field
    assert counts() == before
    # the same again is no difference, and writes nothing about him
    version = Person.objects.get(pk=archive.qian.pk).version
    enter(archive, room=archive.rooms["3-2-201"], **known)
    assert Person.objects.get(pk=archive.qian.pk).version == version


@pytest.mark.parametrize("text", ["1e30", "-1e30", "1000000", "9" * 40, "1e-40", "0"])
def test_no_home_is_as_large_as_that(archive: Archive, text: str) -> None:
    verb = find_verb(kind="room", code="correct")
    assert verb is not None
    room = archive.rooms["3-2-1803"]
    with pytest.raises(Refused) as refused:
        verb.run(subject=room, by=archive.clerk, at=NOW, area_m2=text, number="1803", unit="2", use="home")
    assert refused.value.field == "area_m2"
