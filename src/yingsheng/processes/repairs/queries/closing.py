"""What still stands between a repair and the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.models import Quote
from yingsheng.kernel.charges.queries import balance_fen
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules.facts import Closing, Missing, missing_before_filing


def what_is_missing(*, case: Case, repair: Repair, at: datetime) -> Sequence[Missing]:
    """What must be done before a finished repair may be filed; a few statements (R-04, R-05, R-09, F-02)."""
    closing = Closing(
        is_paid_work=repair.is_paid_work,
        quote_waits=repair.is_paid_work
        and Quote.objects.filter(case=case, state=Quote.State.OFFERED).exists(),
        owed_fen=balance_fen(case=case) if repair.is_paid_work else 0,
        signed=repair.signed_at is not None,
        told=repair.told_at is not None,
        satisfaction=repair.satisfaction,
        unrecovered=WorkOrder.objects.filter(case=case, state=WorkOrder.State.DONE).count(),
        visit_owed=repair.visit_owed,
    )
    return missing_before_filing(
        closing=closing,
        needs_payment_and_signature=bool(
            figure(path="R-09.payment_and_signature_required", site=case.site, at=at)
        ),
        accounts_all_numbers=bool(figure(path="R-05.all_numbers_accounted", site=case.site, at=at)),
    )
