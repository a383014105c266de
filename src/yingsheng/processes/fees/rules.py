"""Whether the desk takes fees, when takings are due at the cashier's, and what a count says. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

# how far ahead a working day is looked for; longer than any public holiday
MOST_DAYS = 60


def refusing_rule(*, desk_collects: bool, fee_centre_only: bool) -> str:
    """The rule by which the desk takes no fee (CF-29): "" where it does, else O-02 or O-01."""
    if desk_collects:
        return ""
    return "O-02" if fee_centre_only else "O-01"


def must_wait(*, cashier_works: bool, off_hours_only: bool) -> bool:
    """Whether a fee is paid to the cashier himself, who is at work, and not to the desk (O-01)."""
    return cashier_works and off_hours_only


def handover_due(*, taken_at: datetime, by: time, works: Callable[[date], bool]) -> datetime:
    """When what was taken is due at the cashier's: that hour of his next working day (O-03).

    What is taken before that hour of a working day is due that day; at the hour itself it belongs to the next.
    ValueError where no working day is within reach.
    """
    for ahead in range(MOST_DAYS):
        day = taken_at.date() + timedelta(days=ahead)
        due = datetime.combine(day, by, tzinfo=taken_at.tzinfo)
        if due > taken_at and works(day):
            return due
    raise ValueError("no working day within reach")


def is_late(*, due_at: datetime, at: datetime) -> bool:
    """Whether a handover came too late; at the hour itself it is in time (O-03)."""
    return at > due_at


def settling(*, counted_fen: int, book_fen: int) -> tuple[str, int]:
    """What a difference is booked as: ("surplus" or "shortage", how much), ("", 0) where there is none (O-06)."""
    if counted_fen == book_fen:
        return "", 0
    return (
        ("surplus", counted_fen - book_fen)
        if counted_fen > book_fen
        else ("shortage", book_fen - counted_fen)
    )


def comes_from_box(*, bag_fen: int, fen: int) -> bool:
    """Whether what is given back still lies with the takings of the desk, or has gone to the cashier (O-04)."""
    return bag_fen >= fen
