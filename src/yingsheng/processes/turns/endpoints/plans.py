"""The planner over the API: ask for a proposal, read it, accept it (D-01, D-04)."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import MomentOut, Shape
from yingsheng.api.problems import not_found
from yingsheng.api.records import RowId
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.turns.endpoints.months import MONTH, DutyMonthQuery, month_of
from yingsheng.processes.turns.models import PlanRun
from yingsheng.processes.turns.queries import PLAN, find_run, latest_run
from yingsheng.processes.turns.rules.month import plan_from
from yingsheng.processes.turns.services.planning import accept_plan, ask_plan

router = Router(tags=["rosters"])


class ProposedTurn(Shape):
    """A turn of the proposal."""

    shift_id: int
    day: date
    username: str


class ProposedGap(Shape):
    """A turn that lacks people, and why each other person was left out."""

    shift_id: int
    day: date
    missing: int
    excluded: dict[str, str] = Field(description="user name -> role, away, busy, rest or row")


class RosterPlan(Shape):
    """A run of the planner; what it proposes once it is done."""

    id: int | None = Field(default=None, description="null while nobody asked")
    month: str
    state: str = Field(description="waiting, running, done, failed, or empty while nobody asked")
    asked_at: MomentOut | None = None
    finished_at: MomentOut | None = None
    missing: int | None = None
    score: int | None = Field(default=None, description="unfairness; the smaller the fairer")
    greedy_score: int | None = None
    bound: int | None = None
    gap: float | None = None
    seconds: float | None = None
    turns: list[ProposedTurn] = []
    gaps: list[ProposedGap] = []


class PlanIn(Shape):
    """Which month is to be planned."""

    month: str = Field(pattern=MONTH)


class AcceptIn(Shape):
    """Which part of a proposal is accepted; everything if nothing is said."""

    usernames: list[str] | None = Field(default=None, max_length=200)
    first: date | None = None
    last: date | None = None


class PlanAccepted(Shape):
    """How many turns are new in the roster."""

    added: int


def plan_out(run: PlanRun) -> RosterPlan:
    """A run as the API tells it."""
    head = RosterPlan(
        id=run.pk,
        month=f"{run.month:%Y-%m}",
        state=run.state,
        asked_at=run.asked_at,
        finished_at=run.finished_at,
    )
    if run.state != PlanRun.State.DONE:
        return head
    plan = plan_from(run.answer)
    people = [person for _slot, person in plan.turns]
    people += [one.person for short in plan.short for one in short.excluded]
    names = dict(Staff.objects.filter(pk__in=people).values_list("pk", "username"))
    head.missing, head.score, head.greedy_score = plan.missing, plan.score, plan.greedy_score
    head.bound, head.gap, head.seconds = plan.bound, round(plan.gap, 4), plan.seconds
    head.turns = [
        ProposedTurn(shift_id=_shift(slot), day=_day(slot), username=names[person])
        for slot, person in plan.turns
    ]
    head.gaps = [
        ProposedGap(
            shift_id=_shift(one.slot), day=_day(one.slot), missing=one.missing,
            excluded={names[each.person]: each.why for each in one.excluded},
        )
        for one in plan.short
    ]  # fmt: skip
    return head


def _shift(slot: str) -> int:
    return int(slot.split("@")[0])


def _day(slot: str) -> date:
    return date.fromordinal(int(slot.split("@")[1]))


@router.post(
    "/plans", response={201: RosterPlan}, operation_id="ask_roster_plan", summary="Ask for a fair month",
    openapi_extra=body_doc(PlanIn),
)  # fmt: skip
def ask(request: ApiRequest) -> HttpResponse:
    """Ask the planner for a proposal; the worker answers (D-01)."""
    session = request.auth
    session.demand(PLAN)
    sent = read_body(request=request, model=PlanIn)

    def run() -> Reply:
        made = ask_plan(actor=session.actor, at=session.now, month=month_of(sent.month))
        return Reply(status=201, body=plan_out(made))

    return accept(request=request, run=run)


@router.get(
    "/plans", response=RosterPlan, operation_id="show_roster_plan", summary="The last plan of a month"
)
def show(request: ApiRequest, filters: Query[DutyMonthQuery]) -> RosterPlan:
    """The last run for a month, with its proposal once it is done."""
    session = request.auth
    session.demand(PLAN)
    run = latest_run(site=session.actor.site, month=month_of(filters.month))
    return plan_out(run) if run is not None else RosterPlan(month=filters.month, state="")


@router.post(
    "/plans/{id}/accept", response=PlanAccepted, operation_id="accept_roster_plan", summary="Accept a plan",
    openapi_extra=body_doc(AcceptIn),
)  # fmt: skip
def accept_run(request: ApiRequest, id: RowId) -> HttpResponse:
    """Put a proposal down, all of it or that of some people and days (D-01)."""
    session = request.auth
    session.demand(PLAN)
    found = find_run(actor=session.actor, pk=id)
    if found is None:
        raise not_found()
    sent = read_body(request=request, model=AcceptIn)
    people = None
    if sent.usernames is not None:
        people = list(Staff.objects.filter(username__in=sent.usernames).values_list("pk", flat=True))

    def run() -> Reply:
        added = accept_plan(
            actor=session.actor, at=session.now, run=found, people=people, first=sent.first, last=sent.last
        )
        return Reply(body=PlanAccepted(added=added))

    return accept(request=request, run=run)
