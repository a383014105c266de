"""Taking a fee on behalf of the fee centre, where the site has switched it on; taking one back (O-01, O-06)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.fees.models import Receipt
from yingsheng.processes.fees.queries import cashier_works, household_of, refused_by
from yingsheng.processes.fees.rules import must_wait
from yingsheng.processes.fees.services.takings import FEE, give_cash_back, take_cash

COLLECT = "fees.collect"
RECEIPT = "DS"
SWITCHED_OFF = {
    "O-01": gettext_noop("本项目前台不代收费用"),
    "O-02": gettext_noop("费用由收费中心统一收，前台不代收"),
}


@transaction.atomic
def collect_fee(
    *,
    actor: Actor,
    at: datetime,
    room: str,
    item: str,
    period: str,
    amount_fen: int,
    method: str,
    payer: str,
    signature: str,
) -> Receipt:
    """Take a fee of a home while the cashier is away, with a receipt number and a signature (O-01, O-06).

    Raises Forbidden; Refused where the site has not switched it on (CF-29), or while the cashier is at work.
    """
    demand(actor=actor, permission=COLLECT)
    rule = refused_by(site=actor.site, at=at)
    if rule:
        raise Refused(SWITCHED_OFF[rule], code="switched_off", rule=rule)
    only_off = bool(figure(path="O-01.off_hours_only", site=actor.site, at=at))
    if must_wait(cashier_works=cashier_works(site=actor.site, at=at), off_hours_only=only_off):
        raise Refused(gettext_noop("收银员正在上班，请到收银处交费"), code="cashier_works", rule="O-01")
    if amount_fen <= 0:
        raise Refused(gettext_noop("收款金额要大于零"), field="amount_fen", rule="O-06")
    if method not in Payment.Method.values:
        raise Refused(gettext_noop("请选收款方式"), field="method", rule="O-06")
    signer = signer_of(value=signature) or payer.strip()
    if not signature.strip() or not signer:
        raise Refused(gettext_noop("请付款人签名"), field="signature", rule="O-06")
    row = Receipt.objects.create(
        site=actor.site, number=take_number(site=actor.site, prefix=RECEIPT, at=at),
        household=household_of(actor=actor, text=room), item=item, period=period.strip()[:40], amount_fen=amount_fen,
        method=method, payer=payer.strip()[:60], signed_by=signer[:60], taken_at=at, taken_by=actor.staff,
    )  # fmt: skip
    sign(site_id=actor.site.pk, subject=row, value=signature, signer=signer, by=actor.staff, at=at)
    if method == Payment.Method.CASH:
        take_cash(site=actor.site, by=actor.staff, at=at, fen=amount_fen, what=FEE, subject=row, receipt=row)
    tell(
        record=row, kind="fees.collected", actor=actor, at=at, rule="O-06", number=row.number,
        amount=format_fen(fen=amount_fen), method=method,
    )  # fmt: skip
    return row


@transaction.atomic
def void_receipt(
    *, actor: Actor, record: Receipt, at: datetime, reason: str, seen: int | None = None
) -> Receipt:
    """Take a fee back: the receipt stays with its reason, the cash goes back to whoever paid it (O-06)."""
    row = hold(actor=actor, record=record, permission=COLLECT, seen=seen, states=("taken",))
    if not reason.strip():
        raise Refused(gettext_noop("作废要写明原因"), field="reason", rule="O-06")
    if row.method == Payment.Method.CASH:
        give_cash_back(
            site=actor.site, by=actor.staff, at=at, fen=row.amount_fen, what=FEE, subject=row, receipt=row
        )  # fmt: skip
    change(record=row, state=Receipt.State.VOIDED, reason=reason.strip()[:200])
    tell(
        record=row, kind="fees.voided", actor=actor, at=at, rule="O-06", number=row.number,
        amount=format_fen(fen=row.amount_fen), reason=reason.strip(),
    )  # fmt: skip
    return row
