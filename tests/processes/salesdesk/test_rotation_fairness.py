"""Ten thousand days of a rotation: whoever is there as much as the others gets as many new customers. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from yingsheng.processes.salesdesk.rules.queue import (
    Happening,
    Kind,
    Rotation,
    apply,
    find_next,
    list_free,
    start,
)
from yingsheng.processes.salesdesk.rules.snapshots import next_morning

TEAM = tuple("ABCDEF")
DAYS = 10_000


@dataclass
class Office:
    """A sales office whose receptions last no longer than a round: nobody is passed over twice for one customer."""

    random: Random
    rotation: Rotation
    got: Counter[str] = field(default_factory=Counter)  # new customers, less those that proved to be none
    number: int = 0
    by_turn: list[tuple[str, str]] = field(default_factory=list)  # of today: agent and cause

    def happens(self, kind: Kind, *agents: str, case: int = 0, cause: str = "") -> str:
        self.number += 1
        named = cause or f"visit:{self.number}"
        self.rotation = apply(
            rotation=self.rotation, event=Happening(kind=kind, agents=agents, cause=named, case=case)
        )
        return named

    def let_go(self) -> None:
        """End the receptions of those who would be passed over without a make-up."""
        while (chosen := find_next(rotation=self.rotation)) is None or chosen.credit is None:
            place = len(TEAM) if chosen is None else self.rotation.order.index(chosen.agent)
            stuck = [one for one in self.rotation.order[:place] if self._loses(one)]
            if not stuck:
                break
            self.happens(Kind.FREE, stuck[0])
        if find_next(rotation=self.rotation) is None:
            self.happens(Kind.FREE, self.random.choice(sorted(self.rotation.busy)))

    def _loses(self, agent: str) -> bool:
        busy = self.rotation.busy.get(agent)
        if busy is None:
            return False
        return not busy.excused or (busy.case != 4 and (agent, busy.cause) in self.rotation.credited)

    def arrival(self) -> None:
        """A new customer."""
        self.let_go()
        chosen = find_next(rotation=self.rotation)
        assert chosen is not None
        cause = self.happens(Kind.NEW, chosen.agent)
        self.got[chosen.agent] += 1
        self.by_turn.append((chosen.agent, cause))

    def other(self) -> None:
        """Anything but a new customer."""
        free, busy = list_free(rotation=self.rotation), sorted(self.rotation.busy)
        what = self.random.randrange(5)
        if what == 0 and busy:
            self.happens(Kind.FREE, self.random.choice(busy))
        elif what == 1 and free:
            self.happens(Kind.RECEIVE, self.random.choice(free), case=self.random.randrange(1, 4))
        elif what == 2 and free:
            self.happens(Kind.ORDERED, self.random.choice(free), case=4)
        elif what == 3 and len(free) > 1:
            self.happens(Kind.PUBLIC, *free[:2])
        elif what == 4 and self.by_turn:
            # a reception by turn proves to cost no quota: it was nobody's new customer, and is made up for
            agent, cause = self.by_turn.pop()
            if (agent, cause) not in self.rotation.credited:
                self.happens(Kind.CREDIT, agent, cause=cause, case=2)
                self.got[agent] -= 1

    def day(self, *, away: tuple[str, ...] = ()) -> None:
        """A day from the signing in to the evening."""
        self.by_turn.clear()
        for agent in self.random.sample(TEAM, len(TEAM)):
            self.happens(Kind.LEAVE if agent in away else Kind.SIGN_IN, agent)
        for _event in range(self.random.randrange(4, 14)):
            if self.random.random() < 0.5:
                self.arrival()
            else:
                self.other()
        self.rotation = next_morning(rotation=self.rotation, remembered=())

    def spread(self, team: tuple[str, ...] = TEAM) -> int:
        """How far apart they are in what they got and are still owed."""
        owed = Counter(credit.agent for credit in self.rotation.credits)
        counts = [self.got[one] + owed[one] for one in team]
        return max(counts) - min(counts)


@pytest.mark.rule("J-01", "J-02", "J-35")
def test_ten_thousand_days_leave_nobody_more_than_one_behind() -> None:
    # who is passed over is made up for or passed over in his place: all stand in the round, or one ahead of it
    office = Office(random=Random(20), rotation=start(agents=TEAM))
    for _day in range(DAYS):
        office.day()
        assert office.spread() <= 1
    assert sum(office.got.values()) > 3 * DAYS
    owed = len(office.rotation.credits)
    assert max(office.got.values()) - min(office.got.values()) <= 1 + owed


@pytest.mark.rule("J-03")
def test_days_off_cost_their_turns_and_nothing_of_the_others() -> None:
    office = Office(random=Random(21), rotation=start(agents=TEAM))
    for day in range(DAYS // 10):
        office.day(away=("F",) if day % 2 else ())
        assert office.spread(TEAM[:-1]) <= 1
    assert office.got["F"] < min(office.got[one] for one in TEAM[:-1])
