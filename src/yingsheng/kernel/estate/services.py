"""Writing the archive: people, households, vehicles, consent, and opening what is masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from yingsheng.kernel.estate.models import Consent, Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.personal import REVEALABLE, date_text, id_number_of
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.permissions import Allow


class PersonChanges(TypedDict, total=False):
    """What may be corrected about a person; what is left out stays as it is."""

    name: str
    call_as: str
    phones: Sequence[str]  # all numbers, in order; those left out are removed
    id_number: str  # "" removes it
    birth_date: date | None
    do_not_call: bool
    note: str


_LABELS: Mapping[str, str] = {
    "name": gettext_noop("姓名"),
    "call_as": gettext_noop("称呼"),
    "phones": gettext_noop("电话"),
    "id_number": gettext_noop("身份证号"),
    "birth_date": gettext_noop("出生日期"),
    "do_not_call": gettext_noop("勿来电"),
    "note": gettext_noop("备注"),
    "reminder": gettext_noop("提醒"),
}


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
    person = Person(
        site=site,
        **name_columns(name=name),
        **id_number_columns(id_number=id_number),
        call_as=call_as.strip(),
        birth_date=birth_date,
        do_not_call=do_not_call,
        note=note.strip(),
    )
    person.save(force_insert=True)
    Phone.objects.bulk_create(
        new_phone(site=site, person=person, number=number)
        for number in clean_phones(site=site, phones=phones)
    )
    _note(site_id=site.pk, kind="person_added", subject=person, by=by, at=at, data={"name": person.name})
    return person


@transaction.atomic
def change_person(*, person: Person, by: Staff, at: datetime, **changes: Unpack[PersonChanges]) -> Person:
    """Correct what is known about a person; the event names the fields, never their values.

    Refused like `add_person`. Nothing is written when nothing is different.
    """
    held = Person.objects.select_for_update(no_key=True).select_related("site").get(pk=person.pk)
    columns: dict[str, object] = {}
    if "name" in changes:
        columns |= name_columns(name=changes["name"])
    if "id_number" in changes and changes["id_number"].strip().upper() != id_number_of(person=held):
        columns |= id_number_columns(id_number=changes["id_number"])
    if "birth_date" in changes:
        columns["birth_date"] = changes["birth_date"]
    if "do_not_call" in changes:
        columns["do_not_call"] = changes["do_not_call"]
    if "call_as" in changes:
        columns["call_as"] = changes["call_as"].strip()
    if "note" in changes:
        columns["note"] = changes["note"].strip()
    columns = {name: value for name, value in columns.items() if getattr(held, name) != value}
    changed = {_asked_name(column) for column in columns}
    if "phones" in changes and _replace_phones(person=held, phones=changes["phones"]):
        changed.add("phones")
    if columns:
        for name, value in columns.items():
            setattr(held, name, value)
        held.save(update_fields=list(columns))
    if changed:
        _note(
            site_id=held.site_id,
            kind="person_changed",
            subject=held,
            by=by,
            at=at,
            data={"fields": _words(changed)},
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
    is_key_customer: bool = False,
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
        is_key_customer=is_key_customer,
    )
    _note(
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
    living = Member.objects.filter(household=home, active_to__isnull=True)
    if decides:
        living.exclude(person=person).filter(decides=True).update(decides=False)
    known = {"relation": relation, "decides": decides, "is_emergency_contact": is_emergency_contact}
    member, _ = Member.objects.update_or_create(
        household=home,
        person=person,
        active_to=None,
        defaults=known,
        create_defaults={**known, "active_from": active_from or localtime(at).date()},
    )
    _note(
        site_id=home.site_id,
        kind="member_added",
        subject=home,
        by=by,
        at=at,
        rule="C-81" if decides else "",
        data={"person": person.pk, "relation": Member.Relation(relation).label, "decides": decides},
    )
    return member


@transaction.atomic
def set_reminder(*, household: Household, reminder: str, by: Staff, at: datetime) -> Household:
    """Keep what whoever answers must know of a household (老人独居, 勿夜间来电); "" takes it away."""
    home = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    home.reminder = reminder.strip()
    home.save(update_fields=["reminder"])
    _note(
        site_id=home.site_id,
        kind="household_changed",
        subject=home,
        by=by,
        at=at,
        data={"fields": _words(["reminder"])},
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
    old.save(update_fields=["active_to"])
    new = Household.objects.create(site_id=old.site_id, room=old.room, moved_in_date=changed_date)
    Member.objects.create(
        household=new, person=owner, relation=Member.Relation.OWNER, decides=True, active_from=changed_date
    )
    _note(
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
    *, household: Household, plate: str, by: Staff | None, at: datetime, model: str = ""
) -> Vehicle:
    """Note a household's car; refused for what is no plate, or one that the household has already."""
    number = clean_plate(plate=plate)
    home = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if Vehicle.objects.filter(household=home, plate=number).exists():
        raise Refused(gettext_noop("车牌%(plate)s已经登记在这一户"), field="plate", plate=number)
    vehicle = Vehicle.objects.create(household=home, site_id=home.site_id, plate=number, model=model.strip())
    _note(
        site_id=home.site_id, kind="vehicle_added", subject=home, by=by, at=at, data={"vehicle": vehicle.pk}
    )
    return vehicle


@transaction.atomic
def give_consent(*, person: Person, purpose: str, by: Staff | None, at: datetime) -> Consent:
    """Keep what a person agreed to; refused without a purpose or when it was given and never taken back."""
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    wanted = purpose.strip()
    if not wanted:
        raise Refused(gettext_noop("请写明同意的用途"), field="purpose")
    if Consent.objects.filter(person=held, purpose=wanted, withdrawn_at__isnull=True).exists():
        raise Refused(gettext_noop("此人已经同意“%(purpose)s”"), field="purpose", purpose=wanted)
    consent = Consent.objects.create(person=held, purpose=wanted, given_at=at)
    _note(site_id=held.site_id, kind="consent_given", subject=held, by=by, at=at, data={"purpose": wanted})
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Staff | None, at: datetime) -> Consent:
    """Take a consent back, in one action and for good; refused when it was taken back before."""
    held = (
        Consent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .get(pk=consent.pk)
    )
    if held.withdrawn_at is not None:
        raise Refused(gettext_noop("这项同意已经撤回"))
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    _note(
        site_id=held.person.site_id,
        kind="consent_withdrawn",
        subject=held.person,
        by=by,
        at=at,
        data={"purpose": held.purpose},
    )
    return held


@transaction.atomic
def reveal_personal(
    *, actor: Actor, person: Person, fields: Iterable[str], reason: str, at: datetime
) -> dict[str, object]:
    """Open masked fields for somebody with the permission and a reason, and record that it was done.

    `fields` of `personal.REVEALABLE`: phones gives {id: number}, id_number and birth_date texts. Raises
    Forbidden without the permission or for a person of another site; Refused without reason or field.
    Rules A-09, A-13, A-17, A-19.
    """
    demand(actor=actor, permission=Allow.REVEAL_PERSONAL)
    asked = sorted(set(fields))
    if not reason.strip():
        raise Refused(gettext_noop("查看完整信息要写明理由"), field="reason", rule="A-09")
    if not asked or any(name not in REVEALABLE for name in asked):
        raise Refused(gettext_noop("请选择要查看的内容"), field="fields")
    held = Person.objects.get(pk=person.pk, site=actor.site)
    opened: dict[str, object] = {
        "phones": {phone.pk: phone.number for phone in held.phones.order_by("id")}
        if "phones" in asked
        else {},
        "id_number": id_number_of(person=held) if "id_number" in asked else "",
        "birth_date": date_text(held.birth_date),
    }
    _note(
        site_id=held.site_id,
        kind="revealed",
        subject=held,
        by=actor.staff,
        at=at,
        rule="A-09",
        data={"fields": _words(asked), "reason": reason.strip()},
    )
    return {name: opened[name] for name in asked}


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


def _words(names: Iterable[str]) -> str:
    return "、".join(_LABELS[name] for name in sorted(names))


def _note(
    *,
    site_id: int,
    kind: str,
    subject: Person | Household,
    by: Staff | None,
    at: datetime,
    data: Mapping[str, object],
    rule: str = "",
) -> None:
    """The one event of a verb."""
    events.record(site_id=site_id, kind=f"estate.{kind}", subject=subject, by=by, at=at, data=data, rule=rule)
