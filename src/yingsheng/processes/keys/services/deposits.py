"""Deposits of borrowers: into the cash box of the desk, and back out of it (K-06, K-11)."""

from __future__ import annotations

from datetime import datetime

from yingsheng.kernel.org.access import Actor
from yingsheng.processes.keys.models import Loan


def take_deposit(*, actor: Actor, loan: Loan, at: datetime) -> None:
    """The deposit of a loan goes into the box."""


def pay_back(*, actor: Actor, loan: Loan, at: datetime) -> None:
    """What goes back of it leaves the box."""
