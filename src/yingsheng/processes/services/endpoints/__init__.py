"""Special services over the API beside registering and steps: the price list and the month (S-06, S-07, S-10)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Shape
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import list_prices
from yingsheng.processes.services.process.forms import FILE_MONTH
from yingsheng.processes.services.queries.month import month_figures, window_of
from yingsheng.processes.services.services.filing import file_month

YEAR, NUMBER = Annotated[StrictInt, Field(ge=2000, le=2100)], Annotated[StrictInt, Field(ge=1, le=12)]
MONTH = (("year", YEAR), ("month", NUMBER))
router = Router(tags=["services"])


class ServicePriceOut(Shape):
    """What a unit of a service costs."""

    code: str
    name: str
    unit: str
    price_fen: int
    note: str


class ServicePricesOut(Shape):
    """The price list of services in force."""

    items: list[ServicePriceOut]


class ServiceMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class ServiceKindOut(Shape):
    """One kind of service in a month."""

    name: str
    count: int
    fee_fen: int


class ServiceMonthOut(Shape):
    """The services of a month; `visited` of `visits` are those midway and at the end."""

    first: date
    last: date
    due: date
    count: int
    finished: int
    declined: int
    fee_fen: int
    paid_fen: int
    visited: int
    visits: int
    target_percent: int | None
    satisfied: int
    kinds: list[ServiceKindOut]


@router.get("/prices", response=ServicePricesOut, operation_id="list_service_prices")
def prices(request: ApiRequest) -> ServicePricesOut:
    """The price list of services."""
    session = request.auth
    session.demand("services.see")
    return ServicePricesOut(
        items=[
            _price(item)
            for item in list_prices(site=session.actor.site, kinds=(PriceItem.Kind.SERVICE.value,))
        ]
    )


@router.get("/month", response=ServiceMonthOut, operation_id="show_service_month")
def show_month(request: ApiRequest, asked: Query[ServiceMonthIn]) -> ServiceMonthOut:
    """The figures of a month (S-06)."""
    session = request.auth
    session.demand("services.report")
    site = session.actor.site
    window = window_of(year=asked.year, month=asked.month, site=site, at=session.now)
    found = month_figures(site=site, window=window, at=session.now)
    return ServiceMonthOut(
        first=window.first, last=window.last, due=window.due, count=found.count, finished=found.finished,
        declined=found.declined, fee_fen=found.fee_fen, paid_fen=found.paid_fen, visited=found.visited,
        visits=found.visits, target_percent=found.target, satisfied=found.satisfied,
        kinds=[ServiceKindOut(name=one.name, count=one.count, fee_fen=one.fee_fen) for one in found.kinds],
    )  # fmt: skip


@router.post(
    "/month",
    response={201: FilingLine},
    operation_id="file_service_month",
    summary=FILE_MONTH.title,
    openapi_extra=body_doc(schema_from(spec=FILE_MONTH, extra=MONTH)),
)
def hand_in(request: ApiRequest) -> HttpResponse:
    """Hand in the statistics of a month with its analysis (S-06, S-07)."""
    session = request.auth
    session.demand("services.report")
    sent: Any = read_body(request=request, model=schema_from(spec=FILE_MONTH, extra=MONTH))
    fields = fields_of(spec=FILE_MONTH, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = file_month(actor=session.actor, year=sent.year, month=sent.month, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


def _price(item: PriceItem) -> ServicePriceOut:
    return ServicePriceOut(
        code=item.code, name=item.name, unit=item.unit, price_fen=item.price_fen, note=item.note
    )
