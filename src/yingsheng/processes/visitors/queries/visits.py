"""Reading the register of visitors: who is expected, waits, is inside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.visitors.models import Visitor

NOT_OVER = ("expected", "waiting", "inside")


def list_visitors(*, actor: Actor, text: str = "") -> QuerySet[Visitor]:
    """The visitors of the actor's site, the newest first (V-01)."""
    rows = (
        Visitor.objects.filter(site=actor.site)
        .select_related("household__room", "host_staff", "met_by", "registered_by", "let_in_by", "site")
        .order_by("-registered_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(name__icontains=text)
        | Q(host_unit__icontains=text)
        | Q(household__room__label__icontains=text)
        | Q(household__room__key__icontains=text)
        | Q(host_staff__name__icontains=text)
    )


def find_visitor(*, actor: Actor, pk: int) -> Visitor | None:
    """A visitor of the actor's site."""
    return list_visitors(actor=actor).filter(pk=pk).first()


def host_of(row: Visitor) -> str:
    """Whom somebody visits, as it is read out."""
    if row.household is not None:
        return str(row.household.room.label)
    return " ".join(part for part in (row.host_unit, row.host_staff.name if row.host_staff else "") if part)


def going_on(*, site: Site, limit: int = 30) -> list[Visitor]:
    """Who is expected, waits or is inside, the longest first."""
    rows = Visitor.objects.filter(site=site, state__in=NOT_OVER)
    return list(rows.select_related("household__room", "host_staff").order_by("registered_at", "pk")[:limit])


def coming_to(*, household: Household) -> list[Visitor]:
    """Whom a home expects or who waits for it or is with it."""
    return list(Visitor.objects.filter(household=household, state__in=NOT_OVER).order_by("registered_at"))


def list_day(*, actor: Actor, start: datetime, end: datetime) -> QuerySet[Visitor]:
    """The visitors of a day in the order they came."""
    rows = list_visitors(actor=actor).filter(registered_at__gte=start, registered_at__lt=end)
    return rows.order_by("registered_at", "pk")
