"""Somebody whom the archive knows already: found again by name and number, and nothing typed about him is lost."""

from __future__ import annotations

from collections.abc import Sequence

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.columns import clean_phones, id_number_columns, new_phone
from yingsheng.kernel.estate.models import Person, Phone
from yingsheng.kernel.estate.personal import id_number_of
from yingsheng.kernel.estate.phones import MOST
from yingsheng.kernel.estate.writing import held_person, raise_version
from yingsheng.kernel.org.models import Site


def find_known_person(*, site: Site, name: str, phones: Sequence[str]) -> Person | None:
    """Who has this name and one of these numbers already, so that nobody stands in the archive twice."""
    numbers = clean_phones(site=site, phones=phones)
    if not numbers:
        return None
    wanted = " ".join(name.split())
    found = Person.objects.filter(site=site, name=wanted, phones__number__in=numbers)
    return found.order_by("pk").first()


def complete_person(
    *,
    person: Person,
    phones: Sequence[str] = (),
    phone_label: str = "",
    call_as: str = "",
    id_number: str = "",
) -> list[str]:
    """Fill what was empty about somebody known; the names of what was filled, no event: the caller's tells it.

    Refused, naming him, where what was typed differs from what is known: that is corrected in his own file, by
    somebody who has looked. Rule A-06.
    """
    held = held_person(person=person)
    columns: dict[str, str] = {}
    typed = " ".join(call_as.split())[:40]
    if typed and held.call_as and typed != held.call_as:
        raise Refused(
            N("%(name)s已在档案里，登记的称呼与这里填的不同；请先核对，要改请到此人的档案里更正"),
            field="call_as",
            name=held.name,
        )
    if typed and not held.call_as:
        columns["call_as"] = typed
    if id_number.strip():
        columns |= _id_number(held=held, id_number=id_number)
    filled = [name for name in ("call_as", "id_number") if any(one.startswith(name) for one in columns)]
    if _phones(held=held, phones=phones, label=phone_label.strip()[:20]):
        filled.append("phones")
    for name, value in columns.items():
        setattr(held, name, value)
    if filled:
        raise_version(record=held, more=list(columns))
    return filled


def _id_number(*, held: Person, id_number: str) -> dict[str, str]:
    """The columns to write: all of them if none is kept yet, nothing if it is the one that is kept."""
    columns = id_number_columns(id_number=id_number)
    if not id_number_of(person=held):
        return columns
    if columns["id_number_index"] != held.id_number_index:
        raise Refused(
            N("%(name)s已在档案里，登记的身份证号与这里填的不同；请先核对是不是同一个人"),
            field="id_number",
            name=held.name,
        )
    return {}


def _phones(*, held: Person, phones: Sequence[str], label: str) -> bool:
    """Add the numbers that are new and note the first one; whether anything was written."""
    numbers = clean_phones(site=held.site, phones=phones)
    known = {row.number: row for row in Phone.objects.filter(person=held)}
    fresh = [number for number in numbers if number not in known]
    if len(known) + len(fresh) > MOST:
        raise Refused(N("一个人最多登记%(most)s个号码，请先停用不用的"), field="phones", most=MOST)
    primary = any(row.is_primary for row in known.values())
    Phone.objects.bulk_create(
        new_phone(
            site=held.site,
            person=held,
            number=number,
            label=label if number == numbers[0] else "",
            is_primary=not primary and place == 0,
        )
        for place, number in enumerate(fresh)
    )
    first = known.get(numbers[0]) if numbers and label else None
    if first is None or first.label == label:
        return bool(fresh)
    if first.label:
        raise Refused(
            N("%(name)s已在档案里，这个号码的备注与这里填的不同；要改请到此人的档案里更正"),
            field="phone_label",
            name=held.name,
        )
    first.label = label
    first.save(update_fields=["label"])
    return True
