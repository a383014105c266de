"""Work orders, workers and prices."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, MomentIn, MomentOut, Shape
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import Body, fields_of, schema_from
from yingsheng.api.sessions import ApiRequest, Session
from yingsheng.api.writing import Reply, accept, body_doc, page_response, read_body
from yingsheng.kernel.charges.forms import PRICE
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import list_prices
from yingsheng.kernel.charges.services import end_price, set_price
from yingsheng.kernel.orders.models import WorkerProfile, WorkOrder
from yingsheng.kernel.orders.queries import find_order, on_shift, visible_orders, with_place
from yingsheng.kernel.orders.rules import OPEN
from yingsheng.kernel.orders.services import share_out_pool
from yingsheng.kernel.orders.verbs import VERBS, Verb, offers
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
View = Literal["pool", "mine", "open", "done", "all"]


class OrderFilters(PageQuery):
    """Which orders, the last issued first."""

    view: View = Field("open", description="pool: nobody has it; done: its form is still out")


class MaterialOut(Shape):
    """What was taken for an order and how much came back; quantities as text."""

    name: str
    quantity: str
    returned: str
    price_fen: int


class WorkOrderOut(Shape):
    """A work order."""

    key: str
    number: str
    case: str
    case_number: str
    state: str
    version: int
    trade: str
    task: str
    urgent: bool
    outdoor: bool
    department: str
    worker: str
    outside: str
    room: str
    issued_at: MomentOut
    due_at: MomentOut | None
    visit_at: MomentOut | None
    signed_at: MomentOut | None
    started_at: MomentOut | None
    done_at: MomentOut | None
    returned_at: MomentOut | None
    pause_reason: str
    result: str
    checklist: list[str]


class WorkOrderPage(Shape):
    """A page of orders; `next` is the cursor of the following page, null on the last."""

    items: list[WorkOrderOut]
    next: str | None


class OfferOut(Shape):
    """A verb that may be done now, or why not."""

    code: str
    why: str
    rule: str


class WorkOrderDetail(WorkOrderOut):
    """A work order with its material and what may be done with it."""

    materials: list[MaterialOut]
    verbs: list[OfferOut]


class SharedOut(Shape):
    """How many orders of the pool were given out, and how many found nobody."""

    given: int
    left: int


class NothingIn(Body):
    """An empty object."""


class PriceOut(Shape):
    """A price in force."""

    id: int
    kind: str
    code: str
    name: str
    unit: str
    price_fen: int
    note: str


class PriceList(Shape):
    """The price list in force."""

    items: list[PriceOut]


class WorkerOut(Shape):
    """What somebody can do and when; weekdays from 0 (Monday)."""

    username: str
    trades: list[str]
    weekdays: list[int]
    shift_from: time
    shift_to: time
    on_shift: bool


class WorkerList(Shape):
    """Everybody work is given to."""

    items: list[WorkerOut]


def list_orders(request: ApiRequest, filters: Query[OrderFilters]) -> HttpResponse:
    """Orders the token's holder may know of."""
    session = request.auth
    _may_read(session)
    rows = with_place(rows=visible_orders(actor=session.actor))
    if filters.view == "pool":
        rows = rows.filter(state=WorkOrder.State.WAITING, worker__isnull=True, outside="")
    elif filters.view == "mine":
        rows = rows.filter(worker=session.actor.staff, state__in=OPEN)
    elif filters.view == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.view == "done":
        rows = rows.filter(state=WorkOrder.State.DONE)
    found, following = page_newest(rows=rows, field="issued_at", query=filters)
    return page_response(page=WorkOrderPage(items=[_line(order) for order in found], next=following))


def show_order(request: ApiRequest, key: str) -> WorkOrderDetail:
    """One order, its material, and the verbs that are legal now."""
    session = request.auth
    order = _order_or_404(session=session, key=key)
    return WorkOrderDetail(
        **_line(order).model_dump(),
        materials=[
            MaterialOut(
                name=row.name, quantity=str(row.quantity), returned=str(row.returned), price_fen=row.price_fen
            )
            for row in order.materials.order_by("pk")
        ],
        verbs=[
            OfferOut(code=one.verb.code, why=one.why, rule=one.rule)
            for one in offers(order=order, actor=session.actor)
        ],
    )


def share_out(request: ApiRequest) -> HttpResponse:
    """Give out the whole pool by skill, shift and load."""
    session = request.auth
    session.demand(Allow.DISPATCH_ORDERS)
    read_body(request=request, model=NothingIn)

    def run() -> Reply:
        most = figure(path="R-11.most_open", site=session.actor.site, at=session.now)
        return Reply(body=SharedOut(**share_out_pool(actor=session.actor, at=session.now, most_open=most)))

    return accept(request=request, run=run)


def verb_model(*, verb: Verb) -> type[Body]:
    """The body of a verb: its form, the version decided on, and the device's own moment where one tells later."""
    seen = Annotated[StrictInt, Field(ge=1, le=2_147_483_647)]
    return schema_from(spec=verb.form, extra=(("seen", seen), ("device_at", MomentIn | None)))


def do_verb(request: ApiRequest, *, key: str, verb: Verb) -> HttpResponse:
    """Do a verb on an order: 404 unless it is visible, 403 for whoever may not, then its form."""
    session = request.auth
    order = _order_or_404(session=session, key=key)
    sent = read_body(request=request, model=verb_model(verb=verb))
    fields = fields_of(spec=verb.form, sent=sent, site=session.actor.site)
    seen: int = getattr(sent, "seen")  # noqa: B009
    device_at = getattr(sent, "device_at")  # noqa: B009

    def run() -> Reply:
        done = verb.run(
            actor=session.actor, order=order, at=session.now, seen=seen, device_at=device_at, **fields
        )
        return Reply(body=_line(with_place(rows=WorkOrder.objects.filter(pk=done.pk)).get()))

    return accept(request=request, run=run)


def show_prices(request: ApiRequest) -> PriceList:
    """The price list in force."""
    session = request.auth
    _may_read(session)
    return PriceList(items=[_price(item) for item in list_prices(site=session.actor.site)])


def add_price(request: ApiRequest) -> HttpResponse:
    """Put a price into force; the one before it of the same code ends."""
    session = request.auth
    session.demand(Allow.EDIT_PRICES)
    sent = read_body(request=request, model=schema_from(spec=PRICE))
    fields = fields_of(spec=PRICE, sent=sent, site=session.actor.site)

    def run() -> Reply:
        return Reply(status=201, body=_price(set_price(actor=session.actor, at=session.now, **fields)))

    return accept(request=request, run=run)


def stop_price(request: ApiRequest, id: RowId) -> HttpResponse:
    """Take a price off the list."""
    session = request.auth
    session.demand(Allow.EDIT_PRICES)
    item = PriceItem.objects.filter(pk=id, site=session.actor.site).first()
    if item is None:
        raise not_found()
    read_body(request=request, model=NothingIn)

    def run() -> Reply:
        return Reply(body=_price(end_price(actor=session.actor, item=item, at=session.now)))

    return accept(request=request, run=run)


def show_workers(request: ApiRequest) -> WorkerList:
    """Everybody work is given to, with whether he is on shift now."""
    session = request.auth
    _may_read(session)
    rows = WorkerProfile.objects.filter(site=session.actor.site, active=True).select_related("staff")
    return WorkerList(
        items=[
            WorkerOut(
                username=row.staff.username, trades=row.trades, weekdays=row.weekdays, shift_from=row.shift_from,
                shift_to=row.shift_to, on_shift=on_shift(profile=row, at=session.now),
            )
            for row in rows.order_by("staff__username")
        ]
    )  # fmt: skip


def order_router() -> Router:
    """The operations on orders; one for each verb, so that each has its own schema."""
    router = Router(tags=["orders"])
    router.get("/orders", response=WorkOrderPage, operation_id="list_work_orders")(list_orders)
    router.post(
        "/orders/share-out",
        response=SharedOut,
        operation_id="share_out_orders",
        openapi_extra=body_doc(NothingIn),
    )(share_out)
    router.get("/orders/{key}", response=WorkOrderDetail, operation_id="show_work_order")(show_order)
    for verb in VERBS:
        _add_verb(router=router, verb=verb)
    router.get("/workers", response=WorkerList, operation_id="list_workers")(show_workers)
    router.get("/prices", response=PriceList, operation_id="list_prices")(show_prices)
    router.post(
        "/prices",
        response={201: PriceOut},
        operation_id="set_price",
        openapi_extra=body_doc(schema_from(spec=PRICE)),
    )(add_price)
    router.post(
        "/prices/{id}/end", response=PriceOut, operation_id="end_price", openapi_extra=body_doc(NothingIn)
    )(stop_price)
    return router


def _add_verb(*, router: Router, verb: Verb) -> None:
    def run(request: ApiRequest, key: str) -> HttpResponse:
        return do_verb(request, key=key, verb=verb)

    router.post(
        f"/orders/{{key}}/verbs/{verb.code}",
        response=WorkOrderOut,
        operation_id=f"order_{verb.code}",
        summary=verb.label,
        description=f"Rules: {', '.join(verb.rules)}.",
        openapi_extra=body_doc(verb_model(verb=verb)),
    )(run)


def _may_read(session: Session) -> None:
    if not (session.actor.may(Allow.SEE_ORDERS) or session.actor.may(Allow.WORK_ORDERS)):
        raise Forbidden(permission=Allow.SEE_ORDERS)


def _order_or_404(*, session: Session, key: str) -> WorkOrder:
    _may_read(session)
    order = find_order(actor=session.actor, key=key)
    if order is None:
        raise not_found()
    return order


def _line(order: WorkOrder) -> WorkOrderOut:
    return WorkOrderOut(
        key=order.key, number=order.number, case=order.case.key, case_number=order.case.number, state=order.state,
        version=order.version, trade=order.trade, task=order.task, urgent=order.urgent, outdoor=order.outdoor,
        department=order.department.code if order.department else "",
        worker=order.worker.username if order.worker else "", outside=order.outside,
        room=order.case.room.key if order.case.room else "", issued_at=order.issued_at, due_at=order.due_at,
        visit_at=order.visit_at, signed_at=order.signed_at, started_at=order.started_at, done_at=order.done_at,
        returned_at=order.returned_at, pause_reason=order.pause_reason, result=order.result, checklist=order.checklist,
    )  # fmt: skip


def _price(item: PriceItem) -> PriceOut:
    return PriceOut(
        id=item.pk, kind=item.kind, code=item.code, name=item.name, unit=item.unit, price_fen=item.price_fen,
        note=item.note,
    )  # fmt: skip
