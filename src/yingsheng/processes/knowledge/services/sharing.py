"""The library on paper and as a file: each leaves the house with an event (B-09)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor, demand


@transaction.atomic
def record_print(*, actor: Actor, chapter: str, rows: int, at: datetime) -> int:
    """Count a print of a chapter of the handbook; 1 is no reprint."""
    demand(actor=actor, permission="knowledge.see")
    count = count_prints(actor=actor, chapter=chapter) + 1
    events.record(
        site_id=actor.site.pk, kind="knowledge.printed", subject=actor.site, by=actor.staff, at=at, rule="B-09",
        data={"chapter": chapter, "rows": rows, "count": count},
    )  # fmt: skip
    return count


def count_prints(*, actor: Actor, chapter: str) -> int:
    """How often a chapter was printed."""
    return Event.objects.filter(site=actor.site, kind="knowledge.printed", data__chapter=chapter).count()


@transaction.atomic
def record_export(*, actor: Actor, rows: int, reason: str, at: datetime) -> None:
    """The library left the house as a file: who, why, how many lines."""
    if not reason.strip():
        raise Refused(gettext_noop("导出要写明原因"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="knowledge.exported", subject=actor.site, by=actor.staff, at=at, rule="B-09",
        data={"rows": rows, "reason": reason.strip()[:200]},
    )  # fmt: skip
