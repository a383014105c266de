"""The rotation over the API: as it stands, the next customer, out of turn, public, who comes and goes; the projects."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import DateIn, MomentOut, Shape
from yingsheng.api.problems import not_found
from yingsheng.api.records import RowId, record_router
from yingsheng.api.schemas import fields_of, schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import PersonOut
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.process import queue_forms as forms
from yingsheng.processes.salesdesk.process.queue_books import BOOKS
from yingsheng.processes.salesdesk.queries.allow import BOARD, RUN, TAKE
from yingsheng.processes.salesdesk.queries.board import Board, Owed, board_of
from yingsheng.processes.salesdesk.queries.board_days import find_day_of, steps_of
from yingsheng.processes.salesdesk.queries.queue import cause_of, find_project
from yingsheng.processes.salesdesk.rules.queue import Kind
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn, receive_public

router = Router(tags=["salesdesk"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))

SEEN = (("seen", StrictInt),)  # the number of the rotation that was looked at
NextIn = schema_from(spec=forms.NEXT, extra=SEEN)
PublicIn = schema_from(spec=forms.PUBLIC, extra=SEEN)
ReceiveIn = schema_from(spec=forms.OUT_OF_TURN)
MoveIn = schema_from(spec=forms.MOVE)
ROTATION = "/salesdesk/projects/{id}"
AWAY = (Kind.LEAVE, Kind.ORDERED, Kind.DEPART)


class OwedOut(Shape):
    """A make-up that is owed: by which case of article 2 (0: another article), and what it comes from."""

    agent: PersonOut
    case: int
    article: str
    visit: str = Field(description="number of the reception; empty for work that was ordered")


class StandingOut(Shape):
    """An agent of the rotation and what he is at."""

    agent: PersonOut
    position: int
    doing: str = Field(description="free, receiving, ordered, leave, off, away")
    since: MomentOut | None
    visit: str
    turns: int
    made_up: int
    missed: int


class RotationOut(Shape):
    """The rotation now; `number` is what a write sends as `seen`."""

    project: int
    day: date
    number: int
    next: PersonOut | None
    next_by: OwedOut | None = Field(
        description="the make-up by which the next one receives; null for his turn"
    )
    agents: list[StandingOut]
    owed: list[OwedOut]


class ReceivedOut(Shape):
    """Who receives, by which article."""

    id: int
    number: str
    receiver: PersonOut
    how: str
    article: str
    rotation: int = Field(description="the number of the rotation after it")


class QueueEventOut(Shape):
    """One thing that happened, and the order after it."""

    number: int
    at: MomentOut
    by: PersonOut
    kind: str
    agents: list[str]
    case: int
    article: str
    note: str
    made_up: bool = Field(description="a new customer received by make-up")
    order: list[str]
    next: str
    owed: int


class QueueEventsOut(Shape):
    """A day in its order; empty for a day on which nothing happened."""

    items: list[QueueEventOut]


class DayQuery(Shape):
    """Which day."""

    date: DateIn


@router.get(f"{ROTATION}/rotation", response=RotationOut, operation_id="show_sales_rotation")
def show_rotation(request: ApiRequest, id: RowId) -> RotationOut:
    """The rotation of a project as it stands (J-01, J-02)."""
    request.auth.demand(BOARD)
    return _rotation(request, _project(request, id))


@router.get(f"{ROTATION}/events", response=QueueEventsOut, operation_id="list_sales_rotation_events")
def list_events(request: ApiRequest, id: RowId, asked: Query[DayQuery]) -> QueueEventsOut:
    """A day of the rotation, step by step (J-01)."""
    session = request.auth
    session.demand(BOARD)
    day = find_day_of(project=_project(request, id), date=asked.date)
    steps = steps_of(day=day, at=session.now) if day is not None else ()
    told = session.actor.may(RUN)
    return QueueEventsOut(
        items=[
            QueueEventOut(
                number=one.event.number, at=one.event.at, by=_person(one.event.by), kind=one.event.kind,
                agents=list(one.names), case=one.credit.case if one.credit else one.event.case,
                article=one.credit.article if one.credit else one.event.article,
                # why somebody was away is for him and for whoever runs the list
                note=one.event.note
                if told or one.event.kind not in AWAY or session.actor.staff.pk in one.event.agents
                else "",
                made_up=one.credit is not None, order=list(one.order), next=one.next_name, owed=one.owed,
            )
            for one in steps
        ]
    )  # fmt: skip


@router.post(
    f"{ROTATION}/next", response={201: ReceivedOut}, operation_id="take_next_sales_customer",
    openapi_extra=body_doc(NextIn),
)  # fmt: skip
def take_next(request: ApiRequest, id: RowId) -> HttpResponse:
    """Give the next new customer to whose turn it is; 409 where the rotation has moved on since (J-01, J-26)."""
    session = request.auth
    session.demand(TAKE)
    project = _project(request, id)
    sent = read_body(request=request, model=NextIn)
    fields = fields_of(spec=forms.NEXT, sent=sent, site=session.actor.site)

    def run() -> Reply:
        seen: int = sent.seen  # type: ignore[attr-defined]  # made with the model
        visit = receive_next(actor=session.actor, project=project, at=session.now, seen=seen, **fields)
        return _received(visit)

    return accept(request=request, run=run)


@router.post(
    f"{ROTATION}/public", response={201: ReceivedOut}, operation_id="take_public_sales_customer",
    openapi_extra=body_doc(PublicIn),
)  # fmt: skip
def take_public(request: ApiRequest, id: RowId) -> HttpResponse:
    """The first who are free receive a public customer; 409 where the rotation has moved on since (J-10)."""
    session = request.auth
    session.demand(TAKE)
    project = _project(request, id)
    sent = read_body(request=request, model=PublicIn)
    fields = fields_of(spec=forms.PUBLIC, sent=sent, site=session.actor.site)

    def run() -> Reply:
        seen: int = sent.seen  # type: ignore[attr-defined]  # made with the model
        visit = receive_public(actor=session.actor, project=project, at=session.now, seen=seen, **fields)
        return _received(visit)

    return accept(request=request, run=run)


@router.post(
    f"{ROTATION}/receive", response={201: ReceivedOut}, operation_id="receive_sales_customer_out_of_turn",
    openapi_extra=body_doc(ReceiveIn),
)  # fmt: skip
def receive(request: ApiRequest, id: RowId) -> HttpResponse:
    """An agent receives his own or a colleague's customer, or helps (J-02)."""
    session = request.auth
    session.demand(TAKE)
    project = _project(request, id)
    sent = read_body(request=request, model=ReceiveIn)
    fields = fields_of(spec=forms.OUT_OF_TURN, sent=sent, site=session.actor.site)

    def run() -> Reply:
        return _received(receive_out_of_turn(actor=session.actor, project=project, at=session.now, **fields))

    return accept(request=request, run=run)


@router.post(
    f"{ROTATION}/move", response=RotationOut, operation_id="move_sales_agent", openapi_extra=body_doc(MoveIn)
)
def move_agent(request: ApiRequest, id: RowId) -> HttpResponse:
    """An agent signs in or off, comes back, joins, leaves, is sent elsewhere (J-02, J-03)."""
    session = request.auth
    session.demand(BOARD)
    project = _project(request, id)
    sent = read_body(request=request, model=MoveIn)
    fields = fields_of(spec=forms.MOVE, sent=sent, site=session.actor.site)

    def run() -> Reply:
        moved = move(actor=session.actor, project=project, at=session.now, **fields)
        return Reply(body=_rotation(request, moved))

    return accept(request=request, run=run)


def _project(request: ApiRequest, pk: int) -> Project:
    found = find_project(actor=request.auth.actor, pk=pk)
    if found is None:
        raise not_found()
    return found


def _rotation(request: ApiRequest, project: Project) -> RotationOut:
    found = board_of(project=project, at=request.auth.now)
    people = {str(one.staff.pk): _person(one.staff) for one in found.standings}
    return RotationOut(
        project=project.pk, day=found.date, number=found.number,
        next=_person(found.next.staff) if found.next is not None else None,
        next_by=_owed(found.credit, people) if found.credit is not None else None, agents=_standings(found),
        owed=[_owed(one, people) for one in found.owed],
    )  # fmt: skip


def _person(staff: Staff) -> PersonOut:
    return PersonOut(username=staff.username, name=staff.name)


def _standings(board: Board) -> list[StandingOut]:
    return [
        StandingOut(
            agent=_person(one.staff), position=one.position, doing=one.doing.value, since=one.since,
            visit=one.visit.number if one.visit is not None else "", turns=one.turns, made_up=one.made_up,
            missed=one.missed,
        )
        for one in board.standings
    ]  # fmt: skip


def _owed(one: Owed, people: dict[str, PersonOut]) -> OwedOut:
    return OwedOut(
        agent=people[one.agent], case=one.case, article=one.article,
        visit=one.visit.number if one.visit is not None else "",
    )  # fmt: skip


def _received(visit: Visit) -> Reply:
    event = QueueEvent.objects.filter(project_id=visit.project_id, cause=cause_of(visit=visit)).latest(
        "number"
    )
    body = ReceivedOut(
        id=visit.pk, number=visit.number, receiver=_person(visit.receiver), how=visit.how, article=event.article,
        rotation=event.number,
    )  # fmt: skip
    return Reply(status=201, body=body)
