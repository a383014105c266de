"""Which households are visited today, and whether a year's round will be finished in time (G-03, G-08). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

NEVER = date.min


@dataclass(frozen=True, kw_only=True)
class Home:
    """What is known of a household when the day's list is made.

    `visited` is the last visit that met somebody, `tried` the last that did not; `in_round` says that the present
    round has met it already, `taken` that it stands on somebody's list of the day.
    """

    id: int
    visited: date | None = None
    tried: date | None = None
    in_round: bool = False
    is_key: bool = False
    open_matters: int = 0
    taken: bool = False


def claim(*, home: Home) -> tuple[bool, int, date, int]:
    """How urgently a home waits, smallest first.

    A home that this round has not met goes before every one it has; among these those that ask for care (key
    customers, open matters) and then whoever was not seen longest. The number breaks ties, so that the list is the
    same whoever asks.
    """
    care = int(home.is_key) + int(home.open_matters > 0)
    seen = max(home.visited or NEVER, home.tried or NEVER)
    return (home.in_round, -care, seen, home.id)


def propose(*, homes: Iterable[Home], count: int) -> list[Home]:
    """The homes to visit today, never more than `count`, none twice, none that is on a list already (G-03)."""
    free = {home.id: home for home in homes if not home.taken}
    return sorted(free.values(), key=lambda home: claim(home=home))[: max(0, count)]


def round_of(*, day: date, months: int) -> tuple[date, date]:
    """First and last day of the round that a day lies in: so many months each, the first beginning with the year.

    Rounds of more than a year are counted on from year 1, so that they too never overlap.
    """
    length = max(1, months)
    index = (day.year - 1) * 12 + day.month - 1
    start = index - index % length
    return _first(start), date.fromordinal(_first(start + length).toordinal() - 1)


def _first(index: int) -> date:
    return date(index // 12 + 1, index % 12 + 1, 1)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far the round of an area has come (G-08). Paces are households a working day, in hundredths."""

    homes: int
    visited: int
    days_left: int
    needed_pace: int
    pace: int
    is_behind: bool

    @property
    def percent(self) -> int:
        """Visited of a hundred households, rounded down: the round is done only when all are."""
        return self.visited * 100 // self.homes if self.homes else 100

    @property
    def left(self) -> int:
        """Households that this round has not met."""
        return self.homes - self.visited


def coverage(*, homes: int, visited: int, days_gone: int, days_left: int, warns: bool) -> Coverage:
    """Visited over all, and the pace that the rest asks for against the pace kept so far (G-08).

    The needed pace is rounded up and the pace kept down, so that a warning is never late. On the first day of a round
    nothing can be behind.
    """
    visited = min(visited, homes)
    left = homes - visited
    needed = ceil(left * 100 / max(1, days_left))
    pace = visited * 100 // days_gone if days_gone > 0 else 0
    behind = warns and left > 0 and days_gone > 0 and pace < needed
    return Coverage(
        homes=homes, visited=visited, days_left=days_left, needed_pace=needed, pace=pace, is_behind=behind
    )
