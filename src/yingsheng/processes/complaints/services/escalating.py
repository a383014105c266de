"""Asking for help: the supervisor at the counter, the levels above, bodies outside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules import clocks as c
from yingsheng.processes.complaints.rules.answering import Tell
from yingsheng.processes.complaints.rules.facts import known, stated
from yingsheng.processes.complaints.rules.helping import help_ladder
from yingsheng.processes.complaints.services.clocks import facts_of, sync_clocks
from yingsheng.processes.complaints.services.helping import ask_above, level_above
from yingsheng.processes.complaints.services.steps import load, note, take
from yingsheng.processes.complaints.services.telling import (
    FORWARDED,
    HANDED_UP,
    tell_household,
    tell_posts,
    tell_staff,
    tell_step,
)


@transaction.atomic
def call_supervisor(*, case: Case, by: Staff, at: datetime, why: str = "", seen: int | None = None) -> Case:
    """Ask the supervisor or department head to come and speak to the household in person (C-07, C-14)."""
    case, complaint = load(case=case, seen=seen)
    figures = figures_under(site=case.site, at=at)
    take(case=case, complaint=complaint, step="call_supervisor", at=at)
    tells = [Tell(role=role, rule="C-07") for role in known(figures, "C-07.called_roles") or ()]
    tells.append(Tell(role=stated(figures, "C-14.taken_over_by"), rule="C-14"))
    told = tell_posts(case=case, tells=tells, at=at, why=f"called:{case.version}")
    note(
        case=case, kind="supervisor_called", by=by, at=at, rule="C-07",
        data={"why": why, "told": [staff.pk for staff in told]},
    )  # fmt: skip
    return case


@transaction.atomic
def hand_up(
    *, case: Case, by: Staff, at: datetime, reason: str, to_role: str = "", seen: int | None = None
) -> Case:
    """Pass on to a higher level what cannot be solved here, with the reason; without a post named, to the next one.

    Rules C-15, C-40, C-44, C-52, C-53, C-54, C-57, FM-19.
    """
    case, complaint = load(case=case, seen=seen)
    to = _to_whom(case=case, complaint=complaint, at=at, named=to_role)
    take(case=case, complaint=complaint, step="hand_up", at=at)
    told = ask_above(
        case=case, complaint=complaint, by=by, at=at, to=Tell(role=to.role, rule="C-53"),
        why=f"handed_up:{case.version}",
    )  # fmt: skip
    if not told:
        raise Refused(gettext_noop("该岗位及以上目前无人任职"), field="to_role", rule="C-53")
    tell_step(case=case, complaint=complaint, text=HANDED_UP, at=at, why="handed_up")
    note(
        case=case,
        kind="handed_up",
        by=by,
        at=at,
        rule=to.rule,
        data={"to": to.role, "reason": reason, "told": [staff.pk for staff in told]},
    )
    return case


def _to_whom(*, case: Case, complaint: Complaint, at: datetime, named: str) -> Tell:
    """The post named, or the next that helps; with the rule that makes it help, if there is one."""
    figures = figures_under(site=case.site, at=at)
    if named:
        ladder = help_ladder(facts=facts_of(case=case, complaint=complaint), figures=figures)
        return next((one for one in ladder if one.role == named), Tell(role=named, rule="C-53"))
    above = level_above(case=case, complaint=complaint, figures=figures)
    if above is None:
        raise Refused(gettext_noop("规程规定的各级都已上报过，请选上报给谁"), field="to_role", rule="C-54")
    return above


@transaction.atomic
def decide_matter(*, case: Case, by: Staff, at: datetime, decision: str, seen: int | None = None) -> Case:
    """A superior's instruction on a matter handed up; whoever asked for it answers the household by it.

    Rules C-40, C-51, C-53, C-57.
    """
    case, complaint = load(case=case, seen=seen)
    take(case=case, complaint=complaint, step="decide", at=at, complaint_changes={"handed_up_at": None})
    timers.meet(subject=case, milestones=[c.DECIDE], by=by, at=at)
    if case.handler is not None:
        tell_staff(case=case, staff=case.handler, at=at, why="decided", rule="C-53")
    asked_by = stated(figures_under(site=case.site, at=at), "C-57.asked_by")
    tell_posts(case=case, tells=[Tell(role=asked_by, rule="C-53")], at=at, why=f"decided:{case.version}")
    note(case=case, kind="decided", by=by, at=at, rule="C-53", data={"decision": decision})
    return case


@transaction.atomic
def forward_outside(
    *, case: Case, by: Staff, at: datetime, body: str, letter: str, seen: int | None = None
) -> Case:
    """Send to the developer or the outside body that can solve it, in writing, and track it (C-46 … C-48, C-66)."""
    case, complaint = load(case=case, seen=seen)
    take(
        case=case,
        complaint=complaint,
        step="forward",
        to_state="forwarded",
        at=at,
        complaint_changes={"external_body": body, "outside_told_at": at},
    )
    timers.meet(subject=case, milestones=[c.NEGOTIATE, c.DISPATCH, c.OUTSIDE_NOTICE], by=by, at=at)
    sync_clocks(case=case, complaint=complaint, by=by, at=at)
    tell_household(case=case, text=FORWARDED, at=at, why=f"forwarded:{case.version}", rule="C-66", body=body)
    rule = "C-47" if complaint.cause == "developer" else "C-48"
    note(case=case, kind="forwarded", by=by, at=at, rule=rule, data={"body": body, "letter": letter})
    return case
