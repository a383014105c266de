"""Taking orders, saying what came of them, telling the home, giving back (P-02, P-04, P-05); one event each."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.money import format_fen
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.cash.services import find_place, move
from yingsheng.kernel.custody import services as custody
from yingsheng.kernel.custody.services import Party
from yingsheng.kernel.files.content import signer_of
from yingsheng.kernel.files.services import sign
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.prepaid.models import BatchLine, Order
from yingsheng.processes.prepaid.queries import household_of
from yingsheng.processes.prepaid.rules import BOUGHT, NOT_BOUGHT, change_of, known_kinds

TAKE, CARRY = "prepaid.take", "prepaid.carry"
ORDER = "YG"
TELL, COLLECT = "tell_collect", "collect"
COME = gettext_noop("%(what)s已买好，%(amount)s元，找零%(change)s元，请带身份证明到前台领取，当面点清。")
NOT_THIS_TIME = gettext_noop("这次没有买成：%(why)s。钱和设备在前台，可下次再买或来退回。")
DEVICES = {"electricity": "panel", "gas": "card"}
PAID_IN = ("ordered", "not_bought")


@transaction.atomic
def take_order(
    *,
    actor: Actor,
    at: datetime,
    room: str,
    kind: str,
    cash_fen: int,
    payer: str,
    quantity: int | None = None,
    device: str = "",
    signature: str = "",
) -> Order:
    """Take cash and the panel or card of a home for the next joint purchase (P-02).

    Raises Forbidden, Refused for a kind that the site does not arrange, without cash, or for a device that a
    running order left already.
    """
    demand(actor=actor, permission=TAKE)
    household = household_of(actor=actor, text=room)
    if kind not in known_kinds(text=str(figure(path="P-02.kinds", site=actor.site, at=at) or "")):
        raise Refused(gettext_noop("这一种不代购"), field="kind", rule="P-02")
    if cash_fen <= 0:
        raise Refused(gettext_noop("收到的现金要大于零"), field="cash_fen", rule="P-02")
    device = device.strip()
    if (
        device
        and Order.objects.filter(site=actor.site, device=device, item__state__in=("held", "out")).exists()
    ):
        raise Refused(gettext_noop("这个设备已经在我们手里"), field="device", rule="P-02")
    number = take_number(site=actor.site, prefix=ORDER, at=at)
    signer = signer_of(value=signature, typed="" if signature else payer) or payer.strip()
    item = None
    if device:
        item = custody.take_in(
            site=actor.site, process="prepaid", kind=DEVICES[kind], name=device, number=number,
            giver=Party(name=payer, signature=signature), room=household.room, household=household, by=actor.staff,
            at=at,
        )  # fmt: skip
    order = Order.objects.create(
        site=actor.site, number=number, household=household, kind=kind, quantity=quantity or 0, cash_fen=cash_fen,
        device=device, item=item, payer=payer.strip()[:60], payer_signed=signer[:60], ordered_at=at,
        ordered_by=actor.staff,
    )  # fmt: skip
    if signature and item is None:
        sign(site_id=actor.site.pk, subject=order, value=signature, signer=signer, by=actor.staff, at=at)
    move(
        source=find_place(site=actor.site, kind="world"), target=find_place(site=actor.site, kind="box"),
        fen=cash_fen, purpose="prepaid", subject=order, by=actor.staff, at=at,
    )  # fmt: skip
    tell(
        record=order, kind="prepaid.ordered", actor=actor, at=at, rule="P-02", number=number,
        cash=format_fen(fen=cash_fen), device=device,
    )  # fmt: skip
    return order


@transaction.atomic
def cancel_order(
    *,
    actor: Actor,
    record: Order,
    at: datetime,
    reason: str,
    collector: str,
    signature: str,
    seen: int | None = None,
) -> Order:
    """Give cash and device back to a home that wants no purchase any more, against its signature (P-02, P-05)."""
    order = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=PAID_IN)
    _back_at_the_desk(order=order)
    signer = signer_of(value=signature) or collector.strip()
    _pay_out(actor=actor, order=order, fen=order.cash_fen, purpose="prepaid_refund", at=at)
    _give_device(
        actor=actor, order=order, to=collector, signature=signature, signer=signer, at=at, act="refunded"
    )
    change(
        record=order, state=Order.State.CANCELLED, reason=reason.strip()[:200], collector=collector.strip()[:60],
        collector_signed=signer[:60], ended_at=at,
    )  # fmt: skip
    timers.void(subject=order, by=actor.staff, at=at, reason=gettext_noop("预购已退回"))
    tell(
        record=order, kind="prepaid.cancelled", actor=actor, at=at, rule="P-05", reason=reason.strip(),
        cash=format_fen(fen=order.cash_fen),
    )  # fmt: skip
    return order


@transaction.atomic
def record_bought(
    *,
    actor: Actor,
    record: Order,
    at: datetime,
    bought_fen: int,
    receipt: str,
    quantity: int | None = None,
    seen: int | None = None,
) -> Order:
    """Enter what the purchaser bought for a home, with the number of its receipt (P-04, P-07, FM-69)."""
    order = hold(actor=actor, record=record, permission=CARRY, seen=seen, states=("carried",))
    line = _line(order=order)
    if not receipt.strip():
        raise Refused(gettext_noop("请写收据号"), field="receipt", rule="P-04")
    if bought_fen <= 0:
        raise Refused(
            gettext_noop("购买金额要大于零；没有买成请选“没有买成”"), field="bought_fen", rule="P-07"
        )
    try:
        left = change_of(prepaid_fen=order.cash_fen, bought_fen=bought_fen)
    except ValueError as error:
        raise Refused(
            gettext_noop("只预交了%(paid)s元，不能买得更多"), field="bought_fen", rule="P-07",
            paid=format_fen(fen=order.cash_fen),
        ) from error  # fmt: skip
    assert order.batch is not None
    move(
        source=find_place(site=actor.site, kind="person", staff=order.batch.purchaser),
        target=find_place(site=actor.site, kind="utility", code=order.kind), fen=bought_fen,
        purpose="prepaid_purchase", subject=order, by=actor.staff, at=at, note=receipt,
    )  # fmt: skip
    line.outcome, line.quantity, line.bought_fen = BOUGHT, quantity or 0, bought_fen
    line.change_fen, line.receipt = left, receipt.strip()[:40]
    line.save(update_fields=["outcome", "quantity", "bought_fen", "change_fen", "receipt"])
    change(
        record=order, state=Order.State.BOUGHT, bought_fen=bought_fen, bought_quantity=quantity or 0, bought_at=at,
        receipt=receipt.strip()[:40], change_fen=left,
    )  # fmt: skip
    tell(
        record=order, kind="prepaid.bought", actor=actor, at=at, rule="P-07", amount=format_fen(fen=bought_fen),
        receipt=order.receipt, change=format_fen(fen=left),
    )  # fmt: skip
    return order


@transaction.atomic
def record_not_bought(
    *, actor: Actor, record: Order, at: datetime, reason: str, seen: int | None = None
) -> Order:
    """Say that nothing could be bought for a home, and why; its cash comes back with the purchaser (P-04, P-07)."""
    order = hold(actor=actor, record=record, permission=CARRY, seen=seen, states=("carried",))
    line = _line(order=order)
    line.outcome, line.change_fen, line.reason = NOT_BOUGHT, order.cash_fen, reason.strip()[:200]
    line.save(update_fields=["outcome", "change_fen", "reason"])
    change(record=order, state=Order.State.NOT_BOUGHT, reason=reason.strip()[:200])
    tell(record=order, kind="prepaid.not_bought", actor=actor, at=at, rule="P-07", reason=reason.strip())
    return order


@transaction.atomic
def tell_home(*, actor: Actor, record: Order, at: datetime, way: str, seen: int | None = None) -> Order:
    """Tell the home that it may come and collect; from now on it is expected (P-05)."""
    order = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("bought", "not_bought"))
    _back_at_the_desk(order=order)
    bought = order.state == Order.State.BOUGHT
    if way == "slip":
        queue(
            site_id=actor.site.pk, subject=order, at=at,
            drafts=[
                Draft(
                    text=COME if bought else NOT_THIS_TIME, to_household=order.household, rule="P-05",
                    params={
                        "what": order.number, "amount": format_fen(fen=order.bought_fen), "rule": "P-05",
                        "change": format_fen(fen=order.change_fen), "why": order.reason, "number": order.number,
                    },
                    dedup_key=f"prepaid:{order.pk}:{order.version}",
                )
            ],
        )  # fmt: skip
    change(record=order, told_at=at, **({"state": Order.State.TOLD} if bought else {}))
    timers.meet(subject=order, milestones=[TELL], by=actor.staff, at=at)
    if bought:
        owe(
            site=actor.site, subject=order, milestone=COLLECT, path="P-05.collect_within", role="FRONT_DESK", at=at
        )  # fmt: skip
    tell(record=order, kind="prepaid.told", actor=actor, at=at, rule="P-05", way=way)
    return order


@transaction.atomic
def collect_order(
    *,
    actor: Actor,
    record: Order,
    at: datetime,
    collector: str,
    signature: str,
    counted: bool = False,
    seen: int | None = None,
) -> Order:
    """Give a home its device, receipt and change; it counts the change before our eyes and signs (P-05)."""
    order = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("bought", "told"))
    _back_at_the_desk(order=order)
    signer = signer_of(value=signature) or collector.strip()
    if not signer:
        raise Refused(gettext_noop("领取要签名"), field="signature", rule="P-05")
    if not counted:
        raise Refused(gettext_noop("请领取人当面点清找零再签名"), field="counted", rule="P-05")
    _pay_out(actor=actor, order=order, fen=order.change_fen, purpose="prepaid_change", at=at)
    _give_device(
        actor=actor, order=order, to=collector, signature=signature, signer=signer, at=at, act="collected"
    )
    change(
        record=order, state=Order.State.COLLECTED, collector=collector.strip()[:60], collector_signed=signer[:60],
        ended_at=at,
    )  # fmt: skip
    timers.meet(subject=order, milestones=[TELL, COLLECT], by=actor.staff, at=at)
    tell(
        record=order, kind="prepaid.collected", actor=actor, at=at, rule="P-05", collector=order.collector,
        change=format_fen(fen=order.change_fen),
    )  # fmt: skip
    return order


def owe_telling(*, actor: Actor, order: Order, at: datetime) -> None:
    """The home of an order that came back is to be told (P-05)."""
    owe(
        site=actor.site, subject=order, milestone=TELL, path="P-05.notify_within", role="FRONT_DESK", at=at,
        climbs=True,
    )  # fmt: skip


def _line(*, order: Order) -> BatchLine:
    """The line of the running purchase, held; Refused where it was handed back already."""
    return BatchLine.objects.select_for_update(no_key=True).get(order=order, batch=order.batch)


def _back_at_the_desk(*, order: Order) -> None:
    """Refused while device and change are still with the purchaser."""
    if order.batch_id is not None:
        raise Refused(gettext_noop("代办人还没有交回这一批，先办交回"), code="still_out", rule="P-04")


def _pay_out(*, actor: Actor, order: Order, fen: int, purpose: str, at: datetime) -> None:
    if fen:
        move(
            source=find_place(site=actor.site, kind="box"), target=find_place(site=actor.site, kind="world"),
            fen=fen, purpose=purpose, subject=order, by=actor.staff, at=at,
        )  # fmt: skip


def _give_device(
    *, actor: Actor, order: Order, to: str, signature: str, signer: str, at: datetime, act: str
) -> None:
    """The device goes back for good, against the signature; without one the signature stands with the order."""
    if order.item is not None:
        custody.hand_over(
            item=order.item, to=Party(name=to.strip() or signer, signature=signature), act=act, by=actor.staff, at=at,
            for_good=True,
        )  # fmt: skip
    else:
        sign(site_id=actor.site.pk, subject=order, value=signature, signer=signer, by=actor.staff, at=at)
