"""A call for help: somebody goes, the result is told. Praise: the praised hears it, the household is thanked (B-07)."""

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
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.enquiries.models import Enquiry
from yingsheng.processes.enquiries.rules import HELP, PRAISE
from yingsheng.processes.enquiries.services.answering import (
    ANSWERED,
    HELP_SENT,
    PRAISE_TOLD,
    REPLY,
    UNIT_CONTACT,
)

GO = gettext_noop("请马上去帮忙：%(number)s %(title)s（%(rule)s）")
PRAISED = gettext_noop("住户表扬您：%(number)s %(title)s（%(rule)s）")
PRAISED_OF = gettext_noop("住户表扬%(who)s：%(number)s %(title)s（%(rule)s）")


@transaction.atomic
def send_help(
    *, case: Case, by: Staff, at: datetime, helper: Staff, note: str = "", seen: int | None = None
) -> Case:
    """Say who goes to help; he is told at once (B-07). Somebody else may be sent afterwards."""
    case = _take(case=case, seen=seen, kind=HELP)
    change_case(case=case, step="send_help", to_state="helping", at=at, changes={"handler": helper})
    Enquiry.objects.filter(case=case).update(helper=helper, help_sent_at=at)
    timers.meet(subject=case, milestones=[HELP_SENT], by=by, at=at)
    timers.assign(subject=case, staff=helper, milestones=[REPLY])
    _ring(case=case, people=[helper], text=GO, mark=f"help:{case.version}", at=at)
    events.record(
        site_id=case.site_id, kind="enquiries.help_sent", subject=case, by=by, at=at, rule="B-07",
        data={"who": helper.name, "note": note},
    )  # fmt: skip
    return case


@transaction.atomic
def finish_help(*, case: Case, by: Staff, at: datetime, answer: str, seen: int | None = None) -> Case:
    """Help was given, or could not be; whoever asked for it is told the result (B-07)."""
    case = _take(case=case, seen=seen, kind=HELP)
    change_case(case=case, step="help_done", to_state="answered", at=at, changes={"handled_at": at})
    Enquiry.objects.filter(case=case).update(answer=answer, answered_at=at)
    timers.meet(subject=case, milestones=[REPLY, HELP_SENT, UNIT_CONTACT], by=by, at=at)
    _write_home(case=case, answer=answer, mark="helped", at=at)
    events.record(
        site_id=case.site_id, kind="enquiries.helped", subject=case, by=by, at=at, rule="B-07", data={"answer": answer}
    )  # fmt: skip
    return case


@transaction.atomic
def pass_praise(
    *, case: Case, by: Staff, at: datetime, praised: Staff, note: str = "", seen: int | None = None
) -> Case:
    """Tell the praised and his superiors; it counts for his appraisal from now on (B-07)."""
    case = _take(case=case, seen=seen, kind=PRAISE)
    change_case(case=case, step="pass_praise", at=at)
    Enquiry.objects.filter(case=case).update(praised=praised, praise_told_at=at)
    timers.meet(subject=case, milestones=[PRAISE_TOLD], by=by, at=at)
    superiors = [one for one in _superiors(staff=praised, case=case, at=at) if one.pk != praised.pk]
    _ring(case=case, people=[praised], text=PRAISED, mark=f"praise:{case.version}", at=at)
    _ring(
        case=case,
        people=superiors,
        text=PRAISED_OF,
        mark=f"praise-of:{case.version}",
        at=at,
        who=praised.name,
    )
    events.record(
        site_id=case.site_id, kind="enquiries.praise_told", subject=case, by=by, at=at, rule="B-07",
        data={"who": praised.name, "staff": praised.pk, "note": note, "told": [one.pk for one in superiors]},
    )  # fmt: skip
    return case


@transaction.atomic
def thank_back(*, case: Case, by: Staff, at: datetime, answer: str, seen: int | None = None) -> Case:
    """Thank whoever praised, and say that it was passed on (B-07)."""
    case = _take(case=case, seen=seen, kind=PRAISE)
    if not Enquiry.objects.filter(case=case, praised__isnull=False).exists():
        raise Refused(gettext_noop("还没有转告被表扬的人"), rule="B-07")
    change_case(case=case, step="thank", to_state="answered", at=at, changes={"handled_at": at})
    Enquiry.objects.filter(case=case).update(answer=answer, answered_at=at)
    timers.meet(subject=case, milestones=[REPLY, UNIT_CONTACT], by=by, at=at)
    _write_home(case=case, answer=answer, mark="thanked", at=at)
    events.record(
        site_id=case.site_id, kind="enquiries.thanked", subject=case, by=by, at=at, rule="B-07", data={"answer": answer}
    )  # fmt: skip
    return case


def _take(*, case: Case, seen: int | None, kind: str) -> Case:
    held = lock_case(case=case)
    check_version(case=held, seen=seen)
    if held.category != kind:
        raise Refused(gettext_noop("这件事不是这一类，不能这样办"), rule="B-07")
    return held


def _superiors(*, staff: Staff, case: Case, at: datetime) -> list[Staff]:
    """Those who lead a department in which he holds a post here now."""
    departments = Department.objects.filter(
        site_id=case.site_id, posts__appointments__staff=staff, posts__appointments__active_to__isnull=True
    ).distinct()  # fmt: skip
    found = {one.pk: one for row in departments for one in leaders_of(department=row, at=at)}
    return list(found.values())


def _ring(*, case: Case, people: list[Staff], text: str, mark: str, at: datetime, who: str = "") -> None:
    params = {"number": case.number, "title": case.title, "rule": "B-07", "key": case.key, "who": who}
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[
            Draft(
                text=text, params=params, to_staff=one, rule="B-07",
                dedup_key=f"enquiry:{case.pk}:{mark}:{one.pk}",
            )
            for one in people
        ],
    )  # fmt: skip


def _write_home(*, case: Case, answer: str, mark: str, at: datetime) -> None:
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[
            Draft(
                text=ANSWERED, params={"number": case.number, "answer": answer}, to_household=case.household,
                to_name=case.caller_name, rule="B-07", dedup_key=f"enquiry:{case.pk}:{mark}",
            )
        ],
    )  # fmt: skip
