"""Ordered calls and the month's analysis over the API (F-15, F-20, F-22)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.obligations import RowId
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import CaseLink, PersonOut, RoomOut, link_of, person_out, room_out
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.followups.models import CallOrder
from yingsheng.processes.followups.process.forms import ANALYSE, CALL, ORDER
from yingsheng.processes.followups.queries import case_named, find_order, household_of, list_orders
from yingsheng.processes.followups.services.analysis import file_analysis
from yingsheng.processes.followups.services.orders import order_call, record_call

MOST = 200
SEEN = (("seen", Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]),)
MONTH = (("month", Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]),)
router = Router(tags=["followups"])


class OrderOut(Shape):
    """A call ordered, and what it brought."""

    id: int
    kind: str
    case: CaseLink | None
    room: RoomOut | None
    text: str
    plan: str
    assigned: PersonOut | None
    ordered_by: PersonOut
    ordered_at: MomentOut
    state: str
    version: int
    tries: int
    outcome: str
    called_at: MomentOut | None
    called_by: PersonOut | None


class Orders(Shape):
    """The calls ordered at the site, open ones first."""

    items: list[OrderOut]


@router.get("/orders", response=Orders, operation_id="list_call_orders")
def show_orders(request: ApiRequest) -> Orders:
    """Calls that a leader ordered or a plan lays down (F-15)."""
    session = request.auth
    session.demand("followups.see")
    return Orders(items=[_out(row) for row in list_orders(actor=session.actor)[:MOST]])


@router.post(
    "/orders",
    response={201: OrderOut},
    operation_id="order_call",
    summary=ORDER.title,
    openapi_extra=body_doc(schema_from(spec=ORDER)),
)
def order(request: ApiRequest) -> HttpResponse:
    """Order a call about a case (by number) or a household (by room)."""
    session = request.auth
    session.demand("followups.order")
    sent = read_body(request=request, model=schema_from(spec=ORDER))
    fields = fields_of(spec=ORDER, sent=sent, site=session.actor.site)

    def run() -> Reply:
        values: dict[str, Any] = dict(fields)
        case = case_named(actor=session.actor, number=values.pop("number"))
        home = household_of(actor=session.actor, room=values.pop("room"))
        made = order_call(actor=session.actor, at=session.now, case=case, household=home, **values)
        return Reply(status=201, body=_out(made))

    return accept(request=request, run=run)


@router.get("/orders/{int:id}", response=OrderOut, operation_id="show_call_order")
def show_order(request: ApiRequest, id: RowId) -> OrderOut:
    """One ordered call."""
    session = request.auth
    session.demand("followups.see")
    found = find_order(actor=session.actor, pk=id)
    if found is None:
        raise not_found()
    return _out(found)


@router.post(
    "/orders/{int:id}/call",
    response=OrderOut,
    operation_id="record_call",
    summary=CALL.title,
    openapi_extra=body_doc(schema_from(spec=CALL, extra=SEEN)),
)
def call(request: ApiRequest, id: RowId) -> HttpResponse:
    """Write what a call brought; who ordered it hears the outcome (F-15)."""
    session = request.auth
    session.demand("followups.see")
    found = find_order(actor=session.actor, pk=id)
    if found is None:
        raise not_found()
    session.demand("followups.visit")
    sent = read_body(request=request, model=schema_from(spec=CALL, extra=SEEN))
    fields = fields_of(spec=CALL, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009

    def run() -> Reply:
        return Reply(
            body=_out(record_call(order=found, actor=session.actor, at=session.now, seen=seen, **fields))
        )

    return accept(request=request, run=run)


@router.post(
    "/analysis",
    response={201: FilingLine},
    operation_id="sign_follow_up_analysis",
    summary=ANALYSE.title,
    openapi_extra=body_doc(schema_from(spec=ANALYSE, extra=MONTH)),
)
def analyse(request: ApiRequest) -> HttpResponse:
    """Sign the analysis of a month of visits (F-22)."""
    session = request.auth
    session.demand("followups.quota")
    sent = read_body(request=request, model=schema_from(spec=ANALYSE, extra=MONTH))
    fields = fields_of(spec=ANALYSE, sent=sent, site=session.actor.site)
    month = date.fromisoformat(f"{getattr(sent, 'month')}-01")  # noqa: B009

    def run() -> Reply:
        made = file_analysis(actor=session.actor, month=month, at=session.now, **fields)
        return Reply(status=201, body=filing_line(row=made))

    return accept(request=request, run=run)


def _out(row: CallOrder) -> OrderOut:
    return OrderOut(
        id=row.pk,
        kind=row.kind,
        case=link_of(case=row.case),
        room=room_out(room=row.household.room if row.household is not None else None),
        text=row.text,
        plan=row.plan,
        assigned=person_out(staff=row.assigned),
        ordered_by=PersonOut(username=row.ordered_by.username, name=row.ordered_by.name),
        ordered_at=row.ordered_at,
        state=row.state,
        version=row.version,
        tries=row.tries,
        outcome=row.outcome,
        called_at=row.called_at,
        called_by=person_out(staff=row.called_by),
    )
