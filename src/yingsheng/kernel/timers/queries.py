"""Reading promises: of a record, of a worklist, and whether the reminders are alive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import QuerySet

from yingsheng.kernel.timers.models import Heartbeat, Obligation


def list_obligations(*, subject: models.Model) -> QuerySet[Obligation]:
    """All promises about a record, open ones first in due order."""
    return (
        Obligation.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("version", "responsible_staff", "ended_by")
        .prefetch_related("pauses")
        .order_by("ended_at", "due_at", "pk")
    )


def list_running_for(*, subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Obligation]]:
    """The open promises of many records in one query, by record id, in due order."""
    found: dict[int, list[Obligation]] = {}
    rows = Obligation.objects.filter(
        subject_type=subject_type, subject_id__in=list(subject_ids), state=Obligation.State.ARMED
    ).order_by("due_at")
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def silent_minutes(*, now: datetime) -> int | None:
    """Whole minutes since a worker last gave a sign of life; None if none ever did."""
    last = Heartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    return None if last is None else max(0, int((now - last).total_seconds() // 60))
