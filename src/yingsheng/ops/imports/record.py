"""The one event of an import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff


def note_import(
    *,
    site: Site,
    what: str,
    file: str,
    row_count: int,
    written: Mapping[str, int],
    by: Staff | None,
    at: datetime,
    rule: str = "",
    source: str = "",
) -> None:
    """Record that a file was brought in: what it held, how many rows, how much was written of what."""
    data = {"what": what, "rows": row_count, "file": file, **written}
    if source:
        data["source"] = source
    events.record(site_id=site.pk, kind="estate.imported", subject=site, by=by, at=at, rule=rule, data=data)
