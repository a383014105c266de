"""Reading prices, quotes and payments."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from yingsheng.base.money import format_fen
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.models import Payment, PriceItem, Quote
from yingsheng.kernel.charges.rules import Price, owed_fen
from yingsheng.kernel.org.models import Site


def list_prices(*, site: Site, kinds: tuple[str, ...] = ()) -> QuerySet[PriceItem]:
    """The price list in force, by kind and code; only of these kinds if any are named."""
    rows = PriceItem.objects.filter(site=site, active_to__isnull=True)
    return (rows.filter(kind__in=kinds) if kinds else rows).order_by("kind", "code")


def price_finder(*, site: Site, kinds: tuple[str, ...] = ()) -> Callable[[str], Price | None]:
    """Looks a name or code up in the list in force; the list is read once, when first asked."""
    known: dict[str, Price] = {}
    read = False

    def find(text: str) -> Price | None:
        nonlocal read
        if not read:
            for item in list_prices(site=site, kinds=kinds):
                price = Price(code=item.code, name=item.name, unit=item.unit, price_fen=item.price_fen)
                known[item.code.lower()] = known[item.name.lower()] = price
            read = True
        return known.get(text.strip().lower())

    return find


def suggest_prices(*kinds: str, as_lines: bool) -> Callable[[Site], list[tuple[str, str]]]:
    """What a field may be filled from: the prices of these kinds, as names or as lines of a quote, with their words."""

    def suggest(site: Site) -> list[tuple[str, str]]:
        return [
            (
                f"{item.name} × 1" if as_lines else item.name,
                f"{item.name} {format_fen(fen=item.price_fen)}/{item.unit} {item.code}",
            )
            for item in list_prices(site=site, kinds=kinds)
        ]

    return suggest


def list_quotes(*, case: Case) -> QuerySet[Quote]:
    """The quotes of a matter with their lines, the latest first."""
    return Quote.objects.filter(case=case).prefetch_related("lines").order_by("-round")


def accepted_fen(*, case: Case) -> int:
    """What the household agreed to pay in all."""
    return sum(
        Quote.objects.filter(case=case, state=Quote.State.ACCEPTED).values_list("total_fen", flat=True)
    )


def paid_fen(*, case: Case) -> int:
    """What was paid less what was given back."""
    return sum(Payment.objects.filter(case=case).values_list("amount_fen", flat=True))


def balance_fen(*, case: Case) -> int:
    """What is still to be paid of the accepted quotes."""
    return owed_fen(accepted=[accepted_fen(case=case)], paid=[paid_fen(case=case)])


def list_payments(*, case: Case) -> QuerySet[Payment]:
    """The payments and refunds of a matter, in their order."""
    return Payment.objects.filter(case=case).select_related("taken_by").order_by("pk")
