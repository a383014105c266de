"""Working a complaint: dispatch, acceptance, contact, verification, plan, progress, escalation, limits, result."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.departments import find_department
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import SERIOUS, known, stated
from yingsheng.processes.complaints.services import goals
from yingsheng.processes.complaints.services.clocks import sync_clocks
from yingsheng.processes.complaints.services.finishing import finishing_obstacle, refusing_obstacle
from yingsheng.processes.complaints.services.grouping import pass_agreement, settle_members
from yingsheng.processes.complaints.services.helping import ask_above, level_or_last
from yingsheng.processes.complaints.services.intake import UPSTAIRS
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    CONTACTED,
    HANDLED,
    PLANNED,
    PROGRESS,
    REFUSED,
    REFUSED_PLAIN,
    SENT_ON,
    TAKEN_UP,
    tell_department,
    tell_household,
    tell_posts,
    tell_staff,
    tell_step,
)

# what is fulfilled when the matter is settled, whatever stage was left out on the way; not the contact with the
# household, which only speaking to it fulfils (C-33)
SETTLED = (
    c.HARM,
    c.NIGHT,
    c.ASSIGN,
    c.VERIFY,
    c.PLAN,
    c.HANDLE,
    c.SAME_DAY_FIX,
    c.SOLVE,
    c.NEGOTIATE,
    c.AUTO_UPGRADE,
    c.DISPATCH,
    c.SIGN,
    c.OUTSIDE_NOTICE,
)


@transaction.atomic
def dispatch_complaint(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    department: Department | None = None,
    handler: Staff | None = None,
    tracker: Staff | None = None,
    instruction: str = "",
    seen: int | None = None,
) -> Case:
    """Send the complaint to the department that has to act, with a 工作联系单; a serious one gets a tracker.

    Where no department is named it is the one of the site's table for this category.
    Rules C-27, C-30, C-31, C-32, C-41, C-42, C-43, C-71, C-87.
    """
    case, complaint = load(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    department = department or find_department(site=case.site, category=case.category, at=at)
    if department is None:
        raise Refused(gettext_noop("请选择责任部门"), field="department", rule="C-27")
    watcher = tracker or complaint.tracker
    _not_the_accused(complaint=complaint, handler=handler, tracker=watcher)
    if case.severity == SERIOUS and known(figures, "C-41.tracker_required") and watcher is None:
        raise Refused(gettext_noop("重要投诉要指定专人跟踪"), field="tracker", rule="C-41")
    take(
        case=case,
        complaint=complaint,
        step="dispatch",
        to_state="dispatched",
        at=at,
        case_changes={"department": department, "handler": handler},
        complaint_changes={
            "tracker": watcher, "signed_for_by": None, "signed_for_at": None, "dispatched_at": at,
        },
    )  # fmt: skip
    timers.meet(subject=case, milestones=[c.ASSIGN, c.NIGHT, c.DISPATCH], by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    timers.assign(subject=case, staff=handler, milestones=_handlers_own())
    told = tell_department(case=case, department=department, at=at, why="dispatch", rule="C-31")
    timers.assign(subject=case, staff=told[0] if told else None, milestones=[c.SIGN])
    if handler is not None:
        tell_staff(case=case, staff=handler, at=at, why="dispatched", rule="C-30")
    tell_step(
        case=case, complaint=complaint, text=SENT_ON, at=at, why="dispatched", department=department.name
    )
    note(
        case=case,
        kind="dispatched",
        by=by,
        at=at,
        rule="C-31",
        data={
            "department": department.name,
            "handler": handler.name if handler else "",
            "tracker": watcher.name if watcher else "",
            "instruction": instruction,
            "told": [staff.pk for staff in told],
            "liable": complaint.liable,
            "other_room": complaint.other_room.label if complaint.other_room else "",
        },
    )
    return case


@transaction.atomic
def accept_complaint(
    *, case: Case, by: Staff, at: datetime, handler: Staff | None = None, seen: int | None = None
) -> Case:
    """Sign for a dispatched complaint and name who handles it; without a name it is the signer (C-30, C-31, C-87)."""
    case, complaint = load(case=case, seen=seen)
    chosen = handler or case.handler or by
    _not_the_accused(complaint=complaint, handler=chosen)
    take(
        case=case,
        complaint=complaint,
        step="accept",
        to_state="in_progress",
        at=at,
        case_changes={"handler": chosen},
        complaint_changes={"signed_for_by": by, "signed_for_at": at},
    )
    timers.meet(subject=case, milestones=[c.ASSIGN, c.NIGHT, c.DISPATCH, c.SIGN], by=by, at=at)
    timers.assign(subject=case, staff=chosen, milestones=_handlers_own())
    if chosen.pk != by.pk:
        tell_staff(case=case, staff=chosen, at=at, why="accepted", rule="C-87")
    tell_step(case=case, complaint=complaint, text=TAKEN_UP, at=at, why="accepted", handler=chosen.name)
    note(case=case, kind="accepted", by=by, at=at, rule="C-31", data={"handler": chosen.name})
    return case


@transaction.atomic
def contact_household(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    person: str,
    agreed_reply_at: datetime | None = None,
    refused_date: bool = False,
    said: str = "",
    seen: int | None = None,
) -> Case:
    """Record that the household was contacted, who was told, and the reply time agreed (C-33, C-44, C-81).

    A household that refuses any date is handed up to the superior level.
    """
    case, complaint = load(case=case, seen=seen)
    if agreed_reply_at is None and not refused_date and case.validity != "invalid":
        raise Refused(gettext_noop("请填与住户约定的答复时间"), field="agreed_reply_at", rule="C-33")
    if refused_date and not said.strip():
        raise Refused(gettext_noop("住户不同意另约时间，请简要写明经过"), field="said", rule="C-44")
    if agreed_reply_at is not None and agreed_reply_at <= at:
        raise Refused(gettext_noop("约定的答复时间要晚于现在"), field="agreed_reply_at", rule="C-33")
    if complaint.agreed_reply_at is not None and complaint.agreed_reply_at < at:
        # another date does not undo that the first was missed
        timers.meet(subject=case, milestones=[c.AGREED_REPLY], by=by, at=at)
    take(
        case=case,
        complaint=complaint,
        step="contact",
        at=at,
        complaint_changes={
            "contacted_at": complaint.contacted_at or at,
            "contacted_person": person,
            "agreed_reply_at": agreed_reply_at,
        },
    )
    goals.meet(case=case, milestones=[c.CONTACT, c.EMAIL], by=by, at=at)
    if complaint.is_group:
        pass_agreement(parent=case, agreed_reply_at=agreed_reply_at, at=at)
    if refused_date:
        _hand_up_refusal(case=case, complaint=complaint, by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    if agreed_reply_at is not None:
        tell_household(
            case=case,
            text=CONTACTED,
            at=at,
            why=f"contacted:{case.version}",
            rule="C-33",
            due=agreed_reply_at.isoformat(),
        )
    note(
        case=case,
        kind="contacted",
        by=by,
        at=at,
        rule="C-44" if refused_date else "C-33",
        data={
            "person": person,
            "said": said,
            "agreed": agreed_reply_at.isoformat() if agreed_reply_at else "",
            "refused_date": refused_date,
        },
    )
    return case


def _hand_up_refusal(*, case: Case, complaint: Complaint, by: Staff, at: datetime) -> None:
    """A household that wants no other date is put to the next level (C-44)."""
    figures = figures_under(site=case.site, at=at)
    if known(figures, "C-44.hand_up_on_refusal"):
        above = level_or_last(case=case, complaint=complaint, figures=figures)
        to = Tell(role=above.role, rule="C-44")
        ask_above(case=case, complaint=complaint, by=by, at=at, to=to, why=f"date_refused:{case.version}")


@transaction.atomic
def verify_facts(*, case: Case, by: Staff, at: datetime, finding: str, seen: int | None = None) -> Case:
    """Write what the check of the facts showed, untrue parts and misunderstandings excluded (C-16)."""
    case, complaint = load(case=case, seen=seen)
    take(
        case=case,
        complaint=complaint,
        step="verify",
        at=at,
        complaint_changes={"verified_at": at, "verification": finding},
    )
    timers.meet(subject=case, milestones=[c.VERIFY], by=by, at=at)
    note(case=case, kind="verified", by=by, at=at, rule="C-16", data={"finding": finding})
    return case


@transaction.atomic
def give_plan(
    *, case: Case, by: Staff, at: datetime, plan: str, consent: bool, seen: int | None = None
) -> Case:
    """Tell the household what will be done and how long it takes, before acting, with its consent (C-35, C-58)."""
    case, complaint = load(case=case, seen=seen)
    take(
        case=case,
        complaint=complaint,
        step="plan",
        at=at,
        complaint_changes={"plan_at": complaint.plan_at or at, "plan": plan, "plan_consent": consent},
    )
    timers.meet(subject=case, milestones=[c.PLAN, c.MAJOR_ANSWER], by=by, at=at)
    tell_household(case=case, text=PLANNED, at=at, why=f"plan:{case.version}", rule="C-58", plan=plan)
    note(case=case, kind="planned", by=by, at=at, rule="C-35", data={"plan": plan, "consent": consent})
    return case


@transaction.atomic
def note_progress(
    *, case: Case, by: Staff, at: datetime, text: str, tell: bool = True, seen: int | None = None
) -> Case:
    """Write a step of the handling, and tell the household unless it is internal (C-45, C-58, C-66).

    While a body outside has the matter, telling keeps the promise of news and makes the next one.
    """
    case, complaint = load(case=case, seen=seen)
    of_outside = tell and case.state == "forwarded"
    changes = {"outside_told_at": at} if of_outside else None
    take(case=case, complaint=complaint, step="progress", at=at, complaint_changes=changes)
    if of_outside:
        timers.meet(subject=case, milestones=[c.OUTSIDE_NOTICE], by=by, at=at)
        sync_clocks(case=case, complaint=complaint, by=by, at=at)
    if tell:
        tell_household(
            case=case, text=PROGRESS, at=at, why=f"progress:{case.version}", rule="C-66", note=text
        )
    note(case=case, kind="progressed", by=by, at=at, rule="C-45", data={"text": text, "told": tell})
    return case


@transaction.atomic
def finish_handling(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    method: str,
    result: str,
    prevention: str = "",
    seen: int | None = None,
) -> Case:
    """Write how the matter was settled and what keeps it from coming back (C-49, C-60, C-68, C-70).

    Only after the facts were verified and the plan was told and agreed to, where the rules ask for that (C-16, C-58).
    """
    case, complaint = load(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    if case.validity == "valid" and known(figures, "C-68.prevention_required") and not prevention.strip():
        raise Refused(gettext_noop("请写明防止再次发生的措施"), field="prevention", rule="C-68")
    obstacle = finishing_obstacle(case=case, complaint=complaint)
    if complaint.liable == UPSTAIRS and complaint.other_contacted_at is None:
        raise Refused(gettext_noop("还没有记下与上层住户的联系"), field="result", rule="C-82")
    outcome = "explained" if case.validity == "invalid" else "solved"
    take(
        case=case,
        complaint=complaint,
        step="finish",
        to_state="handled",
        at=at,
        case_changes={"handled_at": at},
        complaint_changes={
            "method": method,
            "result": result,
            "prevention": prevention,
            "outcome": outcome,
            "loss_fen": complaint.loss_fen,
            "injury": complaint.injury,
        },
    )
    if obstacle is not None:  # said after what makes the step illegal altogether
        raise Refused(obstacle[0], code="not_ready", field="result", rule=obstacle[1])
    _settle(case=case, by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    if complaint.is_group:
        settle_members(parent=case, by=by, at=at)
    if known(figures, "C-51.result_to_manager"):
        if case.department is not None:
            tell_department(case=case, department=case.department, at=at, why="result", rule="C-51")
        tells = [Tell(role=stated(figures, "C-51.decides"), rule="C-51")]
        tell_posts(case=case, tells=tells, at=at, why=f"result:{case.version}")
    tell_household(case=case, text=HANDLED, at=at, why=f"handled:{case.version}", rule="C-60", result=result)
    note(
        case=case, kind="handled", by=by, at=at, rule="C-60",
        data={
            "method": method,
            "result": result,
            "prevention": prevention,
            "outcome": outcome,
            "loss_fen": complaint.loss_fen,
            "injury": complaint.injury,
        },
    )  # fmt: skip
    return case


@transaction.atomic
def refuse_complaint(
    *, case: Case, by: Staff, at: datetime, reason: str, alternative: str = "", seen: int | None = None
) -> Case:
    """Decline politely what is outside our scope, with the reason and another way (C-49, C-50), if that is adopted."""
    case, complaint = load(case=case, seen=seen)
    if not alternative.strip() and known(figures_under(site=case.site, at=at), "C-50.alternative_required"):
        raise Refused(gettext_noop("婉拒时要给住户另一条途径或建议"), field="alternative", rule="C-50")
    obstacle = refusing_obstacle(case=case, complaint=complaint)
    take(
        case=case,
        complaint=complaint,
        step="refuse",
        to_state="handled",
        at=at,
        case_changes={"handled_at": at},
        complaint_changes={"outcome": "refused", "result": reason, "alternative": alternative},
    )
    if obstacle is not None:
        raise Refused(obstacle[0], code="not_ready", field="reason", rule=obstacle[1])
    _settle(case=case, by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    if complaint.is_group:
        settle_members(parent=case, by=by, at=at)
    tell_household(
        case=case, text=REFUSED if alternative.strip() else REFUSED_PLAIN, at=at, why=f"refused:{case.version}",
        rule="C-50", result=reason, alternative=alternative,
    )  # fmt: skip
    data = {"reason": reason, "alternative": alternative.strip() or "—"}
    note(case=case, kind="refused", by=by, at=at, rule="C-50", data=data)
    return case


def _not_the_accused(*, complaint: Complaint, **people: Staff | None) -> None:
    """Nobody works on, or watches over, a complaint about himself (C-53, C-78)."""
    for field, one in people.items():
        if one is not None and one.pk == complaint.respondent_staff_id:
            raise Refused(gettext_noop("不能交给被投诉的人办理或跟踪"), field=field, rule="C-53")


def _settle(*, case: Case, by: Staff, at: datetime) -> None:
    timers.meet(subject=case, milestones=SETTLED, by=by, at=at)


def _handlers_own() -> tuple[str, ...]:
    return (c.PLAN, c.HANDLE, c.SAME_DAY_FIX, c.SOLVE, c.MAJOR_ANSWER, c.NEGOTIATE, c.AGREED_REPLY)
