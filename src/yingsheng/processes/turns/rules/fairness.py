"""How fair a month is, as one number: the smaller the fairer. The solver minimises exactly this. Pure.

The burden of a turn (a night, a weekend, its hours) is shared in thought among all who could take it; what somebody
has more or less than his share counts, and what goes beyond one whole turn counts three times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yingsheng.processes.turns.rules.month import Month, Slot

TURN = 100  # hundredths of a turn
USUAL_MINUTES = 8 * 60  # the hours of one turn
BEYOND = 2  # what goes beyond a whole turn counts so much more
MEASURES = ("nights", "weekends", "hours")


def burden(*, slot: Slot, measure: str) -> int:
    """What a turn weighs in one measure, in hundredths of a turn."""
    if measure == "hours":
        return TURN * (slot.ends - slot.starts) // USUAL_MINUTES
    return TURN if (slot.night if measure == "nights" else slot.special) else 0


def shares(*, month: Month, measure: str) -> dict[int, int]:
    """What each person would carry if every turn were shared among all who could take it."""
    found = {one.id: 0.0 for one in month.people}
    for slot in month.slots:
        able = [one.id for one in month.people if slot.suits(one)]
        for person in able:
            found[person] += burden(slot=slot, measure=measure) * slot.needs / len(able)
    return {person: round(value) for person, value in found.items()}


def cost(*, away_from_share: int) -> int:
    """What a difference from one's share counts."""
    off = abs(away_from_share)
    return off + BEYOND * max(0, off - TURN)


@dataclass(frozen=True, kw_only=True)
class Loads:
    """What each person carries in each measure, and how many wishes are not kept."""

    carried: dict[str, dict[int, int]]
    broken_wishes: int


def loads(*, month: Month, turns: Iterable[tuple[str, int]]) -> Loads:
    """What a plan gives everybody to carry."""
    slots = {one.id: one for one in month.slots}
    wishes = {(one.id, day) for one in month.people for day in one.wishes}
    carried = {measure: {one.id: 0 for one in month.people} for measure in MEASURES}
    broken = 0
    for slot_id, person in turns:
        slot = slots[slot_id]
        for measure in MEASURES:
            carried[measure][person] = carried[measure].get(person, 0) + burden(slot=slot, measure=measure)
        broken += (person, slot.day) in wishes
    return Loads(carried=carried, broken_wishes=broken)


def score(*, month: Month, turns: Iterable[tuple[str, int]]) -> int:
    """The unfairness of a plan: the sum over people and measures, and the wishes not kept."""
    found = loads(month=month, turns=turns)
    total = month.weights.wishes * TURN * found.broken_wishes
    for measure in MEASURES:
        share = shares(month=month, measure=measure)
        weight = int(getattr(month.weights, measure))
        total += weight * sum(
            cost(away_from_share=found.carried[measure][one.id] - share[one.id]) for one in month.people
        )
    return total
