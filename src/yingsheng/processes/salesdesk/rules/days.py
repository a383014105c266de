"""Days between entries, visits and deals, who counts as one family, and when a customer is new again. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from yingsheng.processes.salesdesk.rules.figures import LAST_VISIT, LATER, REGISTRATION


class Relation(StrEnum):
    """What the person on the earlier entry is to the visitor."""

    SELF = "self"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    PARENT = "parent"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    GREAT_GRANDPARENT = "great_grandparent"
    GREAT_GRANDCHILD = "great_grandchild"
    BATCH = "batch"  # came together as one party
    COUSIN = "cousin"
    IN_LAW = "in_law"
    FRIEND = "friend"
    OTHER = "other"


# how many generations two people span, both counted; who is not listed is no direct relative
_SPAN = {
    Relation.SPOUSE: 1,
    Relation.SIBLING: 1,
    Relation.PARENT: 2,
    Relation.CHILD: 2,
    Relation.GRANDPARENT: 3,
    Relation.GRANDCHILD: 3,
    Relation.GREAT_GRANDPARENT: 4,
    Relation.GREAT_GRANDCHILD: 4,
}


def between(*, first: date, later: date) -> int:
    """The calendar days from one day to another, negative if the other is earlier (J-31)."""
    return (later - first).days


def is_within(*, first: date, later: date, limit: int) -> bool:
    """Whether at most `limit` days lie between: "within n days" is a difference of n or less, "more than n" the rest.

    Rule J-31; whatever is within at one day was within at every earlier one.
    """
    return between(first=first, later=later) <= limit


def closing_day(*, deposit: date | None, signed: date | None, both: bool) -> date | None:
    """The day a deal closed: when the second of deposit and signed subscription was there, or None (J-24).

    [I] A site that does not ask for `both` counts the first of them.
    """
    days = [day for day in (deposit, signed) if day is not None]
    if both:
        return max(days) if len(days) == 2 else None
    return min(days, default=None)


def family_anchor(*, registered: date, closed: date | None, last_visit: date | None, anchor: str) -> date:
    """From which day the limit of a family or batch counts (J-21, CF-49); ValueError for an unknown anchor.

    By default the later of registration and closing, by choice the registration alone or the last visit with the
    original agent. [I] Without a last visit the registration is the last one.
    """
    if anchor == LATER:
        return max(registered, closed or registered)
    return same_anchor(registered=registered, last_visit=last_visit, anchor=anchor)


def same_anchor(*, registered: date, last_visit: date | None, anchor: str) -> date:
    """From which day the limits of the same customer count (J-22, J-23, CF-49): the original registration.

    Only the switch "last visit" moves it; a closing never does. ValueError for an unknown anchor.
    """
    if anchor == LAST_VISIT:
        return max(registered, last_visit or registered)
    if anchor not in (REGISTRATION, LATER):
        raise ValueError(f"unknown anchor: {anchor!r}")
    return registered


def is_one_family(*, relation: Relation, generations: int) -> bool:
    """Whether two people count as one family: spouses, siblings and the direct line within so many generations (J-08).

    [I] Generations are counted from the older to the younger, both included; grandchildren are the grandparents
    seen from the other side.
    """
    span = _SPAN.get(relation)
    return span is not None and span <= generations


def limit_for(*, relation: Relation, generations: int, family_days: int, same_days: int) -> int | None:
    """How many days an earlier entry holds against a later visit, by relation, or None if it does not (CF-37).

    The same customer has the limit of J-22 and J-23, a family or batch that of J-21, a cousin or friend none.
    """
    if relation is Relation.SELF:
        return same_days
    if relation is Relation.BATCH or is_one_family(relation=relation, generations=generations):
        return family_days
    return None


def is_old_customer(*, visit_number: int, old_from_visit: int) -> bool:
    """Whether this visit is one of an old customer, the first being a new one's (J-07)."""
    return visit_number >= old_from_visit
