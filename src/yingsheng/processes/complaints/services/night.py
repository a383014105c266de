"""What came in at night waits for the morning handover: knowing it, and taking it over (C-80)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Department, Site, Staff
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.clocks import NIGHT, in_the_night
from yingsheng.processes.complaints.rules.facts import stated
from yingsheng.processes.complaints.services.clocks import sync_clocks
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import tell_staff

NIGHT_LOG = "night_log"


def came_at_night(*, site: Site, by: Staff, channel: str, ongoing_harm: bool, at: datetime) -> bool:
    """Whether a complaint stands in the night log, or the night duty took it in at night; harm that goes on cannot
    wait for the morning.
    """
    if ongoing_harm:
        return False
    if channel == NIGHT_LOG:
        return True
    figures = figures_under(site=site, at=at)
    begins, ends = stated(figures, "C-80.night_from"), stated(figures, "C-80.opened_at")
    if not in_the_night(at=at, begins=begins, ends=ends):
        return False
    role = stated(figures, "C-80.night_recorder")
    return any(one.pk == by.pk for one in list_holders(site_id=site.pk, role=role, at=at))


@transaction.atomic
def take_over(
    *, case: Case, by: Staff, at: datetime, department: Department, text: str = "", seen: int | None = None
) -> Case:
    """Open in the morning what came in at night and tell the department whose matter it is (C-80)."""
    case, complaint = load(case=case, seen=seen)
    if not complaint.night:
        raise Refused(gettext_noop("这不是夜间来件"), rule="C-80")
    take(
        case=case,
        complaint=complaint,
        step="take_over",
        at=at,
        case_changes={"department": department},
        complaint_changes={"taken_over_at": at, "taken_over_by": by},
    )
    timers.meet(subject=case, milestones=[NIGHT], by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    told = leaders_of(department=department, at=at)
    for staff in told:
        tell_staff(case=case, staff=staff, at=at, why="taken_over", rule="C-80")
    note(
        case=case, kind="taken_over", by=by, at=at, rule="C-80",
        data={"department": department.name, "text": text, "told": [staff.pk for staff in told]},
    )  # fmt: skip
    return case
