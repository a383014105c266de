"""Prepaid purchases over the API: the registers, and the month (P-06)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Shape
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.records import record_router
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.prepaid.process import BOOKS
from yingsheng.processes.prepaid.process.forms import FILE_MONTH
from yingsheng.processes.prepaid.queries import month_figures, window_of
from yingsheng.processes.prepaid.services.filing import REPORT, file_month

YEAR, NUMBER = Annotated[StrictInt, Field(ge=2000, le=2100)], Annotated[StrictInt, Field(ge=1, le=12)]
MONTH = (("year", YEAR), ("month", NUMBER))
router = Router(tags=["prepaid"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))


class PrepaidMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class PrepaidKindOut(Shape):
    """One kind in a month."""

    kind: str
    count: int
    prepaid_fen: int
    bought_fen: int
    change_fen: int
    quantity: int


class PrepaidMonthOut(Shape):
    """The prepaid purchases of a month; what was paid in is what was bought plus change and what still waits."""

    first: date
    last: date
    due: date
    count: int
    prepaid_fen: int
    bought_fen: int
    change_fen: int
    collected: int
    waiting: int
    cancelled: int
    batches: int
    requests: int
    kinds: list[PrepaidKindOut]


@router.get("/prepaid/month", response=PrepaidMonthOut, operation_id="show_prepaid_month")
def show_month(request: ApiRequest, asked: Query[PrepaidMonthIn]) -> PrepaidMonthOut:
    """The figures of a month (P-06)."""
    session = request.auth
    session.demand(REPORT)
    window = window_of(year=asked.year, month=asked.month, site=session.actor.site, at=session.now)
    found = month_figures(actor=session.actor, window=window)
    return PrepaidMonthOut(
        first=window.first, last=window.last, due=window.due, count=found.count, prepaid_fen=found.prepaid_fen,
        bought_fen=found.bought_fen, change_fen=found.change_fen, collected=found.collected, waiting=found.waiting,
        cancelled=found.cancelled, batches=found.batches, requests=found.requests,
        kinds=[
            PrepaidKindOut(
                kind=one.code, count=one.count, prepaid_fen=one.prepaid_fen, bought_fen=one.bought_fen,
                change_fen=one.change_fen, quantity=one.quantity,
            )
            for one in found.kinds
        ],
    )  # fmt: skip


@router.post(
    "/prepaid/month",
    response={201: FilingLine},
    operation_id="file_prepaid_month",
    summary=FILE_MONTH.title,
    openapi_extra=body_doc(schema_from(spec=FILE_MONTH, extra=MONTH)),
)
def hand_in(request: ApiRequest) -> HttpResponse:
    """Hand in the statistics of a month (P-06)."""
    session = request.auth
    session.demand(REPORT)
    sent: Any = read_body(request=request, model=schema_from(spec=FILE_MONTH, extra=MONTH))
    fields = fields_of(spec=FILE_MONTH, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = file_month(actor=session.actor, year=sent.year, month=sent.month, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)
