"""The duty log over the API: its registers, lines, what goes over, the signature, how shifts were kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from yingsheng.api.fields import BIGGEST_ID, MomentOut, Shape
from yingsheng.api.problems import not_found
from yingsheng.api.records import record_router
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import PersonOut, person_out
from yingsheng.api.words import event_words
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.duty.models import Page
from yingsheng.processes.duty.process import BOOKS
from yingsheng.processes.duty.process.books import CHECK, SEE
from yingsheng.processes.duty.process.forms import SIGN_LOG
from yingsheng.processes.duty.queries.carrying import carried_over, stoppers
from yingsheng.processes.duty.queries.conduct import Conduct, conduct_of
from yingsheng.processes.duty.queries.lines import Entry, lines_of
from yingsheng.processes.duty.queries.pages import OPEN, find_page
from yingsheng.processes.duty.services.checks import sign_log

router = Router(tags=["duty"])
PageId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
SignIn = schema_from(spec=SIGN_LOG)


class DutyLineOut(Shape):
    """A line of a page. `seq` is its place in the site's book of events; `case` the number of the matter, if any."""

    number: int
    seq: int
    at: MomentOut
    by: PersonOut | None
    kind: str
    text: str
    case: str
    sealed: bool


class DutyLinesOut(Shape):
    """The lines of a page in the order in which they were written."""

    items: list[DutyLineOut]


class CarriedOut(Shape):
    """Something that goes over to the next shift; `stops` says that no handover takes place because of it (D-20)."""

    number: int
    key: str
    word: str
    text: str
    note: str
    important: bool
    accepted: bool
    stops: bool


class CarryOverOut(Shape):
    """The list for the next shift; empty for a page that is not on duty."""

    items: list[CarriedOut]


class SignedOut(Shape):
    """What was signed: how many pages, and the fingerprint of the signature."""

    version: int
    pages: int
    digest: str


class ConductQuery(Shape):
    """Which calendar month."""

    month: Month


class ConductOut(Shape):
    """How one person kept his shifts (D-23); hours are whole hours."""

    person: PersonOut
    shifts: int
    hours: int
    late: int
    untidy: int
    missed: int
    refused: int
    away: int
    wanting: int


class ConductMonthOut(Shape):
    """Everybody who was on duty in the month, or should have been."""

    month: str
    rows: list[ConductOut]


@router.get("/log/{id}/lines", response=DutyLinesOut, operation_id="list_duty_lines")
def list_lines(request: ApiRequest, id: PageId) -> DutyLinesOut:
    """The lines of a page of the log, those that came in by themselves among them (D-14, D-24)."""
    page = _page(request, id)
    return DutyLinesOut(items=[_line(one) for one in lines_of(actor=request.auth.actor, page=page)])


@router.get("/log/{id}/carry-over", response=CarryOverOut, operation_id="list_duty_carry_over")
def list_carry_over(request: ApiRequest, id: PageId) -> CarryOverOut:
    """What goes over to the next shift, what stops the handover first (D-19, D-20)."""
    page = _page(request, id)
    now = request.auth.now
    items = carried_over(page=page, at=now) if page.state in OPEN else []
    stopping = set(stoppers(page=page, items=items, at=now)) if items else set()
    return CarryOverOut(
        items=[
            CarriedOut(
                number=number, key=item.key, word=item.word, text=item.text, note=item.note,
                important=item.fact.important, accepted=item.fact.accepted, stops=item.key in stopping,
            )
            for number, item in enumerate(items, start=1)
        ]
    )  # fmt: skip


@router.post("/sign", response=SignedOut, operation_id="sign_duty_log", openapi_extra=body_doc(SignIn))
def sign(request: ApiRequest) -> HttpResponse:
    """Check and sign every page handed over since the last signature (D-21)."""
    session = request.auth
    session.demand(CHECK)
    sent = read_body(request=request, model=SignIn)
    fields = fields_of(spec=SIGN_LOG, sent=sent, site=session.actor.site)

    def run() -> Reply:
        filing = sign_log(actor=session.actor, at=session.now, **fields)
        return Reply(
            body=SignedOut(version=filing.version, pages=len(filing.content["pages"]), digest=filing.digest)
        )

    return accept(request=request, run=run)


@router.get("/conduct", response=ConductMonthOut, operation_id="show_duty_conduct")
def show_conduct(request: ApiRequest, query: Query[ConductQuery]) -> ConductMonthOut:
    """How shifts were kept in a month; without the power to check one sees only oneself (D-23)."""
    session = request.auth
    session.demand(SEE)
    first = date.fromisoformat(f"{query.month}-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    only = None if session.actor.may(CHECK) else session.actor.staff
    rows = conduct_of(site=session.actor.site, first=first, last=last, now=session.now, staff=only)
    return ConductMonthOut(month=query.month, rows=[_conduct(one) for one in rows])


def _page(request: ApiRequest, pk: int) -> Page:
    session = request.auth
    session.demand(SEE)
    page = find_page(actor=session.actor, pk=pk)
    if page is None:
        raise not_found()
    return page


def _line(entry: Entry) -> DutyLineOut:
    event = entry.event
    return DutyLineOut(
        number=entry.number, seq=event.seq, at=event.at, by=person_out(staff=event.by), kind=event.kind,
        text="" if entry.is_sealed else event_words(event=event, process=entry.process),
        case=entry.case[1] if entry.case else "", sealed=entry.is_sealed,
    )  # fmt: skip


def _conduct(one: Conduct) -> ConductOut:
    person = person_out(staff=one.staff)
    assert person is not None
    return ConductOut(
        person=person, shifts=one.shifts, hours=one.hours, late=one.late, untidy=one.untidy, missed=one.missed,
        refused=one.refused, away=one.away, wanting=one.wanting,
    )  # fmt: skip


for _book in BOOKS:
    router.add_router("", record_router(book=_book, named=f"duty_{_book.code}"))
