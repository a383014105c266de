"""By which figure a notice is passed on, when its end is looked at, and whether it touches a home now. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

CUTS = frozenset({"water", "power", "gas"})
REPORTED, PUBLISHED, ENDED, CANCELLED = "reported", "published", "ended", "cancelled"


def pass_on_path(*, kind: str, sudden: bool) -> str:
    """The figure that says how quickly a notice is passed on.

    A cut that nobody announced is passed on as an emergency (X-09), an announced one as a notice of a department
    (Z-04), anything else in its own time (Z-16).
    """
    if kind not in CUTS:
        return "Z-16.pass_on_within"
    return "X-09.pass_on_within" if sudden else "Z-04.pass_on_within"


def times_fit(*, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether a notice ends after it begins; one without an end is open."""
    return ends_at is None or ends_at > starts_at


def touches(*, starts_at: datetime, ends_at: datetime | None, now: datetime, ahead_hours: int) -> bool:
    """Whether a published notice is told at the desk: it runs, or begins within so many hours (Z-04)."""
    if ends_at is not None and ends_at <= now:
        return False
    return starts_at <= now + timedelta(hours=ahead_hours)


def concerns(*, whole_site: bool, buildings: Collection[int], building: int) -> bool:
    """Whether a home in this building is affected."""
    return whole_site or building in buildings
