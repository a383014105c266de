"""A month of mail by kind, what became of it, and how many households were told in time (M-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum

from yingsheng.base.months import clamp
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.mail.models import Batch, MailItem
from yingsheng.processes.mail.queries.items import list_mail, local_day
from yingsheng.processes.mail.rules import TELL_HOUSEHOLD


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What became of the items of one kind in a month."""

    received: int = 0
    collected: int = 0
    by_family: int = 0
    returned: int = 0
    overdue: int = 0
    damaged: int = 0
    lost: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )


@dataclass(frozen=True, kw_only=True)
class MailMonth:
    """A month of mail; `told` of `owed` households were told in time."""

    first: date
    last: date
    kinds: Sequence[tuple[str, Counts]]
    total: Counts
    told: int
    owed: int
    batches: int
    pieces: int


def bounds(*, first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of a day up to before the moment after another."""
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(first, time.min, tzinfo=zone)
    return start, datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)


def days_of(*, year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), clamp(year=year, month=month, day=31)


def what_happened(*, year: int, month: int, at: datetime) -> dict[str, Q]:
    """By the name of a figure, which items it counts; the same for the sums and for the lines behind them."""
    start, end = bounds(first=date(year, month, 1), last=clamp(year=year, month=month, day=31))
    closed = Q(closed_at__gte=start, closed_at__lt=end)
    came = Q(received_at__gte=start, received_at__lt=end)
    late = Q(overdue_at__gte=start, overdue_at__lt=min(end, max(at, start)))
    return {
        "received": came,
        "collected": closed & Q(stage=MailItem.Stage.COLLECTED),
        "by_family": closed & Q(stage=MailItem.Stage.BY_FAMILY),
        "returned": closed & Q(stage=MailItem.Stage.RETURNED),
        "overdue": late & (Q(closed_at__isnull=True) | Q(closed_at__gt=F("overdue_at"))),
        "damaged": came & ~Q(damage=""),
        "lost": closed & Q(stage=MailItem.Stage.LOST),
    }


def mail_month(*, site: Site, year: int, month: int, at: datetime) -> MailMonth:
    """The figures of a month, in three statements."""
    asked = what_happened(year=year, month=month, at=at)
    anything = Q()
    for one in asked.values():
        anything |= one
    rows: Any = (
        MailItem.objects.filter(anything, site=site)
        .values("kind")
        .annotate(**{name: Count("pk", filter=which) for name, which in asked.items()})
    )
    found = {row["kind"]: Counts(**{name: row[name] for name in asked}) for row in rows}
    kinds = [(kind, found[kind]) for kind in MailItem.Kind.values if kind in found]
    total = Counts()
    for _kind, counts in kinds:
        total += counts
    first, last = days_of(year=year, month=month)
    start, end = bounds(first=first, last=last)
    papers = batches_of(site=site, first=first, last=last).aggregate(
        number=Count("pk"), pieces=Sum(F("letters") + F("papers") + F("magazines") + F("others"))
    )
    told, owed = _told(site=site, start=start, end=min(end, max(at, start)))
    return MailMonth(
        first=first, last=last, kinds=kinds, total=total, told=told, owed=owed, batches=papers["number"],
        pieces=papers["pieces"] or 0,
    )  # fmt: skip


def list_month(
    *, actor: Actor, year: int, month: int, at: datetime, what: str = "", kind: str = ""
) -> QuerySet[Item]:
    """The items behind a figure of a month, in the order they came; those received if nothing else is asked for."""
    asked = what_happened(year=year, month=month, at=at)
    ids = MailItem.objects.filter(asked.get(what, asked["received"]), site=actor.site).values("pk")
    rows = list_mail(actor=actor).filter(pk__in=ids).order_by("mail__received_at", "pk")
    return rows.filter(mail__kind=kind) if kind in MailItem.Kind.values else rows


def batches_of(*, site: Site, first: date, last: date) -> QuerySet[Batch]:
    """Letters and papers of these days that count, in the order they came."""
    start, end = bounds(first=first, last=last)
    rows = Batch.objects.filter(site=site, received_at__gte=start, received_at__lt=end)
    return (
        rows.exclude(state=Batch.State.CANCELLED)
        .select_related("area", "received_by", "fetched_by")
        .order_by("received_at", "pk")
    )


def told_in_time(*, site: Site, now: datetime) -> tuple[int, int]:
    """How many households were told of their mail in time this month, of how many; one statement (M-11)."""
    today = local_day(at=now)
    start, _end = bounds(first=today.replace(day=1), last=today)
    return _told(site=site, start=start, end=now)


def _told(*, site: Site, start: datetime, end: datetime) -> tuple[int, int]:
    rows: Any = Obligation.objects.filter(
        site=site, milestone=TELL_HOUSEHOLD, due_at__gte=start, due_at__lt=end
    ).exclude(state__in=(Obligation.State.VOID, Obligation.State.WAIVED))
    found = rows.aggregate(base=Count("pk"), count=Count("pk", filter=Q(state=Obligation.State.MET)))
    return found["count"], found["base"]
