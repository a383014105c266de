"""An agent's own customers: which entries are one customer, and how many days are left to him (J-21, J-22). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yingsheng.processes.salesdesk.rules.days import between, family_anchor, is_within, same_anchor
from yingsheng.processes.salesdesk.rules.figures import Figures


@dataclass(frozen=True, kw_only=True)
class Reception:
    """A reception of a customer by his agent: its day, and when a deal of it closed."""

    day: date
    closed: date | None = None


@dataclass(frozen=True, kw_only=True)
class Track:
    """How a customer stands on a day: days left in which his family (J-21) and he himself (J-22) stay the agent's.

    `family_left` and `same_left` of 0 is the last day, below it has passed. The days the counts run from stand beside.
    """

    family_from: date
    family_left: int
    same_from: date
    same_left: int
    last_visit: date

    @property
    def soonest(self) -> int:
        """The days to the limit that comes first of those that have not passed; the later one if both have."""
        running = [left for left in (self.family_left, self.same_left) if left >= 0]
        return min(running) if running else max(self.family_left, self.same_left)


def track(*, receptions: Sequence[Reception], today: date, figures: Figures) -> Track:
    """How many days a customer with these receptions (at least one) is still the agent's.

    The first reception counts until one came after its limit, as in the order of J-30; the day the count runs from is
    the site's choice (CF-49).
    """
    ordered = sorted(receptions, key=lambda one: (one.day, one.closed or date.min))
    last = ordered[-1].day

    def family(one: Reception) -> date:
        return family_anchor(registered=one.day, closed=one.closed, last_visit=last, anchor=figures.anchor)

    def same(one: Reception) -> date:
        return same_anchor(registered=one.day, last_visit=last, anchor=figures.anchor)

    by_family = by_self = ordered[0]
    for one in ordered[1:]:
        if not is_within(first=family(by_family), later=one.day, limit=figures.family_days):
            by_family = one
        if not is_within(first=same(by_self), later=one.day, limit=figures.same_days):
            by_self = one
    return Track(
        family_from=family(by_family),
        family_left=figures.family_days - between(first=family(by_family), later=today),
        same_from=same(by_self),
        same_left=figures.same_days - between(first=same(by_self), later=today),
        last_visit=last,
    )


def one_customer_each(*, keys: Mapping[int, frozenset[str]]) -> tuple[tuple[int, ...], ...]:
    """Entries that speak of one customer, put together by the proofs they share, directly or through others (J-05).

    In the order of their numbers; an entry without a proof stands alone.
    """
    first_with: dict[str, int] = {}
    parent = {number: number for number in keys}

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for number in sorted(keys):
        for key in keys[number]:
            known = root(first_with.setdefault(key, number))
            mine = root(number)
            parent[max(known, mine)] = min(known, mine)
    groups: dict[int, list[int]] = {}
    for number in sorted(keys):
        groups.setdefault(root(number), []).append(number)
    return tuple(tuple(numbers) for numbers in groups.values())
