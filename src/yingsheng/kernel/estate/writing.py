"""What the verbs of the archive share: holding a record at the version that was seen, and the one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.utils.timezone import localtime

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.columns import clean_phones, id_number_columns, name_columns, new_phone
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff

Record = TypeVar("Record", Household, Person, Room)

# what a field is called in the event that says it was corrected
LABELS: Mapping[str, str] = {
    "name": N("姓名"),
    "call_as": N("称呼"),
    "phones": N("电话"),
    "id_number": N("身份证号"),
    "birth_date": N("出生日期"),
    "do_not_call": N("勿来电"),
    "note": N("备注"),
    "reminder": N("提醒"),
    "moved_in_date": N("入住日期"),
    "is_key_customer": N("重点客户"),
    "relation": N("与住户的关系"),
    "decides": N("做主"),
    "is_emergency_contact": N("紧急联系人"),
    "unit": N("单元"),
    "number": N("房号"),
    "use": N("用途"),
    "floor": N("楼层"),
    "area_m2": N("建筑面积"),
    "former_key": N("曾用号"),
}
STALE = N("这份档案刚被另一位同事改过，请看过最新内容再改")


def check_seen(*, record: Household | Person | Room, seen: int | None) -> None:
    """Conflict if somebody else changed the record after this version of it was shown."""
    if seen is not None and seen != record.version:
        raise Conflict(STALE, code="stale")


def held_household(*, household: Household, seen: int | None = None) -> Household:
    """The living household as it stands now, held until the transaction ends; Refused if its file is closed."""
    held = (
        Household.objects.select_for_update(no_key=True, of=("self",))
        .select_related("room", "site")
        .get(pk=household.pk)
    )
    check_seen(record=held, seen=seen)
    if held.active_to is not None:
        raise Refused(N("这户的档案已经封存，不能再改"), rule="A-12")
    return held


def held_person(*, person: Person, seen: int | None = None) -> Person:
    """The person as he stands now, held until the transaction ends."""
    held = (
        Person.objects.select_for_update(no_key=True, of=("self",)).select_related("site").get(pk=person.pk)
    )
    check_seen(record=held, seen=seen)
    return held


def save_changes(*, record: Record, columns: Mapping[str, object]) -> list[str]:
    """Write the columns that are different and raise the version; the names of those that were, or nothing."""
    changed = [name for name, value in columns.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, columns[name])
    if changed:
        raise_version(record=record, more=changed)
    return changed


def raise_version(*, record: Household | Person | Room, more: Sequence[str] = ()) -> None:
    """Say that the record is not what it was, and write the columns named."""
    record.version += 1
    record.save(update_fields=[*more, "version"])


def write_person(
    *,
    site: Site,
    name: str,
    phones: Sequence[str] = (),
    phone_label: str = "",
    call_as: str = "",
    id_number: str = "",
    birth_date: date | None = None,
    do_not_call: bool = False,
    note: str = "",
) -> Person:
    """The rows of somebody new, the first number being the one to try first; no event."""
    person = Person(
        site=site,
        **name_columns(name=name),
        **id_number_columns(id_number=id_number),
        call_as=call_as.strip()[:40],
        birth_date=birth_date,
        do_not_call=do_not_call,
        note=note.strip()[:200],
    )
    numbers = clean_phones(site=site, phones=phones)
    person.save(force_insert=True)
    Phone.objects.bulk_create(
        new_phone(
            site=site,
            person=person,
            number=number,
            label=phone_label.strip()[:20] if place == 0 else "",
            is_primary=place == 0,
        )
        for place, number in enumerate(numbers)
    )
    return person


def put_member(
    *,
    home: Household,
    person: Person,
    relation: str,
    decides: bool = False,
    is_emergency_contact: bool = False,
    active_from: date,
) -> Member:
    """The row of somebody in a household, or the one he has with its new relation; no event.

    Who decides now takes it from whoever did (C-81). The household is held by the caller and gets a new version.
    """
    if decides:
        living = Member.objects.filter(household=home, active_to__isnull=True, decides=True)
        living.exclude(person=person).update(decides=False)
    known = {"relation": relation, "decides": decides, "is_emergency_contact": is_emergency_contact}
    member, _ = Member.objects.update_or_create(
        household=home,
        person=person,
        active_to=None,
        defaults=known,
        create_defaults={**known, "active_from": active_from},
    )
    raise_version(record=home)
    return member


def not_ahead(*, day: date | None, at: datetime, field: str) -> None:
    """Refused for a day that has not come yet."""
    if day is not None and day > localtime(at).date():
        raise Refused(N("日期不能晚于今天"), field=field)


def field_words(names: Iterable[str]) -> str:
    """The fields of a correction as one text, from which `history` makes words again."""
    return "、".join(LABELS[name] for name in sorted(names))


def note(
    *,
    site_id: int,
    kind: str,
    subject: Person | Household | Room,
    by: Staff | None,
    at: datetime,
    data: Mapping[str, object],
    rule: str = "",
) -> None:
    """The one event of a verb."""
    events.record(site_id=site_id, kind=f"estate.{kind}", subject=subject, by=by, at=at, data=data, rule=rule)
