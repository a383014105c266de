"""Working a complaint: dispatch, acceptance, contact, verification, plan, progress, escalation, limits, result."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import check_version
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.queries import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import SERIOUS, known
from yingsheng.processes.complaints.services.clocks import sync_clocks
from yingsheng.processes.complaints.services.grouping import settle_members
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    CONTACTED,
    DELAYED,
    FORWARDED,
    HANDLED,
    PLANNED,
    PROGRESS,
    REFUSED,
    tell_household,
    tell_posts,
    tell_staff,
)

# what is fulfilled when the matter is settled, whatever stage was left out on the way
SETTLED = (
    c.ASSIGN,
    c.CONTACT,
    c.VERIFY,
    c.PLAN,
    c.HANDLE,
    c.SAME_DAY_FIX,
    c.SOLVE,
    c.NEGOTIATE,
    c.AUTO_UPGRADE,
)


@transaction.atomic
def dispatch_complaint(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    department: Department,
    handler: Staff | None = None,
    tracker: Staff | None = None,
    instruction: str = "",
    seen: int | None = None,
) -> Case:
    """Send the complaint to the department that has to act, with a 工作联系单; a serious one gets a tracker.

    Rules C-27, C-30, C-31, C-32, C-41, C-43, C-71, C-87.
    """
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    watcher = tracker or complaint.tracker
    if case.severity == SERIOUS and known(figures, "C-41.tracker_required") and watcher is None:
        raise Refused(gettext_noop("重要投诉要指定专人跟踪"), field="tracker", rule="C-41")
    take(
        case=case,
        complaint=complaint,
        step="dispatch",
        to_state="dispatched",
        at=at,
        case_changes={"department": department, "handler": handler},
        complaint_changes={"tracker": watcher},
    )
    timers.meet(subject=case, milestones=[c.ASSIGN], by=by, at=at)
    timers.assign(subject=case, staff=handler, milestones=_handlers_own())
    tell_posts(case=case, tells=[Tell(role="DEPT_HEAD", rule="C-31")], at=at, why=f"dispatch:{case.version}")
    if handler is not None:
        tell_staff(case=case, staff=handler, at=at, why="dispatched", rule="C-30")
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
        },
    )
    return case


@transaction.atomic
def accept_complaint(
    *, case: Case, by: Staff, at: datetime, handler: Staff | None = None, seen: int | None = None
) -> Case:
    """Sign for a dispatched complaint and name who handles it; without a name it is the signer (C-30, C-31, C-87)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    chosen = handler or case.handler or by
    take(
        case=case,
        complaint=complaint,
        step="accept",
        to_state="in_progress",
        at=at,
        case_changes={"handler": chosen},
    )
    timers.meet(subject=case, milestones=[c.ASSIGN], by=by, at=at)
    timers.assign(subject=case, staff=chosen, milestones=_handlers_own())
    if chosen.pk != by.pk:
        tell_staff(case=case, staff=chosen, at=at, why="accepted", rule="C-87")
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
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    if agreed_reply_at is None and not refused_date and case.validity != "invalid":
        raise Refused(gettext_noop("请填与住户约定的答复时间"), field="agreed_reply_at", rule="C-33")
    if agreed_reply_at is not None and agreed_reply_at <= at:
        raise Refused(gettext_noop("约定的答复时间要晚于现在"), field="agreed_reply_at", rule="C-33")
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
    timers.meet(subject=case, milestones=[c.CONTACT], by=by, at=at)
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
    else:
        tell_posts(case=case, tells=[Tell(role="SITE_HEAD", rule="C-44")], at=at, why="date_refused")
    note(
        case=case,
        kind="contacted",
        by=by,
        at=at,
        rule="C-33",
        data={
            "person": person,
            "said": said,
            "agreed": agreed_reply_at.isoformat() if agreed_reply_at else "",
            "refused_date": refused_date,
        },
    )
    return case


@transaction.atomic
def verify_facts(*, case: Case, by: Staff, at: datetime, finding: str, seen: int | None = None) -> Case:
    """Write what the check of the facts showed, untrue parts and misunderstandings excluded (C-16)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
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
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
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
    """Write a step of the handling, and tell the household unless it is internal (C-45, C-58, C-66)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(case=case, complaint=complaint, step="progress", at=at)
    if tell:
        tell_household(
            case=case, text=PROGRESS, at=at, why=f"progress:{case.version}", rule="C-66", note=text
        )
    note(case=case, kind="progressed", by=by, at=at, rule="C-45", data={"text": text, "told": tell})
    return case


@transaction.atomic
def call_supervisor(*, case: Case, by: Staff, at: datetime, why: str = "", seen: int | None = None) -> Case:
    """Ask the supervisor or department head to come and speak to the household in person (C-07, C-14)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    take(case=case, complaint=complaint, step="call_supervisor", at=at)
    roles = known(figures, "C-07.called_roles") or ["CS_SUP"]
    told = tell_posts(
        case=case, tells=[Tell(role=role, rule="C-07") for role in roles], at=at, why=f"called:{case.version}"
    )
    note(
        case=case, kind="supervisor_called", by=by, at=at, rule="C-07",
        data={"why": why, "told": [staff.pk for staff in told]},
    )  # fmt: skip
    return case


@transaction.atomic
def hand_up(
    *, case: Case, by: Staff, at: datetime, to_role: str, reason: str, seen: int | None = None
) -> Case:
    """Pass on to a higher level what cannot be solved here, with the reason (C-15, C-44, C-53, C-54, FM-19)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(case=case, complaint=complaint, step="hand_up", at=at)
    told = tell_posts(
        case=case, tells=[Tell(role=to_role, rule="C-53")], at=at, why=f"handed_up:{case.version}"
    )
    if not told:
        raise Refused(gettext_noop("该岗位及以上目前无人任职"), field="to_role", rule="C-53")
    note(
        case=case,
        kind="handed_up",
        by=by,
        at=at,
        rule="C-54" if to_role == "HQ_COMPLAINT" else "C-53",
        data={"to": to_role, "reason": reason, "told": [staff.pk for staff in told]},
    )
    return case


@transaction.atomic
def decide_matter(*, case: Case, by: Staff, at: datetime, decision: str, seen: int | None = None) -> Case:
    """A superior's instruction on a matter handed up; the handler carries it out (C-40, C-51, C-53, C-57)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(case=case, complaint=complaint, step="decide", at=at)
    if case.handler is not None:
        tell_staff(case=case, staff=case.handler, at=at, why="decided", rule="C-53")
    tell_posts(case=case, tells=[Tell(role="CS_SUP", rule="C-53")], at=at, why=f"decided:{case.version}")
    note(case=case, kind="decided", by=by, at=at, rule="C-53", data={"decision": decision})
    return case


@transaction.atomic
def forward_outside(
    *, case: Case, by: Staff, at: datetime, body: str, letter: str, seen: int | None = None
) -> Case:
    """Send to the developer or the outside body that can solve it, in writing, and track it (C-46, C-47, C-48)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(
        case=case,
        complaint=complaint,
        step="forward",
        to_state="forwarded",
        at=at,
        complaint_changes={"external_body": body},
    )
    timers.meet(subject=case, milestones=[c.NEGOTIATE], by=by, at=at)
    tell_household(case=case, text=FORWARDED, at=at, why=f"forwarded:{case.version}", rule="C-66", body=body)
    rule = "C-47" if complaint.cause == "developer" else "C-48"
    note(case=case, kind="forwarded", by=by, at=at, rule=rule, data={"body": body, "letter": letter})
    return case


@transaction.atomic
def extend_limit(
    *, case: Case, actor: Actor, at: datetime, due_at: datetime, reason: str, seen: int | None = None
) -> Case:
    """Approve more time to solve; only the post the rule names for this severity may (C-39, C-68)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    allowed = c.extension_rule(severity=case.severity, figures=figures_under(site=case.site, at=at))
    if allowed is None:
        raise Refused(gettext_noop("现行规程没有允许延长这类投诉的时限"), rule="C-39")
    if allowed.role not in actor.roles:
        raise Refused(
            gettext_noop("延长这类投诉的时限，要由规程指定的岗位批准"), code="wrong_post", rule=allowed.rule
        )
    take(case=case, complaint=complaint, step="extend", at=at)
    moved = timers.extend(
        subject=case, milestone=c.SOLVE, due_at=due_at, by=actor.staff, at=at, reason=reason
    )
    tell_household(
        case=case,
        text=DELAYED,
        at=at,
        why=f"extended:{case.version}",
        rule="C-39",
        due=due_at.isoformat(),
        reason=reason,
    )
    note(
        case=case,
        kind="extended",
        by=actor.staff,
        at=at,
        rule=allowed.rule,
        data={"due": due_at.isoformat(), "first_due": moved.first_due_at.isoformat(), "reason": reason},
    )
    return case


@transaction.atomic
def pause_clocks(*, case: Case, by: Staff, at: datetime, reason: str, seen: int | None = None) -> Case:
    """Stop the clocks while nothing can be done from our side; the reason stays on record."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(case=case, complaint=complaint, step="pause", at=at)
    if not timers.pause(subject=case, by=by, at=at, reason=reason):
        raise Refused(gettext_noop("没有正在计时的时限"))
    note(case=case, kind="paused", by=by, at=at, data={"reason": reason})
    return case


@transaction.atomic
def resume_clocks(*, case: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Let the clocks run on; each limit moves by the time it stood still."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    take(case=case, complaint=complaint, step="resume", at=at)
    if not timers.resume(subject=case, at=at):
        raise Refused(gettext_noop("没有暂停的时限"))
    note(case=case, kind="resumed", by=by, at=at, data={})
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
    """Write how the matter was settled and what keeps it from coming back (C-49, C-60, C-68, C-70)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    if case.validity == "valid" and known(figures, "C-68.prevention_required") and not prevention.strip():
        raise Refused(gettext_noop("请写明防止再次发生的措施"), field="prevention", rule="C-68")
    if (
        case.validity == "valid"
        and known(figures, "C-58.consent_required")
        and complaint.plan
        and not complaint.plan_consent
    ):
        raise Refused(gettext_noop("方案还没有征得住户同意"), field="result", rule="C-58")
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
    _settle(case=case, by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    if complaint.is_group:
        settle_members(parent=case, by=by, at=at)
    tell_household(case=case, text=HANDLED, at=at, why=f"handled:{case.version}", rule="C-60", result=result)
    note(
        case=case, kind="handled", by=by, at=at, rule="C-60",
        data={"method": method, "result": result, "prevention": prevention, "outcome": outcome, "loss_fen": complaint.loss_fen, "injury": complaint.injury},
    )  # fmt: skip
    return case


@transaction.atomic
def refuse_complaint(
    *, case: Case, by: Staff, at: datetime, reason: str, alternative: str, seen: int | None = None
) -> Case:
    """Decline politely what is outside our scope, with the reason and another way for the household (C-49, C-50)."""
    case, complaint = load(case=case)
    check_version(case=case, seen=seen)
    if not alternative.strip():
        raise Refused(gettext_noop("婉拒时要给住户另一条途径或建议"), field="alternative", rule="C-50")
    take(
        case=case,
        complaint=complaint,
        step="refuse",
        to_state="handled",
        at=at,
        case_changes={"handled_at": at},
        complaint_changes={"outcome": "refused", "result": reason, "alternative": alternative},
    )
    _settle(case=case, by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    tell_household(
        case=case,
        text=REFUSED,
        at=at,
        why=f"refused:{case.version}",
        rule="C-50",
        result=reason,
        alternative=alternative,
    )
    note(
        case=case,
        kind="refused",
        by=by,
        at=at,
        rule="C-50",
        data={"reason": reason, "alternative": alternative},
    )
    return case


def _settle(*, case: Case, by: Staff, at: datetime) -> None:
    timers.meet(subject=case, milestones=SETTLED, by=by, at=at)


def _handlers_own() -> tuple[str, ...]:
    return (c.PLAN, c.HANDLE, c.SAME_DAY_FIX, c.SOLVE, c.MAJOR_ANSWER, c.NEGOTIATE, c.AGREED_REPLY)
