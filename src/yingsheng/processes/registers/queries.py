"""Reading the registers, and what somebody owes them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Case as Choice
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, When

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import find_case
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.registers.models import KeyCustomer, Plan, TypicalCase


def list_customers(*, actor: Actor, text: str = "") -> QuerySet[KeyCustomer]:
    """The key customers of the actor's site, the latest proposed first (Z-05)."""
    rows = (
        KeyCustomer.objects.filter(site=actor.site)
        .select_related("household__room", "care_by", "proposed_by", "approved_by", "case")
        .prefetch_related("contacts__by")
        .order_by("-proposed_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(household__room__label__icontains=text)
        | Q(household__room__key__icontains=text)
        | Q(contact_name__icontains=text)
        | Q(why__icontains=text)
    )


def find_customer(*, actor: Actor, pk: int) -> KeyCustomer | None:
    """A key customer of the actor's site."""
    return list_customers(actor=actor).filter(pk=pk).first()


def customer_of(*, household: Household) -> KeyCustomer | None:
    """The entry of a home that is on the list now."""
    rows = KeyCustomer.objects.filter(household=household, state=KeyCustomer.State.ACTIVE)
    return rows.select_related("care_by").first()


def list_typical(*, actor: Actor, text: str = "") -> QuerySet[TypicalCase]:
    """Typical cases; what is not published yet only for whoever writes or approves them (B-10)."""
    rows = (
        TypicalCase.objects.filter(site=actor.site)
        .select_related("written_by", "published_by", "case")
        .prefetch_related("reads__staff")
        .order_by("-written_at", "-pk")
    )
    if not (actor.may("registers.write_typical") or actor.may("registers.approve")):
        rows = rows.filter(state__in=(TypicalCase.State.PUBLISHED, TypicalCase.State.ADOPTED))
    if not text:
        return rows
    return rows.filter(
        Q(title__icontains=text) | Q(summary__icontains=text) | Q(learned__icontains=text) | Q(category=text)
    )


def find_typical(*, actor: Actor, pk: int) -> TypicalCase | None:
    """A typical case that the actor may see."""
    return list_typical(actor=actor).filter(pk=pk).first()


def list_plans(*, actor: Actor, text: str = "") -> QuerySet[Plan]:
    """The plans of the actor's site, the latest opened first (Z-01, X-10)."""
    rows = (
        Plan.objects.filter(site=actor.site)
        .select_related("drafter", "opened_by", "approved_by")
        .order_by("-opened_at", "-pk")
    )
    return rows.filter(Q(contribution__icontains=text) | Q(drafter__name__icontains=text)) if text else rows


def find_plan(*, actor: Actor, pk: int) -> Plan | None:
    """A plan of the actor's site."""
    return list_plans(actor=actor).filter(pk=pk).first()


def case_named(*, actor: Actor, number: str) -> Case | None:
    """A case that the actor may see, by its number or its key."""
    text = number.strip()
    if not text:
        return None
    found = find_case(actor=actor, key=text)
    if found is not None:
        return found
    row = Case.objects.filter(site=actor.site, number=text).only("key").first()
    return find_case(actor=actor, key=row.key) if row is not None else None


class Owed(NamedTuple):
    """What somebody owes a record of a register: which kind, about what, until when."""

    subject_type: str
    subject_id: int
    milestone: str
    due_at: datetime
    name: str


def owed_by(*, actor: Actor, until: datetime, limit: int) -> list[Owed]:
    """What this person owes the registers until a moment, the earliest first; one statement."""
    rows = Obligation.objects.filter(
        site=actor.site, state=Obligation.State.ARMED, responsible_staff=actor.staff, due_at__lte=until,
        subject_type__in=("registers.keycustomer", "registers.plan"),
    )  # fmt: skip
    this = OuterRef("subject_id")
    name = Choice(
        When(
            subject_type="registers.keycustomer",
            then=Subquery(KeyCustomer.objects.filter(pk=this).values("household__room__label")),
        ),
        default=Subquery(Plan.objects.filter(pk=this).values("kind")),
        output_field=CharField(),
    )  # fmt: skip
    found = rows.annotate(name=name).order_by("due_at", "pk").values_list(*Owed._fields)
    return [Owed._make(row) for row in found[:limit]]
