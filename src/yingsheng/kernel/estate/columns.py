"""What is stored of a name, a phone, a plate or an ID number; refused with words when it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from yingsheng.base.phones import BadPhone, last_digits, normalise_phone
from yingsheng.base.pinyin import full_pinyin, initials
from yingsheng.base.plates import BadPlate, normalise_plate
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Person, Phone
from yingsheng.kernel.estate.personal import ID_NUMBER_FIELD
from yingsheng.kernel.estate.sealing import blind_index, seal
from yingsheng.kernel.org.models import Site

_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")


def name_columns(*, name: str) -> dict[str, str]:
    """The columns of a name, with its readings; refused for an empty or overlong one."""
    clean = " ".join(name.split())
    if not clean:
        raise Refused(gettext_noop("请填写姓名"), field="name")
    if len(clean) > 60:
        raise Refused(gettext_noop("姓名不能超过60个字"), field="name")
    return {"name": clean, "pinyin": full_pinyin(text=clean)[:200], "initials": initials(text=clean)[:60]}


def find_id_number(*, text: str) -> str:
    """The resident ID number a text is, in stored form, or "" if length, birth date or check digit is wrong.

    The place code is not checked against the year of birth: numbers were first given out in the 1980s, so an
    older owner's code may name a county that did not exist when he was born.
    """
    number = ric.compact(text)
    if not _ID_NUMBER.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        return ""
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return ""
    return number


def id_number_columns(*, id_number: str) -> dict[str, str]:
    """The sealed columns of a resident ID number; refused when it cannot be one."""
    number = find_id_number(text=id_number)
    if id_number.strip() and not number:
        raise Refused(gettext_noop("身份证号不正确，请核对"), field="id_number")
    return {
        "id_number_sealed": seal(text=number, field=ID_NUMBER_FIELD),
        "id_number_index": blind_index(text=number, field=ID_NUMBER_FIELD),
    }


def clean_phones(*, site: Site, phones: Sequence[str]) -> list[str]:
    """The numbers in stored form, none twice; refused for anything that is no number."""
    numbers = []
    for text in phones:
        try:
            numbers.append(normalise_phone(text=text, area_code=site.area_code))
        except BadPhone as error:
            raise Refused(gettext_noop("“%(phone)s”不像电话号码"), field="phones", phone=text) from error
    return list(dict.fromkeys(numbers))


def new_phone(*, site: Site, person: Person, number: str, label: str = "", is_primary: bool = False) -> Phone:
    """An unsaved row for a number in stored form, findable by its last digits."""
    return Phone(
        person=person,
        site=site,
        number=number,
        reversed=last_digits(number=number, count=24)[::-1],
        label=label,
        is_primary=is_primary,
    )


def clean_plate(*, plate: str) -> str:
    """A plate in stored form; refused for anything that is no plate."""
    try:
        return normalise_plate(text=plate)
    except BadPlate as error:
        raise Refused(gettext_noop("“%(plate)s”不像车牌"), field="plate", plate=plate) from error
