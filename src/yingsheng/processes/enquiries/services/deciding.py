"""What becomes of a suggestion: decided, and where an improvement was promised, looked at on its day (B-08)."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import change_case, check_version, lock_case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.enquiries.models import Enquiry
from yingsheng.processes.enquiries.rules import IMPROVE, SUGGESTION, plan_is_whole
from yingsheng.processes.enquiries.services.answering import ANSWERED, REPLY, UNIT_CONTACT
from yingsheng.processes.enquiries.services.suggestions import SUGGESTED

PLAN_CHECK = "plan_check"
IMPROVED = gettext_noop("编号%(number)s：您建议的改进已经落实。%(answer)s")


@transaction.atomic
def decide_suggestion(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    decision: str,
    answer: str,
    plan: str = "",
    plan_date: date | None = None,
    responsible: Staff | None = None,
    seen: int | None = None,
) -> Case:
    """Adopt a suggestion, have an improvement planned, or decline it with reasons, and tell its author (B-08).

    A planned improvement keeps the matter open: on its day somebody looks whether it was done.
    """
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    if case.category != SUGGESTION:
        raise Refused(gettext_noop("这不是建议"), rule="B-08")
    if not answer.strip():
        raise Refused(gettext_noop("请写下答复内容"), field="answer", rule="B-08")
    if not plan_is_whole(decision=decision, plan=plan, plan_date=plan_date):
        raise Refused(gettext_noop("要改进就写明改什么、什么时候改好"), field="plan", rule="B-08")
    planned = decision == IMPROVE
    changes: dict[str, object] = {"handled_at": at, **({"handler": responsible} if responsible else {})}
    change_case(
        case=case, step="decide", to_state="improving" if planned else "answered", at=at, changes=changes
    )
    Enquiry.objects.filter(case=case).update(
        decision=decision, answer=answer, answered_at=at, plan=plan.strip() if planned else "",
        plan_date=plan_date if planned else None,
    )  # fmt: skip
    timers.meet(subject=case, milestones=[REPLY, UNIT_CONTACT, SUGGESTED], by=by, at=at)
    if planned and plan_date is not None:
        _owe_check(case=case, day=plan_date, staff=responsible, at=at)
    _tell(case=case, text=ANSWERED, answer=answer, mark="decided", at=at)
    events.record(
        site_id=case.site_id, kind="enquiries.decided", subject=case, by=by, at=at, rule="B-08",
        data={
            "decision": decision, "answer": answer, "plan": plan.strip(),
            "plan_date": plan_date.isoformat() if plan_date else "",
        },
    )  # fmt: skip
    return case


@transaction.atomic
def check_improvement(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    done: str,
    finding: str,
    new_date: date | None = None,
    seen: int | None = None,
) -> Case:
    """Look whether the improvement was made: if so its author hears of it, if not a new day is set (B-08)."""
    case = lock_case(case=case)
    check_version(case=case, seen=seen)
    kept = done == "yes"
    if not kept and new_date is None:
        raise Refused(gettext_noop("还没有落实就定一个新的日期"), field="new_date", rule="B-08")
    change_case(case=case, step="check", to_state="answered" if kept else "improving", at=at)
    timers.meet(subject=case, milestones=[PLAN_CHECK], by=by, at=at)
    values: dict[str, object] = {"plan_finding": finding, "plan_checked_at": at}
    if kept:
        _tell(case=case, text=IMPROVED, answer=finding, mark="improved", at=at)
    elif new_date is not None:
        values["plan_date"] = new_date
        _owe_check(case=case, day=new_date, staff=case.handler, at=at)
    Enquiry.objects.filter(case=case).update(**values)
    events.record(
        site_id=case.site_id, kind="enquiries.improvement_checked", subject=case, by=by, at=at, rule="B-08",
        data={"done": done, "finding": finding, "new_date": new_date.isoformat() if new_date else ""},
    )  # fmt: skip
    return case


def _owe_check(*, case: Case, day: date, staff: Staff | None, at: datetime) -> None:
    """The check is due so long after the day of the plan."""
    end = datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(settings.TIME_ZONE))
    if end <= at:
        raise Refused(gettext_noop("完成日期要晚于今天"), field="plan_date", rule="B-08")
    owe(
        site=case.site, subject=case, milestone=PLAN_CHECK, path="B-08.check_within",
        role=owed_role(path="B-08.decides", site=case.site, at=at), staff=staff, at=at, starts_at=end,
    )  # fmt: skip


def _tell(*, case: Case, text: str, answer: str, mark: str, at: datetime) -> None:
    queue(
        site_id=case.site_id, subject=case, at=at,
        drafts=[
            Draft(
                text=text, params={"number": case.number, "answer": answer}, to_household=case.household,
                to_name=case.caller_name, rule="B-08", dedup_key=f"enquiry:{case.pk}:{mark}",
            )
        ],
    )  # fmt: skip
