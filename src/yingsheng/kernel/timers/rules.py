"""When an obligation alarms and whom. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WARN = "warn"
OVERDUE = "overdue"
ESCALATE = "escalate"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A step of the ladder: so many minutes after the due time, tell this role."""

    after_minutes: int
    role: str


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The `number`-th alarm of an obligation. `roles` are told besides the responsible post."""

    number: int
    at: datetime
    kind: str
    roles: tuple[str, ...] = ()


def alarm_plan(
    *, starts_at: datetime, due_at: datetime, warn_percent: int | None, ladder: Sequence[Rung]
) -> tuple[Alarm, ...]:
    """All alarms of an obligation in order: warning, overdue, then each rung (C-53, C-54).

    The warning comes after `warn_percent` of the span, none if it is None or the span is empty. Rungs of the
    same minute make one alarm; rungs of minute 0 are told with the overdue alarm itself.
    """
    alarms: list[Alarm] = []
    span = due_at - starts_at
    if warn_percent is not None and span > timedelta(0):
        alarms.append(Alarm(number=0, at=starts_at + span * warn_percent / 100, kind=WARN))
    by_minute: dict[int, list[str]] = {0: []}
    for rung in ladder:
        by_minute.setdefault(rung.after_minutes, []).append(rung.role)
    for minute in sorted(by_minute):
        alarms.append(
            Alarm(
                number=len(alarms),
                at=due_at + timedelta(minutes=minute),
                kind=OVERDUE if minute == 0 else ESCALATE,
                roles=tuple(by_minute[minute]),
            )
        )
    return tuple(alarms)


def next_alarm(*, plan: Sequence[Alarm], fired_count: int) -> Alarm | None:
    """The alarm that comes after so many were fired, None when the ladder is climbed."""
    return plan[fired_count] if fired_count < len(plan) else None


def outcome(*, due_at: datetime, met_at: datetime) -> str:
    """Met up to and including the due moment, late after it."""
    return "met" if met_at <= due_at else "late"
