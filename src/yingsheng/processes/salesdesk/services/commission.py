"""The lines of a deal on the statement of the month: written by its decision, taken back when that changes."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Deal, Ruling
from yingsheng.processes.salesdesk.rules.decision import Decision


def write_lines(*, deal: Deal, decision: Decision, ruling: Ruling | None, by: Staff, at: datetime) -> None:
    """Bring the lines of a deal in agreement with its decision; inside the caller's transaction."""
