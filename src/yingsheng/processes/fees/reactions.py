"""What was paid in cash for a service or a repair lies in the box of the desk too (O-03, O-04, S-04)."""

from __future__ import annotations

from collections.abc import Callable

from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.events.kinds import Reaction
from yingsheng.kernel.events.models import Event
from yingsheng.processes.fees.services.takings import follow_payment


def _paid(what: str) -> Callable[[Event], None]:
    def run(event: Event) -> None:
        number = event.data.get("receipt")
        payment = (
            Payment.objects.select_related("site", "case")
            .filter(site_id=event.site_id, number=number)
            .first()
        )
        if payment is not None and event.by is not None:
            follow_payment(payment=payment, what=what, by=event.by, at=event.at)

    return run


PAYMENTS = ("services.charged", "services.refunded", "repairs.paid", "repairs.refunded")
REACTIONS = tuple(
    Reaction(on=kind, run=_paid(kind.partition(".")[0]), emits=("fees.taken",)) for kind in PAYMENTS
)
