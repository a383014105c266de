"""Keeping the promises of a complaint in step with what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import taken_up_at
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import SiteCalendars, list_obligations
from yingsheng.kernel.timers.rules import Rung, calendar_for
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import WORKING_UNITS, due_at
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.explain import figures_under
from yingsheng.processes.complaints.rules.clocks import (
    AGREED_REPLY,
    AUTO_UPGRADE,
    RECURRING,
    REWORKED,
    Clock,
    decide_clocks,
)
from yingsheng.processes.complaints.rules.facts import BY_EMAIL, Facts, Figures
from yingsheng.processes.complaints.services.instead import post_for


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
        by_email=case.channel in BY_EMAIL,
        ongoing_harm=complaint.ongoing_harm and complaint.harm_stopped_at is None,
        group=complaint.is_group,
        in_group=case.group_id is not None,
        forwarded_by_hq=complaint.forwarded_by_hq,
        household_limit_at=complaint.household_limit_at,
        agreed_reply_at=complaint.agreed_reply_at,
        contacted_at=complaint.contacted_at,
        handled_at=case.handled_at,
        heard_at=complaint.heard_at,
        opened_at=complaint.taken_over_at,
        night=complaint.night,
        reopened_at=complaint.reopened_at,
        asked_at=complaint.asked_at if case.asked_department_id is not None else None,
        handed_up_at=_undecided_since(complaint),
        handed_up_to=complaint.handed_up_to,
        sent=case.state not in ("registered", "classified"),
        outside_told_at=complaint.outside_told_at if case.state == "forwarded" else None,
        dispatched_at=complaint.dispatched_at if case.state == "dispatched" else None,
    )


def _undecided_since(complaint: Complaint) -> datetime | None:
    """When the level above was asked; what it was asked before the work began anew is past (C-59, F-11)."""
    asked, again = complaint.handed_up_at, complaint.reopened_at
    return None if asked is not None and again is not None and asked < again else asked


def clock_due(*, clock: Clock, calendars: SiteCalendars) -> datetime:
    """When a clock runs out: the moment agreed with the household, else counted from its figure."""
    if clock.fixed_due_at is not None:
        return clock.fixed_due_at
    unit = clock.figure.unit
    counted = calendars.counting(unit=unit)
    return due_at(start=clock.starts_at, amount=int(clock.figure.value), unit=unit, calendar=counted).at


def unsolved_too_long(*, case: Case, figures: Figures, at: datetime) -> bool:
    """Whether a complaint stayed unsolved for as long as makes it a major one (C-21)."""
    limit = figures("C-21.unsolved_for")
    if limit is None or case.handled_at is not None:
        return False
    since = case.received_at
    if case.source_system:
        since = max(since, taken_up_at(case=case, at=at))
    counted = Clock(milestone=AUTO_UPGRADE, figure=limit, starts_at=since, role="")
    return clock_due(clock=counted, calendars=SiteCalendars(site_id=case.site_id)) <= at


def _wanted(*, case: Case, complaint: Complaint, figures: Figures, at: datetime) -> dict[str, Clock]:
    facts = facts_of(case=case, complaint=complaint)
    if case.source_system:
        # nobody here promised anything while another system had the matter
        facts = replace(facts, received_at=max(facts.received_at, taken_up_at(case=case, at=at)))
    return {clock.milestone: clock for clock in decide_clocks(facts=facts, figures=figures)}


def start_clocks(*, case: Case, complaint: Complaint, at: datetime) -> list[Obligation]:
    """Arm the promises of a complaint that is new and has none yet."""
    calendars = SiteCalendars(site_id=case.site_id)
    figures = figures_under(site=case.site, at=at)
    promises = [
        promise_of(clock=clock, case=case, calendars=calendars, figures=figures, at=at)
        for clock in _wanted(case=case, complaint=complaint, figures=figures, at=at).values()
    ]
    return timers.arm(site_id=case.site_id, subject=case, promises=promises, at=at)


def sync_clocks(*, case: Case, complaint: Complaint, by: Staff | None, at: datetime) -> None:
    """Arm what is newly promised, cancel what no longer applies; what was kept or broken stays as it ended.

    A promise whose rule or due moment changed is cancelled and made anew as the next round, so the old one
    remains readable. A cancelled promise that applies once more comes back; a kept or broken one does not.
    """
    calendars = SiteCalendars(site_id=case.site_id)
    figures = figures_under(site=case.site, at=at)
    wanted = _wanted(case=case, complaint=complaint, figures=figures, at=at)
    present = {row.milestone: row for row in list_obligations(subject=case).order_by("round")}
    outdated = [
        milestone
        for milestone, row in present.items()
        if row.state == Obligation.State.ARMED and not _still_stands(row, wanted.get(milestone), calendars)
    ]
    if outdated:
        timers.void(
            subject=case, milestones=outdated, by=by, at=at, reason=gettext_noop("情况变化，时限重算")
        )
    again = {*outdated, *(name for name, row in present.items() if _begins_anew(row, wanted, complaint))}
    timers.arm(
        site_id=case.site_id,
        subject=case,
        at=at,
        promises=[
            promise_of(
                clock=clock,
                case=case,
                calendars=calendars,
                figures=figures,
                at=at,
                round_=present[milestone].round + 1 if milestone in present else 1,
            )
            for milestone, clock in wanted.items()
            if milestone not in present or milestone in again
        ],
    )


def promise_of(
    *, clock: Clock, case: Case, calendars: SiteCalendars, figures: Figures, at: datetime, round_: int = 1
) -> Promise:
    """A clock as a promise: with its resolved rule, the ladder of C-53 and the person who answers."""
    ladder = figures("C-53.escalation_ladder")
    warn = figures("C-53.warn_at_percent")
    accused = case.complaint.respondent_staff_id
    role, person = post_for(case=case, accused=accused, role=clock.role, at=at)
    automatic = clock.milestone == AUTO_UPGRADE  # nobody is called to a goal that was missed (C-34)
    return Promise(
        milestone=clock.milestone,
        resolved=resolve(rule_id=clock.figure.rule, site=case.site, at=at),
        amount=int(clock.figure.value),
        unit=clock.figure.unit,
        starts_at=clock.starts_at,
        due_at=clock_due(clock=clock, calendars=calendars),
        responsible_role=role,
        responsible_staff=(case.handler if clock.role == "HANDLER" else None) or person,
        ladder=()
        if ladder is None or automatic or clock.advisory
        else tuple(
            Rung(
                after_minutes=step["after_minutes"],
                role=post_for(case=case, accused=accused, role=step["role"], at=at)[0],
            )
            for step in ladder.value
        ),
        warn_percent=None if warn is None or automatic else int(warn.value),
        round=round_,
        calendar=calendar_for(unit=clock.figure.unit),
    )


def _begins_anew(row: Obligation, wanted: Mapping[str, Clock], complaint: Complaint) -> bool:
    """Whether an ended promise does not stand for what is wanted now: it was cancelled, it belongs to the work before
    the household sent the complaint back (C-59, F-11), another time was agreed since (C-33), or its occasion
    came again (C-30, C-53, C-66).
    """
    if row.state == Obligation.State.VOID:
        return not goal_passed(row=row, at=row.ended_at)
    if row.ended_at is None:
        return False
    if row.milestone in RECURRING:
        clock = wanted.get(row.milestone)
        return clock is not None and clock.starts_at >= row.ended_at
    if row.milestone not in REWORKED:
        return False
    if complaint.reopened_at is not None and row.ended_at <= complaint.reopened_at:
        return True
    clock = wanted.get(row.milestone)
    return row.milestone == AGREED_REPLY and clock is not None and row.first_due_at != clock.fixed_due_at


def _still_stands(row: Obligation, clock: Clock | None, calendars: SiteCalendars) -> bool:
    if clock is None or row.rule != clock.figure.rule:
        return False
    if row.first_due_at == clock_due(clock=clock, calendars=calendars):
        return True
    # an edited calendar gives another moment for the same figure; the promise followed it already
    return (
        clock.fixed_due_at is None
        and row.unit in WORKING_UNITS
        and (row.starts_at, row.amount, row.unit)
        == (clock.starts_at, int(clock.figure.value), clock.figure.unit)
    )


def goal_passed(*, row: Obligation, at: datetime | None) -> bool:
    """Whether a promise was only advice, by the figures it was made under, and its moment is over (C-34)."""
    if row.rule != "C-34" or at is None or at <= row.due_at:
        return False
    return bool(row.version.values.get("first_reply_advisory"))
