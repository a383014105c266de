"""The figures of a month of emergencies: how many of each kind, how quickly, reports on time (KPI-32). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, kw_only=True)
class Course:
    """One emergency with its moments; `report` is how its report promise stands: met, late, armed, void, ""."""

    kind: str
    state: str
    received_at: datetime
    acknowledged_at: datetime | None = None
    arrived_at: datetime | None = None
    resolved_at: datetime | None = None
    report: str = ""
    report_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EmergencyFigures:
    """`by_kind` counts all, false alarms too; the averages are whole minutes, None without a single one."""

    total: int
    false_alarms: int
    by_kind: Mapping[str, int]
    to_acknowledge: int | None
    to_arrive: int | None
    to_resolve: int | None
    reports_due: int
    reports_kept: int


def month_figures(*, courses: Sequence[Course], now: datetime) -> EmergencyFigures:
    """Count a month. A report counts once it was written or its time is over; one not yet due is not judged."""
    real = [one for one in courses if one.state != FALSE_ALARM]
    due = [one for one in real if _judged(one, now)]
    by_kind: dict[str, int] = {}
    for one in courses:
        by_kind[one.kind] = by_kind.get(one.kind, 0) + 1
    return EmergencyFigures(
        total=len(courses),
        false_alarms=len(courses) - len(real),
        by_kind=by_kind,
        to_acknowledge=_minutes([(one.received_at, one.acknowledged_at) for one in real]),
        to_arrive=_minutes([(one.received_at, one.arrived_at) for one in real]),
        to_resolve=_minutes([(one.received_at, one.resolved_at) for one in real]),
        reports_due=len(due),
        reports_kept=sum(one.report == "met" for one in due),
    )


def _judged(course: Course, now: datetime) -> bool:
    if course.report in ("met", "late"):
        return True
    return course.report == "armed" and course.report_due_at is not None and course.report_due_at < now


def minutes_between(*, start: datetime, end: datetime) -> int:
    """Whole minutes from one moment to another, never less than none."""
    return max(0, int((end - start) / timedelta(minutes=1)))


def _minutes(spans: Sequence[tuple[datetime, datetime | None]]) -> int | None:
    found = [minutes_between(start=start, end=end) for start, end in spans if end is not None]
    return round(sum(found) / len(found)) if found else None
