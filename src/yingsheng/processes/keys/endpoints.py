"""Keys over the API: the registers, the hand-overs of a key, the month and its report (K-04, K-08)."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.custody import add_moves
from yingsheng.api.fields import Shape
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.records import record_router
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.keys.process import BOOKS
from yingsheng.processes.keys.process.books import ACTS, KEYS, REPORT
from yingsheng.processes.keys.process.forms import FILE_MONTH
from yingsheng.processes.keys.queries import keys_by_class, loan_figures
from yingsheng.processes.keys.services.month import bounds, count_of_month, file_month, window_of

YEAR, NUMBER = Annotated[StrictInt, Field(ge=2000, le=2100)], Annotated[StrictInt, Field(ge=1, le=12)]
MONTH = (("year", YEAR), ("month", NUMBER))
router = Router(tags=["keys"])


class KeyMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class KeyClassOut(Shape):
    """The keys of one class now."""

    kind: str
    total: int
    held: int
    out: int
    lost: int


class KeyCountOut(Shape):
    """A count of all keys; `total` is what the other four add up to."""

    id: int
    total: int
    in_place: int
    away: int
    missing: int
    surplus: int


class KeyMonthOut(Shape):
    """A month of the keys: its count, if there was one, and its loans."""

    count_from: str
    count_to: str
    report_by: str
    count: KeyCountOut | None
    loans: int
    inside: int
    outside: int
    due: int
    on_time: int
    open: int
    lost: int
    classes: list[KeyClassOut]


@router.get("/key-month", response=KeyMonthOut, operation_id="show_key_month")
def show_month(request: ApiRequest, asked: Query[KeyMonthIn]) -> KeyMonthOut:
    """The count and the loans of a month (K-08)."""
    session = request.auth
    session.demand(REPORT)
    site, now = session.actor.site, session.now
    window = window_of(year=asked.year, month=asked.month, site=site, at=now)
    since, until = bounds(year=asked.year, month=asked.month)
    found = loan_figures(site=site, since=since, until=until, now=now)
    count = count_of_month(site=site, year=asked.year, month=asked.month, at=now)
    return KeyMonthOut(
        count_from=str(window.first), count_to=str(window.last), report_by=str(window.report),
        count=None if count is None else KeyCountOut(
            id=count.pk, total=count.total, in_place=count.in_place, away=count.away, missing=count.missing,
            surplus=count.surplus,
        ),
        loans=found.loans, inside=found.inside, outside=found.outside, due=found.due, on_time=found.on_time,
        open=found.open, lost=found.lost,
        classes=[KeyClassOut(**one._asdict()) for one in keys_by_class(site=site)],
    )  # fmt: skip


@router.post(
    "/key-month",
    response={201: FilingLine},
    operation_id="file_key_month",
    summary=FILE_MONTH.title,
    openapi_extra=body_doc(schema_from(spec=FILE_MONTH, extra=MONTH)),
)
def hand_in(request: ApiRequest) -> HttpResponse:
    """Report the keys of a month with its count (K-08)."""
    session = request.auth
    session.demand(REPORT)
    sent: Any = read_body(request=request, model=schema_from(spec=FILE_MONTH, extra=MONTH))
    fields = fields_of(spec=FILE_MONTH, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = file_month(actor=session.actor, year=sent.year, month=sent.month, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


add_moves(router=router, book=KEYS, acts=ACTS)
for _book in BOOKS:
    router.add_router("", record_router(book=_book))
