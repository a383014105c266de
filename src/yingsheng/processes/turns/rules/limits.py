"""What keeps somebody from a turn: role, leave, another turn, rest, days in a row; and the greedy plan. Pure."""

from __future__ import annotations

from collections import defaultdict

from yingsheng.kernel.rosters.rules import too_many_in_a_row
from yingsheng.processes.turns.rules.fairness import MEASURES, burden, cost, shares
from yingsheng.processes.turns.rules.month import AWAY, BUSY, REST, ROLE, ROW, Held, Month, Person, Slot


class Diary:
    """What everybody has on his hands while a month is being filled."""

    def __init__(self, *, month: Month) -> None:
        self.month = month
        self.people = {one.id: one for one in month.people}
        self.slots = {one.id: one for one in month.slots}
        self.turns: dict[int, list[Held]] = defaultdict(list)
        self.taken: dict[str, list[int]] = {one.id: [] for one in month.slots}
        for one in month.held:
            self.turns[one.person].append(one)
        for slot_id, person in month.fixed:
            self.put(slot=self.slots[slot_id], person=person)

    def put(self, *, slot: Slot, person: int) -> None:
        """Put somebody down for a turn."""
        self.turns[person].append(Held(person=person, day=slot.day, starts=slot.starts, ends=slot.ends))
        self.taken[slot.id].append(person)

    def why_not(self, *, slot: Slot, person: Person) -> str:
        """The first thing that keeps him from the turn; "" for nothing."""
        if not slot.skilled(person):
            return ROLE
        if not slot.suits(person):
            return AWAY
        rest = self.month.rest
        for one in self.turns[person.id]:
            if one.starts < slot.ends and slot.starts < one.ends:
                return BUSY
            if one.starts < slot.ends + rest and slot.starts < one.ends + rest:
                return REST
        days = {one.day for one in self.turns[person.id]}
        return ROW if too_many_in_a_row(days=days, day=slot.day, most=self.month.in_a_row) else ""

    def missing(self, *, slot: Slot) -> int:
        """How many people the turn still lacks."""
        return max(0, slot.needs - len(self.taken[slot.id]))

    @property
    def pairs(self) -> tuple[tuple[str, int], ...]:
        """Everything put down, by turn."""
        return tuple((slot.id, person) for slot in self.month.slots for person in self.taken[slot.id])


def fill_greedily(*, month: Month) -> Diary:
    """The plan one makes with a pencil: day by day, each turn to whoever it burdens least."""
    diary = Diary(month=month)
    share = {measure: shares(month=month, measure=measure) for measure in MEASURES}
    carried = {measure: {one.id: 0 for one in month.people} for measure in MEASURES}

    def carry(slot: Slot, person: int) -> None:
        for measure in MEASURES:
            carried[measure][person] = carried[measure].get(person, 0) + burden(slot=slot, measure=measure)

    def weight(slot: Slot, person: Person) -> int:
        total = month.weights.wishes * 100 if slot.day in person.wishes else 0
        for measure in MEASURES:
            off = carried[measure][person.id] - share[measure][person.id]
            added = cost(away_from_share=off + burden(slot=slot, measure=measure)) - cost(away_from_share=off)
            total += int(getattr(month.weights, measure)) * added
        return total

    for slot_id, person_id in month.fixed:
        carry(diary.slots[slot_id], person_id)
    for slot in sorted(month.slots, key=lambda one: (one.starts, one.id)):
        while diary.missing(slot=slot):
            able = [one for one in month.people if not diary.why_not(slot=slot, person=one)]
            if not able:
                break
            chosen = min(able, key=lambda one: (weight(slot, one), one.id))
            diary.put(slot=slot, person=chosen.id)
            carry(slot, chosen.id)
    return diary
