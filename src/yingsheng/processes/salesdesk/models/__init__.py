"""The rotation, the books with their proofs, what was decided, and what came of it in money."""

from __future__ import annotations

from yingsheng.processes.salesdesk.models.books import (
    Call,
    Consent,
    Correction,
    Entry,
    Finding,
    Proof,
    Referral,
    Sighting,
    Visit,
)
from yingsheng.processes.salesdesk.models.deals import Application, Bonus, CommissionLine, Deal, Rate, Ruling
from yingsheng.processes.salesdesk.models.queue import Day, Project, QueueEvent

__all__ = [
    "Application", "Bonus", "Call", "CommissionLine", "Consent", "Correction", "Day", "Deal", "Entry", "Finding",
    "Project", "Proof", "QueueEvent", "Rate", "Referral", "Ruling", "Sighting", "Visit",
]  # fmt: skip
