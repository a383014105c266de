"""Codes and facts that the decisions about a repair rest on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

URGENT, MINOR, PROJECT = "urgent", "minor", "project"
KINDS = (URGENT, MINOR, PROJECT)
# whose part it is decides who repairs it and who pays
PUBLIC, PRIVATE, NEIGHBOUR, UNCLEAR = "public", "private", "neighbour", "unclear"
PARTS = (PUBLIC, PRIVATE, NEIGHBOUR, UNCLEAR)
SATISFIED, UNSATISFIED, NOT_REACHED = "yes", "no", "unreached"

REQUESTED, ORDERED, WORKING, PAUSED, DONE = "requested", "ordered", "working", "paused", "done"
FILED, CANCELLED = "filed", "cancelled"
OPEN_STATES = (REQUESTED, ORDERED, WORKING, PAUSED)


def scale_of(*, kind: str) -> str:
    """Small repair or repair project, which have different visits (R-20, F-02, F-03); an urgent one is small."""
    return PROJECT if kind == PROJECT else MINOR


def state_from_orders(*, order_states: Iterable[str]) -> str:
    """Where a repair stands by the states of its orders (R-05): at work if one is, done when none is open any more."""
    states = [state for state in order_states if state != "void"]
    if "working" in states:
        return WORKING
    waiting = any(state in ("waiting", "accepted") for state in states)
    if "paused" in states:
        return ORDERED if waiting else PAUSED
    if waiting:
        return ORDERED
    return DONE if states else REQUESTED


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What is known when somebody wants to file a repair."""

    is_paid_work: bool
    quote_waits: bool
    owed_fen: int
    signed: bool
    told: bool
    satisfaction: str
    unrecovered: int  # orders done whose form is still out
    visit_owed: bool


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something that must come before filing: code and rule."""

    code: str
    rule: str


def missing_before_filing(
    *, closing: Closing, needs_payment_and_signature: bool, accounts_all_numbers: bool
) -> Sequence[Missing]:
    """What still stands between a finished repair and the archive, in the order in which it is usually done.

    A paid order cannot close without payment and signature (R-09); the result is told and satisfaction asked (R-04);
    forms are recovered (R-05); whoever is not content gets rework and another visit (F-11); the visit is made (F-02).
    """
    found = []
    if closing.is_paid_work and needs_payment_and_signature:
        if closing.quote_waits:
            found.append(Missing(code="quote", rule="R-09"))
        if closing.owed_fen > 0:
            found.append(Missing(code="payment", rule="R-09"))
        if not closing.signed:
            found.append(Missing(code="signature", rule="R-09"))
    if not closing.told:
        found.append(Missing(code="told", rule="R-04"))
    elif closing.satisfaction == UNSATISFIED:
        found.append(Missing(code="content", rule="F-11"))
    if accounts_all_numbers and closing.unrecovered:
        found.append(Missing(code="recover", rule="R-05"))
    if closing.visit_owed:
        found.append(Missing(code="visit", rule="F-02"))
    return found


def may_start(*, is_paid_work: bool, has_accepted_quote: bool) -> bool:
    """Whether work may begin: paid work only after the household accepted what it costs (R-08, R-09)."""
    return has_accepted_quote or not is_paid_work


def is_night(*, at: datetime, begins: str, ends: str, zone: str = "Asia/Shanghai") -> bool:
    """Whether a moment lies in the night of R-12; `begins` and `ends` as "20:00"; equal: there is no night."""
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    now = at.astimezone(ZoneInfo(zone)).time()
    if first == last:
        return False
    return first <= now < last if first < last else now >= first or now < last


def morning_after(*, at: datetime, ends: str, zone: str = "Asia/Shanghai") -> datetime:
    """The first moment at or after `at` when the night ends."""
    local = at.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date(), time.fromisoformat(ends), tzinfo=ZoneInfo(zone))
    return morning if morning >= local else morning + timedelta(days=1)
