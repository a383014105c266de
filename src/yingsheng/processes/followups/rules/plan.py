"""Which visits each rank makes on which day: a proposal, evenly over the days left, that leaves out none owed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class OwedVisit:
    """A visit still to be made. `must`: of a matter of which all are visited, or both heads have to go."""

    key: int
    matter: str
    due: date | None  # None where no time was set
    must: bool
    heads: bool = False
    of_month: bool = True  # of a customer whose matter was handled this month: only such count for a rank


@dataclass(frozen=True, kw_only=True)
class RankNeed:
    """How many customers a rank still has to visit this month, and how many it can visit in a day (F-12)."""

    role: str
    needed: int
    a_day: int


@dataclass(frozen=True, kw_only=True)
class PlannedVisit:
    """A visit on its day with the ranks that join. `why` names the reasons: heads, all, rate, late, over."""

    key: int
    day: date
    roles: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VisitPlan:
    """The proposal, by day, and how many visits of each rank cannot be found a place."""

    visits: tuple[PlannedVisit, ...]
    missing: Mapping[str, int]


def plan_visits(
    *,
    visits: Sequence[OwedVisit],
    ranks: Sequence[RankNeed],
    days: Sequence[date],
    a_day: int,
    rates: Mapping[str, int],
    head_roles: Sequence[str] = (),
) -> VisitPlan:
    """Give every visit that is needed a day, then each rank its share (F-07, F-12); the same facts, the same plan.

    `days` are those left, in order, `a_day` the visits that can be made on one, `rates` how many a kind of matter still
    needs. A visit that must be made is never left out, even where a day then holds more than it should.
    """
    if not days:
        return VisitPlan(visits=(), missing={rank.role: rank.needed for rank in ranks if rank.needed})
    chosen = _chosen(visits=visits, rates=rates, room=a_day * len(days))
    placed = _placed(visits=chosen, days=days)
    joined: dict[int, list[str]] = {visit.key: list(head_roles) if visit.heads else [] for visit in chosen}
    missing = {}
    for rank in ranks:
        short = _join(rank=rank, visits=chosen, placed=placed, joined=joined)
        if short:
            missing[rank.role] = short
    load = Counter(placed.values())
    made = [
        PlannedVisit(
            key=visit.key,
            day=placed[visit.key],
            roles=tuple(joined[visit.key]),
            why=_why(visit=visit, day=placed[visit.key], over=load[placed[visit.key]] > a_day),
        )
        for visit in chosen
    ]
    return VisitPlan(visits=tuple(sorted(made, key=lambda one: (one.day, one.key))), missing=missing)


def _chosen(*, visits: Sequence[OwedVisit], rates: Mapping[str, int], room: int) -> list[OwedVisit]:
    """All that must be made; of the others as many as their rate needs, then what still has room. By due day."""
    ordered = sorted(visits, key=_by_due)
    chosen = [visit for visit in ordered if visit.must or visit.heads]
    needed = dict(rates)
    waiting = []
    for visit in ordered:
        if visit.must or visit.heads:
            continue
        if needed.get(visit.matter, 0) > 0:
            needed[visit.matter] -= 1
            chosen.append(visit)
        else:
            waiting.append(visit)
    chosen += waiting[: max(0, room - len(chosen))]
    return sorted(chosen, key=_by_due)


def _by_due(visit: OwedVisit) -> tuple[date, int]:
    return (visit.due or date.max, visit.key)


def _placed(*, visits: Sequence[OwedVisit], days: Sequence[date]) -> dict[int, date]:
    """Each on the emptiest day up to its due day, the earliest of several; what is late already on the first."""
    load: Counter[date] = Counter()
    placed = {}
    for visit in visits:
        allowed = [day for day in days if visit.due is None or day <= visit.due] or [days[0]]
        day = min(allowed, key=lambda one: (load[one], one))
        load[day] += 1
        placed[visit.key] = day
    return placed


def _join(
    *, rank: RankNeed, visits: Sequence[OwedVisit], placed: Mapping[int, date], joined: dict[int, list[str]]
) -> int:
    """Let a rank join as many visits as it still needs, each on its emptiest day; returns how many are missing."""
    load = Counter(placed[key] for key, roles in joined.items() if rank.role in roles)
    counted = sum(visit.of_month and rank.role in joined[visit.key] for visit in visits)
    short = rank.needed - counted
    free = [visit for visit in visits if visit.of_month and rank.role not in joined[visit.key]]
    while short > 0:
        open_to = [visit for visit in free if load[placed[visit.key]] < rank.a_day]
        if not open_to:
            return short
        # the emptiest day; on it what all of are visited, then where fewest others go, so that ranks reach more homes
        best = min(
            open_to,
            key=lambda one: (
                load[placed[one.key]],
                placed[one.key],
                not one.must,
                len(joined[one.key]),
                one.key,
            ),
        )
        joined[best.key].append(rank.role)
        load[placed[best.key]] += 1
        free.remove(best)
        short -= 1
    return 0


def _why(*, visit: OwedVisit, day: date, over: bool) -> tuple[str, ...]:
    first = "heads" if visit.heads else "all" if visit.must else "rate"
    late = ("late",) if visit.due is not None and day > visit.due else ()
    return (first, *late, *(("over",) if over else ()))
