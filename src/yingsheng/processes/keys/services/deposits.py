"""Deposits of borrowers: into the cash box of the desk, and back out of it (K-06, K-11)."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.keys.models import Loan

DEPOSIT, REFUND = "key_deposit", "key_refund"


def take_deposit(*, actor: Actor, loan: Loan, at: datetime) -> None:
    """The deposit of a loan goes into the box; nothing moves for a loan without one (K-06)."""
    if loan.deposit_fen:
        move(
            source=find_place(site=actor.site, kind=Place.Kind.WORLD),
            target=find_place(site=actor.site, kind=Place.Kind.BOX), fen=loan.deposit_fen, purpose=DEPOSIT,
            subject=loan, by=actor.staff, at=at, note=f"{loan.number} {loan.borrower}",
        )  # fmt: skip


def pay_back(*, actor: Actor, loan: Loan, at: datetime) -> None:
    """What goes back of a deposit leaves the box; Refused when it does not hold so much (K-11)."""
    if loan.refund_fen:
        move(
            source=find_place(site=actor.site, kind=Place.Kind.BOX),
            target=find_place(site=actor.site, kind=Place.Kind.WORLD), fen=loan.refund_fen, purpose=REFUND,
            subject=loan, by=actor.staff, at=at, note=f"{loan.number} {loan.borrower}",
        )  # fmt: skip
