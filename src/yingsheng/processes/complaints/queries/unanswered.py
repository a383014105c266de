"""The complaints whose household has no answer yet, whatever their state (C-69), and those of the night (C-80)."""

from __future__ import annotations

from django.db.models import QuerySet

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site


def _unanswered(rows: QuerySet[Case]) -> QuerySet[Case]:
    # a group is answered home by home, so its members stand here and its parent does not
    return (
        rows.filter(
            process="complaints",
            closed_at__isnull=True,
            complaint__replied_at__isnull=True,
            complaint__is_group=False,
        )
        .select_related("room", "handler", "department", "complaint")
        .order_by("received_at", "pk")
    )


def list_unanswered(*, actor: Actor) -> QuerySet[Case]:
    """The unanswered complaints this person may know of, the longest waiting first."""
    return _unanswered(visible_cases(actor=actor))


def all_unanswered(*, site: Site) -> QuerySet[Case]:
    """Every unanswered complaint of a site, for the list that is signed."""
    return _unanswered(Case.objects.filter(site=site))


def list_of_the_night(*, actor: Actor) -> QuerySet[Case]:
    """What came in at night and nobody opened yet, the earliest first."""
    return (
        visible_cases(actor=actor)
        .filter(
            process="complaints",
            closed_at__isnull=True,
            state="registered",
            complaint__night=True,
            complaint__taken_over_at__isnull=True,
        )
        .select_related("room")
        .order_by("received_at", "pk")
    )
