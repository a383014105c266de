"""What is looked at in the morning (R-19)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import as_lines, visible_cases
from yingsheng.kernel.org.access import Actor

LINES = 200


def to_look_at(*, actor: Actor, now: datetime) -> list[Case]:
    """What is open, and what came or was finished yesterday or today; the earliest promise first."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    since = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    lately = Q(received_at__gte=since) | Q(handled_at__gte=since)
    rows = visible_cases(actor=actor).filter(Q(closed_at__isnull=True) | lately, process="repairs")
    return list(as_lines(rows=rows).order_by("next_due_at", "pk")[:LINES])
