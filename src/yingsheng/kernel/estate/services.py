"""Writing the archive: people, households, their members and cars. See also `residents`, `phones`, `rooms`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.timezone import localtime

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.columns import (
    clean_phones,
    clean_plate,
    id_number_columns,
    name_columns,
    new_phone,
)
from yingsheng.kernel.estate.disclosures import give_consent, reveal_personal, withdraw_consent
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.personal import id_number_of
from yingsheng.kernel.estate.writing import (
    field_words,
    held_household,
    held_person,
    not_ahead,
    put_member,
    raise_version,
    save_changes,
    write_person,
)
from yingsheng.kernel.estate.writing import note as record
from yingsheng.kernel.org.models import Site, Staff

__all__ = [
    "PersonChanges", "add_member", "add_person", "add_vehicle", "change_person", "change_title", "give_consent",
    "open_household", "reveal_personal", "set_reminder", "withdraw_consent",
]  # fmt: skip


class PersonChanges(TypedDict, total=False):
    """What may be corrected about a person; what is left out stays as it is."""

    name: str
    call_as: str
    phones: Sequence[str]  # all numbers, in order; those left out are removed
    id_number: str  # "" removes it
    birth_date: date | None
    do_not_call: bool
    note: str


@transaction.atomic
def add_person(
    *,
    site: Site,
    name: str,
    by: Staff | None,
    at: datetime,
    phones: Sequence[str] = (),
    call_as: str = "",
    id_number: str = "",
    birth_date: date | None = None,
    do_not_call: bool = False,
    note: str = "",
) -> Person:
    """Enter somebody in the archive, findable by name, pinyin, phone and ID number.

    Refused without a name, or for a phone or ID number that cannot be one. Rules A-06, A-22, C-84.
    """
    not_ahead(day=birth_date, at=at, field="birth_date")
    person = write_person(
        site=site,
        name=name,
        phones=phones,
        call_as=call_as,
        id_number=id_number,
        birth_date=birth_date,
        do_not_call=do_not_call,
        note=note,
    )
    record(site_id=site.pk, kind="person_added", subject=person, by=by, at=at, data={"name": person.name})
    return person


@transaction.atomic
def change_person(
    *, person: Person, by: Staff, at: datetime, seen: int | None = None, **changes: Unpack[PersonChanges]
) -> Person:
    """Correct what is known about a person; the event names the fields, never their values.

    Refused like `add_person`; Conflict if `seen` is an older version. Nothing is written when nothing is
    different.
    """
    held = held_person(person=person, seen=seen)
    columns: dict[str, object] = {}
    if "name" in changes:
        columns |= name_columns(name=changes["name"])
    if "id_number" in changes and changes["id_number"].strip().upper() != id_number_of(person=held):
        columns |= id_number_columns(id_number=changes["id_number"])
    if "birth_date" in changes:
        not_ahead(day=changes["birth_date"], at=at, field="birth_date")
        columns["birth_date"] = changes["birth_date"]
    if "do_not_call" in changes:
        columns["do_not_call"] = changes["do_not_call"]
    if "call_as" in changes:
        columns["call_as"] = changes["call_as"].strip()
    if "note" in changes:
        columns["note"] = changes["note"].strip()
    changed = {_asked_name(column) for column in save_changes(record=held, columns=columns)}
    if "phones" in changes and _replace_phones(person=held, phones=changes["phones"]):
        changed.add("phones")
        raise_version(record=held)
    if changed:
        record(
            site_id=held.site_id,
            kind="person_changed",
            subject=held,
            by=by,
            at=at,
            data={"fields": field_words(changed)},
        )
    return held


@transaction.atomic
def open_household(
    *,
    room: Room,
    by: Staff | None,
    at: datetime,
    moved_in_date: date | None = None,
    reminder: str = "",
) -> Household:
    """Open the file of those who move into a room; refused while another household lives there. Rule A-03."""
    # the room's row makes two desks queue, so the second gets words instead of a constraint's error
    held = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if Household.objects.filter(room=held, active_to__isnull=True).exists():
        raise Refused(gettext_noop("%(room)s已有在住的住户档案"), field="room", rule="A-03", room=held.label)
    household = Household.objects.create(
        site_id=held.site_id,
        room=held,
        moved_in_date=moved_in_date,
        reminder=reminder.strip(),
    )
    record(
        site_id=held.site_id,
        kind="household_opened",
        subject=household,
        by=by,
        at=at,
        data={"room": held.label},
    )
    return household


@transaction.atomic
def add_member(
    *,
    household: Household,
    person: Person,
    relation: str,
    by: Staff | None,
    at: datetime,
    decides: bool = False,
    is_emergency_contact: bool = False,
    active_from: date | None = None,
) -> Member:
    """Put somebody into a household; giving `decides` takes it from whoever had it (C-81).

    Somebody who is in it already gets the new relation instead of a second line. Refused for an unknown
    relation, a closed household, or a person of another site.
    """
    home = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if relation not in Member.Relation.values:
        raise Refused(gettext_noop("请选择与住户的关系"), field="relation")
    if home.active_to is not None:
        raise Refused(gettext_noop("这户的档案已经封存，不能再加人"), rule="A-12")
    if person.site_id != home.site_id:
        raise Refused(gettext_noop("此人不在本项目的档案里"), field="person")
    member = put_member(
        home=home,
        person=person,
        relation=relation,
        decides=decides,
        is_emergency_contact=is_emergency_contact,
        active_from=active_from or localtime(at).date(),
    )
    record(
        site_id=home.site_id,
        kind="member_added",
        subject=home,
        by=by,
        at=at,
        rule="C-81" if decides else "",
        data={
            "person": person.pk,
            "name": person.name,
            "relation": Member.Relation(relation).label,
            "decides": decides,
        },
    )
    return member


@transaction.atomic
def set_reminder(*, household: Household, reminder: str, by: Staff, at: datetime) -> Household:
    """Keep what whoever answers must know of a household (老人独居, 勿夜间来电); "" takes it away."""
    home = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    home.reminder = reminder.strip()
    raise_version(record=home, more=["reminder"])
    record(
        site_id=home.site_id,
        kind="household_changed",
        subject=home,
        by=by,
        at=at,
        data={"fields": field_words(["reminder"])},
    )
    return home


@transaction.atomic
def change_title(
    *, household: Household, owner: Person, changed_date: date, by: Staff, at: datetime
) -> Household:
    """Close the old owner's file and open the new one's, with the new owner as the one who decides (A-12).

    The old file keeps its members, vehicles and matters. Refused if the file is closed already, the date lies
    ahead, or the new owner is of another site.
    """
    old = Household.objects.select_for_update(no_key=True).select_related("room").get(pk=household.pk)
    if old.active_to is not None:
        raise Refused(gettext_noop("这户的档案已经封存"), rule="A-12")
    if changed_date > localtime(at).date():
        raise Refused(gettext_noop("过户日期不能晚于今天"), field="changed_date", rule="A-12")
    if owner.site_id != old.site_id:
        raise Refused(gettext_noop("此人不在本项目的档案里"), field="owner")
    # somebody entered after the date of the deed cannot have left before he came
    living = Member.objects.filter(household=old, active_to__isnull=True)
    living.filter(active_from__gt=changed_date).update(active_from=changed_date)
    living.update(active_to=changed_date)
    old.active_to = changed_date
    raise_version(record=old, more=["active_to"])
    new = Household.objects.create(site_id=old.site_id, room=old.room, moved_in_date=changed_date)
    Member.objects.create(
        household=new, person=owner, relation=Member.Relation.OWNER, decides=True, active_from=changed_date
    )
    record(
        site_id=old.site_id,
        kind="title_changed",
        subject=new,
        by=by,
        at=at,
        rule="A-12",
        data={"from": old.pk, "room": old.room.label, "date": changed_date.isoformat()},
    )
    return new


@transaction.atomic
def add_vehicle(
    *,
    household: Household,
    plate: str,
    by: Staff | None,
    at: datetime,
    model: str = "",
    seen: int | None = None,
) -> Vehicle:
    """Note a household's car; refused for what is no plate, or one it has already; Conflict for an older version."""
    number = clean_plate(plate=plate)
    home = held_household(household=household, seen=seen)
    if Vehicle.objects.filter(household=home, plate=number).exists():
        raise Refused(gettext_noop("车牌%(plate)s已经登记在这一户"), field="plate", plate=number)
    vehicle = Vehicle.objects.create(household=home, site_id=home.site_id, plate=number, model=model.strip())
    raise_version(record=home)
    record(
        site_id=home.site_id, kind="vehicle_added", subject=home, by=by, at=at, data={"vehicle": vehicle.pk}
    )
    return vehicle


def _replace_phones(*, person: Person, phones: Sequence[str]) -> bool:
    """Keep exactly these numbers; whether anything is different."""
    wanted = clean_phones(site=person.site, phones=phones)
    known = set(Phone.objects.filter(person=person).values_list("number", flat=True))
    Phone.objects.filter(person=person).exclude(number__in=wanted).delete()
    Phone.objects.bulk_create(
        new_phone(site=person.site, person=person, number=number) for number in wanted if number not in known
    )
    return known != set(wanted)


def _asked_name(column: str) -> str:
    """The name a column is asked and shown under."""
    return {
        "pinyin": "name",
        "initials": "name",
        "id_number_sealed": "id_number",
        "id_number_index": "id_number",
    }.get(column, column)
