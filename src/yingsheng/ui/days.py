"""Days written into an address: read with the same reach as the days of our forms."""

from __future__ import annotations

from datetime import date

from yingsheng.kernel.forms.build import EARLIEST_YEAR, LATEST_YEAR


def day_from(text: str) -> date | None:
    """The day `2026-11-22` means; None for what is no day, or so far off that nothing can be counted from it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
