"""What a repair costs: quoted and accepted before the work, paid and signed before the archive (R-08, R-09)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges import services as charges
from yingsheng.kernel.charges.models import Payment, PriceItem, Quote
from yingsheng.kernel.charges.rules import write_lines
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.repairs.services.steps import load, note, take, tell_household

KINDS = (PriceItem.Kind.LABOUR.value, PriceItem.Kind.MATERIAL.value)
WITHDRAWN = gettext_noop("编号%(number)s：维修报价%(total)s元已撤回，不再收取。")
PAID = gettext_noop("编号%(number)s：已收维修费%(amount)s元，收据号%(receipt)s。")
QUOTED = gettext_noop("编号%(number)s：维修报价%(total)s元，%(lines)s。请您确认后我们再施工。")


@transaction.atomic
def quote_repair(
    *, case: Case, by: Staff, at: datetime, lines: str, note_text: str = "", seen: int | None = None
) -> Case:
    """Tell the household what the work will cost; from now on the work is paid work and waits for its answer."""
    case, repair = load(case=case, seen=seen)
    read = charges.read_lines(site=case.site, text=lines, field="lines", kinds=KINDS)
    take(case=case, repair=repair, step="quote", at=at, repair_changes={"is_paid_work": True})
    quote = charges.offer_quote(case=case, lines=read, by=by, at=at, note=note_text)
    total = format_fen(fen=quote.total_fen)
    tell_household(
        case=case, text=QUOTED, at=at, why=f"quote:{quote.round}", rule="R-08", total=total,
        lines=write_lines(lines=read).replace("\n", "；"),
    )  # fmt: skip
    note(
        case=case, kind="quoted", by=by, at=at, rule="R-08",
        data={"total": total, "total_fen": quote.total_fen, "round": quote.round, "lines": write_lines(lines=read)},
    )  # fmt: skip
    return case


@transaction.atomic
def answer_quote(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    decision: str,
    who: str = "",
    way: str = "phone",
    signature: str = "",
    seen: int | None = None,
) -> Case:
    """Write down what the household said to the quote; a drawn signature is kept with the case (R-08).

    A quote may be taken back after it was accepted, by the household that thinks better of it or by us, as long as
    nobody has begun to work for it and nothing was paid.
    """
    case, repair = load(case=case, seen=seen)
    if decision == Quote.State.WITHDRAWN and not is_offered(case=case) and has_begun(case=case):
        raise Refused(gettext_noop("已经施工，不能撤回住户接受了的报价"), field="decision", rule="R-09")
    take(case=case, repair=repair, step="answer_quote", at=at)
    if signature:
        who = signer_of(value=signature, typed=who)
        sign(site_id=case.site_id, subject=case, value=signature, signer=who, by=by, at=at)
    quote = charges.decide_quote(
        case=case, decision=decision, who=who, way="signature" if signature else way, at=at
    )
    if decision == Quote.State.WITHDRAWN:
        tell_household(
            case=case, text=WITHDRAWN, at=at, why=f"withdrawn:{quote.round}", rule="R-08",
            total=format_fen(fen=quote.total_fen),
        )  # fmt: skip
    note(
        case=case, kind="quote_answered", by=by, at=at, rule="R-08",
        data={
            "decision": decision, "who": quote.decided_by, "way": quote.way, "round": quote.round,
            "total": format_fen(fen=quote.total_fen),
        },
    )  # fmt: skip
    return case


@transaction.atomic
def take_pay(
    *, case: Case, by: Staff, at: datetime, amount_fen: int, method: str, payer: str, seen: int | None = None
) -> Case:
    """Take money for a repair and give a receipt number (R-09)."""
    case, repair = load(case=case, seen=seen)
    take(case=case, repair=repair, step="pay", at=at)
    payment = charges.take_payment(case=case, amount_fen=amount_fen, method=method, payer=payer, by=by, at=at)
    tell_household(
        case=case, text=PAID, at=at, why=f"paid:{payment.number}", rule="R-09",
        amount=format_fen(fen=payment.amount_fen), receipt=payment.number,
    )  # fmt: skip
    return _note_payment(case=case, kind="paid", payment=payment, by=by, at=at)


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
    """Give money back, with a reason (R-09)."""
    case, repair = load(case=case, seen=seen)
    take(case=case, repair=repair, step="refund", at=at)
    payment = charges.refund(
        case=case, amount_fen=amount_fen, method=method, payer=payer, reason=reason, by=by, at=at
    )
    return _note_payment(case=case, kind="refunded", payment=payment, by=by, at=at)


def _note_payment(*, case: Case, kind: str, payment: Payment, by: Staff, at: datetime) -> Case:
    note(
        case=case, kind=kind, by=by, at=at, rule="R-09",
        data={
            "amount": format_fen(fen=abs(payment.amount_fen)), "amount_fen": payment.amount_fen,
            "method": payment.method, "payer": payment.payer, "receipt": payment.number, "reason": payment.reason,
        },
    )  # fmt: skip
    return case


@transaction.atomic
def sign_off(
    *,
    case: Case,
    by: Staff,
    at: datetime,
    signed_by: str = "",
    signature: str = "",
    opinion: str = "",
    seen: int | None = None,
) -> Case:
    """The household signs that the work was done, with its opinion (R-08, R-09); Refused without a name or drawing."""
    case, repair = load(case=case, seen=seen)
    signer = signer_of(value=signature, typed=signed_by)
    if not signer.strip() and not signature:
        raise Refused(gettext_noop("请住户签名，或写明签名人"), field="signature", rule="R-09")
    signer = signer.strip() or case.caller_name or "—"
    take(
        case=case, repair=repair, step="sign", at=at,
        repair_changes={"signed_at": at, "signed_by": signer[:60], "opinion": opinion or repair.opinion},
    )  # fmt: skip
    if signature:
        sign(site_id=case.site_id, subject=case, value=signature, signer=signer, by=by, at=at)
    note(case=case, kind="signed", by=by, at=at, rule="R-09", data={"signed_by": signer, "opinion": opinion})
    return case


def is_offered(*, case: Case) -> bool:
    """Whether a quote waits for the household's answer."""
    return Quote.objects.filter(case=case, state=Quote.State.OFFERED).exists()


def has_begun(*, case: Case) -> bool:
    """Whether somebody began to work on an order of this repair."""
    return WorkOrder.objects.filter(case=case, started_at__isnull=False).exclude(state="void").exists()


def has_accepted_quote(*, case: Case) -> bool:
    """Whether the household accepted a price for this repair."""
    return Quote.objects.filter(case=case, state=Quote.State.ACCEPTED).exists()
