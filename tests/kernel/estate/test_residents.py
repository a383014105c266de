"""Who lives where, who decides, who was told: one event a deed, nobody overwrites a neighbour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.estate import phones, queries, residents, rooms, services
from yingsheng.kernel.estate.history import list_history, list_informed, readable
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.reminders import REMINDERS, known_codes, reminder_words
from yingsheng.kernel.estate.verbs import VERBS, find_subject, find_verb, version_of
from yingsheng.kernel.events.models import Event

from .archive import NOW, Archive

TODAY = date(2025, 3, 3)


def latest() -> Event:
    return Event.objects.latest("seq")


def member_of(archive: Archive, person: Person) -> Member:
    return Member.objects.get(household=archive.home, person=person, active_to__isnull=True)


def move_in(archive: Archive, **fields: Any) -> Member:
    fields = {"room": archive.rooms["3-2-1803"], "name": "冯租客", "relation": "tenant", **fields}
    return residents.register_resident(by=archive.clerk, at=NOW, **fields)


def test_the_first_one_in_opens_the_file_and_decides(archive: Archive) -> None:
    before = Event.objects.count()
    member = move_in(
        archive, phones=["139 0013 9001"], phone_label="单位", reminder_codes=["pets", "nonsense"]
    )
    assert (member.decides, member.active_from) == (True, TODAY)
    assert member.household.reminder_codes == ["pets"]
    phone = Phone.objects.get(person=member.person)
    assert (phone.label, phone.is_primary) == ("单位", True)
    assert Event.objects.count() == before + 1
    assert (latest().kind, latest().rule) == ("estate.household_opened", "A-03")
    assert "13900139001" not in str(latest().data)


def test_the_next_one_joins_and_does_not_decide(archive: Archive) -> None:
    move_in(archive)
    second = move_in(archive, name="冯家属", relation="family", reminder="有犬")
    assert not second.decides
    assert second.household.reminder == "有犬"
    assert latest().kind == "estate.member_added"
    assert Household.objects.filter(room=archive.rooms["3-2-1803"]).count() == 1


@pytest.mark.rule("C-81")
def test_only_one_decides(archive: Archive) -> None:
    wife = member_of(archive, archive.wife)
    residents.change_member(member=wife, relation="family", decides=True, by=archive.clerk, at=NOW)
    deciding = Member.objects.filter(household=archive.home, decides=True).values_list(
        "person__name", flat=True
    )
    assert list(deciding) == ["单晓明"]
    assert latest().rule == "C-81"
    assert readable(data=latest().data)["fields"] == "做主"


def test_somebody_known_by_name_and_number_is_not_entered_twice(archive: Archive) -> None:
    member = move_in(archive, name="钱业主", phones=["13800138000"])
    assert member.person == archive.qian
    with pytest.raises(Refused) as refused:
        move_in(archive, name="钱业主", phones=["138-0013-8000"])
    assert refused.value.field == "name"
    # the same name alone may be somebody else
    assert move_in(archive, name="钱业主", relation="other").person != archive.qian


def test_leaving_keeps_the_line(archive: Archive) -> None:
    wife = member_of(archive, archive.wife)
    ended = residents.end_member(member=wife, ended_date=TODAY, by=archive.clerk, at=NOW)
    assert ended.active_to == TODAY
    assert [m.person.name for m in queries.household_card(household=archive.home).members] == ["钱业主"]
    with pytest.raises(Refused):
        residents.end_member(member=wife, ended_date=TODAY, by=archive.clerk, at=NOW)


@pytest.mark.parametrize("days", [1, 400])
def test_no_deed_lies_ahead(archive: Archive, days: int) -> None:
    ahead = TODAY + timedelta(days=days)
    wife = member_of(archive, archive.wife)
    deeds: list[Callable[[], object]] = [
        lambda: residents.end_member(member=wife, ended_date=ahead, by=archive.clerk, at=NOW),
        lambda: residents.move_out(household=archive.home, moved_out_date=ahead, by=archive.clerk, at=NOW),
        lambda: residents.change_household(
            household=archive.home, moved_in_date=ahead, by=archive.clerk, at=NOW
        ),
        lambda: move_in(archive, moved_in_date=ahead),
    ]
    for deed in deeds:
        with pytest.raises(Refused):
            deed()


@pytest.mark.rule("A-12")
def test_moving_out_closes_the_file_with_everybody_in_it(archive: Archive) -> None:
    closed = residents.move_out(household=archive.home, moved_out_date=TODAY, by=archive.clerk, at=NOW)
    assert closed.active_to == TODAY
    assert not Member.objects.filter(household=closed, active_to__isnull=True).exists()
    with pytest.raises(Refused) as refused:
        residents.change_household(household=closed, by=archive.clerk, at=NOW)
    assert refused.value.rule == "A-12"
    # the room is free for others
    assert move_in(archive, room=archive.rooms["3-2-1802"]).household != closed


@pytest.mark.rule("A-12")
def test_a_new_owner_gets_a_new_file(archive: Archive) -> None:
    before = Event.objects.count()
    new = residents.transfer_title(
        household=archive.home,
        name="许新主",
        phones=["13700137000"],
        changed_date=TODAY,
        by=archive.clerk,
        at=NOW,
    )
    assert new != archive.home and new.members.get().person.name == "许新主"
    assert Event.objects.count() == before + 1


@pytest.mark.rule("C-81")
def test_whom_we_told_is_on_the_record(archive: Archive) -> None:
    wife = member_of(archive, archive.wife)
    residents.note_informed(member=wife, about="周三停水", mode="phone", by=archive.clerk, at=NOW)
    (told,) = list_informed(household=archive.home)
    assert (told.data["name"], told.data["about"], told.data["decides"]) == ("单晓明", "周三停水", False)
    with pytest.raises(Refused):
        residents.note_informed(member=wife, about="  ", mode="phone", by=archive.clerk, at=NOW)


def stale_deeds(a: Archive) -> list[Callable[[int], object]]:
    wife, by = member_of(a, a.wife), a.clerk
    car = Vehicle.objects.get()
    phone = Phone.objects.filter(person=a.qian).order_by("pk")[0]
    return [
        lambda seen: residents.change_household(household=a.home, by=by, at=NOW, reminder="x", seen=seen),
        lambda seen: residents.move_out(household=a.home, moved_out_date=TODAY, by=by, at=NOW, seen=seen),
        lambda seen: residents.change_member(member=wife, relation="other", by=by, at=NOW, seen=seen),
        lambda seen: residents.end_member(member=wife, ended_date=TODAY, by=by, at=NOW, seen=seen),
        lambda seen: residents.remove_vehicle(vehicle=car, by=by, at=NOW, seen=seen),
        lambda seen: services.add_vehicle(household=a.home, plate="粤B54321", by=by, at=NOW, seen=seen),
        lambda seen: move_in(a, room=a.home.room, name="某某", seen=seen),
        lambda seen: residents.transfer_title(
            household=a.home, name="某某", changed_date=TODAY, by=by, at=NOW, seen=seen
        ),
        lambda seen: services.change_person(person=a.qian, name="钱", by=by, at=NOW, seen=seen),
        lambda seen: phones.add_phone(person=a.qian, number="13711112222", by=by, at=NOW, seen=seen),
        lambda seen: phones.change_phone(phone=phone, label="x", is_primary=True, by=by, at=NOW, seen=seen),
        lambda seen: phones.remove_phone(phone=phone, by=by, at=NOW, seen=seen),
        lambda seen: rooms.correct_room(room=a.home.room, number="9", use="home", by=by, at=NOW, seen=seen),
    ]


@pytest.mark.parametrize("number", range(13))
def test_who_decided_on_an_older_version_is_told_and_nothing_is_written(
    archive: Archive, number: int
) -> None:
    deed = stale_deeds(archive)[number]
    before = Event.objects.count()
    with pytest.raises(Conflict) as conflict:
        deed(99)
    assert conflict.value.code == "stale"
    assert Event.objects.count() == before


def test_every_deed_raises_the_version_by_one_event(archive: Archive) -> None:
    home = Household.objects.get(pk=archive.home.pk)
    before = Event.objects.count()
    residents.change_household(
        household=home, reminder_codes=["pets"], by=archive.clerk, at=NOW, seen=home.version
    )
    again = Household.objects.get(pk=home.pk)
    assert again.version == home.version + 1 and Event.objects.count() == before + 1
    # nothing different, nothing written
    residents.change_household(
        household=home, reminder_codes=["pets"], by=archive.clerk, at=NOW, seen=again.version
    )
    assert Household.objects.get(pk=home.pk).version == again.version
    assert Event.objects.count() == before + 1


def test_one_number_is_tried_first(archive: Archive) -> None:
    common: dict[str, Any] = {"by": archive.clerk, "at": NOW}
    first, second = Phone.objects.filter(person=archive.qian).order_by("pk")
    assert (first.is_primary, second.is_primary) == (True, False)
    phones.change_phone(phone=second, is_primary=True, label="家里", **common)
    assert list(Phone.objects.filter(person=archive.qian, is_primary=True)) == [second]
    second.refresh_from_db()
    with pytest.raises(Refused):
        phones.change_phone(phone=second, is_primary=False, label="", **common)
    phones.remove_phone(phone=second, reason="空号", **common)
    assert Phone.objects.get(person=archive.qian).is_primary
    assert latest().data["phone"] == "0755****1234" and latest().data["reason"] == "空号"


@pytest.mark.parametrize("text", ["", "  ", "十二点", "138 0013 8000"])
def test_a_number_that_is_none_or_known_is_refused(archive: Archive, text: str) -> None:
    with pytest.raises(Refused):
        phones.add_phone(person=archive.qian, number=text, by=archive.clerk, at=NOW)


def test_nobody_has_more_numbers_than_fit(archive: Archive) -> None:
    for place in range(phones.MOST - 2):
        phones.add_phone(person=archive.qian, number=f"1371111000{place}", by=archive.clerk, at=NOW)
    with pytest.raises(Refused):
        phones.add_phone(person=archive.qian, number="13711119999", by=archive.clerk, at=NOW)


def test_a_renumbered_room_is_found_by_what_it_was_called(archive: Archive) -> None:
    room = rooms.correct_room(
        room=archive.rooms["3-2-1803"], unit="2", number="1803A", use="office", floor=18, area_m2=Decimal("89.5"),
        by=archive.clerk, at=NOW,
    )  # fmt: skip
    assert (room.key, room.label, room.former_key) == ("3-2-1803A", "3栋2单元1803A", "3-2-1803")
    found = queries.find_callers(site=archive.site, text="3-2-1803")
    assert room in [match.room for match in found]
    assert readable(data=latest().data)["fields"].count("、") == 4


def test_a_room_does_not_take_the_number_of_another(archive: Archive) -> None:
    common: dict[str, Any] = {"use": "home", "by": archive.clerk, "at": NOW}
    with pytest.raises(Refused) as refused:
        rooms.correct_room(room=archive.rooms["3-2-1803"], unit="2", number="1802", **common)
    assert refused.value.field == "number"
    for wrong in (
        {"number": ""},
        {"number": "9" * 13},
        {"number": "9", "floor": 500},
        {"number": "9", "area_m2": 0},
    ):
        with pytest.raises(Refused):
            rooms.correct_room(room=archive.rooms["3-2-1803"], **common, **wrong)


def test_the_chronicle_tells_of_home_room_and_people(archive: Archive) -> None:
    rooms.correct_room(
        room=archive.rooms["3-2-1802"], unit="2", number="1802", use="office", by=archive.clerk, at=NOW
    )
    services.change_person(person=archive.wife, call_as="单老师", by=archive.clerk, at=NOW)
    kinds = [event.kind for event in list_history(household=archive.home)]
    assert kinds[:2] == ["estate.person_changed", "estate.room_corrected"]
    assert "estate.household_opened" in kinds
    other = move_in(archive).household
    assert {event.kind for event in list_history(household=other)} == {"estate.household_opened"}


@given(codes=st.lists(st.sampled_from([*REMINDERS, "nonsense"])), text=st.text(max_size=10))
def test_reminders_are_known_in_order_and_once(codes: list[str], text: str) -> None:
    kept = known_codes(codes=codes)
    assert kept == [code for code in REMINDERS if code in codes]
    assert known_codes(codes=kept) == kept
    assert len(reminder_words(codes=codes, text=text)) == len(kept) + bool(text)


def test_every_deed_is_declared_once_for_a_kind_that_can_be_found(archive: Archive) -> None:
    assert len({(verb.kind, verb.code) for verb in VERBS}) == len(VERBS)
    subjects = {
        "household": archive.home.pk, "member": member_of(archive, archive.wife).pk, "person": archive.qian.pk,
        "phone": Phone.objects.filter(person=archive.qian)[0].pk, "vehicle": Vehicle.objects.get().pk,
        "room": archive.home.room_id,
        "consent": services.give_consent(person=archive.qian, purpose="活动", by=archive.clerk, at=NOW).pk,
    }  # fmt: skip
    for verb in VERBS:
        subject = find_subject(kind=verb.kind, pk=subjects[verb.kind], site=archive.site)
        assert subject is not None and version_of(subject=subject) >= 1
        assert find_subject(kind=verb.kind, pk=10**9, site=archive.site) is None
        if verb.initial is not None:
            names = {item.name for item in verb.form.fields}
            assert set(verb.initial(subject)) <= names
    assert find_verb(kind="household", code="burn") is None
    assert isinstance(find_subject(kind="room", pk=archive.home.room_id, site=archive.site), Room)
