"""When an enquiry is answered in time, and what is promised when it cannot be answered at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ENQUIRY, SUGGESTION, PRAISE = "enquiry", "suggestion", "praise"
EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class ReplyPromise:
    """The rule that sets the promise: path of its figure, or a moment agreed with the caller."""

    path: str
    fixed_due_at: datetime | None = None


def reply_promise(*, channel: str, agreed_at: datetime | None) -> ReplyPromise:
    """What is promised for a question that could not be answered at once (B-02, B-06).

    A time agreed with the caller prevails; an e-mail is answered within its own limit.
    """
    if agreed_at is not None:
        return ReplyPromise(path="B-02.reply_within", fixed_due_at=agreed_at)
    if channel == EMAIL:
        return ReplyPromise(path="B-06.email_within")
    return ReplyPromise(path="B-02.reply_within")


def rings_kept(*, rings: int | None, limit: int | None) -> bool | None:
    """Whether the phone was answered in time (B-06, KPI-11); None when it was not counted or nothing is asked."""
    if rings is None or limit is None:
        return None
    return rings <= limit
