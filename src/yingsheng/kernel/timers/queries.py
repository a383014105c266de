"""Reading promises: of a record, of a worklist, and whether the reminders are alive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import F, QuerySet

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.timers.models import Heartbeat, Obligation
from yingsheng.kernel.timers.rules import calendar_for
from yingsheng.kernel.worktime.arithmetic import WorkCalendar
from yingsheng.kernel.worktime.queries import get_calendar


class SiteCalendars:
    """The calendars of a site by what is counted, each read when it is first needed."""

    def __init__(self, *, site_id: int) -> None:
        self._site_id = site_id
        self._read: dict[str, WorkCalendar] = {}

    def counting(self, *, unit: str) -> WorkCalendar:
        """The calendar that counts a unit: the office's for working days, else the desk's."""
        code = calendar_for(unit=unit)
        if code not in self._read:
            self._read[code] = get_calendar(site_id=self._site_id, code=code)
        return self._read[code]


class Running(NamedTuple):
    """An open promise as far as its chip in a list shows it."""

    pk: int
    subject_id: int
    milestone: str
    rule: str
    state: str
    starts_at: datetime
    due_at: datetime
    paused_at: datetime | None
    warn_percent: int | None


CALENDAR_EDITS = (
    "worktime.day_changed",
    "worktime.day_cleared",
    "worktime.week_changed",
    "worktime.year_seeded",
)


def list_obligations(*, subject: models.Model) -> QuerySet[Obligation]:
    """All promises about a record, open ones first in due order."""
    return (
        Obligation.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("version", "responsible_staff", "ended_by")
        .prefetch_related("pauses")
        .order_by(F("ended_at").asc(nulls_first=True), "due_at", "pk")
    )


def list_running(*, subject: models.Model) -> QuerySet[Obligation]:
    """The promises about a record that still run, in due order."""
    return Obligation.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, state=Obligation.State.ARMED
    ).order_by("due_at", "pk")


def list_running_for(*, subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Running]]:
    """The open promises of many records in one query, by record id, in due order."""
    found: dict[int, list[Running]] = {}
    rows = Obligation.objects.filter(
        subject_type=subject_type, subject_id__in=list(subject_ids), state=Obligation.State.ARMED
    ).order_by("due_at")
    for row in map(Running._make, rows.values_list(*Running._fields)):
        found.setdefault(row.subject_id, []).append(row)
    return found


def silent_minutes(*, now: datetime) -> int | None:
    """Whole minutes since a worker last gave a sign of life; None if none ever did."""
    last = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    return None if last is None else max(0, int((now - last).total_seconds() // 60))


def list_recounts(*, obligation: Obligation) -> list[tuple[Event, datetime, datetime]]:
    """The edits of calendars that moved a promise, oldest first: (event, due before, due after)."""
    edits = (
        Event.objects.filter(
            site_id=obligation.site_id, kind__in=CALENDAR_EDITS, at__gte=obligation.starts_at
        )
        .select_related("by")
        .order_by("seq")
    )
    return [
        (event, datetime.fromisoformat(before), datetime.fromisoformat(after))
        for event in edits
        for pk, before, after in event.data.get("moved", ())
        if pk == obligation.pk
    ]
