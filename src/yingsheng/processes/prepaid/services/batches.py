"""The weekly joint purchase: prepared, handed to the purchaser, handed back, closed when it balances (P-03, P-07)."""

from __future__ import annotations

from collections.abc import Collection
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
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.periods import count_done
from yingsheng.processes.prepaid.models import Batch, BatchLine, Order
from yingsheng.processes.prepaid.rules import WAITING, Line, flaws, totals
from yingsheng.processes.prepaid.services.orders import TAKE, owe_telling

BATCH = "YP"
WEEKLY, HAND_BACK = "weekly_purchase", "hand_back"
FLAWS = {
    "undecided": gettext_noop("还有订单没有写买成还是没买成"),
    "cash_out": gettext_noop("订单现金合计与交出的现金不符"),
    "cash_back": gettext_noop("交出%(out)s元，购买%(bought)s元，应退回%(due)s元，实退%(back)s元，不相符"),
    "devices": gettext_noop("交出设备%(devices_out)s个，交回%(devices_back)s个，不相符"),
    "household": gettext_noop("有住户的找零不等于预交减购买"),
}


@transaction.atomic
def prepare_batch(*, actor: Actor, at: datetime, purchaser: Staff, remark: str = "") -> Batch:
    """List everything that waits for the purchase of this week; a week in which nothing waits is said to be so (P-03).

    Raises Forbidden, Refused while another purchase is being prepared.
    """
    demand(actor=actor, permission=TAKE)
    if Batch.objects.filter(site=actor.site, state=Batch.State.PREPARED).exists():
        raise Refused(gettext_noop("已有一批备好还没交出，把新的预购补进那一批"), rule="P-03")
    orders = _waiting(site=actor.site)
    batch = Batch.objects.create(
        site=actor.site, number=take_number(site=actor.site, prefix=BATCH, at=at), purchaser=purchaser,
        prepared_at=at, prepared_by=actor.staff, remark=remark.strip()[:300],
        state=Batch.State.PREPARED if orders else Batch.State.EMPTY,
    )  # fmt: skip
    _take_up(batch=batch, orders=orders)
    if not orders:
        count_done(site=actor.site, code=WEEKLY, by=actor.staff, at=at)
    tell(
        record=batch, kind="prepaid.batch_prepared" if orders else "prepaid.batch_empty", actor=actor, at=at,
        rule="P-03", number=batch.number, orders=len(orders), purchaser=purchaser.name,
    )  # fmt: skip
    return batch


@transaction.atomic
def gather_batch(*, actor: Actor, record: Batch, at: datetime, seen: int | None = None) -> Batch:
    """Add what was ordered since a purchase was prepared (P-03)."""
    batch = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("prepared",))
    orders = _waiting(site=actor.site)
    if not orders:
        raise Refused(gettext_noop("没有新的预购"), rule="P-03")
    _take_up(batch=batch, orders=orders)
    change(record=batch)
    tell(
        record=batch, kind="prepaid.batch_gathered", actor=actor, at=at, rule="P-03", orders=len(orders)
    )  # fmt: skip
    return batch


@transaction.atomic
def cancel_batch(*, actor: Actor, record: Batch, at: datetime, reason: str, seen: int | None = None) -> Batch:
    """Take a prepared purchase apart again; its orders wait for the next (P-03)."""
    batch = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("prepared",))
    for order in _orders(batch=batch):
        change(record=order, state=Order.State.ORDERED, batch=None)
    change(record=batch, state=Batch.State.CANCELLED, explanation=reason.strip()[:300])
    tell(
        record=batch, kind="prepaid.batch_cancelled", actor=actor, at=at, rule="P-03", reason=reason.strip()
    )  # fmt: skip
    return batch


@transaction.atomic
def hand_batch_over(
    *,
    actor: Actor,
    record: Batch,
    at: datetime,
    given_signature: str,
    taken_signature: str,
    seen: int | None = None,
) -> Batch:
    """Cash and devices go to the purchaser under a handover record that both sign (P-03, FM-45)."""
    batch = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("prepared",))
    orders = _orders(batch=batch)
    cash = sum(one.cash_fen for one in orders)
    given, taken = _signed(
        actor=actor, batch=batch, at=at, desk=given_signature, purchaser=taken_signature,
        fields=("given_signature", "taken_signature"),
    )  # fmt: skip
    devices = 0
    for order in orders:
        if order.item is not None:
            custody.hand_over(
                item=order.item, to=Party(name=batch.purchaser.name, staff=batch.purchaser), act="carried",
                by=actor.staff, at=at,
            )  # fmt: skip
            devices += 1
        change(record=order, state=Order.State.CARRIED)
    move(
        source=find_place(site=actor.site, kind="box"),
        target=find_place(site=actor.site, kind="person", staff=batch.purchaser), fen=cash, purpose="prepaid_carried",
        subject=batch, by=actor.staff, at=at,
    )  # fmt: skip
    change(
        record=batch, state=Batch.State.CARRIED, handed_at=at, handed_by=actor.staff, cash_fen=cash,
        devices_out=devices, given_signed=given, taken_signed=taken,
    )  # fmt: skip
    owe(
        site=actor.site, subject=batch, milestone=HAND_BACK, path="P-04.return_within", role="FRONT_DESK",
        staff=batch.purchaser, at=at, climbs=True,
    )  # fmt: skip
    count_done(site=actor.site, code=WEEKLY, by=actor.staff, at=at)
    tell(
        record=batch, kind="prepaid.batch_handed", actor=actor, at=at, rule="P-03", cash=format_fen(fen=cash),
        devices=devices, purchaser=batch.purchaser.name,
    )  # fmt: skip
    return batch


@transaction.atomic
def take_batch_back(
    *,
    actor: Actor,
    record: Batch,
    at: datetime,
    change_fen: int,
    devices_back: int,
    back_signature: str,
    kept_signature: str,
    explanation: str = "",
    seen: int | None = None,
) -> Batch:
    """Take devices, receipts and what is left of the cash back; closed only when all holds (P-04, P-07).

    `change_fen` and `devices_back` are what was counted on the counter. Refused with the first thing that does not
    hold; where the site lets purchases be closed all the same, it takes an explanation.
    """
    batch = hold(actor=actor, record=record, permission=TAKE, seen=seen, states=("carried",))
    lines = list(
        BatchLine.objects.select_for_update(no_key=True, of=("self",))
        .filter(batch=batch)
        .select_related("order")
    )
    for number, line in enumerate(one for one in lines if one.device_out):
        line.device_back = number < devices_back
    _check(
        actor=actor, batch=batch, lines=lines, back=change_fen, counted=devices_back, at=at, why=explanation
    )
    back, kept = _signed(
        actor=actor, batch=batch, at=at, desk=kept_signature, purchaser=back_signature,
        fields=("kept_signature", "back_signature"),
    )[::-1]  # fmt: skip
    if change_fen:
        move(
            source=find_place(site=actor.site, kind="person", staff=batch.purchaser),
            target=find_place(site=actor.site, kind="box"), fen=change_fen, purpose="prepaid_back", subject=batch,
            by=actor.staff, at=at,
        )  # fmt: skip
    for line in lines:
        line.save(update_fields=["device_back"])
        _come_back(actor=actor, line=line, at=at)
    sums = totals(lines=[_fact(one) for one in lines])
    change(
        record=batch, state=Batch.State.CLOSED, returned_at=at, returned_to=actor.staff, bought_fen=sums.bought_fen,
        change_fen=change_fen, devices_back=devices_back, back_signed=back, kept_signed=kept,
        explanation=explanation.strip()[:300],
    )  # fmt: skip
    timers.meet(subject=batch, milestones=[HAND_BACK], by=actor.staff, at=at)
    tell(
        record=batch, kind="prepaid.batch_returned", actor=actor, at=at, rule="P-04",
        bought=format_fen(fen=sums.bought_fen), change=format_fen(fen=change_fen), devices=devices_back,
    )  # fmt: skip
    return batch


def _waiting(*, site: Site) -> list[Order]:
    rows = Order.objects.select_for_update(no_key=True, of=("self",)).filter(
        site=site, state__in=WAITING, batch=None
    )
    return list(rows.order_by("pk"))


def _orders(*, batch: Batch) -> list[Order]:
    rows = Order.objects.select_for_update(no_key=True, of=("self",)).filter(batch=batch)
    return list(rows.select_related("item").order_by("pk"))


def _take_up(*, batch: Batch, orders: Collection[Order]) -> None:
    for order in orders:
        change(record=order, state=Order.State.BATCHED, batch=batch)
        BatchLine.objects.create(
            batch=batch, order=order, prepaid_fen=order.cash_fen, device_out=order.item_id is not None
        )


def _fact(line: BatchLine) -> Line:
    return Line(
        prepaid_fen=line.prepaid_fen, outcome=line.outcome, bought_fen=line.bought_fen, change_fen=line.change_fen,
        device_out=line.device_out, device_back=line.device_back,
    )  # fmt: skip


def _check(
    *, actor: Actor, batch: Batch, lines: list[BatchLine], back: int, counted: int, at: datetime, why: str
) -> None:
    facts = [_fact(one) for one in lines]
    found = flaws(lines=facts, handed_out_fen=batch.cash_fen, handed_back_fen=back)
    if counted != batch.devices_out and "devices" not in found:
        found.append("devices")  # more came back than went out
    lenient = not figure(path="P-07.all_must_balance", site=actor.site, at=at)
    if not found or (lenient and why.strip() and "undecided" not in found):
        return
    sums = totals(lines=facts)
    raise Refused(
        FLAWS[found[0]], code=found[0], rule="P-07",
        field={"cash_back": "change_fen", "devices": "devices_back"}.get(found[0], ""),
        out=format_fen(fen=batch.cash_fen), bought=format_fen(fen=sums.bought_fen),
        due=format_fen(fen=sums.change_fen), back=format_fen(fen=back), devices_out=batch.devices_out,
        devices_back=counted,
    )  # fmt: skip


def _signed(
    *, actor: Actor, batch: Batch, at: datetime, desk: str, purchaser: str, fields: tuple[str, str]
) -> tuple[str, str]:
    """Keep both signatures with the purchase; (desk, purchaser) as they are written down."""
    names = []
    for value, who, field in (
        (desk, actor.staff.name, fields[0]),
        (purchaser, batch.purchaser.name, fields[1]),
    ):
        if not value.strip():
            raise Refused(gettext_noop("交接双方都要签名"), field=field, rule="P-03")
        sign(site_id=actor.site.pk, subject=batch, value=value, signer=who, by=actor.staff, at=at)
        names.append((signer_of(value=value) or who)[:60])
    return names[0], names[1]


def _come_back(*, actor: Actor, line: BatchLine, at: datetime) -> None:
    """Device and order are at the desk again; its home is to be told (P-04, P-05)."""
    order = (
        Order.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item")
        .get(pk=line.order_id)
    )
    if order.item is not None and line.device_back:
        custody.bring_back(item=order.item, giver=None, by=actor.staff, at=at)
    change(record=order, batch=None)
    owe_telling(actor=actor, order=order, at=at)
