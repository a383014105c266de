"""The desk's day and the officer who receives, over the API (B-05, B-13, B-15)."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import MomentIn, MomentOut, Shape
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.problems import unknown
from yingsheng.api.schemas import UNKNOWN_STAFF, fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import PersonOut
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.org.queries import list_staff
from yingsheng.processes.enquiries.process import DAY_REPORT, OFFICER, TIDY
from yingsheng.processes.enquiries.queries import count_praises, kind_figures
from yingsheng.processes.enquiries.services.passing import appoint_officer
from yingsheng.processes.enquiries.services.reporting import report_day
from yingsheng.processes.enquiries.services.tidying import ITEMS, check_tidiness

router = Router(tags=["contacts"])
TIDY_MODEL = schema_from(spec=TIDY, extra=(("part", Literal[tuple(ITEMS)]),))


class KindLine(Shape):
    """A kind in a month."""

    kind: str
    settled_at_once: int
    opened: int
    closed: int
    in_time: int
    late: int


class KindMonth(Shape):
    """A month of the desk by kind."""

    items: list[KindLine]


class KindMonthQuery(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2099)
    month: int = Field(ge=1, le=12)


class PraiseQuery(Shape):
    """Whose praise, from a moment up to before another."""

    username: str = Field(max_length=60)
    start: MomentIn
    end: MomentIn


class PraiseOut(Shape):
    """How often somebody was praised."""

    count: int


class OfficerOut(Shape):
    """Who receives at the site, and since when."""

    staff: PersonOut
    since: MomentOut


@router.post(
    "/day",
    response={201: FilingLine},
    operation_id="report_desk_day",
    summary=DAY_REPORT.title,
    openapi_extra=body_doc(schema_from(spec=DAY_REPORT)),
)
def report(request: ApiRequest) -> HttpResponse:
    """Report today's contacts, complaints and enquiries to the desk's superiors (B-13)."""
    session = request.auth
    session.demand("enquiries.report")
    sent = read_body(request=request, model=schema_from(spec=DAY_REPORT))
    fields = fields_of(spec=DAY_REPORT, sent=sent, site=session.actor.site)

    def run() -> Reply:
        return Reply(
            status=201, body=filing_line(row=report_day(actor=session.actor, at=session.now, **fields))
        )

    return accept(request=request, run=run)


@router.post(
    "/officer",
    response={201: OfficerOut},
    operation_id="name_reception_officer",
    summary=OFFICER.title,
    openapi_extra=body_doc(schema_from(spec=OFFICER)),
)
def name_officer(request: ApiRequest) -> HttpResponse:
    """Name who receives at the site (B-05)."""
    session = request.auth
    session.demand("enquiries.appoint")
    sent = read_body(request=request, model=schema_from(spec=OFFICER))
    fields = fields_of(spec=OFFICER, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = appoint_officer(actor=session.actor, at=session.now, **fields)
        person = PersonOut(username=made.staff.username, name=made.staff.name)
        return Reply(status=201, body=OfficerOut(staff=person, since=made.since))

    return accept(request=request, run=run)


@router.post(
    "/tidy",
    response={201: FilingLine},
    operation_id="check_tidiness",
    summary=TIDY.title,
    openapi_extra=body_doc(TIDY_MODEL),
)
def tidy(request: ApiRequest) -> HttpResponse:
    """Tick the list of the desk or of the visitors' place for today (B-12)."""
    session = request.auth
    session.demand("enquiries.tidy")
    sent: Any = read_body(request=request, model=TIDY_MODEL)
    fields = fields_of(spec=TIDY, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = check_tidiness(actor=session.actor, at=session.now, part=sent.part, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


@router.get("/kinds", response=KindMonth, operation_id="show_kind_figures")
def show_kinds(request: ApiRequest, asked: Query[KindMonthQuery]) -> KindMonth:
    """The month by kind: settled at once, opened, closed, answered in time and late (B-17)."""
    session = request.auth
    session.demand("enquiries.see")
    found = kind_figures(actor=session.actor, year=asked.year, month=asked.month)
    return KindMonth(
        items=[
            KindLine(
                kind=one.kind, settled_at_once=one.settled_at_once, opened=one.opened, closed=one.closed,
                in_time=one.in_time, late=one.late,
            )
            for one in found
        ]
    )  # fmt: skip


@router.get("/praises", response=PraiseOut, operation_id="count_praises")
def show_praises(request: ApiRequest, asked: Query[PraiseQuery]) -> PraiseOut:
    """How often a member of staff was praised, for his appraisal (B-07)."""
    session = request.auth
    session.demand("enquiries.see")
    site = session.actor.site
    person = list_staff(site_id=site.pk, at=session.now).filter(username=asked.username).first()
    if person is None:
        raise unknown(field="username", text=UNKNOWN_STAFF)
    return PraiseOut(count=count_praises(site=site, staff_id=person.pk, start=asked.start, end=asked.end))
