"""The fee: taken when the service is arranged, signed for, given back with a reason (S-04, S-05)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges import services as charges
from yingsheng.kernel.charges.models import Quote
from yingsheng.kernel.charges.queries import paid_fen
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.rules import ARRANGED, REQUESTED, Account
from yingsheng.processes.services.services.steps import load, note, take, tell_household

CHARGED = gettext_noop("编号%(number)s：“%(title)s”已收费%(amount)s元，收据号%(receipt)s。")


@transaction.atomic
def charge(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    method: str,
    payer: str,
    signature: str = "",
    signed_by: str = "",
    seen: int | None = None,
) -> Case:
    """Take the fee with the payer's signature; a receipt number is given (S-04, S-05)."""
    case, service = load(case=case, seen=seen)
    signer = signer_of(value=signature, typed=signed_by) if signature or signed_by else ""
    if figure(path="S-05.signature_required", site=case.site, at=at) and not signer:
        raise Refused(gettext_noop("收费要请付款人签名"), field="signature", rule="S-05")
    take(
        service=service, step="charge", at=at, to_state=ARRANGED if case.state == REQUESTED else case.state,
        changes={"signed_by": signer[:60], "signed_at": at if signer else None},
    )  # fmt: skip
    if Quote.objects.filter(case=case, state=Quote.State.OFFERED).exists():
        charges.decide_quote(
            case=case, decision=Quote.State.ACCEPTED, who=payer or signer,
            way="signature" if signature else "face", at=at,
        )  # fmt: skip
    left = service.fee_fen - paid_fen(case=case)
    payment = charges.take_payment(case=case, amount_fen=left, method=method, payer=payer, by=by, at=at)
    if signature:
        sign(site_id=case.site_id, subject=case, value=signature, signer=signer, by=by, at=at)
    tell_household(
        case=case, text=CHARGED, at=at, why=f"charged:{payment.number}", rule="S-05",
        amount=format_fen(fen=payment.amount_fen), receipt=payment.number,
    )  # fmt: skip
    note(
        case=case, kind="charged", by=by, at=at, rule="S-05",
        data={
            "amount": format_fen(fen=payment.amount_fen), "amount_fen": payment.amount_fen, "method": method,
            "payer": payer, "receipt": payment.number, "signed_by": signer or payer,
        },
    )  # fmt: skip
    return case


@transaction.atomic
def pay_back(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    amount_fen: int,
    method: str,
    payer: str,
    reason: str,
    seen: int | None = None,
) -> Case:
    """Give money back, with a reason; Refused for more than was paid."""
    case, service = load(case=case, seen=seen)
    take(service=service, step="refund", at=at)
    payment = charges.refund(
        case=case, amount_fen=amount_fen, method=method, payer=payer, reason=reason, by=by, at=at
    )
    note(
        case=case, kind="refunded", by=by, at=at, rule="S-05",
        data={
            "amount": format_fen(fen=-payment.amount_fen), "amount_fen": payment.amount_fen,
            "receipt": payment.number, "reason": reason,
        },
    )  # fmt: skip
    return case


def account_of(*, service: Service) -> Account:
    """What a service costs, what was paid, and whether it was signed for."""
    return Account(
        fee_fen=service.fee_fen, paid_fen=paid_fen(case=service.case), signed=bool(service.signed_by)
    )
