"""The planner of duty rosters on months of invented people, each solved by the program that the worker starts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from yingsheng.processes.turns.rules.month import Month, Person, Slot, plan_from, to_plain
from yingsheng.processes.turns.services.planning import run_program

DAY = 24 * 60
FIRST = date(2026, 12, 1)
# code, begin and end in minutes of the day, which of the crew; nights end on the next day
SHIFTS = (
    ("A", 450, 930, "desk"),
    ("P", 930, 1410, "desk"),
    ("N", 1410, 1890, "desk"),
    ("R", 1200, 1890, "repair"),
    ("D", 480, 960, "repair"),
)
AWAY_SHARE, WISHES = 0.3, 3
LIMIT = 17.0  # seconds of solving that leave three of the twenty for starting the program


def invented_month(*, people: int, days: int = 31, seed: int = 1, seconds: float = LIMIT) -> Month:
    """Two thirds stand at the desk, one third repairs; some are on leave, everybody wishes for three free days."""
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    begin = FIRST.toordinal()
    crew = tuple(_person(number, people, begin, days, rng) for number in range(1, people + 1))
    desk, repair = max(1, people // 10), max(1, people // 15)
    needs = {"A": desk + people // 20, "P": desk, "N": max(1, desk - 1), "R": repair, "D": repair}
    slots = tuple(
        Slot(
            id=f"{code}@{begin + number}", post=1 + (role == "repair"), day=begin + number,
            starts=(begin + number) * DAY + starts, ends=(begin + number) * DAY + ends, needs=needs[code],
            roles=(role,), night=ends > 22 * 60,
            special=(FIRST + timedelta(days=number)).weekday() >= 5,
        )
        for number in range(days)
        for code, starts, ends, role in SHIFTS
    )  # fmt: skip
    return Month(people=crew, slots=slots, rest=11 * 60, in_a_row=6, seconds=seconds)


def _person(number: int, people: int, begin: int, days: int, rng: Random) -> Person:
    away: tuple[tuple[int, int], ...] = ()
    if rng.random() < AWAY_SHARE:
        first = begin + rng.randrange(days)
        away = ((first * DAY, (first + rng.randrange(1, 5)) * DAY),)
    return Person(
        id=number,
        roles=("desk",) if number <= people * 2 // 3 else ("repair",),
        away=away,
        wishes=tuple(begin + day for day in sorted(rng.sample(range(days), WISHES))),
    )


def measure_planner() -> Iterator[str]:
    """A line for each size: seconds until the answer is back, gap to the bound, fairness against the pencil's."""
    for people in (12, 20, 30):
        started = time.perf_counter()
        plan = plan_from(run_program(to_plain(invented_month(people=people))))
        seconds = time.perf_counter() - started
        yield (
            f"planner, {people} people x 31 days: {seconds:.1f} s, {plan.status}, gap {plan.gap:.1%}, lacking "
            f"{plan.missing} (greedy {plan.greedy_missing}), unfairness {plan.score} (greedy {plan.greedy_score})"
        )
