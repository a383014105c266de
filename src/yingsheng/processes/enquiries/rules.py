"""When an enquiry is answered in time, and what is promised when it cannot be answered at once. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

ENQUIRY, SUGGESTION, HELP, PRAISE = "enquiry", "suggestion", "help", "praise"
OWN_LIFE = frozenset({SUGGESTION, HELP, PRAISE})  # kinds with a way of their own, never settled by one answer
IMPROVE = "improve"
EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class ReplyPromise:
    """The rule that sets the promise: path of its figure, or a moment agreed with the caller."""

    path: str
    fixed_due_at: datetime | None = None


_OWN_PROMISE = {
    SUGGESTION: "B-08.decide_within", HELP: "B-07.help_told_within", PRAISE: "B-07.thank_within",
}  # fmt: skip


def reply_promise(*, channel: str, agreed_at: datetime | None, kind: str = ENQUIRY) -> ReplyPromise:
    """What is promised for a matter that could not be answered at once (B-02, B-06, B-07, B-08).

    A time agreed with the caller prevails. A suggestion waits for a decision, a call for help for its result,
    praise for thanks; of the rest an e-mail is answered within its own limit.
    """
    path = _OWN_PROMISE.get(kind, "B-02.reply_within")
    if agreed_at is not None:
        return ReplyPromise(path=path, fixed_due_at=agreed_at)
    if kind in _OWN_PROMISE:
        return ReplyPromise(path=path)
    if channel == EMAIL:
        return ReplyPromise(path="B-06.email_within")
    return ReplyPromise(path="B-02.reply_within")


def rings_kept(*, rings: int | None, limit: int | None) -> bool | None:
    """Whether the phone was answered in time (B-06, KPI-11); None when it was not counted or nothing is asked."""
    if rings is None or limit is None:
        return None
    return rings <= limit


def needs_case(*, kind: str) -> bool:
    """Whether a matter of this kind gets a life of its own even if something was said at once (B-08, B-17)."""
    return kind in OWN_LIFE


def plan_is_whole(*, decision: str, plan: str, plan_date: date | None) -> bool:
    """Whether a decision to improve says what is done and until when (B-08)."""
    return decision != IMPROVE or bool(plan.strip() and plan_date is not None)


def unchecked(*, asked: Collection[str], ticked: Collection[str]) -> list[str]:
    """The items of a check list that were found wanting, in their order (B-12)."""
    return [code for code in asked if code not in ticked]
