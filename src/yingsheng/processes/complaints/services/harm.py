"""Harm that is still going on is stopped first; the complaint is handled afterwards (C-17)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.rules.clocks import HARM
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import HARM_STOPPED, tell_household


@transaction.atomic
def stop_harm(*, case: Case, by: Staff, at: datetime, measure: str, seen: int | None = None) -> Case:
    """Write how the harm was stopped or eased, and tell the household; its clock ends here (C-17)."""
    case, complaint = load(case=case, seen=seen)
    if not complaint.ongoing_harm or complaint.harm_stopped_at is not None:
        raise Refused(gettext_noop("没有正在发生的损害"), rule="C-17")
    take(
        case=case,
        complaint=complaint,
        step="stop_harm",
        at=at,
        complaint_changes={"harm_stopped_at": at, "harm_measure": measure},
    )
    timers.meet(subject=case, milestones=[HARM], by=by, at=at)
    tell_household(case=case, text=HARM_STOPPED, at=at, why="harm_stopped", rule="C-17", measure=measure)
    note(case=case, kind="harm_stopped", by=by, at=at, rule="C-17", data={"measure": measure})
    return case
