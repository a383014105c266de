"""What the complaint desk hands in and learns, over the API: unanswered, months, measures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.obligations import RowId
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLine, CaseLink, PersonOut, line_of, link_of
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import is_unchanged, period_name
from yingsheng.processes.complaints.models import Improvement
from yingsheng.processes.complaints.process.more_forms import (
    ADJUST,
    EVALUATE,
    FILE_MONTH,
    IMPROVE,
    SIGN_UNANSWERED,
)
from yingsheng.processes.complaints.queries.filings import find_filing, list_months
from yingsheng.processes.complaints.queries.improvements import (
    find_improvement,
    group_named,
    list_improvements,
)
from yingsheng.processes.complaints.queries.unanswered import list_unanswered
from yingsheng.processes.complaints.services.filing import file_month, sign_unanswered
from yingsheng.processes.complaints.services.improving import (
    adjust_improvement,
    evaluate_improvement,
    start_improvement,
)

MOST = 200
SEEN = (("seen", Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]),)
MONTH = (
    ("kind", Literal["statistics", "report"]),
    ("year", Annotated[StrictInt, Field(ge=2000, le=2099)]),
    ("month", Annotated[StrictInt, Field(ge=1, le=12)]),
)
router = Router(tags=["complaints"])


class Unanswered(Shape):
    """The complaints whose household has no answer yet, the longest waiting first."""

    items: list[CaseLine]


class FiledMonth(FilingLine):
    """A month that was handed in, without its rows."""

    kind: str
    name: str


class Months(Shape):
    """The months handed in, newest first."""

    items: list[FiledMonth]


class FiledContent(FiledMonth):
    """A month exactly as it was handed in; `unchanged` says whether it still bears its fingerprint."""

    unchanged: bool
    content: dict[str, Any]


class ImprovementOut(Shape):
    """A measure: what was seen, what is done, whether it helped."""

    id: int
    source: str
    category: str
    month: date | None
    case: CaseLink | None
    pattern: str
    measure: str
    responsible: PersonOut
    done_by: date
    evaluate_on: date
    round: int
    state: str
    version: int
    evaluation: str
    evaluated_at: MomentOut | None
    started_at: MomentOut


class Improvements(Shape):
    """The measures of the site, those to be judged or adjusted first."""

    items: list[ImprovementOut]


@router.get("/complaints/unanswered", response=Unanswered, operation_id="list_unanswered_complaints")
def show_unanswered(request: ApiRequest) -> Unanswered:
    """The complaints without an answer, whatever their state (C-69)."""
    session = request.auth
    session.demand("complaints.see")
    rows = list_unanswered(actor=session.actor).select_related("person")[:MOST]
    return Unanswered(items=[line_of(case=case, now=session.now) for case in rows])


@router.post(
    "/complaints/unanswered/sign",
    response={201: FilingLine},
    operation_id="sign_unanswered_complaints",
    openapi_extra=body_doc(schema_from(spec=SIGN_UNANSWERED)),
)
def sign(request: ApiRequest) -> HttpResponse:
    """Sign that today's list was gone through; the list is kept as it stood (C-69)."""
    session = request.auth
    session.demand("complaints.sign_unanswered")
    sent = read_body(request=request, model=schema_from(spec=SIGN_UNANSWERED))
    fields = fields_of(spec=SIGN_UNANSWERED, sent=sent, site=session.actor.site)

    def run() -> Reply:
        made = sign_unanswered(actor=session.actor, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


@router.get("/complaints/filings", response=Months, operation_id="list_complaint_filings")
def show_filings(request: ApiRequest) -> Months:
    """The months of statistics and report that were handed in (C-73, C-75)."""
    session = request.auth
    session.demand("complaints.report")
    lines = list_months(site=session.actor.site)
    return Months(items=[_filed(filing) for line in lines for filing in line.filings])


@router.post(
    "/complaints/filings",
    response={201: FiledContent},
    operation_id="file_complaint_month",
    openapi_extra=body_doc(schema_from(spec=FILE_MONTH, extra=MONTH)),
)
def hand_in(request: ApiRequest) -> HttpResponse:
    """Hand in a month: figures and every complaint, frozen; again only with the reason of the correction."""
    session = request.auth
    session.demand("complaints.file")
    sent = read_body(request=request, model=schema_from(spec=FILE_MONTH, extra=MONTH))
    fields = fields_of(spec=FILE_MONTH, sent=sent, site=session.actor.site)
    which = {name: getattr(sent, name) for name, _kind in MONTH}

    def run() -> Reply:
        made = file_month(actor=session.actor, at=session.now, **which, **fields)
        return Reply(status=201, body=_content(made))

    return accept(request=request, run=run)


@router.get("/complaints/filings/{int:id}", response=FiledContent, operation_id="show_complaint_filing")
def show_filing(request: ApiRequest, id: RowId) -> FiledContent:
    """A month as it was handed in, with its rows."""
    session = request.auth
    session.demand("complaints.report")
    found = find_filing(site=session.actor.site, pk=id)
    if found is None:
        raise not_found()
    return _content(found)


@router.get("/improvements", response=Improvements, operation_id="list_improvements")
def show_improvements(request: ApiRequest) -> Improvements:
    """The register of measures (C-79, F-22)."""
    session = request.auth
    session.demand("complaints.report")
    return Improvements(items=[_measure(row) for row in list_improvements(site=session.actor.site)[:MOST]])


@router.post(
    "/improvements",
    response={201: ImprovementOut},
    operation_id="start_improvement",
    openapi_extra=body_doc(schema_from(spec=IMPROVE)),
)
def start(request: ApiRequest) -> HttpResponse:
    """Decide a measure, by whom, until when, and when it is judged."""
    session = request.auth
    session.demand("complaints.improve")
    sent = read_body(request=request, model=schema_from(spec=IMPROVE))
    fields = fields_of(spec=IMPROVE, sent=sent, site=session.actor.site)

    def run() -> Reply:
        number = fields.pop("number")
        case = group_named(actor=session.actor, number=number)
        made = start_improvement(
            site=session.actor.site, by=session.actor.staff, at=session.now, case=case, **fields
        )
        return Reply(status=201, body=_measure(made))

    return accept(request=request, run=run)


@router.get("/improvements/{int:id}", response=ImprovementOut, operation_id="show_improvement")
def show_improvement(request: ApiRequest, id: RowId) -> ImprovementOut:
    """One measure."""
    return _measure(_measure_or_404(session=request.auth, pk=id))


@router.post(
    "/improvements/{int:id}/evaluate",
    response=ImprovementOut,
    operation_id="evaluate_improvement",
    openapi_extra=body_doc(schema_from(spec=EVALUATE, extra=SEEN)),
)
def evaluate(request: ApiRequest, id: RowId) -> HttpResponse:
    """Judge whether a measure helped."""
    session = request.auth
    row = _measure_or_404(session=session, pk=id)
    session.demand("complaints.improve")
    sent = read_body(request=request, model=schema_from(spec=EVALUATE, extra=SEEN))
    fields = fields_of(spec=EVALUATE, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009

    def run() -> Reply:
        made = evaluate_improvement(
            improvement=row, effective=fields["effective"] == "yes", evaluation=fields["evaluation"],
            by=session.actor.staff, at=session.now, seen=seen,
        )  # fmt: skip
        return Reply(body=_measure(made))

    return accept(request=request, run=run)


@router.post(
    "/improvements/{int:id}/adjust",
    response=ImprovementOut,
    operation_id="adjust_improvement",
    openapi_extra=body_doc(schema_from(spec=ADJUST, extra=SEEN)),
)
def adjust(request: ApiRequest, id: RowId) -> HttpResponse:
    """Replace a measure that did not help."""
    session = request.auth
    row = _measure_or_404(session=session, pk=id)
    session.demand("complaints.improve")
    sent = read_body(request=request, model=schema_from(spec=ADJUST, extra=SEEN))
    fields = fields_of(spec=ADJUST, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009

    def run() -> Reply:
        made = adjust_improvement(
            improvement=row, by=session.actor.staff, at=session.now, seen=seen, **fields
        )
        return Reply(body=_measure(made))

    return accept(request=request, run=run)


def _measure_or_404(*, session: Session, pk: int) -> Improvement:
    session.demand("complaints.report")
    found = find_improvement(site=session.actor.site, pk=pk)
    if found is None:
        raise not_found()
    return found


def _filed(filing: Filing) -> FiledMonth:
    kind = filing.period.code.removeprefix("complaint_")
    return FiledMonth(**dict(filing_line(row=filing)), kind=kind, name=period_name(period=filing.period))


def _content(filing: Filing) -> FiledContent:
    return FiledContent(**dict(_filed(filing)), unchanged=is_unchanged(filing=filing), content=filing.content)


def _measure(row: Improvement) -> ImprovementOut:
    return ImprovementOut(
        id=row.pk,
        source=row.source,
        category=row.category,
        month=row.month,
        case=link_of(case=row.case),
        pattern=row.pattern,
        measure=row.measure,
        responsible=PersonOut(username=row.responsible.username, name=row.responsible.name),
        done_by=row.done_by,
        evaluate_on=row.evaluate_on,
        round=row.round,
        state=row.state,
        version=row.version,
        evaluation=row.evaluation,
        evaluated_at=row.evaluated_at,
        started_at=row.started_at,
    )
