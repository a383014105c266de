"""A case while it is being decided: its facts, the steps so far, and the few ways it can end. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from yingsheng.processes.salesdesk.rules import days
from yingsheng.processes.salesdesk.rules.decision import (
    ARTICLES,
    Decision,
    Effect,
    Fact,
    MakeUp,
    Outcome,
    Penalty,
    Share,
    Step,
    make_up,
    shares_of,
    step,
)
from yingsheng.processes.salesdesk.rules.facts import Claim, Facts, Noticed, Record
from yingsheng.processes.salesdesk.rules.figures import BY_RULING, WHOLE, Figures, Split

OWN_CASE, COLLEAGUE_CASE, HELP_CASE = 1, 2, 3  # of article 2


@dataclass(kw_only=True)
class Case:
    """The facts with what follows from them at once; `ground` is the last rule that left the case to the rotation."""

    facts: Facts
    figures: Figures
    closed_day: date | None
    own_claims: tuple[Claim, ...]  # of the visitor himself, with evidence, earliest first
    kin_claims: tuple[Claim, ...]  # of his family or batch, received ones, earliest first
    steps: list[Step] = field(default_factory=list)
    ground: str = "J-01"
    is_new_again: bool = False

    @property
    def acting(self) -> str:
        """Who closed the deal, or while there is none who received the visit."""
        deal = self.facts.deal
        return deal.closer if deal is not None and self.closed_day is not None else self.facts.receiver

    @property
    def visits(self) -> tuple[Claim, ...]:
        """The entries by which the visitor is an old customer."""
        return tuple(claim for claim in self.own_claims if claim.record is Record.VISIT)

    def note(self, *, rule: str, fact: Fact, value: str, effect: Effect) -> None:
        """Add a step."""
        self.steps.append(step(rule=rule, fact=fact, value=value, effect=effect))

    def leave_to_rotation(self, *, rule: str, fact: Fact, value: str, effect: Effect) -> None:
        """Add a step after which the order goes on, remembered as the reason if nothing else decides."""
        self.note(rule=rule, fact=fact, value=value, effect=effect)
        self.ground = rule

    def is_seen(self, *, claim: Claim) -> bool:
        """Whether the receiver knew of a claim before reception was complete."""
        return claim.noticed is Noticed.DURING or self.facts.knew

    def is_first_visit(self) -> bool:
        """Whether this is a new customer: no earlier visit counts, or none any more (J-07, J-22)."""
        old = days.is_old_customer(
            visit_number=self.facts.visit_number, old_from_visit=self.figures.old_from_visit
        )
        return self.is_new_again or self.facts.was_public or not (old or self.visits)


def open_case(*, facts: Facts, figures: Figures) -> Case:
    """The facts sorted, so that it does not matter in what order they were listed; what proves nothing is left out.

    Rules: J-05 (one key is enough, none is too little), J-08 (who is family), J-24, J-25.
    """
    deal, closed = facts.deal, None
    if deal is not None:
        closed = days.closing_day(
            deposit=deal.deposit_day, signed=deal.signed_day, both=figures.deposit_and_signature
        )
    case = Case(facts=facts, figures=figures, closed_day=closed, own_claims=(), kin_claims=())
    if deal is not None:
        effect = Effect.CLOSED if closed else Effect.NOT_CLOSED
        case.note(rule="J-24", fact=Fact.CLOSING, value=str(closed or ""), effect=effect)
        if deal.transferred_to:
            case.note(
                rule="J-25", fact=Fact.TRANSFER, value=deal.transferred_to, effect=Effect.PURCHASER_STANDS
            )
    own, kin = [], []
    for claim in sorted(facts.claims, key=_by_age):
        is_self = claim.relation is days.Relation.SELF
        limit = days.limit_for(
            relation=claim.relation, generations=figures.generations,
            family_days=figures.family_days, same_days=figures.same_days,
        )  # fmt: skip
        if limit is None:
            case.note(rule="J-08", fact=Fact.RELATION, value=claim.relation.value, effect=Effect.NO_CLAIM)
        elif is_self and claim.keys:
            own.append(claim)
        elif is_self:
            case.leave_to_rotation(
                rule="J-14" if claim.record is Record.REFERRAL else "J-05",
                fact=Fact.EVIDENCE, value=claim.agent, effect=Effect.NO_CLAIM,
            )  # fmt: skip
        elif claim.received_day is not None:
            kin.append(claim)
        else:
            case.note(rule="J-21", fact=Fact.EVIDENCE, value=claim.agent, effect=Effect.NO_CLAIM)
    case.own_claims = tuple(own)
    case.kin_claims = tuple(
        sorted(kin, key=lambda one: (one.received_day or one.registered_day, _by_age(one)))
    )
    return case


def _by_age(claim: Claim) -> tuple[object, ...]:
    """The age of an entry; the rest only keeps equal ones in one order."""
    none = date.min
    return (
        claim.registered_day, claim.entry, claim.record, claim.agent, claim.relation, claim.received_day or none,
        claim.closed_day or none, claim.last_visit_day or none, claim.noticed, claim.discovered_day or none,
        claim.complies, sorted(claim.keys),
    )  # fmt: skip


# -- the ways it can end -----------------------------------------------------------------------------------


def finish(
    case: Case,
    *,
    outcome: Outcome,
    rule: str,
    owner: str,
    suggested: tuple[Share, ...],
    turn_used: bool = False,
    make_ups: Iterable[MakeUp] = (),
    penalty: Penalty | None = None,
    needs_ruling: bool = False,
) -> Decision:
    """The decision: shares only once the deal is closed and nothing stands against them (J-24)."""
    in_force = case.closed_day is not None and penalty is None and not needs_ruling
    return Decision(
        outcome=outcome, owner=owner, shares=suggested if in_force else (), suggested=suggested, turn_used=turn_used,
        make_ups=tuple(make_ups), penalty=penalty, formalities=owner, needs_ruling=needs_ruling, rule=rule,
        article=ARTICLES[rule], steps=tuple(case.steps),
    )  # fmt: skip


def whole(agent: str) -> tuple[Share, ...]:
    """All of it to one agent."""
    return shares_of(parts=[(agent, WHOLE)])


def own(case: Case, *, rule: str, fact: Fact, value: str) -> Decision:
    """The receiver's own customer: 100 per cent and no turn used (J-02 case 1, CF-40)."""
    receiver = case.facts.receiver
    if case.acting != receiver:
        return of_another(case, owner=receiver, rule=rule, fact=fact, value=value)
    case.note(rule=rule, fact=fact, value=value, effect=Effect.OWN)
    credit = make_up(agent=receiver, case=OWN_CASE, rule="J-02")
    return finish(
        case, outcome=Outcome.OWN, rule=rule, owner=receiver, suggested=whole(receiver), make_ups=[credit]
    )


def hand_over(case: Case, *, owner: str, rule: str, needs_ruling: bool = False) -> Decision:
    """Found after reception and given to the original agent: his 100 per cent, the receiver makes up (J-02 case 2).

    [I] The make-up, as in T-J34 and T-J37; while a ruling is awaited none is written and the turn stays used.
    """
    credits = [] if needs_ruling else _credit(case, owner=owner, number=COLLEAGUE_CASE)
    return finish(
        case, outcome=Outcome.RULING if needs_ruling else Outcome.HANDED_BACK, rule=rule, owner=owner,
        suggested=whole(owner), turn_used=needs_ruling, make_ups=credits, needs_ruling=needs_ruling,
    )  # fmt: skip


def of_another(
    case: Case,
    *,
    owner: str,
    rule: str,
    fact: Fact,
    value: str,
    away_rule: str = "J-19",
    away: Split | None = None,
    present: Split | None = None,
    present_case: int = COLLEAGUE_CASE,
) -> Decision:
    """Known in time to be another agent's customer: by consent, help for one who is away, given back, or snatched.

    Rules: J-19, J-20, J-32, J-34; J-11, J-12, J-18 are the same help under other articles (`away_rule`, `away`).
    [I] Consent counts wherever the original agent is. [I] Going on without a deal is snatching too, with no commission
    to cancel. [I] Who receives without leave keeps no turn.
    """
    facts, acting = case.facts, case.acting
    away = away or case.figures.agreed
    case.note(rule=rule, fact=fact, value=value, effect=Effect.ANOTHERS)
    if facts.help_of == owner:
        return _helped(case, owner=owner, rule=away_rule, split=away, fact=Fact.HELP_OF)
    if owner in facts.consented and acting != owner:
        case.note(rule="J-19", fact=Fact.CONSENT, value=owner, effect=Effect.AGREED)
        split = case.figures.agreed
        shares = _parted(case, owner=owner, split=split) if case.closed_day else whole(owner)
        credits = _credit(case, owner=owner, number=COLLEAGUE_CASE)
        return finish(
            case, outcome=Outcome.AGREED, rule="J-19", owner=owner, suggested=shares, make_ups=credits
        )
    if owner not in facts.present:
        return _helped(case, owner=owner, rule=away_rule, split=away, fact=Fact.PRESENCE)
    if acting != owner and (case.closed_day is not None or facts.went_on):
        return _snatched(case, owner=owner)
    case.note(rule=rule, fact=Fact.PRESENCE, value=owner, effect=Effect.HAND_BACK)
    shares = _present_share(case, owner=owner, split=present)
    credits = _credit(case, owner=owner, number=present_case)
    return finish(
        case, outcome=Outcome.HANDED_BACK, rule=rule, owner=owner, suggested=shares, make_ups=credits
    )


def _present_share(case: Case, *, owner: str, split: Split | None) -> tuple[Share, ...]:
    if split is None:
        return whole(owner)
    return shares_of(parts=[(case.facts.receiver, split.closer), (owner, split.original)])


def _helped(case: Case, *, owner: str, rule: str, split: Split, fact: Fact) -> Decision:
    """20 : 80 if the helper closed on this occasion, else nothing for him (J-11, J-12, J-18, J-19, J-32)."""
    case.note(rule=rule, fact=fact, value=owner, effect=Effect.HELP)
    receiver, acting = case.facts.receiver, case.acting
    if case.closed_day is not None and acting != owner:
        case.note(rule=rule, fact=Fact.CLOSER, value=acting, effect=Effect.HELP)
        shares = _parted(case, owner=owner, split=split)
    else:
        case.note(rule="J-32", fact=Fact.CLOSER, value=owner, effect=Effect.HELPER_NOTHING)
        part = case.figures.helper_share
        shares = shares_of(parts=[(receiver, part), (owner, WHOLE - part)])
    credits = _credit(case, owner=owner, number=HELP_CASE)
    return finish(case, outcome=Outcome.HELPED, rule=rule, owner=owner, suggested=shares, make_ups=credits)


def _snatched(case: Case, *, owner: str) -> Decision:
    acting, figures = case.acting, case.figures
    case.note(rule="J-19", fact=Fact.WENT_ON, value=acting, effect=Effect.SNATCHED)
    case.note(rule="J-20", fact=Fact.CLOSER, value=acting, effect=Effect.CANCELLED)
    heir = owner if figures.destination == BY_RULING else ""
    case.note(rule="J-34", fact=Fact.NOTHING, value=heir or figures.destination, effect=Effect.RULING)
    penalty = Penalty(
        agent=acting, fine_min_fen=figures.fine_min_fen, fine_max_fen=figures.fine_max_fen,
        destination=figures.destination, heir=heir,
    )  # fmt: skip
    return finish(
        case, outcome=Outcome.SNATCHED, rule="J-20", owner=owner, suggested=whole(heir) if heir else (),
        turn_used=acting == case.facts.receiver, penalty=penalty, needs_ruling=True,
    )  # fmt: skip


def _parted(case: Case, *, owner: str, split: Split) -> tuple[Share, ...]:
    return shares_of(parts=[(case.acting, split.closer), (owner, split.original)])


def _credit(case: Case, *, owner: str, number: int) -> list[MakeUp]:
    """The receiver's make-up: for his own customer case 1, for anybody else's the case given (J-02)."""
    receiver = case.facts.receiver
    return [make_up(agent=receiver, case=OWN_CASE if receiver == owner else number, rule="J-02")]
