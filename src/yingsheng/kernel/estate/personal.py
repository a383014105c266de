"""Personal data, declared: which fields they are, how each is masked, and what a person is shown of them.

A contract test walks the models; a new text or date column must be declared here, one way or the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from yingsheng.base.phones import mask_phone
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Person, Phone
from yingsheng.kernel.estate.sealing import open_sealed

ID_NUMBER_FIELD = "estate.person.id_number"
HIDDEN = "••••"


def mask_name(text: str) -> str:
    """The first character, the rest hidden: 王**."""
    return f"{text[0]}{'*' * (len(text) - 1)}" if len(text) > 1 else "*" * len(text)


def mask_id_number(text: str) -> str:
    """The first and the last four signs of an ID number: 1102**********001X."""
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}" if len(text) > 8 else "*" * len(text)


def mask_date(text: str) -> str:
    """The year alone: 1985-**-**."""
    return f"{text[:4]}-**-**" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "*" * len(text)


def mask_plate(text: str) -> str:
    """Province, city and the last two signs: 粤B***45."""
    return f"{text[:2]}{'*' * (len(text) - 4)}{text[-2:]}" if len(text) > 4 else "*" * len(text)


def hide(text: str) -> str:
    """Nothing of the text, not even its length; an empty text stays empty."""
    return HIDDEN if text else ""


def _mask_number(text: str) -> str:
    return mask_phone(number=text)


@dataclass(frozen=True, kw_only=True)
class PersonalField:
    """A column with personal data: its words on screen and how it is masked.

    `plain_at_desk`: staff who may see the archive read it unmasked, for whoever answers must be able to
    greet by name (A-20); exports and pages for others mask it all the same.
    """

    label: str
    mask: Callable[[str], str]
    plain_at_desk: bool = False


_NAME = PersonalField(label=gettext_noop("姓名"), mask=mask_name, plain_at_desk=True)
_READING = PersonalField(label=gettext_noop("拼音"), mask=hide)
_NUMBER = PersonalField(label=gettext_noop("电话"), mask=_mask_number)
_ID = PersonalField(label=gettext_noop("身份证号"), mask=mask_id_number)

# model (lower-case label) -> column -> declaration
PERSONAL: Mapping[str, Mapping[str, PersonalField]] = {
    "estate.person": {
        "name": _NAME,
        "pinyin": _READING,
        "initials": _READING,
        "call_as": PersonalField(label=gettext_noop("称呼"), mask=mask_name, plain_at_desk=True),
        "id_number_sealed": _ID,
        "id_number_index": PersonalField(label=gettext_noop("身份证号"), mask=hide),
        "birth_date": PersonalField(label=gettext_noop("出生日期"), mask=mask_date),
        "note": PersonalField(label=gettext_noop("备注"), mask=hide, plain_at_desk=True),
    },
    "estate.phone": {"number": _NUMBER, "reversed": PersonalField(label=gettext_noop("电话"), mask=hide)},
    "estate.vehicle": {
        "plate": PersonalField(label=gettext_noop("车牌"), mask=mask_plate, plain_at_desk=True),
        "model": PersonalField(label=gettext_noop("车型"), mask=hide, plain_at_desk=True),
    },
    "estate.household": {
        "reminder": PersonalField(label=gettext_noop("提醒"), mask=hide, plain_at_desk=True),
        "reminder_codes": PersonalField(label=gettext_noop("提醒"), mask=hide, plain_at_desk=True),
        "moved_in_date": PersonalField(label=gettext_noop("入住日期"), mask=mask_date, plain_at_desk=True),
    },
    "estate.consent": {},
}

# columns that say nothing about anybody; with the reason where it is not plain
NOT_PERSONAL: Mapping[str, frozenset[str]] = {
    "estate.person": frozenset(),
    "estate.phone": frozenset({"label"}),
    "estate.vehicle": frozenset(),
    "estate.household": frozenset({"active_to"}),  # when the file was closed: a fact of the archive
    "estate.consent": frozenset({"purpose", "given_at", "withdrawn_at"}),  # proof that we asked
}

# what may be opened with a reason: name asked for -> words on screen
REVEALABLE: Mapping[str, str] = {
    "phones": _NUMBER.label,
    "id_number": _ID.label,
    "birth_date": PERSONAL["estate.person"]["birth_date"].label,
}


@dataclass(frozen=True, kw_only=True)
class MaskedPerson:
    """Somebody as shown by default: name and form of address readable, everything else masked."""

    person_id: int
    name: str
    call_as: str
    phones: tuple[str, ...]
    id_number: str
    birth_date: str
    do_not_call: bool


def masked_person(*, person: Person, phones: tuple[Phone, ...] | None = None) -> MaskedPerson:
    """What staff see of a person before any reveal (A-13, A-19); give `phones` to save the query."""
    rows = tuple(person.phones.order_by("id")) if phones is None else phones
    return MaskedPerson(
        person_id=person.pk,
        name=person.name,
        call_as=person.call_as,
        phones=tuple(mask_phone(number=row.number) for row in rows),
        id_number=mask_id_number(id_number_of(person=person)),
        birth_date=mask_date(date_text(person.birth_date)),
        do_not_call=person.do_not_call,
    )


def masked(*, model: str, column: str, text: str) -> str:
    """A value as it leaves the archive in a list or export; KeyError for a column that is not personal."""
    return PERSONAL[model][column].mask(text)


def id_number_of(*, person: Person) -> str:
    """The ID number in clear, "" if none is kept; only for masking and for a recorded reveal."""
    return open_sealed(sealed=person.id_number_sealed, field=ID_NUMBER_FIELD)


def date_text(day: date | None) -> str:
    """A date as 1985-03-07, "" for none."""
    return day.isoformat() if day else ""
