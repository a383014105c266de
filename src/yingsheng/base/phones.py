"""Phone numbers as people write them, brought to one form that can be stored, found and dialled."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class BadPhone(ValueError):
    """The text is no phone number; `text` holds what was written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a phone number: {text!r}")
        self.text = text


class PhoneKind(StrEnum):
    """What sort of line a number reaches."""

    MOBILE = "mobile"
    LANDLINE = "landline"  # with its area code
    LOCAL = "local"  # written without area code, and none was known
    SERVICE = "service"  # 110, 12345, 95588, 400 and 800
    FOREIGN = "foreign"


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A number taken apart: `digits` as dialled from anywhere in the country, extension and area code."""

    digits: str
    kind: PhoneKind
    area: str = ""
    ext: str = ""

    @property
    def canonical(self) -> str:
        """The form that is stored and compared: digits, then `-` and the extension if there is one."""
        return f"{self.digits}-{self.ext}" if self.ext else self.digits


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー~〜", "-"))
_EXTENSION = re.compile(r"(?:转分机|转接|转|分机号?|EXT\.?|X|#)\s*:?\s*(\d{1,6})$")
_MOBILE = re.compile(r"0?(1[3-9]\d{9})")
_AREA = r"010|02\d|0[3-9]\d{2}"
_LANDLINE = re.compile(r"(010|02\d)([1-9]\d{7})|(0[3-9]\d{2})([1-9]\d{6,7})")
_SHORT = r"11[024579]|12[0-2]|1[0-2]\d{3}|11[68]\d{3}|9[56]\d{3,4}|95\d{6}"
_SERVICE = re.compile(rf"(?:{_SHORT})|[48]00\d{{7}}")
_AREA_SERVICE = re.compile(rf"({_AREA})(?:{_SHORT})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_BETWEEN = re.compile(r"[,;、。|\n\r\t]|和|或|及")  # after folding: full-width commas are plain ones by now


def _fold(text: str) -> str:
    """Full-width signs to ASCII, every dash to `-`, letters to capitals."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).upper().strip()


def _clean_area(area_code: str) -> str:
    area = area_code.strip()
    if area and not area.startswith("0"):
        area = f"0{area}"
    if area and not re.fullmatch(_AREA, area):
        raise ValueError(f"not an area code: {area_code!r}")
    return area


def _read_digits(*, digits: str, area: str) -> PhoneNumber | None:
    """A domestic number from bare digits, or None."""
    if found := _MOBILE.fullmatch(digits):
        return PhoneNumber(digits=found[1], kind=PhoneKind.MOBILE)
    if _SERVICE.fullmatch(digits):
        return PhoneNumber(digits=digits, kind=PhoneKind.SERVICE)
    if found := _LANDLINE.fullmatch(digits):
        return PhoneNumber(digits=digits, kind=PhoneKind.LANDLINE, area=found[1] or found[3])
    if found := _AREA_SERVICE.fullmatch(digits):
        return PhoneNumber(digits=digits, kind=PhoneKind.SERVICE, area=found[1])
    if area and _LOCAL.fullmatch(digits):
        return _read_digits(digits=area + digits, area="")
    return PhoneNumber(digits=digits, kind=PhoneKind.LOCAL) if _LOCAL.fullmatch(digits) else None


def _read_body(*, body: str, area: str) -> PhoneNumber | None:
    """A number without its extension, or None."""
    if not re.fullmatch(r"\(?\+?[\d\s\-/().]+", body):
        return None
    digits = re.sub(r"\D", "", body)
    if "+" in body or digits.startswith("00"):
        abroad = digits.removeprefix("00")
        if not abroad.startswith("86"):
            long_enough = re.fullmatch(r"[1-9]\d{6,14}", abroad)
            return PhoneNumber(digits=f"00{abroad}", kind=PhoneKind.FOREIGN) if long_enough else None
        return _read_home(digits=abroad.removeprefix("86"))
    if digits.startswith("86") and len(digits) >= 12:
        return _read_home(digits=digits.removeprefix("86"))
    return _read_digits(digits=digits, area=area)


def _read_home(*, digits: str) -> PhoneNumber | None:
    """What follows the country code 86, where the 0 of the area code is usually left out."""
    found = _read_digits(digits=digits, area="")
    if found is not None and found.kind is not PhoneKind.LOCAL:
        return found
    return _read_digits(digits=f"0{digits}", area="")


def _read_tail(*, text: str, area: str) -> tuple[PhoneNumber | None, str]:
    """The number and its extension, the extension marked by a word or by a last dash."""
    if marked := _EXTENSION.search(text):
        return _read_body(body=text[: marked.start()].rstrip(" -,"), area=area), marked[1]
    body, dash, last = (part.strip() for part in text.rpartition("-"))
    if dash and re.fullmatch(r"\d{1,6}", last):
        found = _read_body(body=body, area=area)
        # "0755-2600123-4" carries an extension, "0755-2600-1234" does not: the piece before it is a whole
        # number
        whole = re.search(r"\d+$", body)
        if found is not None and whole is not None and len(whole[0]) >= 7:
            return found, last
        joined = _read_body(body=text, area=area)
        return (joined, "") if joined is not None else (found, last)
    return _read_body(body=text, area=area), ""


def read_phone(*, text: str, area_code: str = "") -> PhoneNumber:
    """Take one number apart.

    Understood: +86 and 0086, spaces, dashes, brackets, slashes, full-width digits, extensions (转8001,
    分机8001, -8001), short service numbers, 400 and 800, numbers abroad with + or 00. `area_code` (0755 or
    755) completes a local number. Raises BadPhone for anything else, ValueError for an impossible area code.
    """
    found, ext = _read_tail(text=_fold(text), area=_clean_area(area_code))
    if found is None:
        raise BadPhone(text)
    return PhoneNumber(digits=found.digits, kind=found.kind, area=found.area, ext=ext)


def normalise_phone(*, text: str, area_code: str = "") -> str:
    """The stored form of one number: `13800138000`, `01012345678`, `01012345678-8001`.

    Applied twice it changes nothing more. Raises BadPhone for what is no phone number.
    """
    return read_phone(text=text, area_code=area_code).canonical


def split_phones(*, text: str, area_code: str = "") -> tuple[str, ...]:
    """Every number of a cell in its stored form, in order, none twice; an empty cell gives none.

    Numbers may be parted by commas, semicolons, line ends, 和, 或, slashes or blanks; a local number takes
    the area code of the one before it. Raises BadPhone if any piece is no number, so that nothing is lost in
    silence.
    """
    found: list[PhoneNumber] = []
    for piece in _BETWEEN.split(_fold(text)):
        if piece.strip():
            found += _read_several(piece=piece.strip(), area=area_code)
    return tuple(dict.fromkeys(number.canonical for number in found))


def _read_several(*, piece: str, area: str) -> list[PhoneNumber]:
    """The numbers of a piece in which only blanks and slashes may part them; longest reading first."""
    tokens = re.split(r"([\s/]+)", piece)
    found: list[PhoneNumber] = []
    at = 0
    while at < len(tokens):
        for end in range(len(tokens), at, -2):
            try:
                number = read_phone(text="".join(tokens[at:end]), area_code=area)
            except BadPhone:
                continue
            break
        else:
            raise BadPhone(piece)
        found.append(number)
        area = number.area or area
        at = end + 1
    return found


def last_digits(*, number: str, count: int) -> str:
    """The last `count` digits of a number, its extension left out; fewer if it has fewer."""
    if count < 1:
        raise ValueError("count must be at least 1")
    return re.sub(r"\D", "", number.partition("-")[0])[-count:]


def mask_phone(*, number: str) -> str:
    """A stored number with its middle hidden (138****8000); never raises and never shows an extension.

    Public service numbers of up to eight digits stay readable. What cannot be read is hidden but for its last
    four signs, or wholly if short.
    """
    try:
        phone = read_phone(text=number)
    except BadPhone:
        return f"****{number[-4:]}" if len(number) >= 8 else "*" * len(number)
    shown = {
        PhoneKind.MOBILE: phone.digits[:3],
        PhoneKind.LANDLINE: phone.area,
        PhoneKind.LOCAL: "",
        PhoneKind.FOREIGN: "00",
        PhoneKind.SERVICE: phone.digits[:3],
    }[phone.kind]
    if phone.kind is PhoneKind.SERVICE and not re.fullmatch(r"[48]00\d{7}", phone.digits):
        return phone.digits
    return f"{shown}****{phone.digits[-4:]}"
