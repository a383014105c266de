"""Whose customer, and by which article: the tests of J-30 one after another, the first that applies decides. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from yingsheng.processes.salesdesk.rules import days
from yingsheng.processes.salesdesk.rules.case import (
    HELP_CASE,
    Case,
    finish,
    hand_over,
    of_another,
    open_case,
    own,
    whole,
)
from yingsheng.processes.salesdesk.rules.decision import (
    Decision,
    Effect,
    Fact,
    Outcome,
    make_up,
    shares_of,
)
from yingsheng.processes.salesdesk.rules.facts import (
    Claim,
    Facts,
    Noticed,
    PublicKind,
    Record,
)
from yingsheng.processes.salesdesk.rules.figures import CLOSER, INTRODUCED, Figures


def decide(*, facts: Facts, figures: Figures) -> Decision:
    """Whose customer it is, how a deal is parted and which article says so at every step.

    The order of J-30: group purchase; public customer; another's claim seen during reception; the same customer found
    afterwards; the agent named; an old customer's introduction; family or batch; [I] help for a colleague without any
    entry; a referral; a phone-in found afterwards; rotation. Where an entry proves too old the customer is new, and
    the later tests are asked as for any new customer. [I] The receiver's own entry, if it is the one that counts,
    stands where the same entry of another would. The answer depends on the facts alone, not on their order.
    """
    case = open_case(facts=facts, figures=figures)
    tests = (_group, _public, _seen, _found_after, _named, _brought, _family, _help, _referral, _phone_in)
    for test in tests:
        decision = test(case)
        if decision is not None:
            return decision
    return _rotation(case)


def _group(case: Case) -> Decision | None:
    """J-26: received in order, no shares; a bonus is shared out elsewhere. [I] The reception uses the turn."""
    if not case.facts.group_purchase:
        return None
    case.note(rule="J-26", fact=Fact.GROUP, value=case.facts.receiver, effect=Effect.NO_SHARES)
    return finish(case, outcome=Outcome.GROUP, rule="J-26", owner="", suggested=(), turn_used=True)


def _public(case: Case) -> Decision | None:
    """J-09, J-10: the department's customer, no turn used; recognised later, a make-up for the turn that was.

    [I] A public customer who buys on the spot is a case for the manager (J-28).
    """
    public = case.facts.public
    if case.facts.was_public:
        case.leave_to_rotation(rule="J-10", fact=Fact.WAS_PUBLIC, value="", effect=Effect.NEW)
    if public is None:
        return None
    kind = public.kind.value
    if public.kind is PublicKind.PRINCIPAL and public.card_given and case.figures.card_is_rotation:
        case.leave_to_rotation(rule="J-09", fact=Fact.CARD, value=kind, effect=Effect.COUNTS_AS_TURN)
        return None
    by_word = public.kind in (PublicKind.PEER, PublicKind.SOLICITOR)
    unknown = public.kind is PublicKind.PEER and not public.colleagues_know
    if (by_word and not public.said_himself) or unknown:
        case.note(rule="J-09", fact=Fact.SAID, value=kind, effect=Effect.NOT_PUBLIC)
        return None
    case.note(rule="J-10", fact=Fact.PUBLIC_KIND, value=kind, effect=Effect.DEPARTMENT)
    late = public.recognised is Noticed.AFTER
    credits = [make_up(agent=case.facts.receiver, case=0, rule="J-10")] if late else []
    bought = case.closed_day is not None
    if bought:
        case.note(rule="J-28", fact=Fact.CLOSING, value=str(case.closed_day), effect=Effect.RULING)
    return finish(
        case, outcome=Outcome.RULING if bought else Outcome.PUBLIC, rule="J-28" if bought else "J-10", owner="",
        suggested=(), make_ups=credits, needs_ruling=bought,
    )  # fmt: skip


# -- earlier entries of the visitor himself ----------------------------------------------------------------


def _holder(claims: Sequence[Claim], *, limit: int, anchor: str, kin: bool) -> Claim | None:
    """The entry that counts: the first, until one came after its limit and made the customer new.

    [I] For several entries of one customer or family; the regulation speaks of one (J-21, J-22).
    """
    held: Claim | None = None
    for claim in claims:
        came = claim.received_day or claim.registered_day
        if held is None or not days.is_within(
            first=_anchor(held, anchor=anchor, kin=kin), later=came, limit=limit
        ):
            held = claim
    return held


def _anchor(claim: Claim, *, anchor: str, kin: bool) -> date:
    if kin:
        return days.family_anchor(
            registered=claim.registered_day, closed=claim.closed_day, last_visit=claim.last_visit_day, anchor=anchor
        )  # fmt: skip
    return days.same_anchor(registered=claim.registered_day, last_visit=claim.last_visit_day, anchor=anchor)


def _old_entry(case: Case) -> Claim | None:
    figures = case.figures
    return _holder(case.visits, limit=figures.same_days, anchor=figures.anchor, kin=False)


def _seen(case: Case) -> Decision | None:
    """J-19, J-20: another's customer, known during reception, however old the entry; J-02 case 1 for one's own.

    A visit goes before a call or a referral, an earlier entry before a later one. A caller who asks for the agent he
    spoke to is left to J-17 and J-18. Asking for somebody else on a later visit changes nothing (J-13, T-J56).
    """
    facts, held = case.facts, _old_entry(case)
    if held is not None and (
        held.agent == facts.receiver or any(case.is_seen(claim=claim) for claim in case.visits)
    ):
        if facts.named and facts.named != held.agent:
            case.note(rule="J-13", fact=Fact.NAMED, value=facts.named, effect=Effect.NO_CLAIM)
        return _anothers_or_own(case, claim=held)
    seen = [one for one in case.own_claims if one.record is not Record.VISIT and case.is_seen(claim=one)]
    if not seen:
        return None
    by_name = seen[0].record is Record.PHONE_IN and seen[0].agent == facts.named and not facts.named_too_late
    if by_name or (held is not None and seen[0].agent == facts.receiver):
        return None
    return _anothers_or_own(case, claim=seen[0])


def _anothers_or_own(case: Case, *, claim: Claim) -> Decision:
    if claim.agent == case.facts.receiver:
        rule = "J-07" if claim.record is Record.VISIT else "J-02"
        return own(case, rule=rule, fact=Fact.OWN_ENTRY, value=claim.record.value)
    fact = Fact.NOTICED if claim.noticed is Noticed.DURING else Fact.KNEW
    return of_another(case, owner=claim.agent, rule="J-19", fact=fact, value=claim.record.value)


def _found_after(case: Case) -> Decision | None:
    """J-22, J-23, J-33: the same customer, found after complete reception by an agent who did not know.

    [I] Found between reception and closing, the deal was closed knowingly. Within the limit and without a deal the
    customer is the original agent's (a figure can say otherwise).
    """
    held = _old_entry(case)
    if held is None or held.discovered_day is None:
        return None
    facts, figures = case.facts, case.figures
    anchor = _anchor(held, anchor=figures.anchor, kin=False)
    gone = _told(first=anchor, later=facts.visit_day, limit=figures.same_days)
    if not days.is_within(first=anchor, later=facts.visit_day, limit=figures.same_days):
        case.leave_to_rotation(rule="J-22", fact=Fact.VISIT_DAYS, value=gone, effect=Effect.NEW)
        case.is_new_again = True
        return None
    if case.closed_day is None and not facts.went_on:
        if figures.same_within == CLOSER:
            case.leave_to_rotation(rule="J-22", fact=Fact.VISIT_DAYS, value=gone, effect=Effect.STANDS)
            return _rotation(case)
        case.note(rule="J-22", fact=Fact.VISIT_DAYS, value=gone, effect=Effect.ORIGINAL)
        return hand_over(case, owner=held.agent, rule="J-22")
    if case.acting == held.agent:
        case.note(rule="J-22", fact=Fact.CLOSER, value=held.agent, effect=Effect.ORIGINAL)
        return hand_over(case, owner=held.agent, rule="J-22")
    if case.closed_day is None or held.discovered_day < case.closed_day:
        case.note(rule="J-33", fact=Fact.KNEW, value=str(held.discovered_day), effect=Effect.AWARE)
        return of_another(case, owner=held.agent, rule="J-19", fact=Fact.KNEW, value=held.record.value)
    return _closed_unawares(case, held=held, anchor=anchor, closed=case.closed_day, found=held.discovered_day)


def _closed_unawares(case: Case, *, held: Claim, anchor: date, closed: date, found: date) -> Decision:
    """J-23: a new customer's deal, all to the closer, or half and half."""
    figures, acting = case.figures, case.acting
    gone = _told(first=anchor, later=closed, limit=figures.deal_days)
    if not days.is_within(first=anchor, later=closed, limit=figures.deal_days):
        case.note(rule="J-23", fact=Fact.DEAL_DAYS, value=gone, effect=Effect.NEW)
        return finish(
            case, outcome=Outcome.TURN, rule="J-23", owner=acting, suggested=whole(acting), turn_used=True
        )
    case.note(rule="J-23", fact=Fact.DEAL_DAYS, value=gone, effect=Effect.ANOTHERS)
    in_time = days.is_within(first=closed, later=found, limit=figures.discovery_days)
    told = _told(first=closed, later=found, limit=figures.discovery_days)
    effect, split = (Effect.HALF, figures.halved) if in_time else (Effect.CLOSER_ALL, figures.late)
    case.note(rule="J-23", fact=Fact.DISCOVERY_DAYS, value=told, effect=effect)
    shares = shares_of(parts=[(acting, split.closer), (held.agent, split.original)])
    outcome = Outcome.HALVED if in_time else Outcome.TURN
    return finish(case, outcome=outcome, rule="J-23", owner=acting, suggested=shares, turn_used=True)


# -- new customers -----------------------------------------------------------------------------------------


def _named(case: Case) -> Decision | None:
    """J-12, J-13, J-17, J-18: whom a new or phone-in customer asks for; a relative of another's: the manager (CF-48).

    The name counts at any time of the first reception, not afterwards. [I] For a named agent who is present the
    receiver's make-up is that of help (case 3): the customer is nobody's old one.
    """
    facts, figures, named = case.facts, case.figures, case.facts.named
    if not named:
        return None
    called = any(one.record is Record.PHONE_IN and one.agent == named for one in case.own_claims)
    away = named not in facts.present and named != facts.receiver
    present_rule, away_rule, split = (
        ("J-17", "J-18", figures.called) if called else ("J-13", "J-12", figures.named)
    )
    rule = away_rule if away else present_rule
    scope = figures.absent_named_applies_to if away else figures.named_applies_to
    introduced_only = scope == INTRODUCED and not facts.brought_by
    if facts.named_too_late or (not called and (introduced_only or not case.is_first_visit())):
        case.note(rule=rule, fact=Fact.NAMED, value=named, effect=Effect.NO_CLAIM)
        return None
    kin, is_held, gone = _kin_holder(case, limit=figures.relative_days)
    if kin is not None and is_held and kin.agent != named:
        case.note(rule="J-30", fact=Fact.VISIT_DAYS, value=gone, effect=Effect.ANOTHERS)
        case.note(rule="J-28", fact=Fact.RELATION, value=kin.agent, effect=Effect.RULING)
        return hand_over(case, owner=kin.agent, rule="J-28", needs_ruling=True)
    if named == facts.receiver:
        return own(case, rule=rule, fact=Fact.NAMED, value=named)
    return of_another(
        case, owner=named, rule=rule, fact=Fact.NAMED, value=named, away_rule=away_rule, away=split,
        present_case=HELP_CASE,
    )  # fmt: skip


def _brought(case: Case) -> Decision | None:
    """J-11: brought by an old customer; his agent receives, or is helped while he is away."""
    facts, figures, agent = case.facts, case.figures, case.facts.brought_by
    if not agent or not case.is_first_visit():
        return None
    if agent == facts.receiver:
        return own(case, rule="J-11", fact=Fact.BROUGHT_BY, value=agent)
    return of_another(
        case, owner=agent, rule="J-11", fact=Fact.BROUGHT_BY, value=agent, away_rule="J-11", away=figures.introduced,
        present=figures.introduced_present, present_case=HELP_CASE,
    )  # fmt: skip


def _kin_holder(case: Case, *, limit: int) -> tuple[Claim | None, bool, str]:
    """The entry of the family or batch that counts, whether it still holds at this visit, and "found/limit" in days."""
    anchor, visit = case.figures.anchor, case.facts.visit_day
    held = _holder(case.kin_claims, limit=limit, anchor=anchor, kin=True)
    if held is None:
        return None, False, ""
    first = _anchor(held, anchor=anchor, kin=True)
    is_held = days.is_within(first=first, later=visit, limit=limit)
    return held, is_held, _told(first=first, later=visit, limit=limit)


def _family(case: Case) -> Decision | None:
    """J-21: the family's or batch's first reception prevails within its days, later the visitor is new.

    [I] Known during reception it is another's customer as in J-19. [I] Closed unawares it is a doubtful case: the
    manager rules (J-28), the first reception is suggested.
    """
    facts, figures = case.facts, case.figures
    held, is_held, gone = _kin_holder(case, limit=figures.family_days)
    if held is None:
        return None
    if not is_held:
        case.leave_to_rotation(rule="J-21", fact=Fact.VISIT_DAYS, value=gone, effect=Effect.NEW)
        return None
    if held.agent == facts.receiver:
        return own(case, rule="J-21", fact=Fact.VISIT_DAYS, value=gone)
    return _found_or_seen(case, held=held, rule="J-21", fact=Fact.VISIT_DAYS, value=gone)


def _found_or_seen(case: Case, *, held: Claim, rule: str, fact: Fact, value: str) -> Decision:
    """Another's customer by J-14 or J-21: as in J-19 if known in time, else handed over or, once closed, ruled on."""
    closed, found = case.closed_day, held.discovered_day
    knew = case.is_seen(claim=held) or case.facts.went_on
    if knew or (closed is not None and found is not None and found < closed):
        return of_another(case, owner=held.agent, rule=rule, fact=fact, value=value)
    case.note(rule=rule, fact=fact, value=value, effect=Effect.ORIGINAL)
    if closed is not None and case.acting != held.agent:
        case.note(rule="J-28", fact=Fact.CLOSER, value=case.acting, effect=Effect.RULING)
        return hand_over(case, owner=held.agent, rule="J-28", needs_ruling=True)
    return hand_over(case, owner=held.agent, rule=rule)


def _help(case: Case) -> Decision | None:
    """J-02 case 3 [I]: received in a colleague's place, though no entry speaks for the colleague."""
    colleague = case.facts.help_of
    if not colleague or colleague == case.facts.receiver:
        return None
    return of_another(case, owner=colleague, rule="J-19", fact=Fact.HELP_OF, value=colleague)


def _referral(case: Case) -> Decision | None:
    """J-14: registered before he ever came; found within its days after the visit and in order, he is handed over."""
    for claim in case.own_claims:
        if claim.record is not Record.REFERRAL or claim.discovered_day is None:
            continue
        if not claim.complies:
            case.leave_to_rotation(rule="J-14", fact=Fact.COMPLIES, value=claim.agent, effect=Effect.STANDS)
            continue
        limit, visit = case.figures.referral_days, case.facts.visit_day
        told = _told(first=visit, later=claim.discovered_day, limit=limit)
        if not days.is_within(first=visit, later=claim.discovered_day, limit=limit):
            case.leave_to_rotation(rule="J-14", fact=Fact.DISCOVERY_DAYS, value=told, effect=Effect.STANDS)
            continue
        if claim.agent == case.facts.receiver:
            return own(case, rule="J-14", fact=Fact.OWN_ENTRY, value=claim.record.value)
        return _found_or_seen(case, held=claim, rule="J-14", fact=Fact.DISCOVERY_DAYS, value=told)
    return None


def _phone_in(case: Case) -> Decision | None:
    """J-16, CF-38: a call found after reception yields to it. One's own call is one's own customer (J-02 case 1)."""
    for claim in case.own_claims:
        if claim.record is Record.PHONE_IN and claim.agent != case.facts.receiver:
            case.leave_to_rotation(
                rule="J-16", fact=Fact.PHONE_ENTRY, value=claim.agent, effect=Effect.YIELDS
            )
    return None


def _rotation(case: Case) -> Decision:
    """J-01: the receiver's by turn. [I] A colleague who closes it is held to J-19."""
    receiver = case.facts.receiver
    case.note(rule="J-01", fact=Fact.NOTHING, value=receiver, effect=Effect.TURN)
    if case.acting != receiver:
        decision = of_another(case, owner=receiver, rule="J-19", fact=Fact.CLOSER, value=case.acting)
        return replace(decision, turn_used=True, make_ups=())
    return finish(
        case,
        outcome=Outcome.TURN,
        rule=case.ground,
        owner=receiver,
        suggested=whole(receiver),
        turn_used=True,
    )


def _told(*, first: date, later: date, limit: int) -> str:
    return f"{days.between(first=first, later=later)}/{limit}"
