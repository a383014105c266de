"""A count of the keys that is closed keeps the promise of its month (K-08)."""

from __future__ import annotations

from yingsheng.kernel.custody.models import Stocktake
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.keys.queries import KEYS
from yingsheng.processes.keys.services.month import note_count


def _counted(event: Event) -> None:
    row = Stocktake.objects.select_related("site", "closed_by").get(pk=event.subject_id)
    if row.process == KEYS:
        note_count(stocktake=row, at=event.at)


REACTIONS = (Reaction(on="custody.count_closed", run=_counted, emits=("timers.period_opened",)),)
