"""Whose customer, over the API: trying the articles out, a decision with its reasons, the ruling (J-28, J-30)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, Shape
from yingsheng.api.problems import ApiProblem, not_found
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, json_response, read_body
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_staff
from yingsheng.processes.salesdesk.models import Deal, Visit
from yingsheng.processes.salesdesk.queries import attribution as queries
from yingsheng.processes.salesdesk.queries.allow import RULE, SEE, SEE_ALL
from yingsheng.processes.salesdesk.queries.facts import figures_of
from yingsheng.processes.salesdesk.rules import facts as known
from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.days import Relation
from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.matching import Key
from yingsheng.processes.salesdesk.rules.what_if import Change, what_if
from yingsheng.processes.salesdesk.services.deciding import rule_on

router = Router(tags=["salesdesk"])
Agent = Annotated[str, Field(max_length=60)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class ClaimIn(Shape):
    """An earlier entry that may speak for an agent; agents are named by any text."""

    agent: str = Field(min_length=1, max_length=60)
    record: known.Record
    registered_day: Day
    keys: list[Key] = Field(
        default_factory=list, max_length=3, description="the proofs both entries share (J-05)"
    )
    relation: Relation = Relation.SELF
    entry: Annotated[StrictInt, Field(ge=0)] = 0
    received_day: Day | None = None
    closed_day: Day | None = None
    last_visit_day: Day | None = None
    noticed: known.Noticed = known.Noticed.DURING
    discovered_day: Day | None = None
    complies: bool = True


class PublicIn(Shape):
    """Why the visitor may be a public customer (J-09)."""

    kind: known.PublicKind
    said_himself: bool = True
    colleagues_know: bool = True
    card_given: bool = False
    recognised: known.Noticed = known.Noticed.DURING


class DealIn(Shape):
    """What came of it (J-24, J-25)."""

    closer: str = Field(min_length=1, max_length=60)
    deposit_day: Day | None = None
    signed_day: Day | None = None
    purchaser: str = Field("", max_length=60)
    transferred_to: str = Field("", max_length=60)


class SalesFactsIn(Shape):
    """A visit as it was, to be judged by the articles in force at the site; nothing is written."""

    receiver: str = Field(min_length=1, max_length=60)
    visit_day: Day
    claims: list[ClaimIn] = Field(default_factory=list, max_length=50)
    present: list[Agent] = Field(default_factory=list, max_length=100, description="on site or within reach")
    visit_number: Annotated[StrictInt, Field(ge=1, le=999)] = 1
    named: str = Field("", max_length=60)
    named_too_late: bool = False
    brought_by: str = Field("", max_length=60)
    help_of: str = Field("", max_length=60)
    group_purchase: bool = False
    public: PublicIn | None = None
    was_public: bool = False
    knew: bool = False
    went_on: bool = False
    consented: list[Agent] = Field(default_factory=list, max_length=100)
    deal: DealIn | None = None
    with_changes: bool = Field(True, description="also say which other day or fact would turn the answer")


class SalesShare(Shape):
    """What part of a commission an agent has."""

    agent: str
    percent: int


class SalesStep(Shape):
    """One step of the reasoning."""

    rule: str
    article: str
    fact: str
    value: str
    effect: str


class SalesMakeUp(Shape):
    """A make-up that follows, its case of article 2 (0: another article)."""

    agent: str
    case: int
    rule: str
    article: str


class SalesPenalty(Shape):
    """What snatching costs."""

    agent: str
    fine_min_fen: int
    fine_max_fen: int
    destination: str
    heir: str


class SalesDecision(Shape):
    """Whose customer it is and what follows; `owner` is empty for the sales department."""

    outcome: str
    owner: str
    shares: list[SalesShare]
    suggested: list[SalesShare]
    turn_used: bool
    make_ups: list[SalesMakeUp]
    penalty: SalesPenalty | None
    formalities: str
    needs_ruling: bool
    rule: str
    article: str
    steps: list[SalesStep]


class SalesChange(Shape):
    """One fact that would turn the decision, and to what; `days`: by how many a day would have to move."""

    fact: str
    entry: int
    now: str
    then: str
    days: int
    decision: SalesDecision


class SalesExplained(Shape):
    """The decision, and what would change it, nearest days first."""

    decision: SalesDecision
    changes: list[SalesChange]


class SalesEvidence(Shape):
    """An earlier entry that was found."""

    entry: str
    book: str
    agent: str
    day: date
    relation: str
    keys: list[str]
    noticed: str
    found_on: date


class SalesCase(Shape):
    """A visit, or a deal that came of it, with what was decided; agents are keys of staff, `names` says whose."""

    visit: str
    deal: str
    decided_at: datetime | None
    decision: SalesDecision | None
    evidence: list[SalesEvidence]
    names: dict[str, str]


class CaseQuery(Shape):
    """Which deal of the visit; none asks about the visit itself."""

    deal: int = Field(0, ge=0, le=BIGGEST_ID)


class RulingShare(Shape):
    """What part somebody gets, by his user name."""

    agent: str = Field(min_length=1, max_length=40)
    percent: Annotated[StrictInt, Field(ge=0, le=100)]


class SalesRulingIn(Shape):
    """What the manager decides; people by their user names, an empty owner or heir is department or company."""

    deal: Annotated[StrictInt, Field(ge=0, le=BIGGEST_ID)] = 0
    owner: str = Field("", max_length=40)
    shares: list[RulingShare] = Field(min_length=1, max_length=20)
    reason: str = Field(min_length=1, max_length=300)
    fine_fen: Annotated[StrictInt, Field(ge=0, le=100_000_000)] | None = None
    heir: str = Field("", max_length=40)


VisitId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]


@router.post(
    "/salesdesk/explain", response=SalesExplained, operation_id="explain_attribution",
    openapi_extra=body_doc(SalesFactsIn),
)  # fmt: skip
def explain(request: ApiRequest) -> HttpResponse:
    """What the articles in force say of these facts; nothing is written (J-30)."""
    session = request.auth
    session.demand(SEE)
    sent = read_body(request=request, model=SalesFactsIn)
    facts = _facts(sent)
    figures = figures_of(site=session.actor.site, at=session.now)
    changes = what_if(facts=facts, figures=figures) if sent.with_changes else ()
    told = SalesExplained(
        decision=_decision(decide(facts=facts, figures=figures)), changes=[_change(one) for one in changes]
    )
    return json_response(status=200, values=told.model_dump(mode="json"))


@router.get("/salesdesk/visits/{id}/attribution", response=SalesCase, operation_id="show_attribution")
def show(request: ApiRequest, id: VisitId, asked: Query[CaseQuery]) -> SalesCase:
    """A decision as it was kept, with its steps and its evidence (J-28, J-30)."""
    request.auth.demand(SEE)
    visit, deal = _find(request, id, asked.deal)
    return _case(visit, deal)


@router.post(
    "/salesdesk/visits/{id}/ruling", response=SalesCase, operation_id="rule_on_attribution",
    openapi_extra=body_doc(SalesRulingIn),
)  # fmt: skip
def rule(request: ApiRequest, id: VisitId) -> HttpResponse:
    """The manager's ruling, with his reason (J-28)."""
    session = request.auth
    session.demand(SEE)
    session.demand(RULE)
    sent = read_body(request=request, model=SalesRulingIn)
    visit, deal = _find(request, id, sent.deal)
    people = {one.username: one for one in list_staff(site_id=session.actor.site.pk, at=session.now)}

    def run() -> Reply:
        rule_on(
            actor=session.actor, visit=visit, deal=deal, at=session.now, reason=sent.reason, fine_fen=sent.fine_fen,
            shares=[(_somebody(people, one.agent), one.percent) for one in sent.shares],
            owner=_somebody(people, sent.owner) if sent.owner else None,
            heir=_somebody(people, sent.heir) if sent.heir else None,
        )  # fmt: skip
        again, of_deal = _find(request, id, sent.deal)
        return Reply(body=_case(again, of_deal))

    return accept(request=request, run=run)


def _somebody(people: dict[str, Staff], username: str) -> Staff:
    if username not in people:
        raise Refused(gettext_noop("没有这个人：%(name)s"), field="shares", rule="J-28", name=username)
    return people[username]


def _find(request: ApiRequest, pk: int, deal_pk: int) -> tuple[Visit, Deal | None]:
    session = request.auth
    seen = queries.list_cases(actor=session.actor, sees_all=session.actor.may(SEE_ALL))
    visit = seen.filter(pk=pk).first()
    deal = queries.find_deal(visit=visit, pk=deal_pk) if visit is not None and deal_pk else None
    if visit is None or (deal_pk and deal is None):
        raise not_found()
    return visit, deal


def _facts(sent: SalesFactsIn) -> known.Facts:
    told: dict[str, Any] = sent.model_dump(
        exclude={"with_changes", "claims", "public", "deal", "present", "consented"}
    )
    try:
        return known.Facts(
            **told,
            claims=tuple(
                known.Claim(**{**one.model_dump(), "keys": frozenset(one.keys)}) for one in sent.claims
            ),
            public=known.Public(**sent.public.model_dump()) if sent.public is not None else None,
            deal=known.Deal(**sent.deal.model_dump()) if sent.deal is not None else None,
            present=frozenset(sent.present),
            consented=frozenset(sent.consented),
        )
    except ValueError as error:
        raise ApiProblem(
            status=422, code="contradiction",
            text=gettext_noop("日子前后矛盾：登记不晚于来访，发现和成交不早于来访"),
        ) from error  # fmt: skip


def _decision(decision: Decision) -> SalesDecision:
    penalty = decision.penalty
    return SalesDecision(
        outcome=decision.outcome, owner=decision.owner,
        shares=[SalesShare(**vars(one)) for one in decision.shares],
        suggested=[SalesShare(**vars(one)) for one in decision.suggested], turn_used=decision.turn_used,
        make_ups=[SalesMakeUp(**vars(one)) for one in decision.make_ups],
        penalty=SalesPenalty(**vars(penalty)) if penalty is not None else None, formalities=decision.formalities,
        needs_ruling=decision.needs_ruling, rule=decision.rule, article=decision.article,
        steps=[SalesStep(**vars(one)) for one in decision.steps],
    )  # fmt: skip


def _change(change: Change) -> SalesChange:
    return SalesChange(
        fact=change.fact, entry=change.entry, now=change.now, then=change.then, days=change.days,
        decision=_decision(change.decision),
    )  # fmt: skip


def _case(visit: Visit, deal: Deal | None) -> SalesCase:
    decision = queries.decision_of(record=deal or visit)
    return SalesCase(
        visit=visit.number, deal=deal.number if deal is not None else "",
        decided_at=(deal or visit).decided_at, decision=_decision(decision) if decision is not None else None,
        evidence=[
            SalesEvidence(
                entry=one.entry.number, book=one.entry.book, agent=one.entry.agent.name, day=one.entry.day,
                relation=one.relation, keys=list(one.keys), noticed=one.noticed, found_on=one.day,
            )
            for one in queries.list_findings(visit=visit)
        ],
        names=queries.names_of(visit=visit, deal=deal),
    )  # fmt: skip
