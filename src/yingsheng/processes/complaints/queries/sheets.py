"""What a printed sheet tells of a complaint beyond its own fields: its limit, its superiors, who was told."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.complaints.rules.clocks import HANDLE, SAME_DAY_FIX, SOLVE

STEPS = ("complaints.handed_up", "complaints.decided")
TOLD = ("complaints.merged", "complaints.classified", "complaints.handed_up")


def handling_limit(*, case: Case) -> datetime | None:
    """By when the matter had to be settled: the earliest limit of its last round, None without one (C-31)."""
    rows = list_obligations(subject=case).filter(milestone__in=[HANDLE, SAME_DAY_FIX, SOLVE])
    latest: dict[str, Obligation] = {}
    for row in rows.exclude(state=Obligation.State.VOID).order_by("round"):
        latest[row.milestone] = row
    return min((row.due_at for row in latest.values()), default=None)


def steps_of_superiors(*, case: Case) -> list[Event]:
    """What was passed to superiors and what they instructed, oldest first (C-53, FM-19)."""
    return list(list_events(subject=case).filter(kind__in=STEPS).order_by("seq"))


def reported_to(*, case: Case) -> tuple[list[str], datetime | None]:
    """Who was told of a special event, and when the first of them was (X-05, FM-20)."""
    events = list_events(subject=case).filter(kind__in=TOLD).order_by("seq")
    told = [(event.at, event.data.get("told") or []) for event in events]
    ids = {pk for _, people in told for pk in people}
    names = dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name"))
    ordered = dict.fromkeys(names[pk] for _, people in told for pk in people if pk in names)
    return list(ordered), next((at for at, people in told if people), None)


def first_event(*, case: Case, kind: str) -> Event | None:
    """The first thing of a kind that happened to a matter, for the line that names who did it and when."""
    return list_events(subject=case).filter(kind=kind).order_by("seq").first()
