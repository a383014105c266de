"""Printing a month's sheet: looked at without being counted, printed by a POST that is."""

from __future__ import annotations

from typing import Any

from yingsheng.processes.complaints.services.printing import count_month_prints, record_month_print
from yingsheng.ui.desk import DeskRequest


def print_counts(request: DeskRequest, *, mark: str) -> tuple[int, dict[str, Any]]:
    """(how many prints came before this one, what the page needs to offer the print); a POST is counted."""
    site = request.actor.site
    count = None
    if request.method == "POST":
        count = record_month_print(site=site, mark=mark, by=request.actor.staff, at=request.now)
    words = {
        "print_url": request.get_full_path(),
        "preview": count is None,
        "printed": count if count is not None else count_month_prints(site=site, mark=mark),
    }
    return (count - 1 if count else 0), words
