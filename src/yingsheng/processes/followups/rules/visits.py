"""Who must visit, when a call may be made, and how rates are counted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from math import ceil
from zoneinfo import ZoneInfo

from yingsheng.processes.followups.rules.matters import MALL


@dataclass(frozen=True, kw_only=True)
class VisitDuty:
    """What a visit needs: so many persons, one of this role, and all of these roles together."""

    persons: int
    one_of_role: str
    all_of_roles: frozenset[str]
    rules: tuple[str, ...]


def visit_duty(
    *, persons: int, role: str, head_roles: Collection[str], heads_needed: bool, rule: str = "F-08"
) -> VisitDuty:
    """Staffing of a visit (F-08, F-17, F-19, F-25), with both heads at once where loss or the preset asks it (F-13).

    `rule` is the one that names who goes.
    """
    return VisitDuty(
        persons=persons,
        one_of_role=role,
        all_of_roles=frozenset(head_roles) if heads_needed else frozenset(),
        rules=(rule, "F-13") if heads_needed else (rule,),
    )


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """What keeps a visit from counting, with the rule that asks for it."""

    what: str  # persons, role, heads
    rule: str


def visit_shortfall(*, duty: VisitDuty, visitor_roles: Sequence[Collection[str]]) -> Shortfall | None:
    """The first thing missing among the visitors (each given by the roles held); None when the visit counts.

    Heads who visit together need no clerk with them.
    """
    held = {role for roles in visitor_roles for role in roles}
    if duty.all_of_roles:
        if not duty.all_of_roles <= held or len(visitor_roles) < len(duty.all_of_roles):
            return Shortfall(what="heads", rule="F-13")
        return None
    if len(visitor_roles) < duty.persons:
        return Shortfall(what="persons", rule="F-08")
    if duty.one_of_role and duty.one_of_role not in held:
        return Shortfall(what="role", rule=duty.rules[0])
    return None


def internal_exempt(
    *, path: str | None, asked: bool, has_home: bool, by_colleague: bool, internal: bool = False
) -> bool:
    """Whether a matter owes no visit because it is the company's own (F-16): said to be, or raised by a colleague."""
    return path in MALL and asked and (internal or (by_colleague and not has_home))


def answering_post(*, heads: Collection[str], visitor: str | None, arranger: str) -> str:
    """Who answers for a visit: the head where both must go (F-13), else who visits (F-08), else who arranges (F-14)."""
    return next(iter(heads), None) or visitor or arranger


def in_quiet_hours(*, at: datetime, quiet_from: str, quiet_until: str, zone: str = "Asia/Shanghai") -> bool:
    """Whether a moment falls into the hours in which nobody is called (F-23); they may span midnight."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    start, end = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A rate so far: done of base, the target in percent, and how many more are needed to reach it."""

    done: int
    base: int
    target: int

    @property
    def percent(self) -> float | None:
        """Done in percent of the base, None for an empty base."""
        return None if self.base == 0 else self.done * 100 / self.base

    @property
    def needed(self) -> int:
        """How many of the base must be reached in all: a part of a household counts as a whole one."""
        return ceil(self.base * self.target / 100)

    @property
    def still_needed(self) -> int:
        """How many are still missing."""
        return max(0, self.needed - self.done)

    @property
    def reached(self) -> bool:
        """Whether the target is met; an empty base owes nothing."""
        return self.done >= self.needed
