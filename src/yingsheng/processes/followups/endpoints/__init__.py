"""Visits over the API: what is owed, arranging, recording and exempting, and the rates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import MomentIn, MomentOut, Shape
from yingsheng.api.obligations import RowId
from yingsheng.api.paging import PageQuery, page_earliest
from yingsheng.api.problems import ApiProblem, Mistake, not_found
from yingsheng.api.schemas import Body, fields_of, raise_mistakes, schema_from
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.shapes import CaseLink, PersonOut, RoomOut, person_out, room_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.formspec import FormSpec
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Room
from yingsheng.processes.followups.endpoints.orders import router as order_router
from yingsheng.processes.followups.endpoints.plan import router as plan_router
from yingsheng.processes.followups.endpoints.rates import RateOut, rates_out
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.process.forms import ARRANGE, EXEMPT, VISIT
from yingsheng.processes.followups.queries import (
    contentment,
    find_follow_up,
    is_overdue,
    list_owed,
    rates_by_matter,
    rates_by_rank,
    view_of,
    visible_follow_ups,
    with_home,
)
from yingsheng.processes.followups.services import arrange_visit, exempt_visit, record_visit

SEEN = (("seen", Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]),)
router = Router(tags=["followups"])
router.add_router("", order_router)
router.add_router("", plan_router)


class FollowUpLine(Shape):
    """A visit owed, agreed or made."""

    id: int
    case: CaseLink
    room: RoomOut | None
    caller_name: str
    matter: str
    part: str
    round: int
    state: str
    state_label: str
    version: int
    handled_at: MomentOut
    due_at: MomentOut | None
    overdue: bool
    heads_needed: bool
    appointment_at: MomentOut | None
    planned_day: date | None
    planned_roles: list[str]
    assigned: PersonOut | None


class FollowUpPage(Shape):
    """A page of visits, the earliest due first."""

    items: list[FollowUpLine]
    next: str | None


class FollowUpOut(FollowUpLine):
    """A visit with what it showed: the five evaluations, who went, who signed."""

    appointment_note: str
    mode: str
    no_visit_reason: str
    visited_at: MomentOut | None
    visitors: list[PersonOut]
    quality: int | None
    effect: int | None
    satisfaction: int | None
    shortcomings: str
    suggestions: str
    summary: str
    signed_by: str
    exempt_reason: str


class FollowUpFilters(PageQuery):
    """Which visits; without a state or a view, those still owed."""

    state: Literal["due", "scheduled", "satisfied", "unsatisfied", "exempt", "void", "reserve"] | None = None
    view: Literal["owed", "today", "overdue", "week", "waiting", "yesterday", "unhappy"] | None = None
    overdue: bool = False


class Period(Shape):
    """From a moment up to before another."""

    start: MomentIn
    end: MomentIn


class RatesOut(Shape):
    """Visits of a period by kind of matter (F-07) and by rank (F-12), and the content households of those visited."""

    by_matter: list[RateOut]
    by_rank: list[RateOut]
    visited: int
    satisfied: int


@router.get("", response=FollowUpPage, operation_id="list_follow_ups")
def list_visits(request: ApiRequest, filters: Query[FollowUpFilters]) -> FollowUpPage:
    """The visits owed (or of one state), the earliest due first."""
    session = request.auth
    session.demand("followups.see")
    rows = list_owed(actor=session.actor)
    if filters.state is not None or filters.view is not None:
        rows = with_home(rows=visible_follow_ups(actor=session.actor))
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if filters.view is not None:
        rows = rows.filter(view_of(name=filters.view, now=session.now))
    if filters.overdue:
        rows = rows.filter(due_at__lt=session.now, limited=True)
    found, following = page_earliest(rows=rows, field="due_at", query=filters)
    return FollowUpPage(
        items=[FollowUpLine(**_values(row=row, now=session.now)) for row in found], next=following
    )


@router.get("/rates", response=RatesOut, operation_id="show_follow_up_rates")
def show_rates(request: ApiRequest, period: Query[Period]) -> RatesOut:
    """How many of the matters handled in a time were visited, against what the rules ask."""
    session = request.auth
    session.demand("followups.quota")
    if period.end <= period.start:
        raise ApiProblem(status=422, code="unfit", text=N("结束时间要晚于开始时间"), field="end")
    span: dict[str, Any] = {"site": session.actor.site, "start": period.start, "end": period.end}
    content = contentment(**span)
    return RatesOut(
        by_matter=rates_out(rates_by_matter(**span)),
        by_rank=rates_out(rates_by_rank(**span)),
        visited=content.visited,
        satisfied=content.satisfied,
    )


@router.get("/{int:id}", response=FollowUpOut, operation_id="show_follow_up")
def show_visit(request: ApiRequest, id: RowId) -> FollowUpOut:
    """One visit."""
    session = request.auth
    return _full(row=_visit_or_404(session=session, pk=id), now=session.now)


@router.post(
    "/{int:id}/arrange",
    response=FollowUpOut,
    operation_id="arrange_follow_up",
    summary=ARRANGE.title,
    openapi_extra=body_doc(schema_from(spec=ARRANGE, extra=SEEN)),
)
def arrange(request: ApiRequest, id: RowId) -> HttpResponse:
    """Agree a time with the household and name who goes (F-14, F-23)."""
    session = request.auth
    row, seen, fields = _take(request=request, pk=id, spec=ARRANGE, permission="followups.arrange")

    def run() -> Reply:
        arrange_visit(follow_up=row, by=session.actor.staff, at=session.now, seen=seen, **fields)
        return _reply(session=session, pk=row.pk)

    return accept(request=request, run=run)


@router.post(
    "/{int:id}/visit",
    response=FollowUpOut,
    operation_id="record_follow_up",
    summary=VISIT.title,
    openapi_extra=body_doc(schema_from(spec=VISIT, extra=SEEN)),
)
def record(request: ApiRequest, id: RowId) -> HttpResponse:
    """Record a visit that was made (F-08 … F-13); not satisfied means more work and another visit."""
    session = request.auth
    row, seen, fields = _take(request=request, pk=id, spec=VISIT, permission="followups.visit")
    visitors = [one for one in (fields.pop("visitor_one"), fields.pop("visitor_two")) if one is not None]
    if len({one.pk for one in visitors}) < len(visitors):
        raise_mistakes(
            mistakes=[Mistake(field="visitor_two", code="doubled", text=N("同去的人要是另一个人"))]
        )
    fields |= {name: int(fields[name]) for name in ("quality", "effect", "satisfaction")}
    fields["satisfied"] = fields["satisfied"] == "yes"

    def run() -> Reply:
        record_visit(
            follow_up=row, visitors=visitors, by=session.actor.staff, at=session.now, seen=seen, **fields
        )
        return _reply(session=session, pk=row.pk)

    return accept(request=request, run=run)


@router.post(
    "/{int:id}/exempt",
    response=FollowUpOut,
    operation_id="exempt_follow_up",
    summary=EXEMPT.title,
    openapi_extra=body_doc(schema_from(spec=EXEMPT, extra=SEEN)),
)
def exempt(request: ApiRequest, id: RowId) -> HttpResponse:
    """Release from a visit with a reason (F-07)."""
    session = request.auth
    row, seen, fields = _take(request=request, pk=id, spec=EXEMPT, permission="followups.arrange")

    def run() -> Reply:
        exempt_visit(follow_up=row, by=session.actor.staff, at=session.now, seen=seen, **fields)
        return _reply(session=session, pk=row.pk)

    return accept(request=request, run=run)


def _visit_or_404(*, session: Session, pk: int) -> FollowUp:
    session.demand("followups.see")
    row = find_follow_up(actor=session.actor, pk=pk)
    if row is None:
        raise not_found()
    return row


def _take(
    *, request: ApiRequest, pk: int, spec: FormSpec, permission: str
) -> tuple[FollowUp, int, dict[str, Any]]:
    """The visit, the version it was decided on, and the fields of the form; 404 before 403 before 422."""
    session = request.auth
    row = _visit_or_404(session=session, pk=pk)
    session.demand(permission)
    sent: Body = read_body(request=request, model=schema_from(spec=spec, extra=SEEN))
    seen: int = getattr(sent, "seen")  # noqa: B009
    return row, seen, fields_of(spec=spec, sent=sent, site=session.actor.site)


def _reply(*, session: Session, pk: int) -> Reply:
    row = with_home(rows=FollowUp.objects.all()).get(pk=pk)
    return Reply(body=_full(row=row, now=session.now))


def _values(*, row: FollowUp, now: datetime) -> dict[str, Any]:
    case = row.case
    room: Room | None = row.household.room if row.household is not None else case.room
    return {
        "id": row.pk,
        "case": CaseLink(key=case.key, number=case.number),
        "room": room_out(room=room),
        "caller_name": case.caller_name,
        "matter": row.matter,
        "part": row.part,
        "round": row.round,
        "state": row.state,
        "state_label": str(FollowUp.State(row.state).label),
        "version": row.version,
        "handled_at": row.handled_at,
        "due_at": row.due_at if row.limited else None,
        "overdue": is_overdue(row=row, now=now),
        "heads_needed": row.heads_needed,
        "appointment_at": row.appointment_at,
        "planned_day": row.planned_day,
        "planned_roles": row.planned_roles,
        "assigned": person_out(staff=row.assigned),
    }


def _full(*, row: FollowUp, now: datetime) -> FollowUpOut:
    people = [visit.staff for visit in row.visits.select_related("staff").order_by("pk")]
    return FollowUpOut(
        **_values(row=row, now=now),
        appointment_note=row.appointment_note,
        mode=row.mode,
        no_visit_reason=row.no_visit_reason,
        visited_at=row.visited_at,
        visitors=[PersonOut(username=staff.username, name=staff.name) for staff in people],
        quality=row.quality,
        effect=row.effect,
        satisfaction=row.satisfaction,
        shortcomings=row.shortcomings,
        suggestions=row.suggestions,
        summary=row.summary,
        signed_by=row.signed_by,
        exempt_reason=row.exempt_reason,
    )
