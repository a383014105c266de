"""The planner of a duty roster: proposes a fair month with CP-SAT, and says what it could not do and why (D-01, D-04).

Hard: each turn's need, roles, leave, rest between turns, days in a row, no double booking, what a person fixed.
First as few people lacking as possible, then as fair as possible (`fairness.score`). Run as a program of its own
(`python -m yingsheng.processes.turns.rules.planner`) it reads a month as JSON and writes the plan, so that the
solver's memory is given back afterwards. Pure.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from typing import Any

from yingsheng.processes.turns.rules import fairness
from yingsheng.processes.turns.rules.limits import Diary, fill_greedily
from yingsheng.processes.turns.rules.month import (
    BUSY,
    FEASIBLE,
    GREEDY,
    OPTIMAL,
    ROW,
    Excluded,
    Month,
    Plan,
    Short,
    Slot,
    month_from,
    to_plain,
)

COVER_SHARE = 0.4  # of the time at most to find out how few may lack


def propose(*, month: Month) -> Plan:
    """A plan for the month; never worse than the greedy one, neither in gaps nor in fairness (D-01, D-04).

    Answers within `month.seconds`, with the best it has by then.
    """
    started = time.monotonic()
    greedy = fill_greedily(month=month)
    pairs, bound, status = greedy.pairs, 0, GREEDY
    found = _Model(month=month, hint=greedy).solve(until=started + month.seconds)
    if found is not None and _rank(month, found[0]) <= _rank(month, pairs):
        pairs, bound, status = found
    total = fairness.score(month=month, turns=pairs)
    return Plan(
        turns=pairs,
        short=explain(month=month, turns=pairs),
        score=total,
        bound=min(bound, total),
        greedy_score=fairness.score(month=month, turns=greedy.pairs),
        greedy_missing=sum(greedy.missing(slot=slot) for slot in month.slots),
        status=status,
        seconds=round(time.monotonic() - started, 2),
    )


def _rank(month: Month, pairs: tuple[tuple[str, int], ...]) -> tuple[int, int]:
    return _missing(month, pairs), fairness.score(month=month, turns=pairs)


def _missing(month: Month, pairs: tuple[tuple[str, int], ...]) -> int:
    present: dict[str, int] = defaultdict(int)
    for slot_id, _person in pairs:
        present[slot_id] += 1
    return sum(max(0, slot.needs - present[slot.id]) for slot in month.slots)


def explain(*, month: Month, turns: tuple[tuple[str, int], ...]) -> tuple[Short, ...]:
    """Each turn that lacks people, and for everybody else what kept him from it (D-04)."""
    diary = Diary(month=month)
    fixed = set(month.fixed)
    for slot_id, person in turns:
        if (slot_id, person) not in fixed:
            diary.put(slot=diary.slots[slot_id], person=person)
    found = []
    for slot in month.slots:
        missing = diary.missing(slot=slot)
        if missing:
            excluded = tuple(
                Excluded(person=one.id, why=diary.why_not(slot=slot, person=one) or BUSY)
                for one in month.people
                if one.id not in diary.taken[slot.id]
            )
            found.append(Short(slot=slot.id, missing=missing, excluded=excluded))
    return tuple(found)


class _Model:
    """The month as CP-SAT sees it."""

    def __init__(self, *, month: Month, hint: Diary) -> None:
        from ortools.sat.python import (
            cp_model,  # half a second and a hundred megabytes: only where it is used
        )

        self.cp = cp_model
        self.month = month
        self.hint = hint
        self.model = cp_model.CpModel()
        self.base = Diary(month=month)
        self.fixed = set(month.fixed)
        self.take: dict[tuple[str, int], Any] = {}
        for slot in month.slots:
            for one in month.people if self.base.missing(slot=slot) else ():
                # days in a row are counted below, with the other turns that are still free
                if self.base.why_not(slot=slot, person=one) in ("", ROW):
                    self.take[slot.id, one.id] = self.model.new_bool_var(f"{slot.id}/{one.id}")
        self.lacking = self._cover()
        self._rest()
        self._in_a_row()
        for key, variable in self.take.items():
            self.model.add_hint(variable, key[1] in hint.taken[key[0]])

    def _cover(self) -> list[Any]:
        lacking = []
        for slot in self.month.slots:
            needed = self.base.missing(slot=slot)
            if not needed:
                continue
            short = self.model.new_int_var(0, needed, f"short {slot.id}")
            takers = [
                self.take[slot.id, one.id] for one in self.month.people if (slot.id, one.id) in self.take
            ]
            self.model.add(sum(takers) + short == needed)
            self.model.add_hint(short, self.hint.missing(slot=slot))
            lacking.append(short)
        return lacking

    def _free(self, person: int) -> list[Slot]:
        return [slot for slot in self.month.slots if (slot.id, person) in self.take]

    def _rest(self) -> None:
        """Of the turns whose hours and rest share a moment a person takes one at most."""
        for one in self.month.people:
            free = self._free(one.id)
            for start in sorted({slot.starts for slot in free}):
                clash = [slot for slot in free if slot.starts <= start < slot.ends + self.month.rest]
                if len(clash) > 1:
                    self.model.add_at_most_one(self.take[slot.id, one.id] for slot in clash)

    def _in_a_row(self) -> None:
        most = self.month.in_a_row
        for one in self.month.people:
            by_day: dict[int, list[Any]] = defaultdict(list)
            for slot in self._free(one.id):
                by_day[slot.day].append(self.take[slot.id, one.id])
            if not by_day:
                continue
            held = {turn.day for turn in self.base.turns[one.id]}
            works = {
                day: self._works(one.id, day, takers) for day, takers in by_day.items() if day not in held
            }
            for first in range(min(by_day) - most, max(by_day) + 1):
                window = range(first, first + most + 1)
                free = [works[day] for day in window if day in works]
                # what was fixed may break the rule by itself; nothing is added to it then
                room = max(0, most - sum(day in held for day in window))
                if len(free) > room:
                    self.model.add(sum(free) <= room)

    def _works(self, person: int, day: int, takers: list[Any]) -> Any:
        if len(takers) == 1:
            return takers[0]
        works = self.model.new_bool_var(f"{person} on {day}")
        self.model.add_max_equality(works, takers)
        return works

    def _unfairness(self) -> Any:
        """The same sum as `fairness.score`, in the solver's terms."""
        month, terms = self.month, []
        given = fairness.loads(month=month, turns=month.fixed)
        wished = {(one.id, day) for one in month.people for day in one.wishes}
        for measure in fairness.MEASURES:
            weight = int(getattr(month.weights, measure))
            share = fairness.shares(month=month, measure=measure)
            for one in month.people if weight else ():
                free = self._free(one.id)
                weighed = [(fairness.burden(slot=slot, measure=measure), slot.id) for slot in free]
                most = sum(part for part, _slot in weighed) + given.carried[measure][one.id] + share[one.id]
                carried = sum(part * self.take[slot_id, one.id] for part, slot_id in weighed if part)
                off = self.model.new_int_var(0, most, f"{measure} of {one.id}")
                beyond = self.model.new_int_var(0, most, f"{measure} of {one.id}, beyond")
                away = carried + (given.carried[measure][one.id] - share[one.id])
                self.model.add(off >= away)
                self.model.add(off >= -away)
                self.model.add(beyond >= off - fairness.TURN)
                terms += [weight * off, weight * fairness.BEYOND * beyond]
                held = fairness.loads(month=month, turns=self.hint.pairs).carried[measure][one.id]
                self.model.add_hint(off, abs(held - share[one.id]))
                self.model.add_hint(beyond, max(0, abs(held - share[one.id]) - fairness.TURN))
        for (slot_id, person), variable in self.take.items():
            if (person, self.base.slots[slot_id].day) in wished:
                terms.append(month.weights.wishes * fairness.TURN * variable)
        return sum(terms) + month.weights.wishes * fairness.TURN * given.broken_wishes

    def solve(self, *, until: float) -> tuple[tuple[tuple[str, int], ...], int, str] | None:
        """The pairs, the bound of their score and how sure that is; None where not even a first plan was found."""
        if not self.take:
            return None
        proved = True
        greedy = sum(self.hint.missing(slot=slot) for slot in self.month.slots)
        if greedy:
            self.model.minimize(sum(self.lacking))
            solver, status = self._run(until=time.monotonic() + (until - time.monotonic()) * COVER_SHARE)
            if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
                return None
            proved = status == self.cp.OPTIMAL
            self._hint_from(solver)
            fewest = round(solver.objective_value)
        else:
            fewest = 0
        self.model.add(sum(self.lacking) <= fewest)
        self.model.minimize(self._unfairness())
        solver, status = self._run(until=until)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        is_best = proved and status == self.cp.OPTIMAL
        return self._pairs(solver), round(solver.best_objective_bound), OPTIMAL if is_best else FEASIBLE

    def _run(self, *, until: float) -> tuple[Any, Any]:
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.1, until - time.monotonic())
        solver.parameters.num_workers = self.month.workers
        solver.parameters.random_seed = self.month.seed
        return solver, solver.solve(self.model)

    def _hint_from(self, solver: Any) -> None:
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variable in (*self.take.values(), *self.lacking):
            self.model.add_hint(variable, solver.value(variable))
        self.hint = Diary(month=self.month)
        for (slot_id, person), variable in self.take.items():
            if solver.value(variable):
                self.hint.put(slot=self.hint.slots[slot_id], person=person)

    def _pairs(self, solver: Any) -> tuple[tuple[str, int], ...]:
        chosen = {key for key, variable in self.take.items() if solver.value(variable)}
        people = [one.id for one in self.month.people]
        return tuple(
            (slot.id, person)
            for slot in self.month.slots
            for person in dict.fromkeys([*self.base.taken[slot.id], *people])
            if (slot.id, person) in chosen or (slot.id, person) in self.fixed
        )


def main() -> None:
    """Read a month from the standard input, write its plan to the standard output."""
    json.dump(to_plain(propose(month=month_from(json.load(sys.stdin)))), sys.stdout)


if __name__ == "__main__":
    main()
