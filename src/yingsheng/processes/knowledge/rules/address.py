"""How somebody is addressed (W-24): the wish of the person first, then a post, then what is known. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yingsheng.processes.knowledge.rules.lists import load_lists

MAN, WOMAN = "man", "woman"
AS_ASKED, TITLE, MR, MRS, MISS, MS, EITHER, YOU = (
    "as_asked",
    "title",
    "mr",
    "mrs",
    "miss",
    "ms",
    "either",
    "you",
)
LONGEST = 4  # a Chinese name has no more characters; longer words are no name
_CHINESE = re.compile(r"^[一-鿿]+$")
_LATIN_NAME = re.compile(r"^[A-Za-z][A-Za-z .'-]*$")


@dataclass(frozen=True, kw_only=True)
class Customs:
    """What the adopted rule says: the manner for each case, and the forms that are not used."""

    man: str = MR
    married_woman: str = MRS
    woman: str = MISS
    unknown: str = EITHER
    avoided: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """What is known of the person on the line; nothing need be."""

    name: str = ""
    call_as: str = ""  # the form of address the person asked for
    title: str = ""  # of the post held
    gender: str = ""
    married: bool = False


@dataclass(frozen=True, kw_only=True)
class Address:
    """The decision: a manner, the surname it goes with, and for a post or a wish its word."""

    manner: str
    surname: str = ""
    word: str = ""


def surname_of(*, name: str) -> str:
    """The surname a name begins with (ends with, in Latin letters); "" for what is no name we know."""
    text = name.strip()
    if _LATIN_NAME.match(text):
        return text.split()[-1].strip(".'-")
    if not _CHINESE.match(text) or len(text) < 2:
        return ""
    lists = load_lists()
    if text[:2] in lists.compound_surnames and len(text) <= LONGEST:
        return text[:2]
    return text[0] if text[0] in lists.surnames and len(text) <= LONGEST else ""


def decide_address(*, who: Somebody, customs: Customs) -> Address:
    """How to address somebody, wrong or intimate forms never (W-24)."""
    wish = who.call_as.strip() or _with_form(who.name)
    if wish and not _ends_with(wish, customs.avoided):
        wanted = _read(wish)
        if wanted is not None:
            return wanted
        if who.call_as.strip():
            return Address(manner=AS_ASKED, surname=surname_of(name=who.name), word=wish)
    surname = surname_of(name=who.name)
    if not surname:
        return Address(manner=YOU)
    title = who.title.strip()
    if title and not _ends_with(title, customs.avoided):
        return Address(manner=TITLE, surname=surname, word=title)
    if who.gender == MAN:
        return Address(manner=customs.man, surname=surname)
    if who.gender == WOMAN:
        return Address(manner=customs.married_woman if who.married else customs.woman, surname=surname)
    return Address(manner=customs.unknown, surname=surname)


def _with_form(name: str) -> str:
    """A name that was typed with its form of address, 孙女士; else ""."""
    text = name.strip()
    return text if any(text.endswith(form) and text != form for form in load_lists().forms) else ""


def _read(wish: str) -> Address | None:
    """王女士 read as surname and manner; None for a form with no manner of its own, such as 李老师."""
    for form, manner in load_lists().forms.items():
        if wish.endswith(form):
            surname = surname_of(name=wish.removesuffix(form) + "某") or wish.removesuffix(form).strip()
            return Address(manner=manner, surname=surname) if surname else Address(manner=YOU)
    return None


def _ends_with(text: str, avoided: tuple[str, ...]) -> bool:
    return any(form and text.endswith(form) for form in avoided)
