"""Number plates of Chinese vehicles, brought to one form."""

from __future__ import annotations

import re
import unicodedata


class BadPlate(ValueError):
    """The text is no number plate; `text` holds what was written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a number plate: {text!r}")
        self.text = text


_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SIGN = "A-HJ-NP-Z0-9"  # the letters I and O are not used in serials
_PLATE = re.compile(
    rf"""
    (?P<head>[{_PROVINCES}][A-Z])(?P<tail>
        [{_SIGN}]{{4}}[{_SIGN}挂学警港澳领试超]   # ordinary
      | [A-HJK][{_SIGN}]\d{{4}}                   # new energy, small
      | \d{{5}}[A-HJK]                            # new energy, large
    )
    | (?P<embassy>使\d{{6}})
    | (?P<police>WJ[{_PROVINCES}]?)(?P<police_tail>\d{{4}}[{_SIGN}])
    | (?P<army>[A-Z]{{2}})(?P<army_tail>\d{{5}})
    """,
    re.VERBOSE,
)
_SEPARATORS = re.compile(r"[\s.。·•‧∙⋅・●\-‐–—_]")
# a serial has no I and no O, so whoever typed one meant the digit; the city letter may be O
_MISTAKEN = str.maketrans({"I": "1", "O": "0"})


def normalise_plate(*, text: str) -> str:
    """The stored form of a plate, without separators and in capitals: 京A12345, 粤BD12345.

    Full-width signs, small letters, dots and blanks are understood, and I or O in the serial are read as 1
    and 0. Raises BadPlate for anything that cannot be a plate, including one without its province.
    """
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    plate = folded[:2] + folded[2:].translate(_MISTAKEN)
    if not _PLATE.fullmatch(plate):
        raise BadPlate(text)
    return plate


def format_plate(*, plate: str) -> str:
    """A stored plate as it stands on the vehicle: 京A·12345; a text that is no plate comes back unchanged."""
    found = _PLATE.fullmatch(plate)
    if found is None or found["embassy"]:
        return plate
    head = found["head"] or found["police"] or found["army"]
    return f"{head}·{plate[len(head) :]}"
