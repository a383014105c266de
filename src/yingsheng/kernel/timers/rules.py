"""When an obligation alarms and whom. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WARN = "warn"
OVERDUE = "overdue"
ESCALATE = "escalate"
DESK, OFFICE = "service", "office"


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


def calendar_for(*, unit: str) -> str:
    """Which calendar counts a figure: working days are those of the office, everything else runs at the desk."""
    return OFFICE if unit == "working_days" else DESK


def month_start(*, at: datetime, zone: str = "Asia/Shanghai") -> datetime:
    """The midnight with which the month of a moment began here."""
    return at.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def first_of(*, every: str, day: date) -> date:
    """The first day of the period that a day lies in; a week begins on Monday."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def last_of(*, every: str, first: date) -> date:
    """The last day of a period."""
    return first_after(every=every, first=first) - timedelta(days=1)


def first_after(*, every: str, first: date) -> date:
    """The first day of the period after this one."""
    if every == "month":
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first + timedelta(days=7 if every == "week" else 1)


def periods_between(*, every: str, after: date | None, until: date) -> list[date]:
    """The first days of the periods that are still to be opened, up to the one that `until` lies in.

    `after` is the last one opened: nothing between is left out, however long nobody worked. Without it, the present.
    """
    last = first_of(every=every, day=until)
    if after is None:
        return [last]
    found = []
    following = first_after(every=every, first=after)
    while following <= last:
        found.append(following)
        following = first_after(every=every, first=following)
    return found


def day_in_month(*, first: date, day: int) -> date:
    """That day of the month, or the month's last day if it is shorter (Y-12)."""
    return min(first + timedelta(days=day - 1), last_of(every="month", first=first))
