"""When an errand of the night is taken up, and what must be before a service is given out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
REQUESTED = "requested"
ARRANGED = "arranged"
DISPATCHED = "dispatched"
IN_SERVICE = "in_service"
FINISHED = "finished"
RECTIFYING = "rectifying"
CLOSED = "closed"
HELPED = "helped"
DECLINED = "declined"
CANCELLED = "cancelled"
BEFORE = (REQUESTED, ARRANGED)
RUNNING = (REQUESTED, ARRANGED, DISPATCHED, IN_SERVICE)
OPEN = (*RUNNING, FINISHED, RECTIFYING)
# what an order that moved makes of a service: state of the orders taken together -> state of the service
AT_WORK = ("working", "paused")


def is_night(*, at: datetime, begins: str, ends: str) -> bool:
    """Whether a moment lies in the night, from `begins` to `ends` of the next morning."""
    clock = at.astimezone(ZONE).time()
    start, end = time.fromisoformat(begins), time.fromisoformat(ends)
    return start <= clock or clock < end if start > end else start <= clock < end


def next_morning(*, at: datetime, ends: str) -> datetime:
    """The hour at which what came in the night is taken up: of the same day before it, else of the next (S-09)."""
    local = at.astimezone(ZONE)
    end = time.fromisoformat(ends)
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=ZONE)


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a service costs, what was paid of it, and whether somebody signed for it."""

    fee_fen: int
    paid_fen: int
    signed: bool


def missing_before_dispatch(
    *, account: Account, fee_first: bool, signature_required: bool
) -> tuple[str, str] | None:
    """What keeps a service from being given out: ("fee", "S-04") or ("signature", "S-05"); None if nothing does."""
    if account.fee_fen == 0 or not fee_first:
        return None
    if account.paid_fen < account.fee_fen:
        return "fee", "S-04"
    if signature_required and not account.signed:
        return "signature", "S-05"
    return None


def state_from_orders(*, states: list[str], present: str) -> str:
    """Where a service stands once one of its orders moved; what was given out and taken back waits to be given out."""
    left = [state for state in states if state != "void"]
    if not left:
        return ARRANGED
    if all(state in ("done", "returned") for state in left):
        return FINISHED
    if present == IN_SERVICE or any(state in (*AT_WORK, "done") for state in left):
        return IN_SERVICE
    return DISPATCHED
