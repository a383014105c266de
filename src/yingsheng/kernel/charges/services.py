"""Writing prices, quotes and payments. Quotes and payments are part of a process's step, which records the event."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.charges.models import Payment, PriceItem, Quote, QuoteLine
from yingsheng.kernel.charges.queries import balance_fen, paid_fen, price_finder
from yingsheng.kernel.charges.rules import MOST_FEN, BadLine, Line, parse_lines, total_fen
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.permissions import Allow

RECEIPT = "SJ"
BAD_LINES = {
    "form": gettext_noop("第%(line)s行看不懂“%(what)s”，请写成“名称 × 数量”或“名称 × 数量 @ 单价”"),
    "unknown": gettext_noop("第%(line)s行“%(what)s”不在价目表里，请写上单价，如“角阀 × 2 @ 35”"),
    "quantity": gettext_noop("第%(line)s行“%(what)s”的数量不对"),
    "price": gettext_noop("第%(line)s行“%(what)s”的单价不对"),
    "many": gettext_noop("行数太多，第%(line)s行“%(what)s”起没有收下"),
}


def read_lines(*, site: Site, text: str, field: str, kinds: tuple[str, ...] = ()) -> list[Line]:
    """The lines somebody typed, priced from the site's list; Refused with the line that cannot be read."""
    try:
        return parse_lines(text=text, find=price_finder(site=site, kinds=kinds))
    except BadLine as error:
        raise Refused(BAD_LINES[error.why], field=field, line=error.number, what=error.text[:40]) from error


@transaction.atomic
def set_price(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    code: str,
    name: str,
    unit: str,
    price_fen: int,
    note: str = "",
) -> PriceItem:
    """Put a price into force from now on; the one before it stays readable. Raises Forbidden, Refused."""
    demand(actor=actor, permission=Allow.EDIT_PRICES)
    if not 0 <= price_fen <= MOST_FEN:
        raise Refused(gettext_noop("单价不对"), field="price_fen")
    if kind not in PriceItem.Kind.values:
        raise Refused(gettext_noop("没有这一类价目"), field="kind")
    code, name, unit = code.strip().upper(), name.strip(), unit.strip()
    if not (code and name and unit):
        raise Refused(gettext_noop("编号、名称、单位都要写"), field="code")
    rows = PriceItem.objects.select_for_update(no_key=True).filter(site=actor.site, active_to__isnull=True)
    before = rows.filter(code=code).first()
    if rows.filter(name=name).exclude(code=code).exists():
        raise Refused(gettext_noop("已有同名的价目"), field="name")
    if before is not None:
        before.active_to = at
        before.save(update_fields=["active_to"])
    item = PriceItem.objects.create(
        site=actor.site, kind=kind, code=code, name=name, unit=unit, price_fen=price_fen, note=note.strip()[:200],
        active_from=at, set_by=actor.staff,
    )  # fmt: skip
    events.record(
        site_id=actor.site.pk, kind="charges.price_set", subject=item, by=actor.staff, at=at,
        data={
            "code": code, "name": name, "unit": unit, "price": format_fen(fen=price_fen), "price_fen": price_fen,
            "before_fen": before.price_fen if before is not None else None,
        },
    )  # fmt: skip
    return item


@transaction.atomic
def end_price(*, actor: Actor, item: PriceItem, at: datetime) -> PriceItem:
    """Take a price off the list; what was quoted with it keeps it. Raises Forbidden, Refused."""
    demand(actor=actor, permission=Allow.EDIT_PRICES)
    held = PriceItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if held.active_to is not None:
        raise Refused(gettext_noop("这条价目已经停用"))
    held.active_to = at
    held.save(update_fields=["active_to"])
    events.record(
        site_id=actor.site.pk, kind="charges.price_ended", subject=held, by=actor.staff, at=at,
        data={"code": held.code, "name": held.name},
    )  # fmt: skip
    return held


def offer_quote(*, case: Case, lines: list[Line], by: Staff, at: datetime, note: str = "") -> Quote:
    """Write down what a household is asked to accept; Refused without a line or while another one waits."""
    if not lines:
        raise Refused(gettext_noop("报价至少要有一行"), field="lines")
    latest = Quote.objects.filter(case=case).order_by("-round").first()
    if latest is not None and latest.state == Quote.State.OFFERED:
        raise Refused(gettext_noop("上一份报价住户还没有答复，请先记下答复或撤回"), field="lines")
    quote = Quote.objects.create(
        case=case, round=1 if latest is None else latest.round + 1, total_fen=total_fen(lines=lines),
        note=note.strip()[:300], made_by=by, made_at=at,
    )  # fmt: skip
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=quote, code=line.code, name=line.name[:60], unit=line.unit, quantity=line.quantity,
            price_fen=line.price_fen, sum_fen=line.sum_fen,
        )
        for line in lines
    )  # fmt: skip
    return quote


def decide_quote(*, case: Case, decision: str, who: str, way: str, at: datetime) -> Quote:
    """Write down what the household said to the quote that waits, or that it was taken back.

    One that was accepted can be taken back too, as long as nothing was paid. Refused when there is none, or when
    nobody is named who accepted or declined.
    """
    rows = Quote.objects.select_for_update(no_key=True).filter(case=case)
    quote = rows.filter(state=Quote.State.OFFERED).first()
    if quote is None and decision == Quote.State.WITHDRAWN:
        quote = rows.filter(state=Quote.State.ACCEPTED).order_by("-round").first()
        if quote is not None and paid_fen(case=case):
            raise Refused(gettext_noop("已收了款，请先退款再撤回报价"), field="decision")
    if quote is None:
        raise Refused(gettext_noop("没有等住户答复的报价"))
    if decision not in (Quote.State.ACCEPTED, Quote.State.DECLINED, Quote.State.WITHDRAWN):
        raise Refused(gettext_noop("请选住户的答复"), field="decision")
    if decision != Quote.State.WITHDRAWN and not who.strip():
        raise Refused(gettext_noop("请写明住户方是谁答复的"), field="who")
    quote.state, quote.decided_at = decision, at
    quote.decided_by, quote.way = who.strip()[:60], way
    quote.save(update_fields=["state", "decided_at", "decided_by", "way"])
    return quote


def take_payment(*, case: Case, amount_fen: int, method: str, payer: str, by: Staff, at: datetime) -> Payment:
    """Take money for a matter and give it a receipt number; Refused for more than is owed."""
    owed = balance_fen(case=case)
    if amount_fen <= 0:
        raise Refused(gettext_noop("收款金额要大于零"), field="amount_fen")
    if amount_fen > owed:
        raise Refused(gettext_noop("只欠%(owed)s元，不能多收"), field="amount_fen", owed=format_fen(fen=owed))
    if not payer.strip():
        raise Refused(gettext_noop("请写明付款人"), field="payer")
    return _pay(case=case, amount_fen=amount_fen, method=method, payer=payer, reason="", by=by, at=at)


def refund(
    *, case: Case, amount_fen: int, method: str, payer: str, reason: str, by: Staff, at: datetime
) -> Payment:
    """Give money back, with a reason; Refused for more than was paid."""
    paid = paid_fen(case=case)
    if not 0 < amount_fen <= paid:
        raise Refused(
            gettext_noop("退款要大于零，且不超过已收的%(paid)s元"),
            field="amount_fen",
            paid=format_fen(fen=paid),
        )
    if not reason.strip():
        raise Refused(gettext_noop("退款要写明原因"), field="reason")
    return _pay(case=case, amount_fen=-amount_fen, method=method, payer=payer, reason=reason, by=by, at=at)


def _pay(
    *, case: Case, amount_fen: int, method: str, payer: str, reason: str, by: Staff, at: datetime
) -> Payment:
    if method not in Payment.Method.values:
        raise Refused(gettext_noop("请选收款方式"), field="method")
    return Payment.objects.create(
        case=case, site_id=case.site_id, number=take_number(site=case.site, prefix=RECEIPT, at=at),
        amount_fen=amount_fen, method=method, payer=payer.strip()[:60], reason=reason.strip()[:200],
        taken_by=by, taken_at=at,
    )  # fmt: skip
