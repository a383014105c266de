"""Playing many stories at once in the order of time, so that the book of events reads like a real one."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from yingsheng.base.refusal import Refused

ZONE = ZoneInfo("Asia/Shanghai")
DESK_OPENS, DESK_CLOSES = time(8, 0), time(21, 0)  # with the evening shift

# A story yields the moment at which it goes on; it is only resumed once that moment has come.
Story = Generator[datetime, None, None]


@dataclass
class Timeline:
    """Stories waiting for their next moment. What is refused ends its story and is kept to be looked at."""

    now: datetime
    rng: Random
    refusals: list[Refused] = field(default_factory=list)
    played_count: int = 0
    _waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def start(self, *, story: Story) -> None:
        """Let a story wait for its first moment."""
        self._advance(story)

    def play(self) -> None:
        """Go through all moments up to now in order; whatever lies ahead stays undone."""
        while self._waiting and self._waiting[0][0] <= self.now:
            _, _, story = heapq.heappop(self._waiting)
            self.played_count += 1
            self._advance(story)

    def _advance(self, story: Story) -> None:
        try:
            # every verb is whole or nothing by itself, so no savepoint is needed around it
            moment = next(story, None)
        except Refused as refusal:
            # the figures of another regulation may forbid what a story wants; the others go on
            self.refusals.append(refusal)
            return
        if moment is not None:
            heapq.heappush(self._waiting, (moment, next(self._order), story))

    def later(self, *, at: datetime, low: float, high: float) -> datetime:
        """A moment `low` to `high` minutes on, mostly nearer to `low`."""
        minutes = low + (high - low) * self.rng.random() ** 1.6
        return at + timedelta(minutes=minutes, seconds=self.rng.randrange(60))

    def in_hours(self, *, at: datetime) -> datetime:
        """The same moment if somebody is at work then, else a while after the desk opens next."""
        local = at.astimezone(ZONE)
        if DESK_OPENS <= local.time() < DESK_CLOSES:
            return at
        day = local.date() + timedelta(days=0 if local.time() < DESK_OPENS else 1)
        opened = datetime.combine(day, DESK_OPENS, tzinfo=ZONE)
        return opened + timedelta(minutes=self.rng.randrange(5, 60), seconds=self.rng.randrange(60))

    def work_later(self, *, at: datetime, low: float, high: float) -> datetime:
        """Like `later`, but when somebody is at work."""
        return self.in_hours(at=self.later(at=at, low=low, high=high))

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share


def arrivals(
    *, start: datetime, end: datetime, number: int, rng: Random, night: float = 0.04
) -> list[datetime]:
    """So many moments between two, by weekday and hour as a front desk knows them, in order.

    Mondays and weekends are busy, mornings and the hours after work most; a few calls come at night.
    """
    by_weekday = (1.25, 1.0, 0.95, 0.95, 1.0, 1.2, 1.15)
    by_hour = {
        8: 1.6,
        9: 1.8,
        10: 1.4,
        11: 1.0,
        12: 0.6,
        13: 0.5,
        14: 0.9,
        15: 1.0,
        16: 1.0,
        17: 1.2,
        18: 1.7,
        19: 1.5,
    }
    days = (end - start).days
    first = start.astimezone(ZONE).date()
    weights = [by_weekday[(first + timedelta(days=day)).weekday()] for day in range(days)]
    found = []
    for day in rng.choices(range(days), weights=weights, k=number):
        hour = (
            rng.choice((21, 22, 23, 6))
            if rng.random() < night
            else rng.choices(list(by_hour), weights=list(by_hour.values()))[0]
        )
        minute = rng.randrange(60)
        found.append(
            datetime.combine(first + timedelta(days=day), time(hour, minute, rng.randrange(60)), tzinfo=ZONE)
        )
    return sorted(moment for moment in found if start <= moment < end)
