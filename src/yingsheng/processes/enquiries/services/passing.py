"""Giving an enquiry to the unit that has to act, which contacts the customer at once; naming the officer (B-05)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.departments import leaders_of
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.enquiries.models import Enquiry, ReceptionOfficer
from yingsheng.processes.enquiries.services.answering import UNIT_CONTACT

HANDED = gettext_noop("请马上联系客户：%(number)s %(title)s（%(rule)s）")


@transaction.atomic
def assign_enquiry(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    department: Department,
    note: str = "",
    seen: int | None = None,
) -> Case:
    """Give an enquiry to the responsible unit, whose head sees that the customer is contacted at once.

    Rules B-05, B-15.
    """
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    change_case(case=case, step="assign", at=at, changes={"department": department})
    leaders = leaders_of(department=department, at=at)
    _owe_contact(case=case, staff=leaders[0] if leaders else None, by=by, at=at)
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[
            Draft(
                text=HANDED, params={"number": case.number, "title": case.title, "rule": "B-05", "key": case.key},
                to_staff=staff, rule="B-05", dedup_key=f"enquiry:{case.pk}:assigned:{case.version}:{staff.pk}",
            )
            for staff in leaders
        ],
    )  # fmt: skip
    events.record(
        site_id=case.site_id, kind="enquiries.assigned", subject=case, by=by, at=at, rule="B-05",
        data={"department": department.name, "note": note, "told": [staff.pk for staff in leaders]},
    )  # fmt: skip
    return case


def _owe_contact(*, case: Case, staff: Staff | None, by: Staff, at: datetime) -> None:
    if list_obligations(subject=case).filter(milestone=UNIT_CONTACT).exists():
        timers.void(
            subject=case, milestones=[UNIT_CONTACT], by=by, at=at, reason=gettext_noop("改派其他部门")
        )
    owe(
        site=case.site, subject=case, milestone=UNIT_CONTACT, path="B-05.contact_within", role="DEPT_HEAD", staff=staff,
        at=at,
    )  # fmt: skip


@transaction.atomic
def contact_customer(
    *, case: Case, by: Staff, at: datetime, task: str, person: str, said: str = "", seen: int | None = None
) -> Case:
    """The unit writes down its task and that it contacted the customer (B-05)."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if case.department_id is None:
        raise Refused(gettext_noop("还没有派给责任部门"), rule="B-05")
    change_case(case=case, step="contact", at=at)
    Enquiry.objects.filter(case=case).update(task=task, contacted_at=at)
    timers.meet(subject=case, milestones=[UNIT_CONTACT], by=by, at=at)
    events.record(
        site_id=case.site_id, kind="enquiries.contacted", subject=case, by=by, at=at, rule="B-05",
        data={"task": task, "person": person, "said": said},
    )  # fmt: skip
    return case


@transaction.atomic
def appoint_officer(*, actor: Actor, staff: Staff, at: datetime) -> ReceptionOfficer:
    """Name who receives at this site from now on; only the post that the rule names may (B-05)."""
    demand(actor=actor, permission="enquiries.appoint")
    if owed_role(path="B-05.appointed_by", site=actor.site, at=at) not in actor.roles:
        raise Refused(gettext_noop("接待管理员要由规程指定的岗位指定"), code="wrong_post", rule="B-05")
    row = ReceptionOfficer.objects.create(site=actor.site, staff=staff, since=at, by=actor.staff)
    events.record(
        site_id=actor.site.pk, kind="enquiries.officer_named", subject=row, by=actor.staff, at=at, rule="B-05",
        data={"who": staff.name},
    )  # fmt: skip
    return row
