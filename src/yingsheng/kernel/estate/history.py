"""单元大事记: what happened to a home, its people and its file, newest first, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yingsheng.kernel.estate.models import Household, Member, Person
from yingsheng.kernel.events.models import Event

HOUSEHOLD, PERSON, ROOM = "estate.household", "estate.person", "estate.room"
INFORMED = "estate.informed"
LISTS = frozenset({"fields"})  # several words joined by 、
WORDS = frozenset({"relation", "mode"})


def list_history(*, household: Household) -> QuerySet[Event]:
    """The events of a household, of its room, and of everybody who is or was in it; newest first (A-12)."""
    people = Member.objects.filter(household=household).values("person_id")
    about = (
        Q(subject_type=HOUSEHOLD, subject_id=household.pk)
        | Q(subject_type=ROOM, subject_id=household.room_id)
        | Q(subject_type=PERSON, subject_id__in=people)
    )
    return Event.objects.filter(about, site_id=household.site_id).select_related("by").order_by("-seq")


def list_person_history(*, person: Person) -> QuerySet[Event]:
    """The events of one person; newest first."""
    rows = Event.objects.filter(site_id=person.site_id, subject_type=PERSON, subject_id=person.pk)
    return rows.select_related("by").order_by("-seq")


def list_informed(*, household: Household, limit: int = 10) -> list[Event]:
    """Who of the household was told what, newest first (C-81)."""
    rows = Event.objects.filter(subject_type=HOUSEHOLD, subject_id=household.pk, kind=INFORMED)
    return list(rows.select_related("by").order_by("-seq")[:limit])


def readable(*, data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an event of the archive with its words in the reader's language."""
    found = dict(data)
    for name in LISTS & found.keys():
        found[name] = _("、").join(str(_(word)) for word in str(found[name]).split("、") if word)
    for name in WORDS & found.keys():
        found[name] = str(_(found[name])) if found[name] else ""
    return found
