"""A month's turns over the API: read, put down, taken back, published; one's own; posts and shifts; who is on call."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.problems import not_found
from yingsheng.api.records import RowId
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import PersonOut
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Assignment, Roster, Shift
from yingsheng.kernel.rosters.queries import list_posts, slots_of
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.queries import (
    PLAN,
    SEE,
    find_roster,
    find_turn,
    list_on_call,
    list_own_turns,
    month_lines,
)
from yingsheng.processes.turns.services.months import assign_turn, publish_month, take_turn_back

router = Router(tags=["rosters"])
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"


class DutyTurn(Shape):
    """Somebody's turn: a shift of a day or a part of it."""

    id: int
    day: date
    post: str
    shift: str
    shift_code: str
    starts_at: MomentOut
    ends_at: MomentOut
    staff: PersonOut
    origin: str
    fixed: bool


class DutySlot(Shape):
    """A shift of a day and who takes it; `short` while fewer than needed are put down."""

    day: date
    shift_id: int
    post: str
    shift: str
    needs: int
    short: bool
    turns: list[DutyTurn]


class DutyMonth(Shape):
    """A month's roster."""

    month: str
    state: str = Field(description="draft, published, or empty while nobody has begun it")
    version: int
    slots: list[DutySlot]


class DutyShiftOut(Shape):
    """A shift of a post."""

    id: int
    code: str
    name: str
    starts: str
    ends: str
    needs: int
    weekdays: list[int]


class DutyPostOut(Shape):
    """A duty post with its shifts."""

    id: int
    code: str
    name: str
    roles: list[str]
    key_post: bool
    shifts: list[DutyShiftOut]


class DutyPosts(Shape):
    """The duty posts of the site."""

    items: list[DutyPostOut]


class DutyTurns(Shape):
    """Turns by time."""

    items: list[DutyTurn]


class DutyTally(Shape):
    """What a month counts for one person."""

    staff: PersonOut
    turns: int
    days: int
    hours: float
    nights: int
    weekends_and_holidays: int
    stood_in: int
    leave_days: int
    deducted_fen: int | None


class DutyTallies(Shape):
    """A month by person."""

    items: list[DutyTally]


class OnCallOut(Shape):
    """Somebody on call."""

    role: str
    staff: PersonOut
    phone: str
    last_outcome: str | None


class OnCallList(Shape):
    """Who keeps his mobile on."""

    items: list[OnCallOut]


class DutyMonthQuery(Shape):
    """Which month."""

    month: str = Field(pattern=MONTH, description="2026-12")


class TurnIn(Shape):
    """Who takes which shift on which day."""

    shift_id: int = Field(ge=1, le=2**53)
    day: date
    username: str = Field(max_length=40)


class TakeBackIn(Shape):
    """Why a turn is taken back; asked for on a published roster."""

    reason: str = Field("", max_length=200)


class PublishIn(Shape):
    """Which month is published, and the version that was looked at."""

    month: str = Field(pattern=MONTH)
    seen: int | None = None


class RosterOut(Shape):
    """The state of a month's roster."""

    month: str
    state: str
    version: int


def month_of(text: str) -> date:
    """The first day of a month written as 2026-12."""
    return date.fromisoformat(f"{text}-01")


def person(staff: Staff) -> PersonOut:
    """Somebody by user name and name."""
    return PersonOut(username=staff.username, name=staff.name)


def turn_out(turn: Assignment) -> DutyTurn:
    """A turn as the API tells it."""
    return DutyTurn(
        id=turn.pk, day=turn.day, post=own_name(turn.shift.post), shift=own_name(turn.shift),
        shift_code=turn.shift.code, starts_at=turn.starts_at, ends_at=turn.ends_at, staff=person(turn.staff),
        origin=turn.origin, fixed=turn.is_fixed,
    )  # fmt: skip


@router.get("/month", response=DutyMonth, operation_id="show_duty_month", summary="Duty roster of a month")
def show_month(request: ApiRequest, filters: Query[DutyMonthQuery]) -> DutyMonth:
    """Every shift of a month and who takes it; drafts only for whoever plans (D-01)."""
    session = request.auth
    session.demand(SEE)
    month = month_of(filters.month)
    first, last = month_days(month=month)
    drafts = session.actor.may(PLAN)
    roster = find_roster(site=session.actor.site, month=month)
    return DutyMonth(
        month=filters.month,
        state=roster.state if roster is not None else "",
        version=roster.version if roster is not None else 0,
        slots=[
            DutySlot(
                day=slot.day, shift_id=slot.shift.pk, post=own_name(slot.post), shift=own_name(slot.shift),
                needs=slot.shift.needs, short=slot.is_short, turns=[turn_out(one) for one in slot.assignments],
            )
            for slot in slots_of(site=session.actor.site, first=first, last=last, drafts=drafts)
        ],
    )  # fmt: skip


@router.get("/posts", response=DutyPosts, operation_id="list_duty_posts", summary="Duty posts and shifts")
def show_posts(request: ApiRequest) -> DutyPosts:
    """The posts and their shifts (D-02, D-03)."""
    session = request.auth
    session.demand(SEE)
    return DutyPosts(
        items=[
            DutyPostOut(
                id=post.pk, code=post.code, name=own_name(post), roles=list(post.roles), key_post=post.is_key,
                shifts=[
                    DutyShiftOut(
                        id=one.pk, code=one.code, name=own_name(one), starts=f"{one.starts:%H:%M}",
                        ends=f"{one.ends:%H:%M}", needs=one.needs, weekdays=list(one.weekdays),
                    )
                    for one in post.shifts.all()
                ],
            )
            for post in list_posts(site=session.actor.site)
        ]
    )  # fmt: skip


@router.get("/mine", response=DutyTurns, operation_id="list_own_turns", summary="My turns")
def show_mine(request: ApiRequest) -> DutyTurns:
    """What is ahead of the caller."""
    session = request.auth
    session.demand(SEE)
    found = list_own_turns(actor=session.actor, since=session.now)
    return DutyTurns(items=[turn_out(one) for one in found if one.site_id == session.actor.site.pk])


@router.get("/tally", response=DutyTallies, operation_id="show_duty_tally", summary="Attendance of a month")
def show_tally(request: ApiRequest, filters: Query[DutyMonthQuery]) -> DutyTallies:
    """Turns, hours, nights, weekends, leave by person; whoever does not plan sees himself (D-08, D-28)."""
    session = request.auth
    session.demand(SEE)
    only = None if session.actor.may(PLAN) else session.actor.staff
    lines = month_lines(site=session.actor.site, month=month_of(filters.month), at=session.now, only=only)
    return DutyTallies(
        items=[
            DutyTally(
                staff=person(one.staff), turns=one.tally.turns, days=one.tally.days, hours=one.tally.hours,
                nights=one.tally.nights, weekends_and_holidays=one.tally.specials, stood_in=one.tally.stood_in,
                leave_days=one.leave_days, deducted_fen=one.deducted_fen,
            )
            for one in lines
        ]
    )  # fmt: skip


@router.get("/on-call", response=OnCallList, operation_id="list_on_call", summary="On-call list")
def show_on_call(request: ApiRequest) -> OnCallList:
    """Who keeps his mobile on, and how the last attempt ended (D-13)."""
    session = request.auth
    session.demand(SEE)
    return OnCallList(
        items=[
            OnCallOut(
                role=one.role, staff=person(one.staff), phone=one.staff.phone,
                last_outcome=one.last.state if one.last is not None else None,
            )
            for one in list_on_call(site=session.actor.site, at=session.now)
        ]
    )  # fmt: skip


@router.post(
    "/turns", response={201: DutyTurn}, operation_id="assign_turn", summary="Put somebody down",
    openapi_extra=body_doc(TurnIn),
)  # fmt: skip
def assign(request: ApiRequest) -> HttpResponse:
    """Put somebody down for a shift of a day; checked at once (D-01, D-04)."""
    session = request.auth
    session.demand(PLAN)
    sent = read_body(request=request, model=TurnIn)
    shift = (
        Shift.objects.filter(pk=sent.shift_id, post__site=session.actor.site).select_related("post").first()
    )
    staff = Staff.objects.filter(username=sent.username, appointments__post__site=session.actor.site).first()

    def run() -> Reply:
        if shift is None:
            raise Refused(gettext_noop("没有这个班次"), field="shift_id", rule="D-01")
        if staff is None:
            raise Refused(gettext_noop("没有这位同事"), field="username", rule="D-01")
        made = assign_turn(actor=session.actor, at=session.now, shift=shift, day=sent.day, staff=staff)
        return Reply(status=201, body=turn_out(made))

    return accept(request=request, run=run)


@router.post(
    "/turns/{id}/take-back", response=DutyTurn, operation_id="take_turn_back", summary="Take a turn back",
    openapi_extra=body_doc(TakeBackIn),
)  # fmt: skip
def take_back(request: ApiRequest, id: RowId) -> HttpResponse:
    """Take somebody off a turn (D-01)."""
    session = request.auth
    session.demand(PLAN)
    turn = find_turn(actor=session.actor, pk=id)
    if turn is None:
        raise not_found()
    sent = read_body(request=request, model=TakeBackIn)

    def run() -> Reply:
        ended = take_turn_back(actor=session.actor, at=session.now, turn=turn, reason=sent.reason)
        return Reply(body=turn_out(ended))

    return accept(request=request, run=run)


@router.post(
    "/publish", response=RosterOut, operation_id="publish_duty_month", summary="Publish a month",
    openapi_extra=body_doc(PublishIn),
)  # fmt: skip
def publish(request: ApiRequest) -> HttpResponse:
    """Publish a month without gaps (D-01, D-04)."""
    session = request.auth
    session.demand(PLAN)
    sent = read_body(request=request, model=PublishIn)

    def run() -> Reply:
        done: Roster = publish_month(
            actor=session.actor, at=session.now, month=month_of(sent.month), seen=sent.seen
        )
        return Reply(body=RosterOut(month=sent.month, state=done.state, version=done.version))

    return accept(request=request, run=run)
