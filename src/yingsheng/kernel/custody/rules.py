"""What may become of a thing in our hands, and what a count of the shelf says about the book. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

HELD, OUT, GONE, LOST = "held", "out", "gone", "lost"
STATES = (HELD, OUT, GONE, LOST)

# what a count may find of one thing
IN_PLACE, AWAY, MISSING, SURPLUS, STILL_LOST = "in_place", "away", "missing", "surplus", "still_lost"
DIFFERENCES = frozenset({MISSING, SURPLUS})


def judge(*, state: str, since_at: datetime, opened_at: datetime, seen_at: datetime | None) -> str:
    """What a count says of one thing: in_place, away, still_lost, or a difference: missing, surplus.

    `state` is what the book says at the end of the count and `since_at` since when, `opened_at` when the count began
    and `seen_at` when it was seen on the shelf. The desk goes on working while it counts: what came back meanwhile
    passed through its hands, and what was seen may have left afterwards.
    """
    if state == HELD:
        return IN_PLACE if seen_at is not None or since_at >= opened_at else MISSING
    if seen_at is not None and since_at < seen_at:
        return SURPLUS
    return STILL_LOST if state == LOST else AWAY


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A count in numbers; what was lost before stands apart."""

    total: int
    in_place: int
    away: int
    missing: int
    surplus: int

    @property
    def is_even(self) -> bool:
        """Whether the shelf is as the book says."""
        return not (self.missing or self.surplus)


def tally(*, results: Iterable[str]) -> Tally:
    """The numbers of a count: each thing is in its place, away, missing, or there against the book (K-08)."""
    found = list(results)
    in_place, away, missing, surplus = (found.count(one) for one in (IN_PLACE, AWAY, MISSING, SURPLUS))
    total = in_place + away + missing + surplus
    return Tally(total=total, in_place=in_place, away=away, missing=missing, surplus=surplus)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of a thing's story, as far as its chain is concerned."""

    serial: int
    giver: str
    taker: str
    state_after: str


def broken_at(*, steps: Sequence[Step], state: str, holder: str) -> int | None:
    """The serial of the first line that does not join the one before it, or 0 if the book's last word is another.

    None for a sound story: numbered without gaps, each giver the taker before, the item as its last line left it.
    """
    holding = None
    for place, step in enumerate(steps, start=1):
        if step.serial != place or (holding is not None and step.giver != holding):
            return place
        holding = step.taker
    if not steps or (steps[-1].state_after, holding) != (state, holder):
        return 0
    return None
