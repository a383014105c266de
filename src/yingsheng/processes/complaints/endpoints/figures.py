"""The month's figures of complaints with the rows behind them, and spot checks, over the API (C-73 … C-77)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.cases import readable
from yingsheng.api.fields import FIRST_YEAR, LAST_YEAR, MomentOut, Shape, text_of
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import unknown
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import (
    CaseLine,
    CaseLink,
    CasePage,
    PersonOut,
    for_lines,
    line_of,
    line_values,
    link_of,
)
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.base.months import Window
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.complaints.models import SpotCheck
from yingsheng.processes.complaints.process import words as w
from yingsheng.processes.complaints.queries.month import (
    REPORT,
    STATISTICS,
    Share,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.complaints.services.checks import (
    export_month,
    record_spot_check,
    spot_check_figures,
)

MOST_COUNTED = 999
Kind = Literal["statistics", "report"]
Category = Literal[tuple(code for code, _label in w.CATEGORIES)]  # type: ignore[valid-type]
Severity = Literal[tuple(code for code, _label in w.SEVERITIES)]  # type: ignore[valid-type]
Validity = Literal[tuple(code for code, _label in w.VALIDITIES)]  # type: ignore[valid-type]
router = Router(tags=["complaints"])


class MonthQuery(Shape):
    """Which month: the statistics from the 28th to the 27th, or the calendar month of the company report."""

    year: int = Field(ge=FIRST_YEAR + 1, le=LAST_YEAR - 1)
    month: int = Field(ge=1, le=12)
    kind: Kind = STATISTICS  # type: ignore[assignment]


class RowQuery(MonthQuery, PageQuery):
    """Which of the month's complaints: those behind one figure."""

    category: Category | None = None  # type: ignore[valid-type]
    severity: Severity | None = None  # type: ignore[valid-type]
    validity: Validity | None = None  # type: ignore[valid-type]


class WindowOut(Shape):
    """The days counted, both included, and the day the figures are due."""

    first: date
    last: date
    due: date


class ShareOut(Shape):
    """So many of so many; the rate is null for an empty base."""

    count: int
    base: int
    percent: float | None


class MonthOut(Shape):
    """Counts along every axis (code "" is not classified yet), and the rates of C-74."""

    window: WindowOut
    accepted: int
    by_category: dict[str, int]
    by_validity: dict[str, int]
    by_severity: dict[str, int]
    valid: ShareOut
    timely: ShareOut
    satisfied: ShareOut


class ExportIn(Body):
    """Which month's rows are taken out of the house, and why."""

    year: Annotated[StrictInt, Field(ge=FIRST_YEAR + 1, le=LAST_YEAR - 1)]
    month: Annotated[StrictInt, Field(ge=1, le=12)]
    kind: Kind = STATISTICS  # type: ignore[assignment]
    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class ExportRow(CaseLine):
    """A complaint with what the month's list shows of it (C-73)."""

    method: str
    result: str
    received_by: PersonOut | None


class ExportOut(Shape):
    """All complaints of the month that the token may see."""

    window: WindowOut
    rows: list[ExportRow]


class CheckOut(Shape):
    """A check of the records or a visit to a complainant."""

    id: int
    kind: str
    case: CaseLink | None
    finding: str
    found_count: int
    recorded_count: int
    satisfied: bool | None
    by: PersonOut
    at: MomentOut


class ChecksOut(Shape):
    """The last checks, and this month's counts against what C-76 and C-77 ask (null where nothing is asked)."""

    items: list[CheckOut]
    records: int
    records_target: int | None
    visits: int
    visits_target: int | None
    found: int
    recorded: int


class CheckIn(Body):
    """A check of the records (`records`), or a visit to a complainant (`complainant`) with the key of the case."""

    kind: Literal["records", "complainant"]
    case: text_of(limit=16) = ""  # type: ignore[valid-type]
    finding: text_of(limit=1000, required=True)  # type: ignore[valid-type]
    found_count: Annotated[StrictInt, Field(ge=0, le=MOST_COUNTED)] = 0
    recorded_count: Annotated[StrictInt, Field(ge=0, le=MOST_COUNTED)] = 0
    satisfied: bool | None = None


@router.get("/complaints/month", response=MonthOut, operation_id="show_complaint_month")
def show_month(request: ApiRequest, query: Query[MonthQuery]) -> MonthOut:
    """The figures of a month: accepted by class, share of valid ones, kept in time, content households."""
    session = request.auth
    session.demand("complaints.report")
    window = _window(session=session, year=query.year, month=query.month, kind=query.kind)
    found = month_figures(site=session.actor.site, window=window, now=session.now)
    return MonthOut(
        window=_window_out(window),
        accepted=found.accepted,
        by_category=dict(found.by_category),
        by_validity=dict(found.by_validity),
        by_severity=dict(found.by_severity),
        valid=_share(found.valid),
        timely=_share(found.timely),
        satisfied=_share(found.satisfied),
    )


@router.get("/complaints/month/rows", response=CasePage, operation_id="list_complaint_month")
def list_rows(request: ApiRequest, query: Query[RowQuery]) -> HttpResponse:
    """The complaints behind a figure of the month, newest first."""
    session = request.auth
    session.demand("complaints.report")
    window = _window(session=session, year=query.year, month=query.month, kind=query.kind)
    rows = list_month(actor=session.actor, window=window)
    for name in ("category", "severity", "validity"):
        if value := getattr(query, name):
            rows = rows.filter(**{name: value})
    # the month's list joins more than a line shows; the ids are enough to ask for lines
    lines = for_lines(rows=Case.objects.filter(pk__in=rows.order_by().values("pk")))
    found, following = page_newest(rows=lines, field="received_at", query=query)
    return page_response(
        page=CasePage(items=[line_of(case=case, now=session.now) for case in found], next=following)
    )


@router.post(
    "/complaints/month/export",
    response=ExportOut,
    operation_id="export_complaint_month",
    openapi_extra=body_doc(ExportIn),
)
def export(request: ApiRequest) -> HttpResponse:
    """Take a month's complaints out of the house; who did it and why is an event. A key has no effect here."""
    session = request.auth
    session.demand("complaints.report")
    session.demand(Allow.EXPORT)
    sent = read_body(request=request, model=ExportIn)
    window = _window(session=session, year=sent.year, month=sent.month, kind=sent.kind)

    def run() -> Reply:
        rows = list(list_month(actor=session.actor, window=window))
        export_month(actor=session.actor, window=window, count=len(rows), reason=sent.reason, at=session.now)
        return Reply(
            body=ExportOut(
                window=_window_out(window), rows=[_export_row(session=session, case=case) for case in rows]
            )
        )

    return accept(request=request, run=run, keep=False)


@router.get("/complaints/spot-checks", response=ChecksOut, operation_id="list_spot_checks")
def list_checks(request: ApiRequest) -> ChecksOut:
    """The last spot checks, and what this month still asks for (C-76, C-77)."""
    session = request.auth
    session.demand("complaints.spot_check")
    rows, targets = spot_check_figures(site=session.actor.site, now=session.now)
    return ChecksOut(items=[_check(row) for row in rows], **{name: _count(targets[name]) for name in targets})


@router.post(
    "/complaints/spot-checks",
    response={201: CheckOut},
    operation_id="record_spot_check",
    openapi_extra=body_doc(CheckIn),
)
def record_check(request: ApiRequest) -> HttpResponse:
    """Write a check of the records or a visit to a complainant (C-76, C-77)."""
    session = request.auth
    session.demand("complaints.spot_check")
    sent = read_body(request=request, model=CheckIn)
    case = None
    if sent.case:
        case = readable(session=session).filter(process="complaints", key=sent.case).first()
        if case is None:
            raise unknown(field="case", text=N("没有这条投诉，或者您不能查看"))

    def run() -> Reply:
        row = record_spot_check(
            site=session.actor.site,
            kind=sent.kind,
            finding=sent.finding,
            by=session.actor.staff,
            at=session.now,
            case=case,
            found_count=sent.found_count,
            recorded_count=sent.recorded_count,
            satisfied=sent.satisfied,
        )
        return Reply(status=201, body=_check(row))

    return accept(request=request, run=run)


def _window(*, session: Session, year: int, month: int, kind: str) -> Window:
    chosen = REPORT if kind == REPORT else STATISTICS
    return window_of(kind=chosen, year=year, month=month, site=session.actor.site, at=session.now)


def _window_out(window: Window) -> WindowOut:
    return WindowOut(first=window.first, last=window.last, due=window.due)


def _share(share: Share) -> ShareOut:
    return ShareOut(count=share.count, base=share.base, percent=share.percent)


def _count(value: object) -> Any:
    return int(value) if isinstance(value, int | float | str) else None


def _check(row: SpotCheck) -> CheckOut:
    return CheckOut(
        id=row.pk,
        kind=row.kind,
        case=link_of(case=row.case),
        finding=row.finding,
        found_count=row.found_count,
        recorded_count=row.recorded_count,
        satisfied=row.satisfied,
        by=PersonOut(username=row.by.username, name=row.by.name),
        at=row.at,
    )


def _export_row(*, session: Session, case: Case) -> ExportRow:
    complaint = getattr(case, "complaint", None)  # one brought over from another system has none
    by = case.received_by
    return ExportRow(
        **line_values(case=case, now=session.now),
        method=complaint.method if complaint is not None else "",
        result=complaint.result if complaint is not None else "",
        received_by=PersonOut(username=by.username, name=by.name) if by is not None else None,
    )
