"""Reading the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.enquiries.models import Contact


def list_contacts(*, actor: Actor) -> QuerySet[Contact]:
    """The register of the actor's site, newest first."""
    return (
        Contact.objects.filter(site=actor.site)
        .select_related("household__room", "by", "case")
        .order_by("-at", "-pk")
    )


def last_contacts(*, household: Household, limit: int = 5) -> QuerySet[Contact]:
    """The last contacts of one household."""
    return Contact.objects.filter(household=household).select_related("case").order_by("-at", "-pk")[:limit]


@dataclass(frozen=True, kw_only=True)
class ContactFigures:
    """Counts of a period: all contacts, solved at first contact (KPI-09), counted rings and those in time (KPI-11)."""

    contacts: int
    first_contact: int
    rings_counted: int
    rings_kept: int


def contact_figures(*, site: Site, start: datetime, end: datetime, ring_limit: int) -> ContactFigures:
    """Figures of the register from `start` up to before `end`."""
    found = Contact.objects.filter(site=site, at__gte=start, at__lt=end).aggregate(
        contacts=Count("pk"),
        first_contact=Count("pk", filter=Q(outcome=Contact.Outcome.ANSWERED)),
        rings_counted=Count("pk", filter=Q(rings__isnull=False)),
        rings_kept=Count("pk", filter=Q(rings__lte=ring_limit)),
    )
    return ContactFigures(**found)
