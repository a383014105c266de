"""Reading calls: what rings now, what is to be called back, how soon calls were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from yingsheng.kernel.calls.models import Call, Exchange, Extension
from yingsheng.kernel.calls.rules import LOST
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff


def list_calls(*, actor: Actor, text: str = "") -> QuerySet[Call]:
    """The calls of the site, the latest first; `text` is some digits of a number."""
    rows = Call.objects.filter(site=actor.site).select_related("answered_by", "back_by", "exchange")
    rows = rows.order_by("-rang_at", "-pk")
    digits = "".join(sign for sign in text if sign.isdigit())
    return rows.filter(number__contains=digits) if digits else rows


def find_call(*, actor: Actor, pk: int) -> Call | None:
    """A call of the actor's site."""
    return list_calls(actor=actor).filter(pk=pk).first()


def ringing_now(*, site: Site, staff: Staff, now: datetime) -> list[Call]:
    """What rings at this person's phone or at one that is nobody's, and what he is talking on; one statement."""
    known = Extension.objects.filter(exchange__site=site)
    nobodys = ~Q(extension__in=known.values("number"))
    mine = Q(extension__in=known.filter(staff=staff).values("number"))
    rows = Call.objects.filter(site=site, direction=Call.Direction.IN, rang_at__gt=now - LOST).filter(
        Q(state=Call.State.RINGING) & (nobodys | mine) | Q(state=Call.State.TALKING, answered_by=staff)
    )
    return list(rows.order_by("rang_at", "pk"))


def has_exchange(*, site: Site) -> bool:
    """Whether a telephone system signals to this site."""
    return Exchange.objects.filter(site=site, active=True).exists()


@dataclass(frozen=True, kw_only=True)
class RingFigures:
    """Incoming calls of a period: all, answered, answered in time (KPI-11), missed, of those called back.

    `hotline_out`: calls out on the line that is kept for those who ring (D-10).
    """

    incoming: int
    answered: int
    kept: int
    missed: int
    called_back: int
    hotline_out: int


def ring_figures(*, site: Site, start: datetime, end: datetime, ring_limit: int) -> RingFigures:
    """Figures of the telephone from `start` up to before `end`; one statement."""
    incoming, answered = (
        Q(direction=Call.Direction.IN),
        Q(direction=Call.Direction.IN, answered_at__isnull=False),
    )
    lost = Q(direction=Call.Direction.IN, state__in=(Call.State.MISSED, Call.State.BACK))
    found = Call.objects.filter(site=site, rang_at__gte=start, rang_at__lt=end).aggregate(
        incoming=Count("pk", filter=incoming),
        answered=Count("pk", filter=answered),
        kept=Count("pk", filter=answered & Q(rings__lte=ring_limit)),
        missed=Count("pk", filter=lost),
        called_back=Count("pk", filter=lost & Q(state=Call.State.BACK)),
        hotline_out=Count(
            "pk",
            filter=Q(direction=Call.Direction.OUT)
            & ~Q(exchange__hotline="")
            & Q(line=F("exchange__hotline")),
        ),
    )
    return RingFigures(**found)
