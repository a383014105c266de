"""Answering: the reply by the modes the rules demand, the household's opinion, what follows, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import answering as a
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.classify import step_up
from yingsheng.processes.complaints.rules.facts import INVALID, known, stated
from yingsheng.processes.complaints.services import goals
from yingsheng.processes.complaints.services.clocks import facts_of, sync_clocks
from yingsheng.processes.complaints.services.helping import ask_above, level_or_last
from yingsheng.processes.complaints.services.intake import register_complaint
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    REPLIED,
    REPLIED_PLAIN,
    tell_department,
    tell_household,
    tell_posts,
)

ANSWERED = (c.CONTACT, c.EMAIL, c.REPLY, c.ONSPOT_REPLY, c.AGREED_REPLY, c.MAJOR_ANSWER)


@transaction.atomic
def reply_to_household(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    modes: Sequence[str],
    said: str,
    opinion: str = "",
    signature: str = "",
    signed_by: str = "",
    no_visit_reason: str = "",
    seen: int | None = None,
) -> Case:
    """Answer the household; the complaint counts as answered once every mode the rules demand was used.

    A visit needs the household's signature; with it or without, the opinion is written down. A valid complaint answered
    by telephone needs the reason why nobody went, where the adopted regulation wants a visit.
    Rules C-60 … C-67, X-06.
    """
    case, complaint = load(case=case, seen=seen)
    if not modes:
        raise Refused(gettext_noop("请选择答复的方式"), field="modes", rule="C-63")
    if a.VISIT in modes and not (signature or signed_by):
        raise Refused(gettext_noop("上门答复要请住户签名"), field="signature", rule="C-63")
    signed_by = signer_of(value=signature, typed=signed_by)
    figures = figures_under(site=case.site, at=at)
    rule = a.decide_reply(facts=facts_of(case=case, complaint=complaint), figures=figures)
    used = sorted({*complaint.reply_modes, *modes})
    lacking = a.missing_modes(rule=rule, used=used)
    reason = no_visit_reason.strip() or complaint.no_visit_reason
    if a.reason_owed(rule=rule, used=used) and not reason:
        raise Refused(
            gettext_noop("有效投诉要上门答复；改用电话的，请写明没有上门的原因"),
            field="no_visit_reason",
            rule="C-63",
        )
    take(
        case=case,
        complaint=complaint,
        step="reply",
        to_state="handled" if lacking else "replied",
        at=at,
        complaint_changes={
            "reply_modes": used,
            "replied_at": complaint.replied_at if lacking else at,
            "opinion": opinion or complaint.opinion,
            "signed_by": signed_by or complaint.signed_by,
            "no_visit_reason": reason,
        },
    )
    if signature:
        sign(site_id=case.site_id, subject=case, value=signature, signer=signed_by, by=by, at=at)
    if not lacking:
        goals.meet(case=case, milestones=ANSWERED, by=by, at=at)
        tell_household(
            case=case,
            text=REPLIED if complaint.prevention else REPLIED_PLAIN,
            at=at,
            why=f"replied:{case.version}",
            rule="C-68",
            **({"prevention": complaint.prevention} if complaint.prevention else {}),
        )
    note(
        case=case,
        kind="replied" if not lacking else "replied_in_part",
        by=by,
        at=at,
        rule="C-63",
        data={
            "modes": used,
            "said": said,
            "opinion": opinion,
            "signed_by": signed_by,
            "no_visit_reason": no_visit_reason.strip(),
            "missing": [lack.mode for lack in lacking],
        },
    )
    return case


def reply_rule(*, case: Case, complaint: Complaint) -> a.ReplyRule:
    """How the household has to be answered, by what was in force when the matter was settled."""
    figures = figures_under(site=case.site, at=case.handled_at or case.received_at)
    return a.decide_reply(facts=facts_of(case=case, complaint=complaint), figures=figures)


@transaction.atomic
def record_opinion(
    *, case: Case, by: Staff, at: datetime, satisfied: bool, opinion: str, seen: int | None = None
) -> Case:
    """Write whether the household is satisfied with the handling; if not, the adopted path is taken.

    The path is a new linked complaint one degree graver (C-56), the site head's instruction (C-57), the level
    above (C-44), or further measures until it is satisfied (C-59). Returns the case that is worked on from now.
    """
    case, complaint = load(case=case, seen=seen)
    if not satisfied and not opinion.strip():
        raise Refused(gettext_noop("请写下住户不满意的原因"), field="opinion", rule="C-56")
    if satisfied:
        take(
            case=case, complaint=complaint, step="opinion", at=at,
            case_changes={"satisfied": True}, complaint_changes={"opinion": opinion or complaint.opinion},
        )  # fmt: skip
        note(case=case, kind="satisfied", by=by, at=at, rule="C-60", data={"opinion": opinion})
        return case
    return _not_satisfied(case=case, complaint=complaint, by=by, at=at, opinion=opinion)


def _not_satisfied(*, case: Case, complaint: Complaint, by: Staff, at: datetime, opinion: str) -> Case:
    figures = figures_under(site=case.site, at=at)
    path = a.dissatisfied_path(figures=figures)
    changes = {"opinion": opinion}
    if path == a.NEW_CASE:
        take(
            case=case, complaint=complaint, step="opinion", to_state="succeeded", at=at,
            case_changes={"satisfied": False}, complaint_changes=changes,
        )  # fmt: skip
        timers.void(subject=case, by=by, at=at, reason=gettext_noop("转为新的投诉"))
        note(case=case, kind="succeeded", by=by, at=at, rule="C-56", data={"opinion": opinion})
        graver = step_up(severity=case.severity) if known(figures, "C-56.severity_step_up") else case.severity
        return register_complaint(
            site=case.site,
            caller=Caller(
                name=case.caller_name,
                phone=case.caller_phone,
                person=case.person,
                household=case.household,
                room=case.room,
            ),
            title=case.title,
            body=opinion,
            channel="follow_up",
            category=case.category,
            situation=complaint.situation,
            place=complaint.place,
            happened_at=complaint.happened_at,
            respondent=complaint.respondent,
            respondent_staff=complaint.respondent_staff,
            demand=complaint.demand,
            written=complaint.written,
            forwarded_by_hq=complaint.forwarded_by_hq,
            severity=graver,
            origin=case,
            by=by,
            at=at,
        )
    _send_back(case=case, complaint=complaint, step="opinion", at=at, **changes)
    rule = {a.ASK_SITE_HEAD: "C-57", a.HAND_UP: "C-44", a.RECTIFY: "C-59"}[path]
    why = f"unsatisfied:{case.version}"
    if path != a.RECTIFY:
        above = level_or_last(case=case, complaint=complaint, figures=figures)
        role = stated(figures, "C-57.instructs") if path == a.ASK_SITE_HEAD else above.role
        ask_above(case=case, complaint=complaint, by=by, at=at, to=Tell(role=role, rule=rule), why=why)
    if path != a.HAND_UP:
        # who asks for the instruction, or sees to the further measures, hears that the household is not content
        role = stated(figures, "C-57.asked_by") if path == a.ASK_SITE_HEAD else "CS_SUP"
        tell_posts(case=case, tells=[Tell(role=role, rule=rule)], at=at, why=why)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    note(case=case, kind="unsatisfied", by=by, at=at, rule=rule, data={"opinion": opinion, "path": path})
    return case


def _send_back(*, case: Case, complaint: Complaint, step: str, at: datetime, **changes: object) -> None:
    """Back to work: what was answered before does not answer what is done now (C-59, C-64, C-65, C-69, F-11)."""
    take(
        case=case, complaint=complaint, step=step, to_state="in_progress", at=at,
        case_changes={"satisfied": False, "handled_at": None},
        complaint_changes={
            "reopened_at": at, "replied_at": None, "reply_modes": [], "no_visit_reason": "",
            "plan_at": None, "plan_consent": False,  # agreement to what did not hold covers nothing new (C-58)
            "agreed_reply_at": None, "hq_reported_at": None, **changes,
        },
    )  # fmt: skip


@transaction.atomic
def report_to_company(*, case: Case, by: Staff, at: datetime, text: str, seen: int | None = None) -> Case:
    """Report the result of a forwarded complaint back to the company complaint centre (C-55)."""
    case, complaint = load(case=case, seen=seen)
    if not complaint.forwarded_by_hq:
        raise Refused(gettext_noop("不是公司投诉处理中心转来的"), rule="C-55")
    take(case=case, complaint=complaint, step="report_hq", at=at, complaint_changes={"hq_reported_at": at})
    timers.meet(subject=case, milestones=[c.HQ_REPORT], by=by, at=at)
    tell_posts(case=case, tells=[Tell(role="HQ_COMPLAINT", rule="C-55")], at=at, why="hq_report")
    note(case=case, kind="reported_to_company", by=by, at=at, rule="C-55", data={"text": text})
    return case


def closing_obstacle(*, case: Case, complaint: Complaint) -> tuple[str, str] | None:
    """Why the complaint cannot be archived yet, with the rule; None when it can (C-55, C-60, C-70, C-72)."""
    if complaint.is_group:
        if case.members.filter(closed_at__isnull=True).exists():
            return gettext_noop("还有住户没有答复和回访完"), "X-06"
        return None
    if case.state != "replied":
        return gettext_noop("还没有答复住户"), "C-69"
    if case.satisfied is None:
        return gettext_noop("还没有记录住户的意见"), "C-60"
    if not case.satisfied and case.validity != INVALID:
        return gettext_noop("住户还没有表示满意"), "C-59"
    if complaint.forwarded_by_hq and complaint.hq_reported_at is None:
        return gettext_noop("还没有向公司投诉处理中心回报"), "C-55"
    if complaint.follow_up not in ("done", "exempt") and _visit_required(case=case, complaint=complaint):
        return gettext_noop("回访还没有完成"), "C-72"
    return None


def _visit_required(*, case: Case, complaint: Complaint) -> bool:
    """Whether the regulation in force when the household was answered makes a follow-up compulsory (C-72)."""
    figures = figures_under(site=case.site, at=complaint.replied_at or case.received_at)
    return bool(known(figures, "C-72.follow_up_required"))


@transaction.atomic
def close_complaint(
    *, case: Case, by: Staff, at: datetime, summary: str = "", seen: int | None = None
) -> Case:
    """Archive a complaint that was answered, found satisfactory and revisited (C-70, C-72, F-21)."""
    case, complaint = load(case=case, seen=seen)
    obstacle = closing_obstacle(case=case, complaint=complaint)
    if obstacle is not None:
        raise Refused(obstacle[0], code="not_ready", rule=obstacle[1])
    take(case=case, complaint=complaint, step="close", to_state="closed", at=at)
    timers.void(subject=case, by=by, at=at, reason=gettext_noop("事项已归档"))
    note(case=case, kind="closed", by=by, at=at, rule="C-70", data={"summary": summary})
    return case


def follow_up_done(*, case: Case, at: datetime, outcome: str, by: Staff | None) -> None:
    """What a visit showed, as the follow-up desk tells: done, exempt, or unhappy, which means more work (F-11)."""
    case, complaint = load(case=case)
    if case.closed_at is not None:
        return
    if outcome == "unhappy":
        _send_back(case=case, complaint=complaint, step="rectify", at=at, follow_up="unhappy")
        sync_clocks(case=case, complaint=complaint, by=by, at=at)
        tell_posts(case=case, tells=[Tell(role="CS_SUP", rule="F-11")], at=at, why=f"rectify:{case.version}")
        _pass_on_visit(case=case, at=at)
        note(case=case, kind="reopened", by=by, at=at, rule="F-11", data={})
        return
    complaint.follow_up = outcome
    complaint.save(update_fields=["follow_up"])
    if outcome == "done":
        _pass_on_visit(case=case, at=at)


def _pass_on_visit(*, case: Case, at: datetime) -> None:
    """What a visit showed goes to the department whose matter it was (C-72)."""
    if case.department is not None:
        tell_department(case=case, department=case.department, at=at, why="visited", rule="C-72")
