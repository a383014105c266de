"""Keeping the promises of a complaint in step with what is known about it."""

from __future__ import annotations

from datetime import datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.kernel.timers.rules import Rung
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import WorkCalendar, due_at
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.clocks import AUTO_UPGRADE, Clock, decide_clocks
from yingsheng.processes.complaints.rules.facts import Facts, Figures


def facts_of(*, case: Case, complaint: Complaint) -> Facts:
    """The complaint as the rules want it."""
    return Facts(
        received_at=case.received_at,
        validity=case.validity,
        severity=case.severity,
        classified_at=complaint.classified_at,
        severity_since=complaint.severity_since,
        on_spot=complaint.on_spot,
        heard_elsewhere=complaint.first_heard_by_id is not None
        and complaint.first_heard_by_id != case.received_by_id,
        complex=complaint.complex,
        written=complaint.written,
        group=complaint.is_group,
        in_group=case.group_id is not None,
        forwarded_by_hq=complaint.forwarded_by_hq,
        household_limit_at=complaint.household_limit_at,
        agreed_reply_at=complaint.agreed_reply_at,
        contacted_at=complaint.contacted_at,
        handled_at=case.handled_at,
    )


def clock_due(*, clock: Clock, calendar: WorkCalendar) -> datetime:
    """When a clock runs out: the moment agreed with the household, else counted from its figure."""
    if clock.fixed_due_at is not None:
        return clock.fixed_due_at
    return due_at(
        start=clock.starts_at, amount=int(clock.figure.value), unit=clock.figure.unit, calendar=calendar
    ).at


def _wanted(*, case: Case, complaint: Complaint, figures: Figures) -> dict[str, Clock]:
    facts = facts_of(case=case, complaint=complaint)
    return {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=figures)}


def start_clocks(*, case: Case, complaint: Complaint, at: datetime) -> list[Obligation]:
    """Arm the promises of a complaint that is new and has none yet."""
    calendar = get_calendar(site_id=case.site_id, code="service")
    figures = figures_under(site=case.site, at=at)
    promises = [
        promise_of(clock=clock, case=case, calendar=calendar, figures=figures, at=at)
        for clock in _wanted(case=case, complaint=complaint, figures=figures).values()
    ]
    return timers.arm(site_id=case.site_id, subject=case, promises=promises, at=at)


def sync_clocks(*, case: Case, complaint: Complaint, by: Staff | None, at: datetime) -> None:
    """Arm what is newly promised, cancel what no longer applies; what was kept or broken stays as it ended.

    A promise whose rule or due moment changed is cancelled and made anew as the next round, so the old one
    remains readable. A cancelled promise that applies once more comes back; a kept or broken one does not.
    """
    calendar = get_calendar(site_id=case.site_id, code="service")
    figures = figures_under(site=case.site, at=at)
    wanted = _wanted(case=case, complaint=complaint, figures=figures)
    present = {row.milestone: row for row in list_obligations(subject=case).order_by("round")}
    outdated = [
        milestone
        for milestone, row in present.items()
        if row.state == Obligation.State.ARMED and not _still_stands(row, wanted.get(milestone), calendar)
    ]
    if outdated:
        timers.void(
            subject=case, milestones=outdated, by=by, at=at, reason=gettext_noop("情况变化，时限重算")
        )
    again = {*outdated, *(name for name, row in present.items() if row.state == Obligation.State.VOID)}
    timers.arm(
        site_id=case.site_id,
        subject=case,
        at=at,
        promises=[
            promise_of(
                clock=clock,
                case=case,
                calendar=calendar,
                figures=figures,
                at=at,
                round_=present[milestone].round + 1 if milestone in present else 1,
            )
            for milestone, clock in wanted.items()
            if milestone not in present or milestone in again
        ],
    )


def promise_of(
    *, clock: Clock, case: Case, calendar: WorkCalendar, figures: Figures, at: datetime, round_: int = 1
) -> Promise:
    """A clock as a promise: with its resolved rule, the ladder of C-53 and the person who answers."""
    ladder = figures("C-53.escalation_ladder")
    warn = figures("C-53.warn_at_percent")
    automatic = clock.milestone == AUTO_UPGRADE
    return Promise(
        milestone=clock.milestone,
        resolved=resolve(rule_id=clock.figure.rule, site=case.site, at=at),
        amount=int(clock.figure.value),
        unit=clock.figure.unit,
        starts_at=clock.starts_at,
        due_at=clock_due(clock=clock, calendar=calendar),
        responsible_role=clock.role,
        responsible_staff=case.handler if clock.role == "HANDLER" else None,
        ladder=()
        if ladder is None or automatic
        else tuple(Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder.value),
        warn_percent=None if warn is None or automatic else int(warn.value),
        round=round_,
    )


def _still_stands(row: Obligation, clock: Clock | None, calendar: WorkCalendar) -> bool:
    return (
        clock is not None
        and row.rule == clock.figure.rule
        and row.first_due_at == clock_due(clock=clock, calendar=calendar)
    )
