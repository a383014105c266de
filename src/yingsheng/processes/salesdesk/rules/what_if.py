"""What would have to be different for a decision to come out another way. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.decision import Decision
from yingsheng.processes.salesdesk.rules.facts import Claim, Facts, Noticed, Public
from yingsheng.processes.salesdesk.rules.figures import Figures


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact that would turn the decision: which (and of which entry), what it is and would be, and what follows.

    `days` says by how many days a day would have to move, 0 for another fact.
    """

    fact: str
    entry: int
    now: str
    then: str
    days: int
    decision: Decision


def what_if(*, facts: Facts, figures: Figures) -> tuple[Change, ...]:
    """The nearest day to either side at which the outcome flips, for every day on record, and every other single fact.

    Nearest days first, then the other facts in a fixed order. Each is tried alone with all else as it is; a day that
    contradicts the rest (a deal before its visit) is not tried. Rules: J-30 read backwards, with the limits of J-14,
    J-21 … J-23.
    """
    now = decide(facts=facts, figures=figures)
    changes = [*_days(facts=facts, figures=figures, now=now)]
    changes.sort(key=lambda one: (abs(one.days), one.days, one.fact, one.entry))
    return (*changes, *_others(facts=facts, figures=figures, now=now))


def differs(*, one: Decision, other: Decision) -> bool:
    """Whether two decisions differ in what they mean for anybody, whatever the way there."""
    return _meaning(one) != _meaning(other)


def _meaning(decision: Decision) -> tuple[object, ...]:
    return (
        decision.outcome, decision.owner, decision.shares, decision.suggested, decision.turn_used,
        decision.make_ups, decision.penalty, decision.needs_ruling,
    )  # fmt: skip


# -- days --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Day:
    fact: str
    entry: int
    day: date
    moved: Callable[[date], Facts]  # ValueError where the day contradicts the rest


def _days(*, facts: Facts, figures: Figures, now: Decision) -> Iterator[Change]:
    dates = list(_dates(facts))
    known = {one.day for one in dates}
    limits = {
        figures.referral_days, figures.family_days, figures.same_days, figures.discovery_days, figures.deal_days,
        figures.relative_days,
    }  # fmt: skip
    edges = {0, *limits, *(limit + 1 for limit in limits)}
    steps = sorted({sign * edge + one for edge in edges for sign in (1, -1) for one in (-1, 0, 1)})
    for each in dates:
        moves = {(day - each.day).days + step for day in known for step in steps}
        for direction in (1, -1):
            ordered = sorted(move * direction for move in moves if move * direction > 0)
            for distance in ordered:
                found = _moved(each=each, days=direction * distance, figures=figures)
                if found is not None and differs(one=found.decision, other=now):
                    yield found
                    break


def _moved(*, each: _Day, days: int, figures: Figures) -> Change | None:
    then = each.day + timedelta(days=days)
    try:
        facts = each.moved(then)
    except ValueError:
        return None
    return Change(
        fact=each.fact, entry=each.entry, now=str(each.day), then=str(then), days=days,
        decision=decide(facts=facts, figures=figures),
    )  # fmt: skip


def _dates(facts: Facts) -> Iterator[_Day]:
    yield _Day(
        fact="visit_day", entry=0, day=facts.visit_day, moved=lambda day: replace(facts, visit_day=day)
    )
    deal = facts.deal
    if deal is not None and deal.deposit_day is not None and deal.signed_day is not None:

        def close(day: date) -> Facts:
            assert deal.deposit_day is not None
            assert deal.signed_day is not None
            gap = day - max(deal.deposit_day, deal.signed_day)
            moved = replace(deal, deposit_day=deal.deposit_day + gap, signed_day=deal.signed_day + gap)
            return replace(facts, deal=moved)

        yield _Day(fact="closing_day", entry=0, day=max(deal.deposit_day, deal.signed_day), moved=close)
    for place, claim in enumerate(facts.claims):
        for name in ("registered_day", "received_day", "closed_day", "last_visit_day", "discovered_day"):
            day = getattr(claim, name)
            if day is not None:
                yield _Day(fact=name, entry=claim.entry, day=day, moved=_mover(facts, place, name))


def _mover(facts: Facts, place: int, name: str) -> Callable[[date], Facts]:
    def moved(day: date) -> Facts:
        claims = list(facts.claims)
        claims[place] = _with(claims[place], name, day)
        return replace(facts, claims=tuple(claims))

    return moved


def _with(claim: Claim, name: str, day: date) -> Claim:
    values = _one(name, day)
    if name == "registered_day" and claim.received_day == claim.registered_day:
        values["received_day"] = day  # received and registered on one day: one fact
    return replace(claim, **values)


def _put(facts: Facts, name: str, value: object) -> Facts:
    return replace(facts, **_one(name, value))


def _one(name: str, value: object) -> dict[str, Any]:
    return {name: value}


# -- other facts -------------------------------------------------------------------------------------------


def _others(*, facts: Facts, figures: Figures, now: Decision) -> Iterator[Change]:
    for fact, entry, before, after, changed in _toggles(facts):
        decision = decide(facts=changed, figures=figures)
        if differs(one=decision, other=now):
            yield Change(fact=fact, entry=entry, now=before, then=after, days=0, decision=decision)


def _toggles(facts: Facts) -> Iterator[tuple[str, int, str, str, Facts]]:
    """Every single fact turned round: name, entry, what it is, what it would be, the facts with it."""
    for name in ("knew", "went_on", "group_purchase"):
        value = getattr(facts, name)
        yield name, 0, str(value), str(not value), _put(facts, name, not value)
    agents = {claim.agent for claim in facts.claims} | {facts.named, facts.brought_by, facts.help_of}
    for agent in sorted(agents - {"", facts.receiver}):
        for name in ("present", "consented"):
            held: frozenset[str] = getattr(facts, name)
            before, after = ("", agent) if agent not in held else (agent, "")
            yield name, 0, before, after, _put(facts, name, held ^ {agent})
        if facts.named != agent:
            yield "named", 0, facts.named, agent, replace(facts, named=agent)
    if facts.named:
        yield "named", 0, facts.named, "", replace(facts, named="")
    if facts.public is not None:
        for name in ("card_given", "said_himself", "colleagues_know"):
            value = getattr(facts.public, name)
            public: Public = replace(facts.public, **_one(name, not value))
            yield name, 0, str(value), str(not value), replace(facts, public=public)
    for place, claim in enumerate(facts.claims):
        yield from _claim_toggles(facts, place, claim)


def _claim_toggles(facts: Facts, place: int, claim: Claim) -> Iterator[tuple[str, int, str, str, Facts]]:
    def put(changed: Claim) -> Facts:
        return replace(facts, claims=(*facts.claims[:place], changed, *facts.claims[place + 1 :]))

    other = Noticed.AFTER if claim.noticed is Noticed.DURING else Noticed.DURING
    found = claim.discovered_day or facts.visit_day
    turned = replace(claim, noticed=other, discovered_day=found)
    yield "noticed", claim.entry, claim.noticed.value, other.value, put(turned)
    value = claim.complies
    yield "complies", claim.entry, str(value), str(not value), put(replace(claim, complies=not value))
    if claim.keys:
        proofs = ",".join(sorted(claim.keys))
        yield "evidence", claim.entry, proofs, "", put(replace(claim, keys=frozenset()))
