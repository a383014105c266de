"""The first reply as advice: a goal whose moment passes ends without anybody being late (C-34)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.rules.clocks import CONTACT
from yingsheng.processes.complaints.services.clocks import goal_passed
from yingsheng.processes.complaints.services.steps import load, note

PASSED = gettext_noop("最好在这时以前答复；只是目标，不算逾期")


def meet(*, case: Case, milestones: Iterable[str], by: Staff | None, at: datetime) -> None:
    """Close open promises as met or late; a goal that has passed is given up instead, so that it is never late."""
    _give_up(case=case, by=by, at=at)
    timers.meet(subject=case, milestones=milestones, by=by, at=at)


@transaction.atomic
def give_up_goal(*, case: Case, at: datetime) -> None:
    """End the goal of the first reply once its moment is over; called by the clock, which has reminded the desk."""
    case, _ = load(case=case)
    if _give_up(case=case, by=None, at=at):
        note(case=case, kind="goal_passed", by=None, at=at, rule="C-34", data={})


def _give_up(*, case: Case, by: Staff | None, at: datetime) -> bool:
    rows = timers.running(subject=case, milestones=[CONTACT]).select_related("version")
    if not any(goal_passed(row=row, at=at) for row in rows):
        return False
    return bool(timers.void(subject=case, milestones=[CONTACT], by=by, at=at, reason=PASSED))
