"""Rooms as people say and type them: one key (3-2-1802), one way of reading back (3栋2单元1802)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RoomWords:
    """The parts of a room that were said, "" for one that was not; `rest` is what else the text holds."""

    building: str
    unit: str
    room: str
    rest: str = ""


_HAN = "零〇○幺一二两三四五六七八九十百千"
_DIGITS = {
    sign: value for value, signs in enumerate(("零〇○", "幺一", "两二", *"三四五六七八九")) for sign in signs
}
_SCALES = {"十": 10, "百": 100, "千": 1000}
# one sign to one sign, so that places in the folded text are places in the text as typed
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FOLD |= {ord(sign): ord("-") for sign in "‐‑‒–—―−ー~～〜_"} | {ord("＃"): ord("#")}
_FOLD |= {ord(small): ord(small.upper()) for small in "abcdefghijklmnopqrstuvwxyz"}

_SAID = _HAN.replace("两", "")  # 两栋 are two buildings, not building 2
_ALONE = rf"(?<![\dA-Z{_HAN}])"
_NUMBER = rf"(?:\d{{1,3}}|[{_SAID}]{{1,4}})"
_UNIT_NUMBER = rf"(?:\d{{1,2}}|[{_SAID}]{{1,3}})"
_ROOM = rf"(?:[A-Z]?\d{{1,5}}[A-Z]?|[{_HAN}]{{1,7}})(?![\dA-Z{_HAN}])"
_LONG_ROOM = rf"(?:[A-Z]?\d{{3,5}}[A-Z]?|[A-Z]\d{{1,2}}|[{_HAN}]{{3,7}})(?![\dA-Z{_HAN}])"
_ROOM_MARK = r"\s*(?:号房|室|房间|房|号)"
_GAP = r"\s*[-,的]?\s*"
# A count of something ("500元", "1802年", "3个") is no room.
_COUNTED = r"\s*(?:[元块年月日点分个次人户米平度天%]|小时|单元|栋|幢)"
_SHOP = (
    rf"(?:商铺|底商|铺位|店铺|铺)\s*-?\s*(?P<shop>{_ROOM})(?!{_COUNTED})(?:号铺|号)?"
    rf"|{_ALONE}(?P<shop_first>{_UNIT_NUMBER})号(?:商铺|铺位|底商|铺)"
)
_STOREY = rf"(?P<floor>{_UNIT_NUMBER})\s*[楼层]\s*(?P<door>{_ROOM})(?!{_COUNTED})"

# Said with a word for the building, or for the unit: found anywhere in the text.
_SPOKEN = re.compile(
    rf"""
    {_ALONE}
    (?:
        第?(?P<building>[A-Z]?{_NUMBER}[A-Z]?|[A-Z])\s*(?:号楼|号幢|号栋|栋|幢|座|\#楼|\#)
        (?:{_GAP}第?(?P<unit>{_UNIT_NUMBER}|[A-Z])\s*(?:单元|梯|门(?!口)))?
      | 第?(?P<only_unit>{_UNIT_NUMBER}|[A-Z])\s*单元
    )
    (?:
        {_GAP}(?P<bare_unit>\d{{1,2}})\s*-\s*(?P<bare_room>{_ROOM})(?:{_ROOM_MARK})?
      | {_GAP}(?:{_STOREY}|{_SHOP})(?:{_ROOM_MARK})?
      | {_GAP}(?P<room>{_LONG_ROOM}(?!{_COUNTED}|\s*[楼层])(?:{_ROOM_MARK})?|{_ROOM}{_ROOM_MARK})
    )?
    """,
    re.VERBOSE,
)
_SHOP_ONLY = re.compile(_SHOP)
# Typed as bare numbers: only at the beginning of the text, where somebody typing a room puts it.
_HOUSE = r"(?:\d{1,3}[A-Z]?|[A-Z]\d{0,2})"
_TYPED = re.compile(
    rf"""
    (?:
        (?P<b3>{_HOUSE})(?P<mark>\s*-\s*|\s+|/)(?P<u3>\d{{1,2}}|[A-Z])(?P=mark)(?P<r3>[A-Z]?\d{{1,5}}[A-Z]?)
      | (?P<b2>{_HOUSE})(?:\s*-\s*|\s+)(?P<r2>\d{{3,5}}[A-Z]?)(?!\s+\d{{4}}(?!\d))  # 138 0013 8000 is a phone
      | (?P<letter>[A-Z])(?P<letter_room>\d{{3,5}})
      | (?P<bp>{_HOUSE})\s*-\s*(?P<up>\d{{1,2}})
      | (?!0\d{{2,3}}\s+\d|1\d\d\s+\d{{4}}\s+\d{{4}})(?P<r1>\d{{3,5}}[A-Z]?)  # 0755 26001234 is a phone
    )
    (?![A-Z\d.:/%]|\s*-\s*\d|{_COUNTED}|号(?!房))(?:{_ROOM_MARK})?
    """,
    re.VERBOSE,
)


def parse_room(*, text: str) -> RoomWords | None:
    """The room a text names, with what else the text says, or None if it names none.

    A room said with its words (3栋2单元1802, 三栋二单元一八零二, A座1802, 3#2-1802, 商铺12) is found
    anywhere; bare numbers (3-2-1802, 3 2 1802, A-1802, 1802) only at the beginning. A part of a room stays a
    part: "3-2" has no room. Leading zeros are dropped, so that 03-02-0802 and 3-2-802 are one room.
    """
    folded = text.translate(_FOLD)
    start = len(folded) - len(folded.lstrip())
    if found := _SPOKEN.search(folded):
        words = _spoken_parts(found=found)
    elif found := _SHOP_ONLY.search(folded):
        words = ("", "", _shop(found=found))
    elif found := _TYPED.match(folded, start):
        words = _typed_parts(found=found)
    else:
        return None
    building, unit, room = words
    rest = f"{text[: found.start()].rstrip(' ,，、')} {text[found.end() :].lstrip(' ,，、')}".strip()
    return RoomWords(building=building, unit=unit, room=room, rest=rest)


def _spoken_parts(*, found: re.Match[str]) -> tuple[str, str, str]:
    unit = found["unit"] or found["only_unit"] or found["bare_unit"] or ""
    return _plain(found["building"] or ""), _plain(unit), _spoken_room(found=found)


def _spoken_room(*, found: re.Match[str]) -> str:
    if found["shop"] or found["shop_first"]:
        return _shop(found=found)
    if found["floor"]:
        floor, door = _plain(found["floor"]), _plain(found["door"])
        # 18楼02 and 18楼1802 are the same room
        return door if len(door) > 2 else f"{floor}{door:0>2}"
    return _bare_part(found["bare_room"] or found["room"] or "")


def _shop(*, found: re.Match[str]) -> str:
    return f"商铺{_plain(found['shop'] or found['shop_first'])}"


def _typed_parts(*, found: re.Match[str]) -> tuple[str, str, str]:
    building = found["b3"] or found["b2"] or found["letter"] or found["bp"] or ""
    unit = found["u3"] or found["up"] or ""
    room = found["r3"] or found["r2"] or found["letter_room"] or found["r1"] or ""
    return _plain(building), _plain(unit), _plain(room)


def _plain(part: str) -> str:
    """One part without leading zeros, Chinese numerals as digits."""
    if part and all(sign in _HAN for sign in part):
        part = _from_han(part)
    return re.sub(r"^([A-Z]?)0+(?=\d)", r"\1", part)


def _from_han(part: str) -> str:
    """一八零二, 一千八百零二 and 十八零二 (floor, then door) all give 1802; 十二 gives 12."""
    if not any(sign in _SCALES for sign in part):
        return "".join(str(_DIGITS[sign]) for sign in part)
    if floor_door := re.fullmatch(r"(.?十[^零〇○十百千]?)([零〇○].|[^零〇○十百千]{2}|.?十.?)", part):
        return f"{_from_han(floor_door[1])}{int(_from_han(floor_door[2])):02d}"
    total, digit = 0, 0
    for sign in part:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return str(total + digit)


def room_key(*, building: str, unit: str, room: str) -> str:
    """The canonical key of a room, its known parts joined by dashes: 3-2-1802, A-1802, 商铺12.

    The parts may be written in any width and case, with their words (3栋, 2单元, 1802室) or in Chinese
    numerals.
    """
    parts = (_bare_part(building), _bare_part(unit), _bare_part(room))
    return "-".join(part for part in parts if part)


def room_label(*, building: str, unit: str = "", room: str = "") -> str:
    """How a room is read back and printed: 3栋2单元1802, A座1802; a named building keeps its name."""
    house, entrance, door = building.strip(), _bare_part(unit), room.strip().translate(_FOLD)
    plain = _bare_part(house)
    if re.fullmatch(r"[A-Z]?\d+[A-Z]?", plain):
        house = f"{plain}栋"
    elif re.fullmatch(r"[A-Z]", plain):
        house = f"{plain}座"
    return f"{house}{entrance + '单元' if entrance else ''}{door}"


def _bare_part(part: str) -> str:
    """A part of a room without its word."""
    folded = part.translate(_FOLD).strip().removeprefix("第")
    if found := _SHOP_ONLY.fullmatch(folded):
        return _shop(found=found)
    return _plain(re.sub(r"(?<=.)(?:号楼|号幢|号栋|栋|幢|座|#楼|#|单元|梯|号房|室|房|号)$", "", folded))
