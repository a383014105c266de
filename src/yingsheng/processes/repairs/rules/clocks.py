"""What is promised about a repair, by which figure, and who answers for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yingsheng.processes.repairs.rules.facts import PROJECT, URGENT

ISSUE, PASS_ON, SIGN, ON_SITE, FINISH = "issue", "pass_on_order", "sign_order", "on_site", "finish_repair"
APOLOGY, TELL, RECOVER = "apology", "tell_result", "recover_form"
REVIEW, ANALYSIS, REPORT = "morning_review", "repair_analysis", "repair_report"

DESK, TEAM = "FRONT_DESK", "DEPT_HEAD"
SAME_DAY = "R-13.same_day_fix"
LIMITS = {URGENT: "R-03.urgent_within", PROJECT: "R-03.project_within"}


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A promise before it is armed. `fixed_due_at` is a moment agreed with the household or set by the hour."""

    milestone: str
    path: str
    starts_at: datetime
    role: str
    fixed_due_at: datetime | None = None


def limit_of(*, kind: str, same_day: bool = False) -> str:
    """The figure that limits a repair of this kind (R-03); in a mall all but the urgent ones are done on the day they
    come (`same_day`, R-13), and what cannot be gets a time agreed with the customer.
    """
    if same_day and kind != URGENT:
        return SAME_DAY
    return LIMITS.get(kind, "R-03.minor_within")


def finish_clock(
    *, kind: str, starts_at: datetime, promised_at: datetime | None, same_day: bool = False
) -> Clock:
    """Until when the work is to be done: a time promised to the household binds (R-18), else the limit of its kind."""
    if promised_at is not None:
        return Clock(milestone=FINISH, path="R-18", starts_at=starts_at, role=TEAM, fixed_due_at=promised_at)
    path = limit_of(kind=kind, same_day=same_day)
    return Clock(milestone=FINISH, path=path, starts_at=starts_at, role=TEAM)


def clocks_of_request(
    *,
    kind: str,
    received_at: datetime,
    promised_at: datetime | None,
    opened_at: datetime | None,
    opener: str = DESK,
    same_day: bool = False,
) -> tuple[Clock, ...]:
    """The clocks of a new request: its order made out (R-01), passed to the team (R-11), somebody on the spot for an
    urgent one, the work done (R-03, R-18).

    `opened_at`: what the night duty could not do waits until then; its order is made out by that hour and the other
    clocks run from it (R-12); `opener` is the post that makes it out.
    """
    starts = opened_at or received_at
    issue = Clock(milestone=ISSUE, path="R-01.issue_within", starts_at=received_at, role=DESK)
    if opened_at is not None:
        issue = Clock(
            milestone=ISSUE, path="R-12", starts_at=received_at, role=opener, fixed_due_at=opened_at
        )
    clocks = [
        issue,
        Clock(milestone=PASS_ON, path="R-11.pass_on_within", starts_at=starts, role=TEAM),
        finish_clock(kind=kind, starts_at=starts, promised_at=promised_at, same_day=same_day),
    ]
    if kind == URGENT:
        clocks.insert(2, Clock(milestone=ON_SITE, path="R-03.on_site_within", starts_at=starts, role=TEAM))
    return tuple(clocks)


def clocks_of_done(*, done_at: datetime) -> tuple[Clock, ...]:
    """What a finished repair still owes: the answer to the household (R-04) and its form back at the desk (R-05)."""
    return (
        Clock(milestone=TELL, path="R-04.tell_result_within", starts_at=done_at, role=DESK),
        Clock(milestone=RECOVER, path="R-05.recover_within", starts_at=done_at, role=DESK),
    )
