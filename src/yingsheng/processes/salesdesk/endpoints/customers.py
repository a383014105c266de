"""The books over the API: the three registers, and what they say of somebody by any one proof (J-05, J-15)."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Shape
from yingsheng.api.problems import not_found
from yingsheng.api.records import record_router
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.models import Visit
from yingsheng.processes.salesdesk.process.customer_books import BOOKS
from yingsheng.processes.salesdesk.process.customer_words import masked
from yingsheng.processes.salesdesk.queries.allow import TAKE
from yingsheng.processes.salesdesk.queries.customers import Conflict, find_visit
from yingsheng.processes.salesdesk.services.finding import look_up

router = Router(tags=["salesdesk"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))


class SalesAskedIn(Body):
    """What a visitor or caller says of himself; with the visit, whose receiver asks."""

    visit: StrictInt | None = None
    name: str = Field("", max_length=60)
    surname: str = Field("", max_length=20)
    contact: str = Field("", max_length=120)
    car_brand: str = Field("", max_length=30)
    plate: str = Field("", max_length=20)


class SalesConflictOut(Shape):
    """An entry that shares a proof; the name is masked unless it is the caller's own customer."""

    entry: str
    agent: str
    book: str
    day: date
    keys: list[str]
    name: str
    is_own: bool


class SalesConflictsOut(Shape):
    """The entries that the caller is told of, the earliest first."""

    items: list[SalesConflictOut]


@router.post(
    "/salesdesk/conflicts", response=SalesConflictsOut, operation_id="find_sales_conflicts", summary=N("查登记"),
    openapi_extra=body_doc(SalesAskedIn),
)  # fmt: skip
def conflicts(request: ApiRequest) -> HttpResponse:
    """Who has this customer; whatever is shown is kept with who saw it (J-15)."""
    session = request.auth
    session.demand(TAKE)
    sent = read_body(request=request, model=SalesAskedIn)
    visit = None
    if sent.visit is not None:
        visit = find_visit(actor=session.actor, pk=sent.visit)
        if visit is None:
            raise not_found()

    def run() -> Reply:
        asked = sent.model_dump(exclude={"visit"})
        found = look_up(actor=session.actor, at=session.now, visit=visit, **asked)
        return Reply(body=SalesConflictsOut(items=[_out(one, me=session.actor.staff.pk) for one in found]))

    return accept(request=request, run=run, keep=False)


def _out(one: Conflict, *, me: int) -> SalesConflictOut:
    entry = one.entry
    visit: Visit | None = getattr(entry, "visit", None)
    holder = visit.owner if visit is not None and visit.owner is not None else entry.agent
    is_own = me in (entry.agent_id, holder.pk)
    return SalesConflictOut(
        entry=entry.number, agent=holder.name, book=entry.book, day=entry.day, keys=[key.value for key in one.keys],
        name=entry.name if is_own else masked(field="name", text=entry.name), is_own=is_own,
    )  # fmt: skip
