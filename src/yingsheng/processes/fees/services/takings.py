"""Cash for the cashier: into the box, into the bag that is owed to him, and back (O-03, O-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yingsheng.base.money import format_fen
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.records import change
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.fees.models import Handover, Receipt, Taking
from yingsheng.processes.fees.queries import due_of
from yingsheng.processes.fees.rules import comes_from_box

HANDOVER = "YJ"
HAND_OVER = "hand_to_cashier"
FEE = "fee"


def take_cash(
    *,
    site: Site,
    by: Staff,
    at: datetime,
    fen: int,
    what: str,
    subject: Any,
    receipt: Receipt | None = None,
    payment: Payment | None = None,
) -> Handover:
    """Cash comes into the box, and is owed to the cashier from now on (O-03); the caller records the event."""
    bag = _bag(site=site, at=at)
    move(
        source=find_place(site=site, kind="world"), target=find_place(site=site, kind="box"), fen=fen, purpose=what,
        subject=subject, by=by, at=at,
    )  # fmt: skip
    _add(bag=bag, fen=fen, what=what, receipt=receipt, payment=payment, by=by, at=at)
    is_owed = what == FEE or bool(figure(path="O-03.other_takings_same", site=site, at=at))
    if is_owed and not timers.running(subject=bag, milestones=[HAND_OVER]).exists():
        due = due_of(site=site, taken_at=at, at=at)
        owe(
            site=site, subject=bag, milestone=HAND_OVER, path="O-03",
            role=owed_role(path="O-03.owed_by", site=site, at=at), at=at, until=due, climbs=True,
        )  # fmt: skip
        change(record=bag, due_at=due)
    return bag


def give_cash_back(
    *,
    site: Site,
    by: Staff,
    at: datetime,
    fen: int,
    what: str,
    subject: Any,
    receipt: Receipt | None = None,
    payment: Payment | None = None,
) -> Handover | None:
    """Cash goes back to whoever paid it: out of the bag, or from the cashier who has it by now (O-04)."""
    bag = Handover.objects.select_for_update(no_key=True).filter(site=site, state="collecting").first()
    in_bag = bag is not None and comes_from_box(bag_fen=bag.fen, fen=fen)
    move(
        source=find_place(site=site, kind="box" if in_bag else "cashier"), target=find_place(site=site, kind="world"),
        fen=fen, purpose=f"{what}_back", subject=subject, by=by, at=at,
    )  # fmt: skip
    if bag is None or not in_bag:
        return None
    _add(bag=bag, fen=-fen, what=what, receipt=receipt, payment=payment, by=by, at=at)
    return bag


def follow_payment(*, payment: Payment, what: str, by: Staff, at: datetime) -> None:
    """A cash payment for a service or a repair lies in the box of the desk too; one event of the bag (O-03, O-04)."""
    site = payment.site
    if payment.method != Payment.Method.CASH or not figure(path="O-04.into_box", site=site, at=at):
        return
    asked: dict[str, Any] = {
        "site": site,
        "by": by,
        "at": at,
        "what": what,
        "subject": payment,
        "payment": payment,
    }
    if payment.amount_fen > 0:
        bag: Handover | None = take_cash(fen=payment.amount_fen, **asked)
    else:
        bag = give_cash_back(fen=-payment.amount_fen, **asked)
    if bag is not None:
        events.record(
            site_id=site.pk, kind="fees.taken", subject=bag, by=by, at=at, rule="O-04",
            data={"amount": format_fen(fen=payment.amount_fen), "receipt": payment.number, "what": what},
        )  # fmt: skip


def _bag(*, site: Site, at: datetime) -> Handover:
    """The bag that is being filled, held; a new one where the last was counted."""
    found = Handover.objects.select_for_update(no_key=True).filter(site=site, state="collecting").first()
    if found is not None:
        return found
    return Handover.objects.create(
        site=site, number=take_number(site=site, prefix=HANDOVER, at=at), opened_at=at
    )


def _add(
    *,
    bag: Handover,
    fen: int,
    what: str,
    receipt: Receipt | None,
    payment: Payment | None,
    by: Staff,
    at: datetime,
) -> None:
    Taking.objects.create(
        site_id=bag.site_id, handover=bag, what=what, receipt=receipt, payment=payment, fen=fen, at=at, by=by
    )
    change(record=bag, fen=bag.fen + fen)
