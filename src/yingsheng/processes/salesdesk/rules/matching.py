"""Which entries of the register speak of the same customer, and by which evidence (J-04, J-05). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from yingsheng.base.phones import BadPhone, split_phones
from yingsheng.base.plates import BadPlate, normalise_plate


class Key(StrEnum):
    """One of the three proofs of a conflict."""

    FULL_NAME = "full_name"
    PHONE = "phone"
    CAR = "car_plate_surname"


# what every entry of the register says; "contact" is a telephone number or another way to reach the customer
FIELDS = ("date", "name", "employer_or_address", "contact", "intention", "source", "agent")

_TITLES = "先生|女士|小姐|太太|夫人|老板|老师|师傅|经理|医生|阿姨|大姐|大哥|姐|哥|总|工|某某|某"
_CALLED = re.compile(rf"(?P<stem>.{{1,2}}?)(?:{_TITLES})")
_FAMILIAR = re.compile(r"[老小大阿](?P<stem>.)")
_COMPOUND = frozenset((
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙",
    "慕容", "令狐", "夏侯", "司徒", "端木", "南宫", "独孤", "长孙",
))  # fmt: skip
_BETWEEN = re.compile(r"[\s·•‧∙・.。\-_]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an entry says about who the customer is; `phones` as written, several may stand in it."""

    number: int
    agent: str
    name: str = ""
    phones: str = ""
    surname: str = ""
    car_brand: str = ""
    plate: str = ""


@dataclass(frozen=True, kw_only=True)
class Match:
    """An earlier entry that speaks of the same customer, and by which keys."""

    number: int
    agent: str
    keys: frozenset[Key]


def full_name(*, text: str) -> str:
    """A name as it is compared, or "" if it is no full one: 王先生, 老王 and 王 prove nothing (J-05).

    Blanks, dots and the case of letters do not count. [I] 王总 and the like are forms of address, a full name has
    two signs or more.
    """
    name = _fold(text)
    called = _CALLED.fullmatch(name)
    is_called = called is not None and (len(called["stem"]) == 1 or called["stem"] in _COMPOUND)
    if len(name) < 2 or name in _COMPOUND or is_called or _FAMILIAR.fullmatch(name):
        return ""
    return name


def surname_of(*, surname: str, name: str) -> str:
    """The surname as stated, else as the name shows it: its first sign, both of a compound one."""
    stated = _fold(surname) or _fold(name)
    if familiar := _FAMILIAR.fullmatch(stated):
        return familiar["stem"]
    if stated[:2] in _COMPOUND:
        return stated[:2]
    return stated if stated.isascii() else stated[:1]


def keys_of(*, entry: Entry, kinds: Collection[Key] = tuple(Key), area_code: str = "") -> frozenset[str]:
    """Every proof an entry carries, as text that is equal where the customer is the same (J-05).

    Phones are brought to one form (`area_code` completes local numbers), plates likewise; what cannot be read
    proves nothing. The car needs all three: brand, plate and surname.
    """
    found: set[str] = set()
    if Key.FULL_NAME in kinds and (name := full_name(text=entry.name)):
        found.add(f"{Key.FULL_NAME}:{name}")
    if Key.PHONE in kinds:
        found |= {f"{Key.PHONE}:{number}" for number in _phones(text=entry.phones, area_code=area_code)}
    if Key.CAR in kinds and (car := _car(entry=entry)):
        found.add(f"{Key.CAR}:{car}")
    return frozenset(found)


def find_matches(
    *, entry: Entry, others: Iterable[Entry], kinds: Collection[Key] = tuple(Key), area_code: str = ""
) -> tuple[Match, ...]:
    """The other entries that share a proof with this one, by number, each with the keys they share (J-05).

    Any one key is enough. Whether one entry matches another does not depend on which of them is asked.
    """
    mine = keys_of(entry=entry, kinds=kinds, area_code=area_code)
    found = []
    for other in sorted(others, key=lambda one: one.number):
        shared = mine & keys_of(entry=other, kinds=kinds, area_code=area_code)
        if shared and other.number != entry.number:
            keys = frozenset(Key(proof.partition(":")[0]) for proof in shared)
            found.append(Match(number=other.number, agent=other.agent, keys=keys))
    return tuple(found)


def read_kinds(*, text: str) -> tuple[Key, ...]:
    """The proofs a site accepts, from the figure J-05.keys; ValueError for one that does not exist."""
    return tuple(Key(piece.strip()) for piece in text.split(",") if piece.strip())


def missing_fields(*, fields: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of an entry that are still empty, in the order of the register (J-04)."""
    return tuple(name for name in FIELDS if not fields.get(name, "").strip())


def _fold(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _phones(*, text: str, area_code: str) -> tuple[str, ...]:
    try:
        return split_phones(text=text, area_code=area_code)
    except BadPhone:
        return ()


def _car(*, entry: Entry) -> str:
    brand, surname = _fold(entry.car_brand), surname_of(surname=entry.surname, name=entry.name)
    try:
        plate = normalise_plate(text=entry.plate)
    except BadPlate:
        return ""
    return f"{surname}/{brand}/{plate}" if brand and surname else ""
