"""What lies where, what moved for which record, and whether the books hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet, Sum

from yingsheng.kernel.cash.models import Count, Entry, Place
from yingsheng.kernel.cash.rules import counted_fen, sums
from yingsheng.kernel.org.models import Site


def balance(*, site: Site) -> int:
    """What the cash box of the desk holds by the book, in fen."""
    return Place.objects.filter(site=site, kind=Place.Kind.BOX).aggregate(fen=Sum("balance_fen"))["fen"] or 0


def box_of(*, site: Site) -> Place | None:
    """The cash box of the desk; None where no cash was ever taken."""
    return Place.objects.filter(site=site, kind=Place.Kind.BOX, staff__isnull=True, code="").first()


def entries_of(*, subject: models.Model) -> QuerySet[Entry]:
    """What moved because of this record, in its order."""
    return (
        Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("source", "target", "by")
        .order_by("number")
    )


def entries_at(
    *, place: Place, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[Entry]:
    """What went into this place and out of it, newest first."""
    rows = Entry.objects.filter(Q(source=place) | Q(target=place)).select_related("source", "target", "by")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.order_by("-number")


def counts_of(*, place: Place) -> QuerySet[Count]:
    """The counts of a place, newest first."""
    return Count.objects.filter(place=place).select_related("by").order_by("-at", "-pk")


def moved_since(*, site: Site, since: datetime) -> bool:
    """Whether anything went into the box or out of it since then."""
    box = box_of(site=site)
    return box is not None and entries_at(place=box, since=since).exists()


def counted_since(*, site: Site, since: datetime) -> Count | None:
    """The last count of the box since then, if nothing moved after it; None if it is to be counted."""
    box = box_of(site=site)
    if box is None:
        return None
    last = counts_of(place=box).filter(at__gte=since, purpose__in=["day", "shift"]).first()
    if last is None or entries_at(place=box).filter(at__gt=last.at).exists():
        return None
    return last


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """Something in the books that does not hold: where, which, what stands there and what ought to."""

    what: str  # balance, number, count, below
    where: str
    stands: int
    ought: int


def check_books(*, site: Site) -> Iterator[Flaw]:
    """Differences between the stored balances and the sum of the entries, gaps in the numbers, counts that lie."""
    rows = list(
        Entry.objects.filter(site=site).order_by("number").values_list("number", "source", "target", "fen")
    )
    held = sums(transfers=((source, target, fen) for _, source, target, fen in rows))
    for place in Place.objects.filter(site=site).order_by("pk"):
        ought = held.pop(place.pk, 0)
        if place.balance_fen != ought:
            yield Flaw(what="balance", where=str(place), stands=place.balance_fen, ought=ought)
    for key, fen in held.items():
        yield Flaw(what="place", where=str(key), stands=fen, ought=0)
    for due, (number, *_rest) in enumerate(rows, start=1):
        if number != due:
            yield Flaw(what="number", where=str(number), stands=number, ought=due)
            break
    for count in Count.objects.filter(place__site=site).order_by("pk"):
        ought = counted_fen(pieces=count.pieces)
        if count.counted_fen != ought:
            yield Flaw(what="count", where=str(count.pk), stands=count.counted_fen, ought=ought)
