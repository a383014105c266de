"""The numbers of a person, one by one, so that nobody needs to see a masked number to correct another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.phones import mask_phone
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.columns import clean_phones, new_phone
from yingsheng.kernel.estate.models import Person, Phone
from yingsheng.kernel.estate.writing import held_person, note, raise_version
from yingsheng.kernel.org.models import Staff

MOST = 8


@transaction.atomic
def add_phone(
    *,
    person: Person,
    number: str,
    by: Staff,
    at: datetime,
    label: str = "",
    is_primary: bool = False,
    seen: int | None = None,
) -> Phone:
    """Note another number; the first one is the one to try first. Refused for what is no number, one too many,
    or one he has already; Conflict for an older version. Rule A-06.
    """
    held = held_person(person=person, seen=seen)
    known = Phone.objects.filter(person=held)
    numbers = clean_phones(site=held.site, phones=[number] if number.strip() else [])
    if not numbers:
        raise Refused(N("请填写电话"), field="number")
    if known.filter(number=numbers[0]).exists():
        raise Refused(N("这个号码已经登记"), field="number")
    if known.count() >= MOST:
        raise Refused(N("一个人最多登记%(most)s个号码，请先停用不用的"), field="number", most=MOST)
    first = is_primary or not known.filter(is_primary=True).exists()
    if first:
        known.filter(is_primary=True).update(is_primary=False)
    phone = new_phone(
        site=held.site, person=held, number=numbers[0], label=label.strip()[:20], is_primary=first
    )
    phone.save(force_insert=True)
    _record(person=held, kind="phone_added", phone=phone, by=by, at=at)
    return phone


@transaction.atomic
def change_phone(
    *,
    phone: Phone,
    by: Staff,
    at: datetime,
    label: str = "",
    is_primary: bool = False,
    seen: int | None = None,
) -> Phone:
    """Correct the note of a number, or make it the one to try first; one always is."""
    held = held_person(person=phone.person, seen=seen)
    row = Phone.objects.select_for_update(no_key=True).get(pk=phone.pk)
    if row.is_primary and not is_primary:
        raise Refused(N("要有一个首选号码；请把另一个设为首选"), field="is_primary")
    if (row.label, row.is_primary) == (label.strip()[:20], is_primary):
        return row
    if is_primary:
        Phone.objects.filter(person=held, is_primary=True).update(is_primary=False)
    row.label, row.is_primary = label.strip()[:20], is_primary
    row.save(update_fields=["label", "is_primary"])
    _record(person=held, kind="phone_changed", phone=row, by=by, at=at)
    return row


@transaction.atomic
def remove_phone(
    *, phone: Phone, by: Staff, at: datetime, reason: str = "", seen: int | None = None
) -> Person:
    """A number that is not his any more; the next one becomes the one to try first."""
    held = held_person(person=phone.person, seen=seen)
    Phone.objects.filter(pk=phone.pk).delete()
    left = Phone.objects.filter(person=held).order_by("-is_primary", "pk").first()
    if left is not None and not left.is_primary:
        left.is_primary = True
        left.save(update_fields=["is_primary"])
    _record(person=held, kind="phone_removed", phone=phone, by=by, at=at, reason=reason.strip()[:200])
    return held


def _record(*, person: Person, kind: str, phone: Phone, by: Staff, at: datetime, reason: str = "") -> None:
    raise_version(record=person)
    note(
        site_id=person.site_id,
        kind=kind,
        subject=person,
        by=by,
        at=at,
        data={"name": person.name, "phone": mask_phone(number=phone.number), "reason": reason},
    )
