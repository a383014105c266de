"""Who lives where: moving in and out, what somebody is in a household, who decides and who was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.timezone import localtime

from yingsheng.base.plates import format_plate
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.known import complete_person, find_known_person
from yingsheng.kernel.estate.models import Household, Member, Room, Vehicle
from yingsheng.kernel.estate.personal import mask_plate
from yingsheng.kernel.estate.reminders import known_codes
from yingsheng.kernel.estate.services import change_title
from yingsheng.kernel.estate.writing import (
    check_seen,
    field_words,
    held_household,
    not_ahead,
    note,
    put_member,
    raise_version,
    save_changes,
    write_person,
)
from yingsheng.kernel.org.models import Staff


@transaction.atomic
def register_resident(
    *,
    room: Room,
    name: str,
    relation: str,
    by: Staff,
    at: datetime,
    phones: Sequence[str] = (),
    phone_label: str = "",
    call_as: str = "",
    id_number: str = "",
    decides: bool = False,
    is_emergency_contact: bool = False,
    moved_in_date: date | None = None,
    reminder_codes: Iterable[str] = (),
    reminder: str = "",
    household: Household | None = None,
    seen: int | None = None,
    room_seen: int | None = None,
) -> Member:
    """Enter somebody who lives in a room; where nobody lived, the household's file is opened with him.

    Somebody of this name and phone whom the archive knows already is taken, not entered twice, and what was empty
    about him is filled; the first one decides until another is named. `household` is the file it was decided on
    and `seen` its version; `room_seen` is the version of a room it was decided on while nobody lived there.
    Refused for an unknown relation, a day ahead, who is in the household already, or what differs from what is
    known of him; Conflict if the file was closed, the room taken or either changed since. Rules A-03, A-06, C-81.
    """
    if relation not in Member.Relation.values:
        raise Refused(N("请选择与住户的关系"), field="relation")
    not_ahead(day=moved_in_date, at=at, field="moved_in_date")
    # the room's row makes two desks queue, so that one household is opened and not two
    held = Room.objects.select_for_update(no_key=True, of=("self",)).select_related("site").get(pk=room.pk)
    home = _home_of(room=held, household=household, seen=seen, room_seen=room_seen)
    opened = home is None
    if home is None:
        home = Household.objects.create(site_id=held.site_id, room=held, moved_in_date=moved_in_date)
    home.reminder_codes = known_codes(codes=[*home.reminder_codes, *reminder_codes])
    home.reminder = (reminder.strip() or home.reminder)[:200]
    raise_version(record=home, more=["reminder_codes", "reminder"])
    alone = not Member.objects.filter(household=home, active_to__isnull=True).exists()
    person, filled = find_known_person(site=held.site, name=name, phones=phones), []
    typed = _Typed(phones=phones, phone_label=phone_label, call_as=call_as, id_number=id_number)
    if person is None:
        person = write_person(site=held.site, name=name, **typed)
    elif Member.objects.filter(household=home, person=person, active_to__isnull=True).exists():
        raise Refused(N("%(name)s已经登记在这一户"), field="name", name=person.name)
    else:
        filled = complete_person(person=person, **typed)
    member = put_member(
        home=home,
        person=person,
        relation=relation,
        decides=decides or alone,
        is_emergency_contact=is_emergency_contact,
        active_from=moved_in_date or localtime(at).date(),
    )
    note(
        site_id=home.site_id,
        kind="household_opened" if opened else "member_added",
        subject=home,
        by=by,
        at=at,
        rule="A-03" if opened else "C-81" if decides else "",
        data={
            "room": held.label,
            "person": person.pk,
            "name": person.name,
            "relation": Member.Relation(relation).label,
            "decides": member.decides,
            **({"fields": field_words(filled)} if filled else {}),
        },
    )
    return member


class _Typed(TypedDict):
    """What is asked about the person himself."""

    phones: Sequence[str]
    phone_label: str
    call_as: str
    id_number: str


def _home_of(
    *, room: Room, household: Household | None, seen: int | None, room_seen: int | None
) -> Household | None:
    """The living household of a room held by the caller, held too; None where nobody lives.

    Conflict if it is not the one that was open on the desk, for the next family is not to get his name.
    """
    if household is not None:
        # read again under the room's lock: a change of title may have closed it while the form stood open
        held = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        if held.active_to is not None or held.room_id != room.pk:
            raise Conflict(N("这户的档案已经封存，请打开现在这一户再登记"), code="stale", rule="A-12")
        return held_household(household=held, seen=seen)
    check_seen(record=room, seen=room_seen)
    home = Household.objects.filter(room=room, active_to__isnull=True).first()
    if home is None:
        return None
    if room_seen is not None:
        raise Conflict(N("这间房刚有人登记入住，请打开这一户再登记"), code="stale", rule="A-03")
    return held_household(household=home, seen=seen)


@transaction.atomic
def change_household(
    *,
    household: Household,
    by: Staff,
    at: datetime,
    reminder_codes: Iterable[str] = (),
    reminder: str = "",
    moved_in_date: date | None = None,
    seen: int | None = None,
) -> Household:
    """Set what whoever answers must know of a household and its first day; what is empty is emptied.

    Refused for a closed file or a day ahead; Conflict for an older version. Nothing different, nothing written.
    """
    home = held_household(household=household, seen=seen)
    not_ahead(day=moved_in_date, at=at, field="moved_in_date")
    columns = {
        "reminder_codes": known_codes(codes=reminder_codes),
        "reminder": reminder.strip()[:200],
        "moved_in_date": moved_in_date,
    }
    changed = {name.removesuffix("_codes") for name in save_changes(record=home, columns=columns)}
    if changed:
        note(
            site_id=home.site_id,
            kind="household_changed",
            subject=home,
            by=by,
            at=at,
            data={"fields": field_words(changed)},
        )
    return home


@transaction.atomic
def mark_key_customer(*, household: Household, marked: bool, by: Staff | None, at: datetime) -> Household:
    """Put the mark of a key customer on a file, or take it off, as the list of them decided (Z-05).

    A closed file stays as it is; nothing different, nothing written.
    """
    home = Household.objects.select_for_update(no_key=True, of=("self",)).get(pk=household.pk)
    if home.active_to is None and save_changes(record=home, columns={"is_key_customer": marked}):
        note(
            site_id=home.site_id, kind="household_changed", subject=home, by=by, at=at, rule="Z-05",
            data={"fields": field_words(["is_key_customer"])},
        )  # fmt: skip
    return home


@transaction.atomic
def change_member(
    *,
    member: Member,
    relation: str,
    by: Staff,
    at: datetime,
    decides: bool = False,
    is_emergency_contact: bool = False,
    seen: int | None = None,
) -> Member:
    """Say anew what somebody is in his household; naming him as the one who decides takes it from the other (C-81).

    Refused for an unknown relation or somebody who left; Conflict for an older version of the household.
    """
    home = held_household(household=member.household, seen=seen)
    held = _living_member(member=member)
    if relation not in Member.Relation.values:
        raise Refused(N("请选择与住户的关系"), field="relation")
    wanted = {"relation": relation, "decides": decides, "is_emergency_contact": is_emergency_contact}
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    if not changed:
        return held
    held = put_member(
        home=home,
        person=held.person,
        relation=relation,
        decides=decides,
        is_emergency_contact=is_emergency_contact,
        active_from=localtime(at).date(),
    )
    note(
        site_id=home.site_id,
        kind="member_changed",
        subject=home,
        by=by,
        at=at,
        rule="C-81" if "decides" in changed else "",
        data={
            "person": held.person_id,
            "name": member.person.name,
            "relation": Member.Relation(relation).label,
            "decides": decides,
            "fields": field_words(changed),
        },
    )
    return held


@transaction.atomic
def end_member(
    *, member: Member, ended_date: date, by: Staff, at: datetime, seen: int | None = None
) -> Member:
    """Somebody left the household; he stays in the archive and in its history.

    Refused for a day ahead or before he came, and for who left already; Conflict for an older version.
    """
    home = held_household(household=member.household, seen=seen)
    held = _living_member(member=member)
    not_ahead(day=ended_date, at=at, field="ended_date")
    if held.active_from is not None and ended_date < held.active_from:
        raise Refused(
            N("不能早于登记为成员的日期%(day)s"), field="ended_date", day=held.active_from.isoformat()
        )
    held.active_to = ended_date
    held.save(update_fields=["active_to"])
    raise_version(record=home)
    note(
        site_id=home.site_id,
        kind="member_ended",
        subject=home,
        by=by,
        at=at,
        data={"person": held.person_id, "name": held.person.name, "date": ended_date.isoformat()},
    )
    return held


@transaction.atomic
def move_out(
    *, household: Household, moved_out_date: date, by: Staff, at: datetime, seen: int | None = None
) -> Household:
    """The household left: its file is closed with everybody in it, and the room stands empty.

    What is still being dealt with stays with the closed file. Refused for a day ahead or before they moved in;
    Conflict for an older version. Rule A-12.
    """
    home = held_household(household=household, seen=seen)
    not_ahead(day=moved_out_date, at=at, field="moved_out_date")
    if home.moved_in_date is not None and moved_out_date < home.moved_in_date:
        raise Refused(
            N("不能早于入住日期%(day)s"), field="moved_out_date", day=home.moved_in_date.isoformat()
        )
    living = Member.objects.filter(household=home, active_to__isnull=True)
    # somebody entered after the day they left cannot have left before he came
    living.filter(active_from__gt=moved_out_date).update(active_from=moved_out_date)
    living.update(active_to=moved_out_date)
    home.active_to = moved_out_date
    raise_version(record=home, more=["active_to"])
    note(
        site_id=home.site_id,
        kind="household_closed",
        subject=home,
        by=by,
        at=at,
        rule="A-12",
        data={"room": home.room.label, "date": moved_out_date.isoformat()},
    )
    return home


@transaction.atomic
def transfer_title(
    *,
    household: Household,
    name: str,
    changed_date: date,
    by: Staff,
    at: datetime,
    phones: Sequence[str] = (),
    call_as: str = "",
    seen: int | None = None,
) -> Household:
    """The home has a new owner: he is entered (or found by name and phone), the old file is closed (A-12)."""
    home = held_household(household=household, seen=seen)
    owner = find_known_person(site=home.site, name=name, phones=phones)
    if owner is None:
        owner = write_person(site=home.site, name=name, phones=phones, call_as=call_as)
    else:
        complete_person(person=owner, phones=phones, call_as=call_as)
    return change_title(household=home, owner=owner, changed_date=changed_date, by=by, at=at)


@transaction.atomic
def remove_vehicle(
    *, vehicle: Vehicle, by: Staff, at: datetime, reason: str = "", seen: int | None = None
) -> Household:
    """The car does not belong to the household any more; the event keeps its masked plate and the reason."""
    home = held_household(household=vehicle.household, seen=seen)
    plate = mask_plate(vehicle.plate)
    Vehicle.objects.filter(pk=vehicle.pk).delete()
    raise_version(record=home)
    note(
        site_id=home.site_id,
        kind="vehicle_removed",
        subject=home,
        by=by,
        at=at,
        data={"plate": format_plate(plate=plate), "reason": reason.strip()[:200]},
    )
    return home


@transaction.atomic
def note_informed(
    *, member: Member, about: str, mode: str, by: Staff, at: datetime, seen: int | None = None
) -> Member:
    """Write down that this member was told something, and whether it is the one who decides (C-81).

    Refused without what was told, or for somebody who left.
    """
    home = held_household(household=member.household, seen=seen)
    held = _living_member(member=member)
    if not about.strip():
        raise Refused(N("请写明告知了什么"), field="about", rule="C-81")
    note(
        site_id=home.site_id,
        kind="informed",
        subject=home,
        by=by,
        at=at,
        rule="C-81",
        data={
            "person": held.person_id,
            "name": held.person.name,
            "about": about.strip()[:200],
            "mode": INFORM_MODES.get(mode, INFORM_MODES["face"]),
            "decides": held.decides,
        },
    )
    return held


INFORM_MODES = {"face": N("当面"), "phone": N("电话"), "message": N("短信或微信"), "paper": N("书面")}


def _living_member(*, member: Member) -> Member:
    held = (
        Member.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "household")
        .get(pk=member.pk)
    )
    if held.active_to is not None:
        raise Refused(N("%(name)s已经不在这一户"), name=held.person.name)
    return held
