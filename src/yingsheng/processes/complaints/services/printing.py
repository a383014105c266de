"""Counting the prints of a month's report (FM-21), so that a second one is marked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.kernel.events import services as events
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Site, Staff

PRINTED = "complaints.month_printed"


def count_month_prints(*, site: Site, mark: str) -> int:
    """How often the sheet with this mark was printed."""
    return Event.objects.filter(site=site, kind=PRINTED, data__mark=mark).count()


@transaction.atomic
def record_month_print(*, site: Site, mark: str, by: Staff, at: datetime) -> int:
    """Count a print of a month's sheet; 1 is no reprint (C-75, FM-21)."""
    count = count_month_prints(site=site, mark=mark) + 1
    data = {"mark": mark, "count": count}
    events.record(site_id=site.pk, kind=PRINTED, subject=site, by=by, at=at, rule="C-75", data=data)
    return count
