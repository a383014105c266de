"""Names of people (and of places) as they are typed without Chinese characters: in full and by initials.

The text is taken to be a name: where its first character is a surname with a reading of its own, that reading
is used.
"""

from __future__ import annotations

import re
import unicodedata

from pypinyin import lazy_pinyin

# Surnames that the dictionary reads as in ordinary words. Those of two characters are looked up first: 单于
# is not 单.
_COMPOUND_SURNAMES = {
    "单于": ("chan", "yu"),
    "乐正": ("yue", "zheng"),
    "万俟": ("mo", "qi"),
    "尉迟": ("yu", "chi"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
}
_SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "任": "ren",
    "盖": "ge",
    "朴": "piao",
    "翟": "zhai",
    "缪": "miao",
    "覃": "qin",
    "乐": "yue",
    "么": "yao",
    "种": "chong",
    "秘": "bi",
    "繁": "po",
    "折": "she",
    "员": "yun",
    "召": "shao",
    "祭": "zhai",
    "洗": "xian",
    "郇": "xun",
    "隗": "wei",
    "卜": "bu",
    "阚": "kan",
    "粘": "nian",
    "薄": "bo",
}


def full_pinyin(*, text: str) -> str:
    """The whole reading in small letters without gaps: 单晓明 gives "shanxiaoming"; ü is written v.

    Latin letters and digits are kept, everything else is dropped.
    """
    return "".join(_pieces(text=text))


def initials(*, text: str) -> str:
    """The first letter of every character: 单晓明 gives "sxm".

    A Latin word counts as one character, a run of digits is kept whole.
    """
    return "".join(piece if piece.isdigit() else piece[0] for piece in _pieces(text=text))


def _pieces(*, text: str) -> list[str]:
    """The reading of each character, Latin word or run of digits."""
    name = unicodedata.normalize("NFKC", text).strip()
    if name[:2] in _COMPOUND_SURNAMES:
        read = [*_COMPOUND_SURNAMES[name[:2]], *lazy_pinyin(name[2:])]
    elif name[:1] in _SURNAMES:
        read = [_SURNAMES[name[0]], *lazy_pinyin(name[1:])]
    else:
        read = lazy_pinyin(name)
    return [piece for item in read for piece in re.findall(r"[a-z]+|[0-9]+", item.lower())]
