"""Putting a matter to the level above, which owes its instruction from then on."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import Figures
from yingsheng.processes.complaints.rules.helping import help_ladder, next_help
from yingsheng.processes.complaints.services.clocks import facts_of, sync_clocks
from yingsheng.processes.complaints.services.telling import tell_posts


def level_above(*, case: Case, complaint: Complaint, figures: Figures) -> Tell | None:
    """Who is asked next, as the adopted regulation has it (C-40, C-52, C-54, C-57); None above the last of them."""
    facts = facts_of(case=case, complaint=complaint)
    return next_help(facts=facts, figures=figures, asked=complaint.handed_up_to)


def level_or_last(*, case: Case, complaint: Complaint, figures: Figures) -> Tell:
    """Who is asked next where the matter goes up by itself: above the last level, the last of them again."""
    facts = facts_of(case=case, complaint=complaint)
    above = level_above(case=case, complaint=complaint, figures=figures)
    return above or help_ladder(facts=facts, figures=figures)[-1]


def ask_above(
    *, case: Case, complaint: Complaint, by: Staff, at: datetime, to: Tell, why: str
) -> list[Staff]:
    """Tell the post asked, and start the clock of its instruction (C-53); returns who was told."""
    complaint.handed_up_at, complaint.handed_up_to = at, to.role
    complaint.save(update_fields=["handed_up_at", "handed_up_to"])
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    return tell_posts(case=case, tells=[to], at=at, why=why)
