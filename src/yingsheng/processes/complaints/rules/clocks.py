"""What is promised about a complaint, from when, by which rule, and who answers for it. Pure.

Each figure belongs to one milestone, so that the regulations mostly add up instead of contradicting each other
(matrix 3.1 of the conflicts). A figure the adopted regulation is silent about makes no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yingsheng.processes.complaints.rules.facts import (
    ASSIST,
    INVALID,
    MAJOR,
    MINOR,
    SERIOUS,
    VALID,
    Facts,
    Figure,
    Figures,
    known,
)

ASSIGN, CONTACT, VERIFY = "assign", "contact", "verify"
ONSPOT_REPORT, ONSPOT_REPLY = "onspot_report", "onspot_reply"
PLAN, HANDLE, SAME_DAY_FIX = "plan", "handle", "same_day_fix"
ESCALATE, MAJOR_REPORT, MAJOR_ANSWER, SOLVE = "escalate", "major_report", "major_answer", "solve"
NEGOTIATE, AGREED_REPLY, REPLY, HQ_REPORT = "negotiate", "agreed_reply", "reply", "hq_report"
AUTO_UPGRADE, GROUP_INFORM = "auto_upgrade", "group_inform"
MILESTONES = (
    ASSIGN, CONTACT, VERIFY, ONSPOT_REPORT, ONSPOT_REPLY, PLAN, HANDLE, SAME_DAY_FIX, ESCALATE, MAJOR_REPORT,
    MAJOR_ANSWER, SOLVE, NEGOTIATE, AGREED_REPLY, REPLY, HQ_REPORT, AUTO_UPGRADE, GROUP_INFORM,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A promise before it is armed. `fixed_due_at` is a moment agreed with the household, if any."""

    milestone: str
    figure: Figure
    starts_at: datetime
    role: str
    fixed_due_at: datetime | None = None


def decide_clocks(*, facts: Facts, figures: Figures) -> tuple[Clock, ...]:
    """Every clock that applies to a complaint in this situation, in the order of its life.

    Before classification a complaint is treated as if it could be valid. Rules: C-12, C-16, C-24, C-33 … C-39,
    C-48, C-52, C-55, C-61, C-62, C-67, C-87, X-05.
    """
    clocks: list[Clock] = []
    for part in (_intake, _on_spot, _valid, _severity, _elsewhere, _answer, _group):
        clocks.extend(part(facts, figures))
    return tuple(clocks)


def _clock(
    figures: Figures,
    path: str,
    milestone: str,
    starts_at: datetime,
    role: str,
    fixed_due_at: datetime | None = None,
) -> Iterator[Clock]:
    figure = figures(path)
    if figure is not None:
        yield Clock(
            milestone=milestone, figure=figure, starts_at=starts_at, role=role, fixed_due_at=fixed_due_at
        )


def _intake(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.on_spot or facts.validity == INVALID:
        return
    supervisor = known(figures, "C-33.responsible") or "CS_SUP"
    yield from _clock(figures, "C-87.assign_within", ASSIGN, facts.received_at, supervisor)
    # C-34 asks the same of every complaint; it carries the clock where the adopted regulation has no C-33
    path = "C-33.contact_within" if figures("C-33.contact_within") else "C-34.first_reply_within"
    yield from _clock(figures, path, CONTACT, facts.received_at, supervisor)
    yield from _clock(figures, "C-16.verify_within", VERIFY, facts.received_at, supervisor)


def _on_spot(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if not facts.on_spot or facts.handled_at is None:
        return
    if facts.heard_elsewhere:
        yield from _clock(figures, "C-12.onspot_report_within", ONSPOT_REPORT, facts.handled_at, "LOBBY")
    yield from _clock(figures, "C-61.onspot_reply_within", ONSPOT_REPLY, facts.handled_at, "FRONT_DESK")


def _valid(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.validity != VALID or facts.on_spot:
        return
    path = "C-36.complex_plan_within" if facts.complex else "C-35.plan_within"
    if figures(path) is None:
        path = "C-35.plan_within" if facts.complex else "C-36.complex_plan_within"
    yield from _clock(figures, path, PLAN, facts.received_at, "HANDLER")
    yield from _clock(figures, "C-35.handle_within", HANDLE, facts.received_at, "HANDLER")
    yield from _clock(figures, "C-52.same_day_fix", SAME_DAY_FIX, facts.received_at, "HANDLER")
    if facts.severity != MAJOR:
        yield from _clock(figures, "C-24.upgrade_after", AUTO_UPGRADE, facts.received_at, "SITE_HEAD")


def _severity(facts: Facts, figures: Figures) -> Iterator[Clock]:
    since = facts.severity_since or facts.received_at
    if facts.severity == MAJOR and facts.validity != INVALID:
        # CF-06: severity is an axis of its own, so a major case is reported whoever caused it
        known_at = facts.severity_since or facts.classified_at or facts.received_at
        role = known(figures, "C-37.major_report_to") or "SITE_HEAD"
        yield from _clock(figures, "C-37.major_report_within", MAJOR_REPORT, known_at, role)
    if facts.validity != VALID or facts.on_spot:
        return
    if facts.severity == SERIOUS:
        role = known(figures, "C-37.serious_escalate_to") or "AREA_SUP"
        yield from _clock(figures, "C-37.serious_escalate_within", ESCALATE, since, role)
        yield from _clock(figures, "C-39.serious_solve_within", SOLVE, since, "HANDLER")
    elif facts.severity == MAJOR:
        yield from _clock(figures, "C-39.major_answer_within", MAJOR_ANSWER, since, "HANDLER")
        yield from _clock(figures, "C-39.major_solve_within", SOLVE, since, "HANDLER")
    elif facts.severity == MINOR:
        path = "C-39.minor_solve_within" if figures("C-39.minor_solve_within") else "C-37.minor_solve_within"
        limit = facts.household_limit_at if known(figures, "C-37.household_limit_prevails") else None
        yield from _clock(figures, path, SOLVE, since, "HANDLER", limit)


def _elsewhere(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.validity == ASSIST:
        start = facts.classified_at or facts.received_at
        yield from _clock(figures, "C-48.negotiate_within", NEGOTIATE, start, "HANDLER")


def _answer(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.validity == INVALID:
        start = facts.classified_at or facts.received_at
        yield from _clock(figures, "C-67.invalid_reply_within", REPLY, start, "CS_SUP")
    elif facts.agreed_reply_at is not None and facts.handled_at is None:
        figure = Figure(path="C-33.contact_within", value=0, unit="minutes")
        yield Clock(
            milestone=AGREED_REPLY,
            figure=figure,
            starts_at=facts.contacted_at or facts.received_at,
            role="HANDLER",
            fixed_due_at=facts.agreed_reply_at,
        )
    if facts.handled_at is None or facts.on_spot:
        return
    if facts.validity != INVALID and not facts.group:  # a group is answered home by home, under its members
        agreed = facts.agreed_reply_at if known(figures, "C-62.agreed_time_prevails") else None
        fixed = agreed if agreed is not None and agreed >= facts.handled_at else None
        yield from _clock(figures, "C-62.valid_reply_within", REPLY, facts.handled_at, "CS_SUP", fixed)
    if facts.forwarded_by_hq:
        role = known(figures, "C-55.reported_by") or "FRONT_DESK"
        yield from _clock(figures, "C-55.hq_report_within", HQ_REPORT, facts.handled_at, role)


def _group(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.group:
        role = known(figures, "X-05.first_role") or "SITE_HEAD"
        yield from _clock(figures, "X-05.inform_within", GROUP_INFORM, facts.received_at, role)


@dataclass(frozen=True, kw_only=True)
class ExtensionRule:
    """Who alone may approve that a limit is exceeded, and by which rule."""

    role: str
    rule: str


def extension_rule(*, severity: str, figures: Figures) -> ExtensionRule | None:
    """The post that C-39 names for this severity; None when the regulation knows no extension."""
    path = f"C-39.{severity}_extension_by" if severity in (MINOR, SERIOUS, MAJOR) else ""
    figure = figures(path) if path else None
    return ExtensionRule(role=figure.value, rule=figure.rule) if figure is not None else None
