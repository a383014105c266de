"""What the planner is told of a month and what it answers: plain values that pass between processes as JSON. Pure.

Moments are whole minutes since 1970, days are ordinals, so that nothing depends on a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# why somebody cannot take a turn
ROLE, AWAY, BUSY, REST, ROW = "role", "away", "busy", "rest", "row"
# how good the answer is
OPTIMAL, FEASIBLE, GREEDY = "optimal", "feasible", "greedy"

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who may be rostered: roles held, approved leave, and days wished free."""

    id: int
    roles: tuple[str, ...] = ()
    away: tuple[Span, ...] = ()
    wishes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A shift of a day that needs so many people of certain roles; `special` on weekends and holidays."""

    id: str
    post: int
    day: int
    starts: int
    ends: int
    needs: int = 1
    roles: tuple[str, ...] = ()
    night: bool = False
    special: bool = False

    def suits(self, person: Person) -> bool:
        """Whether he may stand at this post by his roles, and is not on leave then."""
        return self.skilled(person) and not any(
            self.starts < end and start < self.ends for start, end in person.away
        )

    def skilled(self, person: Person) -> bool:
        """Whether one of his roles is asked for; anybody will do where none is."""
        return not self.roles or any(role in self.roles for role in person.roles)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A turn that somebody has anyway: of the month before, of another site, or put down by hand."""

    person: int
    day: int
    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much it counts that nights, weekends and hours are even, and that wishes are kept."""

    nights: int = 4
    weekends: int = 3
    hours: int = 2
    wishes: int = 3


@dataclass(frozen=True, kw_only=True)
class Month:
    """Everything the planner knows. `fixed` are (slot, person) that stay; `rest` is minutes between two turns."""

    people: tuple[Person, ...]
    slots: tuple[Slot, ...]
    fixed: tuple[tuple[str, int], ...] = ()
    held: tuple[Held, ...] = ()
    rest: int = 0
    in_a_row: int = 6
    weights: Weights = field(default_factory=Weights)
    seconds: float = 20.0
    workers: int = 2
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """Why one person was not put down for a turn that stayed open."""

    person: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Short:
    """A turn that lacks people, and what kept everybody else from it."""

    slot: str
    missing: int
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The proposal: who takes what, what stays open and why, how fair it is and how far from the best it may be."""

    turns: tuple[tuple[str, int], ...]
    short: tuple[Short, ...]
    score: int
    bound: int
    greedy_score: int
    greedy_missing: int
    status: str
    seconds: float

    @property
    def missing(self) -> int:
        """How many people are lacking altogether."""
        return sum(one.missing for one in self.short)

    @property
    def gap(self) -> float:
        """How much of the score might still be saved at most: 0 is proved to be the best."""
        return max(0.0, (self.score - self.bound) / self.score) if self.score else 0.0


def to_plain(value: Month | Plan) -> dict[str, Any]:
    """As JSON values."""
    return asdict(value)


def month_from(plain: Mapping[str, Any]) -> Month:
    """A month read back from JSON values."""
    people = tuple(
        Person(
            id=one["id"], roles=tuple(one["roles"]), away=tuple((a, b) for a, b in one["away"]),
            wishes=tuple(one["wishes"]),
        )
        for one in plain["people"]
    )  # fmt: skip
    rest = {name: plain[name] for name in ("rest", "in_a_row", "seconds", "workers", "seed")}
    return Month(
        people=people,
        slots=tuple(Slot(**{**one, "roles": tuple(one["roles"])}) for one in plain["slots"]),
        fixed=tuple((slot, person) for slot, person in plain["fixed"]),
        held=tuple(Held(**one) for one in plain["held"]),
        weights=Weights(**plain["weights"]),
        **rest,
    )


def plan_from(plain: Mapping[str, Any]) -> Plan:
    """A proposal read back from JSON values."""
    short = tuple(
        Short(
            slot=one["slot"],
            missing=one["missing"],
            excluded=tuple(Excluded(person=each["person"], why=each["why"]) for each in one["excluded"]),
        )
        for one in plain["short"]
    )
    turns = tuple((slot, person) for slot, person in plain["turns"])
    return Plan(**{**plain, "turns": turns, "short": short})
