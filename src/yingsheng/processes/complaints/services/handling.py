"""Working a complaint: dispatch, acceptance, contact, verification, plan, progress, escalation, limits, result."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Department, Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import SERIOUS, known
from yingsheng.processes.complaints.services.clocks import sync_clocks
from yingsheng.processes.complaints.services.grouping import settle_members
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    CONTACTED,
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
    case, complaint = load(case=case, seen=seen)
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
    case, complaint = load(case=case, seen=seen)
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
    case, complaint = load(case=case, seen=seen)
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
    """Write a step of the handling, and tell the household unless it is internal (C-45, C-58, C-66)."""
    case, complaint = load(case=case, seen=seen)
    take(case=case, complaint=complaint, step="progress", at=at)
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
    """Write how the matter was settled and what keeps it from coming back (C-49, C-60, C-68, C-70)."""
    case, complaint = load(case=case, seen=seen)
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
    *, case: Case, by: Staff, at: datetime, reason: str, alternative: str, seen: int | None = None
) -> Case:
    """Decline politely what is outside our scope, with the reason and another way for the household (C-49, C-50)."""
    case, complaint = load(case=case, seen=seen)
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
