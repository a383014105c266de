"""What a joint purchase must come to, what a home gets back, and when the next purchase is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# what may become of an order at the utility
BOUGHT, NOT_BOUGHT = "bought", "not_bought"
# an order whose device and money are on their way with the purchaser, and one that waits for the next purchase
WAITING = ("ordered", "not_bought")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One order in a purchase: what the home paid in, what came of it, where its device is."""

    prepaid_fen: int
    outcome: str = ""  # "", bought, not_bought
    bought_fen: int = 0
    change_fen: int = 0
    device_out: bool = False
    device_back: bool = False


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A purchase in numbers, as they stand on its handover record (P-07)."""

    prepaid_fen: int
    bought_fen: int
    change_fen: int
    devices_out: int
    devices_back: int
    undecided: int


def change_of(*, prepaid_fen: int, bought_fen: int) -> int:
    """What a home gets back: what it paid in less what was bought (P-07); ValueError for buying more than was paid."""
    if not 0 <= bought_fen <= prepaid_fen:
        raise ValueError("no more can be bought than was paid in")
    return prepaid_fen - bought_fen


def totals(*, lines: Iterable[Line]) -> Totals:
    """The sums of a purchase."""
    rows = list(lines)
    return Totals(
        prepaid_fen=sum(one.prepaid_fen for one in rows),
        bought_fen=sum(one.bought_fen for one in rows),
        change_fen=sum(one.change_fen for one in rows),
        devices_out=sum(one.device_out for one in rows),
        devices_back=sum(one.device_out and one.device_back for one in rows),
        undecided=sum(one.outcome == "" for one in rows),
    )


def flaws(*, lines: Collection[Line], handed_out_fen: int, handed_back_fen: int) -> list[str]:
    """What keeps a purchase from being closed (P-07), in the order it is looked for; nothing when all holds.

    "undecided": an order of which nobody said what came of it; "cash_out": the orders' cash is not what was handed
    out; "cash_back": what was handed out is not purchases plus change; "devices": one is missing; "household": a
    home's change is not its prepayment less its purchase.
    """
    found = []
    sums = totals(lines=lines)
    if sums.undecided:
        found.append("undecided")
    if sums.prepaid_fen != handed_out_fen:
        found.append("cash_out")
    if handed_out_fen != sums.bought_fen + handed_back_fen or handed_back_fen != sums.change_fen:
        found.append("cash_back")
    if sums.devices_out != sums.devices_back:
        found.append("devices")
    if any(one.change_fen != one.prepaid_fen - one.bought_fen for one in lines if one.outcome):
        found.append("household")
    return found


def next_purchase(*, today: date, weekday: int, last: date | None, every_days: int) -> date:
    """The day of the next joint purchase: that weekday, today or later, not so soon after the last one (P-03)."""
    day = today + timedelta(days=(weekday - today.isoweekday()) % 7)
    while last is not None and day < last + timedelta(days=every_days) - timedelta(days=6):
        day += timedelta(days=7)
    return day


def known_kinds(*, text: str) -> tuple[str, ...]:
    """The kinds that a figure lists, one behind the other with commas between."""
    return tuple(one.strip() for one in text.split(",") if one.strip())
