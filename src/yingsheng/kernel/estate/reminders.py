"""What whoever answers must know of a household before the first word: the usual reminders as codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yingsheng.base.words import gettext_noop as N

REMINDERS: Mapping[str, str] = {
    "elderly_alone": N("老人独居"),
    "infant": N("家有婴幼儿"),
    "limited_mobility": N("行动不便"),
    "pets": N("家有宠物"),
    "no_night_calls": N("夜间勿来电"),
    "call_before_visit": N("上门前先电话"),
}


def known_codes(*, codes: Iterable[str]) -> list[str]:
    """The codes that exist, in the order of the list, none twice."""
    asked = set(codes)
    return [code for code in REMINDERS if code in asked]


def reminder_words(*, codes: Iterable[str], text: str) -> list[str]:
    """The reminders of a household as message ids, its own words last."""
    return [REMINDERS[code] for code in known_codes(codes=codes)] + ([text] if text else [])
