"""Moving limits: extension by the post the rule names, pauses with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.services.instead import post_for
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    DELAYED,
    PAUSED,
    tell_household,
    tell_step,
)


@transaction.atomic
def extend_limit(
    *, case: Case, actor: Actor, at: datetime, due_at: datetime, reason: str, seen: int | None = None
) -> Case:
    """Approve more time to solve; only the post the rule names for this severity may (C-39, C-68).

    Where that post is complained about, the one above it (C-53).
    """
    case, complaint = load(case=case, seen=seen)
    allowed = c.extension_rule(severity=case.severity, figures=figures_under(site=case.site, at=at))
    if allowed is None:
        raise Refused(gettext_noop("现行规程没有允许延长这类投诉的时限"), rule="C-39")
    approver, _ = post_for(case=case, accused=complaint.respondent_staff_id, role=allowed.role, at=at)
    if approver not in actor.roles:
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
    case, complaint = load(case=case, seen=seen)
    take(case=case, complaint=complaint, step="pause", at=at)
    if not timers.pause(subject=case, by=by, at=at, reason=reason):
        raise Refused(gettext_noop("没有正在计时的时限"))
    tell_step(case=case, complaint=complaint, text=PAUSED, at=at, why="paused", reason=reason)
    note(case=case, kind="paused", by=by, at=at, data={"reason": reason})
    return case


@transaction.atomic
def resume_clocks(*, case: Case, by: Staff, at: datetime, seen: int | None = None) -> Case:
    """Let the clocks run on; each limit moves by the time it stood still."""
    case, complaint = load(case=case, seen=seen)
    take(case=case, complaint=complaint, step="resume", at=at)
    if not timers.resume(subject=case, at=at):
        raise Refused(gettext_noop("没有暂停的时限"))
    note(case=case, kind="resumed", by=by, at=at, data={})
    return case
