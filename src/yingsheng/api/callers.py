"""Who raises a matter, as a request says it: somebody we know, somebody at a room, or a name and a number."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, text_of
from yingsheng.api.problems import Mistake
from yingsheng.api.schemas import (
    BAD_PHONE,
    UNKNOWN_ROOM,
    Body,
    phone_or_none,
    raise_mistakes,
    room_by_words,
    room_keys,
)
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.estate.models import Household, Member, Person, Room
from yingsheng.kernel.org.models import Site

UNKNOWN_PERSON = N("本项目没有这个人的档案")


class CallerIn(Body):
    """The caller: `room` in any spelling, `phone` in any spelling, `person` an id of the archive."""

    name: text_of(limit=60) = ""  # type: ignore[valid-type]
    phone: text_of(limit=40) = ""  # type: ignore[valid-type]
    room: text_of(limit=60) = ""  # type: ignore[valid-type]
    person: Annotated[StrictInt, Field(ge=1, le=BIGGEST_ID)] | None = None


def caller_from(*, sent: CallerIn, site: Site) -> Caller:
    """The caller with his home; ApiProblem for a room, phone or person that we do not know.

    A person without a room is taken to call about the home where he lives now (C-84 lets anybody call).
    """
    mistakes: list[Mistake] = []
    room: Room | None = None
    household: Household | None = None
    person: Person | None = None
    if sent.room:
        room, household = _room_and_home(site=site, text=sent.room)
        if room is None:
            mistakes.append(Mistake(field="caller.room", code="unknown", text=UNKNOWN_ROOM))
    phone = phone_or_none(site=site, text=sent.phone) if sent.phone else ""
    if phone is None:
        mistakes.append(Mistake(field="caller.phone", code="unfit", text=BAD_PHONE))
    if sent.person is not None:
        person = Person.objects.filter(site=site, pk=sent.person).first()
        if person is None:
            mistakes.append(Mistake(field="caller.person", code="unknown", text=UNKNOWN_PERSON))
        elif room is None:
            household = _home_of(person=person)
            room = household.room if household is not None else None
    raise_mistakes(mistakes=mistakes)
    name = sent.name or (person.name if person is not None else "")
    return Caller(name=name, phone=phone or "", person=person, household=household, room=room)


def _room_and_home(*, site: Site, text: str) -> tuple[Room | None, Household | None]:
    """The room a text means and who lives there, in one query unless it stands empty."""
    homes = Household.objects.filter(
        room__site=site, room__key__in=room_keys(text=text), active_to__isnull=True
    )
    home = min(homes.select_related("room__building"), key=lambda one: one.room.key != text, default=None)
    if home is not None:
        return home.room, home
    return room_by_words(site=site, text=text), None


def _home_of(*, person: Person) -> Household | None:
    living = (
        Member.objects.filter(person=person, active_to__isnull=True, household__active_to__isnull=True)
        .select_related("household__room__building")
        .order_by("-decides", "pk")
        .first()
    )
    return living.household if living is not None else None
