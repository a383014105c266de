"""Sheets that were printed from a record: counted, so that a reprint is known for one."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site


def count_prints(*, process: str, site: Site, subject: models.Model, sheet: str) -> int:
    """How often a sheet of a record was printed; the process declares the event kind `<process>.printed`."""
    return Event.objects.filter(
        site_id=site.pk, kind=f"{process}.printed", subject_type=subject._meta.label_lower, subject_id=subject.pk,
        data__sheet=sheet,
    ).count()  # fmt: skip


@transaction.atomic
def record_print(
    *, actor: Actor, process: str, subject: models.Model, sheet: str, at: datetime, rule: str = ""
) -> int:
    """Count a print of a sheet; 1 is no reprint."""
    count = count_prints(process=process, site=actor.site, subject=subject, sheet=sheet) + 1
    events.record(
        site_id=actor.site.pk, kind=f"{process}.printed", subject=subject, by=actor.staff, at=at, rule=rule,
        data={"sheet": sheet, "count": count},
    )  # fmt: skip
    return count
