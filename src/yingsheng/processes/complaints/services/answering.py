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
from yingsheng.processes.complaints.rules.facts import known
from yingsheng.processes.complaints.services.clocks import facts_of, sync_clocks
from yingsheng.processes.complaints.services.intake import register_complaint
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import REPLIED, tell_household, tell_posts

ANSWERED = (c.REPLY, c.ONSPOT_REPLY, c.AGREED_REPLY, c.MAJOR_ANSWER)


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
    seen: int | None = None,
) -> Case:
    """Answer the household; the complaint counts as answered once every mode the rules demand was used.

    A visit needs the household's signature; with it or without, the opinion is written down.
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
        },
    )
    if signature:
        sign(site_id=case.site_id, subject=case, value=signature, signer=signed_by, by=by, at=at)
    if not lacking:
        timers.meet(subject=case, milestones=ANSWERED, by=by, at=at)
        tell_household(
            case=case,
            text=REPLIED,
            at=at,
            why=f"replied:{case.version}",
            rule="C-68",
            prevention=complaint.prevention,
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
            "missing": [lack.mode for lack in lacking],
        },
    )
    return case


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
            respondent=complaint.respondent,
            demand=complaint.demand,
            severity=graver,
            origin=case,
            by=by,
            at=at,
        )
    take(
        case=case, complaint=complaint, step="opinion", to_state="in_progress", at=at,
        case_changes={"satisfied": False, "handled_at": None}, complaint_changes=changes,
    )  # fmt: skip
    role, rule = {
        a.ASK_SITE_HEAD: ("SITE_HEAD", "C-57"),
        a.HAND_UP: ("SITE_HEAD", "C-44"),
        a.RECTIFY: ("CS_SUP", "C-59"),
    }[path]
    tell_posts(case=case, tells=[Tell(role=role, rule=rule)], at=at, why=f"unsatisfied:{case.version}")
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    note(case=case, kind="unsatisfied", by=by, at=at, rule=rule, data={"opinion": opinion, "path": path})
    return case


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
    if complaint.forwarded_by_hq and complaint.hq_reported_at is None:
        return gettext_noop("还没有向公司投诉处理中心回报"), "C-55"
    if complaint.follow_up not in ("done", "exempt"):
        return gettext_noop("回访还没有完成"), "C-72"
    return None


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
        take(
            case=case, complaint=complaint, step="rectify", to_state="in_progress", at=at,
            case_changes={"satisfied": False, "handled_at": None}, complaint_changes={"follow_up": "unhappy"},
        )  # fmt: skip
        tell_posts(case=case, tells=[Tell(role="CS_SUP", rule="F-11")], at=at, why=f"rectify:{case.version}")
        note(case=case, kind="reopened", by=by, at=at, rule="F-11", data={})
        return
    complaint.follow_up = outcome
    complaint.save(update_fields=["follow_up"])
