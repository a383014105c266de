"""Who called and from where, the same on every page: the home leads to its file, the number is masked."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.phones import mask_phone
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.parts import Fact


def home_url(*, actor: Actor, household_id: int | None) -> str:
    """The file of a home, where full numbers are shown for a reason; "" for nobody's, or for who may not see it."""
    if household_id is None or not actor.may(Allow.SEE_ESTATE):
        return ""
    return reverse("ui:household", args=[household_id])


def home_fact(*, actor: Actor, household: Household | None) -> Fact:
    """A home by its room."""
    return Fact(
        label=_("住户"),
        value=household.room.label if household else "",
        url=home_url(actor=actor, household_id=household.pk if household else None),
    )


def caller_facts(*, actor: Actor, case: Case) -> list[Fact]:
    """Room and caller of a case."""
    return [
        Fact(
            label=_("房号"),
            value=case.room.label if case.room else "—",
            url=home_url(actor=actor, household_id=case.household_id) if case.room else "",
        ),
        Fact(
            label=_("来人来电"),
            value=case.caller_name,
            note=mask_phone(number=case.caller_phone) if case.caller_phone else "",
        ),
    ]
