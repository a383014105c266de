"""The plan of the month over the API: the proposal, and accepting it as it was read (F-07, F-12)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from yingsheng.api.fields import Shape
from yingsheng.api.schemas import schema_from
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.processes.followups.endpoints.rates import RateOut, rates_out
from yingsheng.processes.followups.process.forms import ACCEPT
from yingsheng.processes.followups.queries import month_ahead
from yingsheng.processes.followups.services import accept_plan

DIGEST = (("digest", Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]),)
router = Router(tags=["followups"])


class PlannedOut(Shape):
    """A visit on its day, the ranks that join it, and the reasons why it is there."""

    follow_up: int
    day: date
    roles: list[str]
    why: list[str]


class MissingOut(Shape):
    """How many visits of a rank find no place this month."""

    role: str
    visits: int


class PlanOut(Shape):
    """The rates so far and the proposal that reaches them; `digest` stands for exactly this proposal."""

    digest: str
    days: list[date]
    by_matter: list[RateOut]
    by_rank: list[RateOut]
    visits: list[PlannedOut]
    missing: list[MissingOut]


class AcceptedOut(Shape):
    """How many visits were given their day."""

    visits: int


@router.get("/plan", response=PlanOut, operation_id="show_visit_plan")
def show_plan(request: ApiRequest) -> PlanOut:
    """The proposal for the rest of the month."""
    session = request.auth
    session.demand("followups.quota")
    ahead = month_ahead(actor=session.actor, now=session.now)
    return PlanOut(
        digest=ahead.digest,
        days=list(ahead.days),
        by_matter=rates_out(ahead.matters),
        by_rank=rates_out(ahead.ranks),
        visits=[
            PlannedOut(follow_up=one.key, day=one.day, roles=list(one.roles), why=list(one.why))
            for one in ahead.plan.visits
        ],
        missing=[MissingOut(role=role, visits=count) for role, count in ahead.plan.missing.items()],
    )


@router.post(
    "/plan/accept",
    response=AcceptedOut,
    operation_id="accept_visit_plan",
    summary=ACCEPT.title,
    openapi_extra=body_doc(schema_from(spec=ACCEPT, extra=DIGEST)),
)
def accept_proposal(request: ApiRequest) -> HttpResponse:
    """Accept the proposal that was read; 409 if it has changed since."""
    session = request.auth
    session.demand("followups.quota")
    sent = read_body(request=request, model=schema_from(spec=ACCEPT, extra=DIGEST))
    digest: str = getattr(sent, "digest")  # noqa: B009

    def run() -> Reply:
        return Reply(body=AcceptedOut(visits=accept_plan(actor=session.actor, at=session.now, seen=digest)))

    return accept(request=request, run=run)
