"""Repairs over the API beside registering and steps: the month, its analysis, the morning look (R-06, R-19)."""

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
from yingsheng.api.shapes import CaseLine, line_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.repairs.process.forms import FILE_MONTH, REVIEW
from yingsheng.processes.repairs.queries.month import Share, list_month, month_figures, window_of
from yingsheng.processes.repairs.queries.review import to_look_at
from yingsheng.processes.repairs.services.closing import review_morning
from yingsheng.processes.repairs.services.filing import export_month, file_month

YEAR, NUMBER = Annotated[StrictInt, Field(ge=2000, le=2100)], Annotated[StrictInt, Field(ge=1, le=12)]
MONTH = (("year", YEAR), ("month", NUMBER))
MOST_ROWS = 1000
router = Router(tags=["repairs"])


class RepairMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class RepairShare(Shape):
    """So many of so many."""

    count: int
    base: int


class RepairMonthOut(Shape):
    """The requests of a month; `by` counts by kind, trade and part, `orders` the numbers issued by where they lie."""

    first: date
    last: date
    due: date
    received: int
    done: int
    cancelled: int
    paid: int
    reworked: int
    in_limit: RepairShare
    satisfied: RepairShare
    by: dict[str, dict[str, int]]
    orders: dict[str, int]


class RepairRows(Shape):
    """The requests behind the figures, in the order they came."""

    items: list[CaseLine]


class RepairReviewOut(Shape):
    """The morning look that was signed: its day and the numbers that were looked at."""

    day: date
    looked_at: list[str]


@router.get("/month", response=RepairMonthOut, operation_id="show_repair_month")
def show_month(request: ApiRequest, asked: Query[RepairMonthIn]) -> RepairMonthOut:
    """The figures of a month (R-06)."""
    session = request.auth
    session.demand("repairs.report")
    site = session.actor.site
    window = window_of(year=asked.year, month=asked.month, site=site, at=session.now)
    found = month_figures(site=site, window=window)
    return RepairMonthOut(
        first=window.first, last=window.last, due=window.due, received=found.received, done=found.done,
        cancelled=found.cancelled, paid=found.paid, reworked=found.reworked, in_limit=_share(found.in_limit),
        satisfied=_share(found.satisfied), by={axis: dict(counts) for axis, counts in found.by.items()},
        orders=dict(found.orders),
    )  # fmt: skip


@router.post(
    "/month",
    response={201: FilingLine},
    operation_id="file_repair_month",
    summary=FILE_MONTH.title,
    openapi_extra=body_doc(schema_from(spec=FILE_MONTH, extra=MONTH)),
)
def hand_in(request: ApiRequest) -> HttpResponse:
    """Hand in the analysis of a month (R-06)."""
    session = request.auth
    session.demand("repairs.report")
    sent: Any = read_body(request=request, model=schema_from(spec=FILE_MONTH, extra=MONTH))
    fields = fields_of(spec=FILE_MONTH, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = file_month(actor=session.actor, year=sent.year, month=sent.month, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


class RepairExportIn(RepairMonthIn):
    """Which month, and why its rows are taken out of the house."""

    reason: str = Field(min_length=1, max_length=200)


@router.post(
    "/month/export",
    response=RepairRows,
    operation_id="export_repair_month",
    openapi_extra=body_doc(RepairExportIn),
)
def export_rows(request: ApiRequest) -> HttpResponse:
    """Take the rows of a month out of the house, with a reason that stays in the book; never kept as an answer."""
    session = request.auth
    session.demand("repairs.report")
    sent = read_body(request=request, model=RepairExportIn)
    window = window_of(year=sent.year, month=sent.month, site=session.actor.site, at=session.now)
    rows = list(list_month(actor=session.actor, window=window)[:MOST_ROWS])

    def run() -> Reply:
        export_month(actor=session.actor, window=window, count=len(rows), reason=sent.reason, at=session.now)
        return Reply(body=RepairRows(items=[line_of(case=case, now=session.now) for case in rows]))

    return accept(request=request, run=run, keep=False)


@router.post(
    "/review",
    response={201: RepairReviewOut},
    operation_id="review_repairs",
    summary=REVIEW.title,
    openapi_extra=body_doc(schema_from(spec=REVIEW)),
)
def review(request: ApiRequest) -> HttpResponse:
    """Sign that yesterday's repairs and the open ones were looked at this morning (R-19)."""
    session = request.auth
    session.demand("repairs.review")
    sent = read_body(request=request, model=schema_from(spec=REVIEW))
    fields = fields_of(spec=REVIEW, sent=sent, site=session.actor.site)

    def run() -> Reply:
        cases = to_look_at(actor=session.actor, now=session.now)
        made = review_morning(
            actor=session.actor, at=session.now, looked_at=[case.number for case in cases], **fields
        )
        return Reply(status=201, body=RepairReviewOut(day=made.day, looked_at=made.looked_at))

    return accept(request=request, run=run)


def _share(found: Share) -> RepairShare:
    return RepairShare(count=found.count, base=found.base)
