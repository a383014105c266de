"""An article as it is spoken here and now: in the reader's language, to this person, with the figures of the site."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingsheng.base.pinyin import full_pinyin
from yingsheng.base.shown import OnTheLine
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.rules import address as forms
from yingsheng.processes.knowledge.rules.address import Address, Customs, Somebody, decide_address
from yingsheng.processes.knowledge.rules.wording import fill
from yingsheng.processes.knowledge.services.articles import FIGURES

SPOKEN = {
    forms.MR: N("%(surname)s先生"),
    forms.MRS: N("%(surname)s太太"),
    forms.MISS: N("%(surname)s小姐"),
    forms.MS: N("%(surname)s女士"),
    forms.EITHER: N("%(surname)s先生/女士"),
    forms.TITLE: N("%(surname)s%(word)s"),
}


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def customs_of(*, site: Site, at: datetime) -> Customs:
    """How people are addressed at a site (W-24)."""

    def read(path: str, without: str) -> str:
        found = figure(path=path, site=site, at=at)
        return without if found is None else str(found)

    return Customs(
        man=read("W-24.man", forms.MR),
        married_woman=read("W-24.married_woman", forms.MS),
        woman=read("W-24.woman", forms.MS),
        unknown=read("W-24.unknown", forms.EITHER),
        avoided=tuple(read("W-24.avoided", "").split(",")),
    )


def address_words(*, address: Address) -> str:
    """The form of address as it is spoken; "" where nothing is known, and the text says 您."""
    if address.manner == forms.AS_ASKED:
        return address.word
    if address.manner not in SPOKEN or not address.surname:
        return ""
    surname = address.surname
    if is_english():
        surname = full_pinyin(text=surname).title() or surname
    return _(SPOKEN[address.manner]) % {"surname": surname, "word": address.word}


def addressed(*, who: OnTheLine, site: Site, at: datetime) -> Address:
    """How the person on the line is addressed."""
    somebody = Somebody(name=who.name, call_as=who.call_as)
    return decide_address(who=somebody, customs=customs_of(site=site, at=at))


def values_for(*, actor: Actor, who: OnTheLine, at: datetime) -> dict[str, str]:
    """What stands in for the braces of a text: person, home, site, whoever speaks, and the figures of the rule book."""
    site = actor.site
    figures = {path: figure(path=path, site=site, at=at) for path in FIGURES}
    return {
        "address": address_words(address=addressed(who=who, site=site, at=at)),
        "name": who.name,
        "site": site.name,
        "unit": who.unit,
        "room": who.room,
        "me": actor.staff.name,
        "phone": site.duty_phone,
        **{path: str(value) for path, value in figures.items() if value is not None},
    }


def title_of(row: Article) -> str:
    """Its title in the reader's language, as far as somebody wrote it."""
    return row.title_en if is_english() and row.title_en else row.title


def spoken(*, row: Article, values: dict[str, str]) -> str:
    """The text of an article with its braces filled in."""
    english = is_english() and bool(row.body_en)
    return fill(text=row.body_en if english else row.body, values=values, english=english)


def headed(*, row: Article, values: dict[str, str]) -> str:
    """The title of an article with its braces filled in."""
    return fill(text=title_of(row), values=values, english=is_english())
