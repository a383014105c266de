"""Fees and the cash box over the API: the registers, the box as it stands, the month (O-03, O-06)."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import Shape
from yingsheng.api.records import record_router
from yingsheng.api.sessions import ApiRequest
from yingsheng.kernel.cash.queries import balance
from yingsheng.processes.fees.process import BOOKS, REPORT, SEE_CASH
from yingsheng.processes.fees.process.words import place_words
from yingsheng.processes.fees.queries import month_figures, open_handover, places_of, refused_by, window_of

router = Router(tags=["fees"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))


class CashPlaceOut(Shape):
    """Where cash lies, and how much by the book."""

    kind: str
    name: str
    fen: int


class CashBoxOut(Shape):
    """The cash box: what lies in it, what of that is owed to the cashier, and who else has cash of the site."""

    balance_fen: int
    owed_to_cashier_fen: int
    collects_fees: bool
    refused_by: str = Field(description="the rule by which the desk takes no fees; empty where it does")
    places: list[CashPlaceOut]


class FeeMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class FeeKindOut(Shape):
    """What was taken for."""

    what: str
    count: int
    fen: int


class FeeMonthOut(Shape):
    """Takings and handovers of a month."""

    first: date
    last: date
    taken_fen: int
    takings: int
    handovers: int
    received_fen: int
    late: int
    waiting: int
    different: int
    kinds: list[FeeKindOut]


@router.get("/cash-box", response=CashBoxOut, operation_id="show_cash_box")
def show_box(request: ApiRequest) -> CashBoxOut:
    """The cash box as it stands now."""
    session = request.auth
    session.demand(SEE_CASH)
    site = session.actor.site
    bag, rule = open_handover(site=site), refused_by(site=site, at=session.now)
    return CashBoxOut(
        balance_fen=balance(site=site), owed_to_cashier_fen=bag.fen if bag is not None else 0,
        collects_fees=not rule, refused_by=rule,
        places=[
            CashPlaceOut(kind=one.kind, name=place_words(place=one), fen=one.balance_fen)
            for one in places_of(site=site)
        ],
    )  # fmt: skip


@router.get("/fees/month", response=FeeMonthOut, operation_id="show_fee_month")
def show_month(request: ApiRequest, asked: Query[FeeMonthIn]) -> FeeMonthOut:
    """The takings and handovers of a month."""
    session = request.auth
    session.demand(REPORT)
    window = window_of(year=asked.year, month=asked.month)
    found = month_figures(actor=session.actor, window=window)
    return FeeMonthOut(
        first=window.first, last=window.last, taken_fen=found.taken_fen, takings=found.takings,
        handovers=found.handovers, received_fen=found.received_fen, late=found.late, waiting=found.waiting,
        different=found.different,
        kinds=[FeeKindOut(what=what, count=count, fen=fen) for what, count, fen in found.by_what],
    )  # fmt: skip
