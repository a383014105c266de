"""What is promised about a complaint, from when, by which rule, and who answers for it. Pure.

Each figure belongs to one milestone, so that the regulations mostly add up instead of contradicting each other
(matrix 3.1 of the conflicts). A figure the adopted regulation is silent about makes no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

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
    in_scope,
    known,
    stated,
)

ASSIGN, CONTACT, VERIFY = "assign", "contact", "verify"
ONSPOT_REPORT, ONSPOT_REPLY = "onspot_report", "onspot_reply"
PLAN, HANDLE, SAME_DAY_FIX = "plan", "handle", "same_day_fix"
ESCALATE, MAJOR_REPORT, MAJOR_ANSWER, SOLVE = "escalate", "major_report", "major_answer", "solve"
NEGOTIATE, AGREED_REPLY, REPLY, HQ_REPORT = "negotiate", "agreed_reply", "reply", "hq_report"
AUTO_UPGRADE, GROUP_INFORM = "auto_upgrade", "group_inform"
NIGHT, CONSULT, LOG, HARM, EMAIL = "night_open", "consult", "log", "harm", "email_answer"
DISPATCH, SIGN, OUTSIDE_NOTICE = "dispatch", "sign", "outside_notice"
DECIDE, UNSOLVED, DIVISION = "decide", "unsolved_notice", "division_report"
MILESTONES = (
    ASSIGN, CONTACT, VERIFY, ONSPOT_REPORT, ONSPOT_REPLY, PLAN, HANDLE, SAME_DAY_FIX, ESCALATE, MAJOR_REPORT,
    MAJOR_ANSWER, SOLVE, NEGOTIATE, AGREED_REPLY, REPLY, HQ_REPORT, AUTO_UPGRADE, GROUP_INFORM,
    NIGHT, CONSULT, LOG, HARM, EMAIL, DISPATCH, SIGN, OUTSIDE_NOTICE, DECIDE,
    UNSOLVED, DIVISION,
)  # fmt: skip

# what is promised anew once the household sent a complaint back to work (C-59, F-11)
REWORKED = frozenset(
    {HANDLE, SAME_DAY_FIX, MAJOR_ANSWER, SOLVE, AGREED_REPLY, REPLY, HQ_REPORT, AUTO_UPGRADE}
)


# what is promised again each time its occasion comes again, after the last time was seen to
RECURRING = frozenset({SIGN, OUTSIDE_NOTICE, DECIDE})


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A promise before it is armed. `fixed_due_at` is a moment agreed with the household, if any.

    An `advisory` one is a goal: the desk is reminded of it, but nobody is late who misses it (C-34).
    """

    milestone: str
    figure: Figure
    starts_at: datetime
    role: str
    fixed_due_at: datetime | None = None
    advisory: bool = False


def decide_clocks(*, facts: Facts, figures: Figures) -> tuple[Clock, ...]:
    """Every clock that applies to a complaint in this situation, in the order of its life.

    Before classification a complaint is treated as if it could be valid. Rules: C-12, C-13, C-16, C-17, C-24, C-30,
    C-31, C-33 … C-39, C-42, C-43, C-48, C-52, C-53, C-55, C-61, C-62, C-66, C-67, C-80, C-87, B-06, X-05; what C-29
    leaves out is answered and no more.
    """
    if (
        facts.reopened_at is not None
    ):  # what was settled on the spot and did not hold is worked like any other
        facts = replace(facts, on_spot=False)
    clocks: list[Clock] = []
    parts: tuple[Callable[[Facts, Figures], Iterator[Clock]], ...] = (
        _harm,
        _logged,
        _intake,
        _on_spot,
        _sent,
        _valid,
        _severity,
        _elsewhere,
        _answer,
        _group,
        _night,
        _asked,
        _above,
        _emailed,
    )
    if not in_scope(validity=facts.validity, figures=figures):
        parts = (_harm, _logged, _on_spot, _answer, _asked, _above, _emailed)
    for part in parts:
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


def _harm(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """Harm that goes on is stopped before anything else (C-17); what was settled goes on no longer."""
    if facts.ongoing_harm and facts.handled_at is None and known(figures, "C-17.ongoing_harm_first"):
        role = stated(figures, "C-17.stopped_by")
        yield from _clock(figures, "C-17.stop_within", HARM, facts.received_at, role)


def _logged(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """What is heard is entered at once (C-13); what the night log holds waits for the morning (C-80).

    What a colleague heard and could not settle is owed to the front desk by him, which enters it as he tells (C-12).
    """
    if facts.heard_at is None or facts.night:
        return
    if facts.heard_elsewhere and figures("C-12.unsolved_notice_within") is not None:
        if not facts.on_spot:
            yield from _clock(figures, "C-12.unsolved_notice_within", UNSOLVED, facts.heard_at, "LOBBY")
    else:
        role = stated(figures, "C-13.recorder")
        yield from _clock(figures, "C-13.log_within", LOG, facts.heard_at, role)


def _begun(facts: Facts, figures: Figures) -> datetime:
    """From when the day desk has the matter: at once, or what came at night from the morning handover on (C-80)."""
    hour = known(figures, "C-80.opened_at")
    if not facts.night or hour is None:
        return facts.received_at
    morning = next_morning(at=facts.received_at, hour=str(hour))
    return morning if facts.opened_at is None else min(facts.opened_at, morning)


def _intake(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.on_spot or facts.validity == INVALID:
        return
    # a group is taken in hand by the post that hears of it first, any other by the supervisor
    supervisor = stated(figures, "X-05.first_role" if facts.group else "C-33.responsible")
    begun = _begun(facts, figures)
    yield from _clock(figures, "C-87.assign_within", ASSIGN, begun, supervisor)
    if figures("C-33.contact_within") is not None:
        yield from _clock(figures, "C-33.contact_within", CONTACT, begun, supervisor)
    else:
        yield from _first_reply(begun, supervisor, figures)
    yield from _clock(figures, "C-16.verify_within", VERIFY, begun, supervisor)


def _first_reply(begun: datetime, role: str, figures: Figures) -> Iterator[Clock]:
    """C-34 asks the same of every complaint and carries the clock where the adopted regulation has no C-33.

    It says "at best within 2 hours": while the regulation means that as advice, the moment is a goal and no limit.
    """
    advisory = bool(known(figures, "C-34.first_reply_advisory"))
    for clock in _clock(figures, "C-34.first_reply_within", CONTACT, begun, role):
        yield replace(clock, advisory=advisory)


def _on_spot(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if not facts.on_spot or facts.handled_at is None:
        return
    if facts.heard_elsewhere:
        yield from _clock(figures, "C-12.onspot_report_within", ONSPOT_REPORT, facts.handled_at, "LOBBY")
    role = stated(figures, "C-61.replied_by")
    yield from _clock(figures, "C-61.onspot_reply_within", ONSPOT_REPLY, facts.handled_at, role)


def _sent(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """What is classified goes to its department in good time (C-31, C-42); where a regulation has the paper chain
    with its approval (C-30), the department signs for it within a hop. Both limits of sending are hours.
    """
    approver = known(figures, "C-30.approved_by")
    if facts.validity == VALID and not (facts.on_spot or facts.in_group or facts.sent):
        limits = [figures("C-42.dispatch_within"), figures("C-31.delivered_within")]
        found = [limit for limit in limits if limit is not None]
        if found:
            yield Clock(
                milestone=DISPATCH,
                figure=min(found, key=lambda figure: int(figure.value)),
                starts_at=facts.classified_at or _begun(facts, figures),
                role=str(approver) if approver is not None else stated(figures, "C-33.responsible"),
            )
    if approver is not None and facts.dispatched_at is not None:
        yield from _clock(figures, "C-30.hop_within", SIGN, facts.dispatched_at, "DEPT_HEAD")


def _valid(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.validity != VALID or facts.on_spot:
        return
    path = "C-36.complex_plan_within" if facts.complex else "C-35.plan_within"
    if figures(path) is None:
        path = "C-35.plan_within" if facts.complex else "C-36.complex_plan_within"
    yield from _clock(figures, path, PLAN, _begun(facts, figures), "HANDLER")
    begun = facts.reopened_at or _begun(facts, figures)
    yield from _clock(figures, "C-35.handle_within", HANDLE, begun, "HANDLER")
    yield from _clock(figures, "C-52.same_day_fix", SAME_DAY_FIX, begun, "HANDLER")
    if facts.severity != MAJOR:
        yield from _clock(figures, "C-24.upgrade_after", AUTO_UPGRADE, facts.received_at, "SITE_HEAD")


def _severity(facts: Facts, figures: Figures) -> Iterator[Clock]:
    since = facts.severity_since or _begun(facts, figures)
    if facts.severity == MAJOR and facts.validity != INVALID:
        # CF-06: severity is an axis of its own, so a major case is reported whoever caused it
        known_at = facts.severity_since or facts.classified_at or facts.received_at
        role = stated(figures, "C-37.major_report_to")
        yield from _clock(figures, "C-37.major_report_within", MAJOR_REPORT, known_at, role)
    if facts.severity in (SERIOUS, MAJOR) and facts.validity not in ("", INVALID) and not facts.on_spot:
        known_at = facts.severity_since or facts.classified_at or facts.received_at
        role = stated(figures, "C-40.decides")
        yield from _clock(figures, "C-40.report_within", DIVISION, known_at, role)
    if facts.validity != VALID or facts.on_spot:
        return
    if facts.severity == SERIOUS:
        role = stated(figures, "C-37.serious_escalate_to")
        yield from _clock(figures, "C-37.serious_escalate_within", ESCALATE, since, role)
        since = facts.reopened_at or since
        yield from _clock(figures, "C-39.serious_solve_within", SOLVE, since, "HANDLER")
    elif facts.severity == MAJOR:
        since = facts.reopened_at or since
        yield from _clock(figures, "C-39.major_answer_within", MAJOR_ANSWER, since, "HANDLER")
        yield from _clock(figures, "C-39.major_solve_within", SOLVE, since, "HANDLER")
    elif facts.severity == MINOR:
        path = "C-39.minor_solve_within" if figures("C-39.minor_solve_within") else "C-37.minor_solve_within"
        since = facts.reopened_at or since
        limit = facts.household_limit_at if known(figures, "C-37.household_limit_prevails") else None
        if limit is not None and facts.reopened_at is not None and limit <= facts.reopened_at:
            limit = None  # it ran out with the first attempt
        yield from _clock(figures, path, SOLVE, since, "HANDLER", limit)


def _elsewhere(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """A body outside is spoken to (C-48) and tracked: the household hears of it again and again (C-46, C-66)."""
    if facts.validity == ASSIST:
        start = facts.classified_at or facts.received_at
        yield from _clock(figures, "C-48.negotiate_within", NEGOTIATE, start, "HANDLER")
    if facts.outside_told_at is not None:
        role = stated(figures, "C-46.tracked_by")
        yield from _clock(figures, "C-66.progress_notice_within", OUTSIDE_NOTICE, facts.outside_told_at, role)


def _answer(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.validity == INVALID:
        start = facts.classified_at or facts.received_at
        yield from _clock(figures, "C-67.invalid_reply_within", REPLY, start, "CS_SUP")
    elif facts.group and facts.handled_at is not None:
        pass  # the time agreed stands with each of its households now
    elif facts.agreed_reply_at is not None and not _kept_by(facts.agreed_reply_at, facts.handled_at):
        # settling a matter after the agreed time does not undo that the answer was missed
        figure = Figure(path="C-33.contact_within", value=0, unit="minutes")
        yield Clock(
            milestone=AGREED_REPLY,
            figure=figure,
            starts_at=facts.contacted_at or facts.received_at,
            role="HANDLER",
            fixed_due_at=facts.agreed_reply_at,
        )
    if facts.handled_at is None:
        return
    if (
        facts.validity != INVALID and not facts.group and not facts.on_spot
    ):  # a group is answered home by home, under its members
        agreed = facts.agreed_reply_at if known(figures, "C-62.agreed_time_prevails") else None
        fixed = agreed if agreed is not None and agreed >= facts.handled_at else None
        yield from _clock(figures, "C-62.valid_reply_within", REPLY, facts.handled_at, "CS_SUP", fixed)
    if facts.forwarded_by_hq:
        role = stated(figures, "C-55.reported_by")
        yield from _clock(figures, "C-55.hq_report_within", HQ_REPORT, facts.handled_at, role)


def _kept_by(agreed: datetime, handled_at: datetime | None) -> bool:
    """Whether the matter was settled early enough for the answer to come at the time agreed."""
    return handled_at is not None and handled_at <= agreed


def _group(facts: Facts, figures: Figures) -> Iterator[Clock]:
    if facts.group:
        role = stated(figures, "X-05.first_role")
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


def next_morning(*, at: datetime, hour: str, zone: str = "Asia/Shanghai") -> datetime:
    """The next time the day desk's clock shows this hour: the same morning before it, the next one from it on."""
    local = at.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date(), time.fromisoformat(hour), tzinfo=local.tzinfo)
    return morning if local < morning else morning + timedelta(days=1)


def in_the_night(*, at: datetime, begins: str, ends: str, zone: str = "Asia/Shanghai") -> bool:
    """Whether a moment lies between the hour at which the day desk leaves and the one at which it is back (C-80)."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    start, end = time.fromisoformat(begins), time.fromisoformat(ends)
    return start <= clock < end if start <= end else clock >= start or clock < end


def _night(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """What came in at night waits for the morning handover and no longer (C-80)."""
    hour = known(figures, "C-80.opened_at")
    if not facts.night or facts.on_spot or hour is None or facts.handled_at is not None:
        return
    yield Clock(
        milestone=NIGHT,
        figure=Figure(path="C-80.opened_at", value=0, unit="minutes"),
        starts_at=facts.received_at,
        role=stated(figures, "C-80.opened_by"),
        fixed_due_at=next_morning(at=facts.received_at, hour=str(hour)),
    )


def _asked(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """A department that was asked owes its answer, so that the owner hears the solution (C-43)."""
    if facts.asked_at is not None and facts.handled_at is None:
        yield from _clock(figures, "C-43.answer_within", CONSULT, facts.asked_at, "DEPT_HEAD")


def _above(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """Whoever is asked for help owes his instruction (C-40, C-53, C-54, C-57) as long as the matter is not settled."""
    if facts.handed_up_at is not None and facts.handled_at is None:
        yield from _clock(figures, "C-53.decide_within", DECIDE, facts.handed_up_at, facts.handed_up_to)


def _emailed(facts: Facts, figures: Figures) -> Iterator[Clock]:
    """Who wrote an e-mail hears from the desk as soon as anybody who asks by e-mail does (B-06)."""
    if facts.by_email:
        role = stated(figures, "C-13.recorder")
        yield from _clock(figures, "B-06.email_within", EMAIL, _begun(facts, figures), role)
