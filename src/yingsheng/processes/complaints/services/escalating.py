"""Asking for help: the supervisor at the counter, the levels above, bodies outside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import known
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    FORWARDED,
    tell_household,
    tell_posts,
    tell_staff,
)


@transaction.atomic
def call_supervisor(*, case: Case, by: Staff, at: datetime, why: str = "", seen: int | None = None) -> Case:
    """Ask the supervisor or department head to come and speak to the household in person (C-07, C-14)."""
    case, complaint = load(case=case, seen=seen)
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
    case, complaint = load(case=case, seen=seen)
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
    case, complaint = load(case=case, seen=seen)
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
    case, complaint = load(case=case, seen=seen)
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
