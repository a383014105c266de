"""The figures of a month of emergencies with the rows behind them, over the API (KPI-32)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import MomentOut, Shape, text_of
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import CaseLink, PersonOut, link_of, person_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.emergencies.queries import MonthSpan, courses_of, list_month, month_span
from yingsheng.processes.emergencies.rules.months import month_figures
from yingsheng.processes.emergencies.services.drilling import export_month

Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
router = Router(tags=["emergencies"])


class EmergencyMonthQuery(Shape):
    """Which calendar month."""

    month: Month


class EmergencyExportIn(Body):
    """Which month's rows are taken out of the house, and why."""

    month: Month
    reason: text_of(limit=200, required=True)  # type: ignore[valid-type]


class EmergencyCourseOut(Shape):
    """One emergency of the month with its moments; `report` is how the promise of its report stands."""

    case: CaseLink
    kind: str
    state: str
    received_at: MomentOut
    acknowledged_at: MomentOut | None
    acknowledged_by: PersonOut | None
    arrived_at: MomentOut | None
    resolved_at: MomentOut | None
    injured: int | None
    loss_fen: int | None
    report: str


class EmergencyFiguresOut(Shape):
    """Counts by kind, average minutes (null without a single one), reports on time (KPI-32)."""

    month: str
    total: int
    false_alarms: int
    by_kind: dict[str, int]
    to_acknowledge: int | None
    to_arrive: int | None
    to_resolve: int | None
    reports_due: int
    reports_kept: int
    rows: list[EmergencyCourseOut]


class EmergencyExportOut(Shape):
    """All emergencies of the month that the token may see."""

    month: str
    rows: list[EmergencyCourseOut]


@router.get("/month", response=EmergencyFiguresOut, operation_id="show_emergency_month")
def show_month(request: ApiRequest, query: Query[EmergencyMonthQuery]) -> EmergencyFiguresOut:
    """The figures of a month and the emergencies behind them."""
    session = request.auth
    session.demand("emergencies.report")
    span = _span(query.month)
    rows = list(list_month(actor=session.actor, span=span))
    found = month_figures(courses=courses_of(cases=rows), now=session.now)
    return EmergencyFiguresOut(
        month=span.name,
        total=found.total,
        false_alarms=found.false_alarms,
        by_kind=dict(found.by_kind),
        to_acknowledge=found.to_acknowledge,
        to_arrive=found.to_arrive,
        to_resolve=found.to_resolve,
        reports_due=found.reports_due,
        reports_kept=found.reports_kept,
        rows=[_row(case) for case in rows],
    )


@router.post(
    "/month/export",
    response=EmergencyExportOut,
    operation_id="export_emergency_month",
    openapi_extra=body_doc(EmergencyExportIn),
)
def export(request: ApiRequest) -> HttpResponse:
    """Take a month's emergencies out of the house; who did it and why is an event. A key has no effect here."""
    session = request.auth
    session.demand("emergencies.report")
    session.demand(Allow.EXPORT)
    sent = read_body(request=request, model=EmergencyExportIn)
    span = _span(sent.month)

    def run() -> Reply:
        rows = list(list_month(actor=session.actor, span=span))
        export_month(
            actor=session.actor, month=span.name, count=len(rows), reason=sent.reason, at=session.now
        )
        return Reply(body=EmergencyExportOut(month=span.name, rows=[_row(case) for case in rows]))

    return accept(request=request, run=run, keep=False)


def _span(month: str) -> MonthSpan:
    return month_span(first=date.fromisoformat(f"{month}-01"))


def _row(case: Any) -> EmergencyCourseOut:
    emergency = case.emergency
    link = link_of(case=case)
    assert link is not None
    return EmergencyCourseOut(
        case=link,
        kind=case.category,
        state=case.state,
        received_at=case.received_at,
        acknowledged_at=emergency.acknowledged_at,
        acknowledged_by=person_out(staff=emergency.acknowledged_by),
        arrived_at=emergency.arrived_at,
        resolved_at=case.handled_at,
        injured=emergency.injured,
        loss_fen=emergency.loss_fen,
        report=case.report_state or "",
    )
