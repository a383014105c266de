"""Trying the rules out over the API: what would apply to this complaint? Nothing is written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Flag, MomentIn, MomentOut, Shape, text_of
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.words import milestone_words
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.complaints.queries.explain import (
    Cited,
    ExplainedClock,
    Explanation,
    Supposed,
    explain_complaint,
)
from yingsheng.processes.complaints.rules.classify import CAUSES
from yingsheng.processes.complaints.rules.departments import TABLE

MOST_FEN = 10**12

router = Router(tags=["complaints"])


class ExplainIn(Body):
    """A supposed complaint. Only `received_at` is needed; what is left out is taken as not (yet) so."""

    received_at: MomentIn
    category: Literal[tuple(TABLE)] | None = None  # type: ignore[valid-type]
    cause: Literal[tuple(CAUSES)] | None = None  # type: ignore[valid-type]
    wants_help: Flag = True
    validity: Literal["valid", "assist", "invalid", "demand"] | None = None
    severity: Literal["minor", "serious", "major"] | None = None
    our_fault: Flag = False
    promise_broken: Flag = False
    times_raised: Annotated[StrictInt, Field(ge=1, le=99)] = 1
    loss_fen: Annotated[StrictInt, Field(ge=0, le=MOST_FEN)] = 0
    injury: Flag = False
    unsolved_a_month: Flag = False
    complex: Flag = False
    written: Flag = False
    by_email: Flag = False
    group: Flag = False
    in_group: Flag = False
    on_spot: Flag = False
    heard_elsewhere: Flag = False
    night: Flag = False
    forwarded_by_hq: Flag = False
    has_home: Flag = True
    household_limit_at: MomentIn | None = None
    classified_at: MomentIn | None = None
    severity_since: MomentIn | None = None
    contacted_at: MomentIn | None = None
    agreed_reply_at: MomentIn | None = None
    handled_at: MomentIn | None = None
    heard_at: MomentIn | None = None
    dispatched_at: MomentIn | None = None
    forwarded_at: MomentIn | None = None
    handed_up_at: MomentIn | None = None
    preset: text_of(limit=20) = ""  # type: ignore[valid-type]


class CitedOut(Shape):
    """The rule behind an answer: ID, clause, and our sentence about it."""

    rule: str
    clause: str
    zh: str
    en: str


class ClassOut(Shape):
    """A class or degree, and the rule that gives it."""

    code: str
    detail: str
    cited: CitedOut


class ExplainedClockOut(Shape):
    """A clock that would run."""

    milestone: str
    label: str
    role: str
    amount: int
    unit: str
    starts_at: MomentOut
    due_at: MomentOut
    agreed: bool
    advisory: bool
    cited: CitedOut
    extended_by: str
    extension: CitedOut | None


class TellOut(Shape):
    """A post that would be told."""

    role: str
    cited: CitedOut


class ReplyOut(Shape):
    """How the household would have to be answered."""

    required: list[str]
    another_besides_writing: bool
    preferred: str
    cited: list[CitedOut]


class ExplainOut(Shape):
    """All that would apply; `validity` and `severity` are null while they are open."""

    preset: str
    validity: ClassOut | None
    severity: ClassOut | None
    converted: bool
    clocks: list[ExplainedClockOut]
    tells: list[TellOut]
    reply: ReplyOut
    dissatisfied_path: str
    department: str
    missing_years: list[int]


@router.post(
    "/rules/explain", response=ExplainOut, operation_id="explain_complaint", openapi_extra=body_doc(ExplainIn)
)
def explain(request: ApiRequest) -> HttpResponse:
    """What would apply to this complaint: class, clocks, who is told, how to reply; nothing is written."""
    session = request.auth
    session.demand(Allow.SEE_RULES)
    sent = read_body(request=request, model=ExplainIn)
    values = {name: value for name, value in sent.model_dump().items() if value is not None}

    def run() -> Reply:
        found = explain_complaint(site=session.actor.site, at=session.now, supposed=Supposed(**values))
        return Reply(body=_explained(found))

    return accept(request=request, run=run, keep=False)


def _cited(cited: Cited) -> CitedOut:
    return CitedOut(rule=cited.rule, clause=cited.clause, zh=cited.zh, en=cited.en)


def _class(decided: Any, detail: str, cited: Cited | None) -> ClassOut | None:
    if decided is None or cited is None:
        return None
    return ClassOut(code=decided.code, detail=detail, cited=_cited(cited))


def _clock(clock: ExplainedClock) -> ExplainedClockOut:
    return ExplainedClockOut(
        milestone=clock.milestone,
        label=milestone_words(code=clock.milestone),
        role=clock.role,
        amount=clock.amount,
        unit=clock.unit,
        starts_at=clock.starts_at,
        due_at=clock.due_at,
        agreed=clock.agreed,
        advisory=clock.advisory,
        cited=_cited(clock.cited),
        extended_by=clock.extended_by,
        extension=_cited(clock.extension) if clock.extension is not None else None,
    )


def _explained(found: Explanation) -> ExplainOut:
    return ExplainOut(
        preset=found.preset,
        validity=_class(
            found.validity, found.validity.detail if found.validity else "", found.validity_cited
        ),
        severity=_class(
            found.severity, found.severity.reason if found.severity else "", found.severity_cited
        ),
        converted=found.converted,
        clocks=[_clock(clock) for clock in found.clocks],
        tells=[TellOut(role=tell.role, cited=_cited(tell.cited)) for tell in found.tells],
        reply=ReplyOut(
            required=list(found.reply_required),
            another_besides_writing=found.reply_another_besides_writing,
            preferred=found.reply_preferred,
            cited=[_cited(one) for one in found.reply_cited],
        ),
        dissatisfied_path=found.dissatisfied_path,
        department=found.department,
        missing_years=list(found.missing_years),
    )
