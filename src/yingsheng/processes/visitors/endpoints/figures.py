"""The week and the month at the gate over the API (V-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Shape
from yingsheng.api.periods import FilingLine, filing_line
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.visitors.queries.weeks import monday_of, month_figures, week_of
from yingsheng.processes.visitors.services.weeks import reconcile_week
from yingsheng.processes.visitors.services.writing import REPORT

router = Router(tags=["gate"])


class WeekQuery(Shape):
    """A day of the week."""

    first: date = Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))


class WeekOut(Shape):
    """A week of passes: how many, what became of them, and which need a word."""

    first: date
    last: date
    issued: int
    released: int
    not_released: int
    expired: int
    revoked: int
    replaced: int
    open: int
    second_uses: int
    to_explain: list[int]


class Explained(Shape):
    """A word for a pass that needs one."""

    id: StrictInt
    why: str = Field(min_length=1, max_length=200)


class WeekIn(Shape):
    """How many slips the gate gave back, and a word for every pass that needs one."""

    first: date = Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))
    slips: Annotated[StrictInt, Field(ge=0, le=9999)]
    explained: list[Explained] = Field(default_factory=list, max_length=2000)
    note: str = Field("", max_length=200)
    correction: str = Field("", max_length=200)


class GateMonthQuery(Shape):
    """A month."""

    year: int = Field(ge=2000, le=2099)
    month: int = Field(ge=1, le=12)


class StateCount(Shape):
    """How many are in a state."""

    state: str
    count: int


class GateMonthOut(Shape):
    """A month at the gate."""

    issued: int
    passes: list[StateCount]
    second_uses: int
    came: int
    visitors: list[StateCount]
    taken_in: int
    lost: int
    collected: int


@router.get("/pass-week", response=WeekOut, operation_id="show_pass_week")
def show_week(request: ApiRequest, query: Query[WeekQuery]) -> WeekOut:
    """The week that a day lies in, as it stands now (V-02)."""
    session = request.auth
    session.demand(REPORT)
    week = week_of(actor=session.actor, first=monday_of(query.first))
    return WeekOut(first=week.first, last=week.last, to_explain=sorted(week.to_explain), **asdict(week.count))


@router.post(
    "/pass-week", response=FilingLine, operation_id="reconcile_pass_week", openapi_extra=body_doc(WeekIn)
)
def reconcile(request: ApiRequest) -> HttpResponse:
    """Hand in a week that is over; a second time only with the reason of the correction (V-02)."""
    session = request.auth
    session.demand(REPORT)
    sent = read_body(request=request, model=WeekIn)

    def run() -> Reply:
        filing = reconcile_week(
            actor=session.actor, at=session.now, first=sent.first, slips=sent.slips, note=sent.note,
            words={one.id: one.why for one in sent.explained}, reason=sent.correction,
        )  # fmt: skip
        return Reply(body=filing_line(row=filing))

    return accept(request=request, run=run)


@router.get("/gate-month", response=GateMonthOut, operation_id="show_gate_month")
def show_month(request: ApiRequest, query: Query[GateMonthQuery]) -> GateMonthOut:
    """Passes, visitors and deposits of a month (V-02, V-04, V-09)."""
    session = request.auth
    session.demand(REPORT)
    found = month_figures(site=session.actor.site, year=query.year, month=query.month)
    return GateMonthOut(
        issued=found.issued, passes=_counts(found.passes), second_uses=found.second_uses, came=found.came,
        visitors=_counts(found.visitors), taken_in=found.taken_in, lost=found.lost, collected=found.collected,
    )  # fmt: skip


def _counts(by: Mapping[str, int]) -> list[StateCount]:
    return [StateCount(state=state, count=count) for state, count in sorted(by.items())]
