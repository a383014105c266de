"""Reading keys, loans and losses, and what of them is owed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet

from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.kernel.custody.queries import list_items, list_stocktakes
from yingsheng.kernel.custody.rules import HELD, LOST, OUT
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.processes.keys.models import Loan, Loss
from yingsheng.processes.keys.rules import ENTRUSTED

KEYS = "keys"
PERIOD = "key_month"


def list_keys(*, actor: Actor, text: str = "") -> QuerySet[Item]:
    """The keys of the actor's site with their hooks and open loans, the latest taken in first (K-01, K-02)."""
    rows = list_items(site=actor.site, process=KEYS, text=text).select_related(
        "held_key", "room", "holder_staff", "taken_in_by", "site"
    )
    lent = Loan.objects.filter(state=Loan.State.OPEN).select_related("lent_by")
    lost = Loss.objects.filter(outcome="").select_related("reported_by")
    return rows.prefetch_related(
        Prefetch("loans", queryset=lent, to_attr="lent"),
        Prefetch("losses", queryset=lost, to_attr="open_losses"),
    )


def find_key(*, actor: Actor, pk: int) -> Item | None:
    """A key of the actor's site."""
    return list_keys(actor=actor).filter(pk=pk).first()


def find_labelled(*, actor: Actor, key: str) -> Item | None:
    """The key whose label was scanned."""
    return list_keys(actor=actor).filter(key=key).first()


def list_loans(*, actor: Actor, text: str = "") -> QuerySet[Loan]:
    """The loans of the actor's site, the latest first (K-04, K-11)."""
    rows = (
        Loan.objects.filter(site=actor.site)
        .select_related("item__room", "item__held_key", "staff", "lent_by", "returned_to", "site")
        .order_by("-lent_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text)
        | Q(borrower__icontains=text)
        | Q(organisation__icontains=text)
        | Q(item__number__icontains=text)
        | Q(item__name__icontains=text)
        | Q(item__room__label__icontains=text)
    )


def find_loan(*, actor: Actor, pk: int) -> Loan | None:
    """A loan of the actor's site."""
    return list_loans(actor=actor).filter(pk=pk).first()


def overdue_loans(*, site: Site, now: datetime) -> QuerySet[Loan]:
    """Loans that should have come back, the longest overdue first (K-04, K-12)."""
    return open_loans(site=site).filter(due_at__lt=now)


def open_loans(*, site: Site) -> QuerySet[Loan]:
    """Everything that is lent now, what is due first."""
    rows = Loan.objects.filter(site=site, state=Loan.State.OPEN)
    return rows.select_related("item__room", "staff").order_by("due_at", "pk")


def unpledged(*, site: Site) -> QuerySet[Item]:
    """Keys of owners that lie here without the pledge (K-10)."""
    rows = Item.objects.filter(site=site, process=KEYS, kind=ENTRUSTED, state__in=(HELD, OUT))
    return rows.filter(held_key__pledged_at__isnull=True).select_related("room").order_by("taken_in_at")


def undecided_losses(*, site: Site) -> QuerySet[Loss]:
    """Lost keys about which nothing is decided yet."""
    rows = Loss.objects.filter(item__site=site, outcome="").select_related("item__room")
    return rows.order_by("reported_at")


def keys_of(*, household: Household) -> QuerySet[Item]:
    """The keys of a home that its owner entrusted to us, wherever they are now."""
    return Item.objects.filter(
        site_id=household.site_id, process=KEYS, kind=ENTRUSTED, room_id=household.room_id,
        state__in=(HELD, OUT, LOST),
    )  # fmt: skip


def open_stocktake(*, site: Site) -> Stocktake | None:
    """The count that goes on now."""
    return list_stocktakes(site=site, process=KEYS).filter(state=Stocktake.State.OPEN).first()


def last_stocktake(*, site: Site, since: datetime, until: datetime) -> Stocktake | None:
    """The last count closed in a span of time (K-08)."""
    rows = list_stocktakes(site=site, process=KEYS).filter(closed_at__gte=since, closed_at__lt=until)
    return rows.order_by("-closed_at").first()


class ClassFigures(NamedTuple):
    """The keys of one class: in all, in the cabinet, lent, lost."""

    kind: str
    total: int
    held: int
    out: int
    lost: int


def keys_by_class(*, site: Site) -> list[ClassFigures]:
    """How many keys of each class we answer for now, in one statement (K-01)."""
    rows = (
        Item.objects.filter(site=site, process=KEYS, state__in=(HELD, OUT, LOST))
        .values("kind")
        .annotate(
            total=Count("pk"), held=Count("pk", filter=Q(state=HELD)), out=Count("pk", filter=Q(state=OUT)),
            lost=Count("pk", filter=Q(state=LOST)),
        )
        .order_by("kind")
    )  # fmt: skip
    return [ClassFigures(**row) for row in rows]


class LoanFigures(NamedTuple):
    """The loans of a span: how many, to whom, and how they came back. `due` are back or should be."""

    loans: int
    inside: int
    outside: int
    due: int
    on_time: int
    open: int
    lost: int

    @property
    def late(self) -> int:
        """Back late, or still out beyond their time."""
        return self.due - self.on_time


def loan_figures(*, site: Site, since: datetime, until: datetime, now: datetime) -> LoanFigures:
    """The loans that began in a span, in one statement (K-04)."""
    back, is_open = Q(state=Loan.State.RETURNED), Q(state=Loan.State.OPEN)
    found = Loan.objects.filter(site=site, lent_at__gte=since, lent_at__lt=until).aggregate(
        loans=Count("pk"), inside=Count("pk", filter=Q(kind=Loan.Kind.INSIDE)),
        outside=Count("pk", filter=Q(kind=Loan.Kind.OUTSIDE)),
        due=Count("pk", filter=back | (is_open & Q(due_at__lt=now))),
        on_time=Count("pk", filter=back & Q(returned_at__lte=F("due_at"))), open=Count("pk", filter=is_open),
        lost=Count("pk", filter=Q(state=Loan.State.LOST)),
    )  # fmt: skip
    return LoanFigures(**found)
