"""A week of prepaid purchases: taken, carried, bought, handed back, told, collected; not a fen is lost."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.cash import make_batch, make_order
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.queries import balance, check_books
from yingsheng.kernel.custody.queries import find_flaws, items_of
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation, Period
from yingsheng.processes.prepaid.models import Batch, Order
from yingsheng.processes.prepaid.queries import purchase_day
from yingsheng.processes.prepaid.services import batches, orders

DAY = timedelta(days=1)
HOURS = timedelta(hours=1)
ROOMS = ("3-2-1802", "3-2-1803", "3-2-1804")


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def owed(row: Any, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type=row._meta.label_lower, subject_id=row.pk, milestone=milestone
    ).latest("round")


def held(cast: Cast) -> dict[str, int]:
    return dict(Place.objects.filter(site=cast.site).values_list("kind", "balance_fen"))


def three(cast: Cast) -> list[Order]:
    """T-P01: 200, 300 and 100 yuan; the third home left no device."""
    return [
        make_order(cast, room=room, cash_fen=fen, device=device)
        for room, fen, device in zip(ROOMS, (20_000, 30_000, 10_000), ("YKB-1", "YKB-2", ""), strict=True)
    ]


def buy(cast: Cast, order: Order, fen: int, **more: Any) -> Order:
    return orders.record_bought(
        actor=cast.actor("assistant"), record=fresh(order), at=MONDAY_NINE + HOURS, bought_fen=fen, receipt="S-1",
        **more,
    )  # fmt: skip


def bring_back(cast: Cast, batch: Batch, change: int, devices: int, **more: Any) -> Batch:
    return batches.take_batch_back(
        actor=cast.actor("front"), record=fresh(batch), at=MONDAY_NINE + 2 * HOURS, change_fen=change,
        devices_back=devices, back_signature="周助理", kept_signature="王前台", **more,
    )  # fmt: skip


def collect(cast: Cast, order: Order, **more: Any) -> Order:
    asked: dict[str, Any] = {"collector": "钱女士", "signature": "钱女士", "counted": True, **more}
    return orders.collect_order(actor=cast.actor("front"), record=fresh(order), at=MONDAY_NINE + DAY, **asked)


@pytest.mark.rule("P-02")
def test_an_order_puts_cash_into_the_box_and_the_device_into_custody(cast: Cast) -> None:
    order = make_order(cast, quantity=300)
    assert balance(site=cast.site) == 20_000
    assert [item.name for item in items_of(household=order.household, process="prepaid")] == ["YKB-1"]
    assert Event.objects.filter(kind="prepaid.ordered", subject_id=order.pk, rule="P-02").count() == 1
    with pytest.raises(Refused, match="已经在我们手里"):
        make_order(cast)


@pytest.mark.rule("P-02")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"room": "9-9-9999"}, "room"),
        ({"kind": "water"}, "kind"),
        ({"cash_fen": 0}, "cash_fen"),
        ({"cash_fen": -1}, "cash_fen"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(cast: Cast, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_order(cast, **asked)
    assert refused.value.field == field
    assert not Order.objects.exists()
    assert balance(site=cast.site) == 0


@pytest.mark.rule("P-03", "P-04", "P-05", "P-07")
def test_a_week_of_purchases_as_in_the_worked_example(cast: Cast) -> None:
    """T-P01: 600 out, 560 bought, 40 back for the second home."""
    first, second, third = three(cast)
    batch = make_batch(cast)
    assert {fresh(one).state for one in (first, second, third)} == {"batched"}
    batch = batches.hand_batch_over(
        actor=cast.actor("front"), record=batch, at=MONDAY_NINE, given_signature="王", taken_signature="周"
    )
    assert (batch.cash_fen, batch.devices_out, held(cast)["person"], held(cast)["box"]) == (
        60_000,
        2,
        60_000,
        0,
    )
    assert owed(batch, "hand_back").due_at == MONDAY_NINE + 4 * HOURS
    for order, fen in ((first, 20_000), (second, 26_000), (third, 10_000)):
        buy(cast, order, fen)
    assert held(cast)["utility"] == 56_000
    batch = bring_back(cast, batch, 4_000, 2)
    assert (batch.state, batch.bought_fen, batch.change_fen) == ("closed", 56_000, 4_000)
    assert owed(batch, "hand_back").state == "met"
    assert held(cast)["person"] == 0
    assert fresh(second).change_fen == 4_000
    assert owed(second, "tell_collect").due_at == MONDAY_NINE + 6 * HOURS
    orders.tell_home(actor=cast.actor("front"), record=fresh(second), at=MONDAY_NINE + 3 * HOURS, way="slip")
    assert owed(second, "tell_collect").state == "met"
    assert Message.objects.filter(to_household=second.household, rule="P-05").count() == 1
    with pytest.raises(Refused, match="当面点清"):
        collect(cast, second, counted=False)
    with pytest.raises(Refused, match="领取要签名"):
        collect(cast, second, signature="", collector="")
    done = collect(cast, second)
    assert (done.state, owed(second, "collect").state) == ("collected", "met")
    collect(cast, first)
    collect(cast, third)
    assert held(cast)["box"] == 0
    assert held(cast)["world"] == -56_000
    assert not items_of(household=first.household, process="prepaid")
    assert list(check_books(site=cast.site)) == []
    assert list(find_flaws(site=cast.site)) == []


@pytest.mark.rule("P-07")
def test_a_home_for_which_nothing_was_bought_gets_its_money_or_waits(cast: Cast) -> None:
    """T-P04: the 100 of the third home come back; it is refunded, or bought for next week."""
    first, second, third = three(cast)
    batch = make_batch(cast, handed=True)
    buy(cast, first, 20_000)
    buy(cast, second, 26_000)
    with pytest.raises(Refused, match="还有订单没有写"):
        bring_back(cast, batch, 4_000, 2)
    orders.record_not_bought(
        actor=cast.actor("assistant"), record=fresh(third), at=MONDAY_NINE, reason="系统故障"
    )
    with pytest.raises(Refused, match="代办人还没有交回"):
        orders.cancel_order(
            actor=cast.actor("front"), record=fresh(third), at=MONDAY_NINE, reason="不买了", collector="钱女士",
            signature="钱女士",
        )  # fmt: skip
    bring_back(cast, batch, 14_000, 2)
    assert (fresh(third).state, balance(site=cast.site)) == ("not_bought", 14_000)
    orders.tell_home(actor=cast.actor("front"), record=fresh(third), at=MONDAY_NINE + 3 * HOURS, way="slip")
    again = make_batch(cast, at=MONDAY_NINE + 7 * DAY)
    assert fresh(third).batch == again
    batches.cancel_batch(actor=cast.actor("front"), record=again, at=MONDAY_NINE + 7 * DAY, reason="停业")
    orders.cancel_order(
        actor=cast.actor("front"), record=fresh(third), at=MONDAY_NINE + 7 * DAY, reason="不买了", collector="钱女士",
        signature="钱女士",
    )  # fmt: skip
    assert (fresh(third).state, balance(site=cast.site)) == ("cancelled", 4_000)


@pytest.mark.rule("P-07")
@pytest.mark.parametrize(
    ("change", "devices", "code"),
    [(3_999, 2, "cash_back"), (4_001, 2, "cash_back"), (4_000, 1, "devices"), (4_000, 3, "devices")],
)
def test_a_purchase_that_does_not_balance_stays_open(
    cast: Cast, change: int, devices: int, code: str
) -> None:
    batch_orders = three(cast)
    batch = make_batch(cast, handed=True)
    for order, fen in zip(batch_orders, (20_000, 26_000, 10_000), strict=True):
        buy(cast, order, fen)
    with pytest.raises(Refused) as refused:
        bring_back(cast, batch, change, devices, explanation="数错了")
    assert (refused.value.code, refused.value.rule, fresh(batch).state) == (code, "P-07", "carried")
    assert held(cast)["person"] == 4_000


@pytest.mark.rule("P-07")
def test_where_the_site_allows_it_a_difference_is_explained_and_stays_with_the_purchaser(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="P-07.all_must_balance", value=False, active_from=MONDAY_NINE, reason="试行", by=None,
        at=MONDAY_NINE,
    )  # fmt: skip
    order = make_order(cast)
    batch = make_batch(cast, handed=True)
    buy(cast, order, 15_000)
    with pytest.raises(Refused):
        bring_back(cast, batch, 4_900, 1)
    bring_back(cast, batch, 4_900, 1, explanation="丢了一元")
    assert (held(cast)["person"], held(cast)["box"]) == (100, 4_900)
    with pytest.raises(Refused, match="账上只有"):
        collect(cast, order)


@pytest.mark.rule("P-07")
def test_the_database_has_the_last_word_on_a_purchase(cast: Cast) -> None:
    make_order(cast)
    batch = make_batch(cast, handed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.update(bought_fen=1, change_fen=1)


@pytest.mark.rule("P-04", "P-07")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"bought_fen": 20_001}, "bought_fen"),
        ({"bought_fen": 0}, "bought_fen"),
        ({"receipt": " "}, "receipt"),
    ],
)
def test_what_cannot_have_been_bought_is_refused(cast: Cast, asked: dict[str, Any], field: str) -> None:
    order = make_order(cast)
    make_batch(cast, handed=True)
    values: dict[str, Any] = {"bought_fen": 100, "receipt": "S-1", **asked}
    with pytest.raises(Refused) as refused:
        orders.record_bought(actor=cast.actor("assistant"), record=fresh(order), at=MONDAY_NINE, **values)
    assert refused.value.field == field


@pytest.mark.rule("P-03")
def test_the_purchase_of_the_week_is_owed_and_kept(cast: Cast) -> None:
    make_order(cast)
    batch = make_batch(cast)
    with pytest.raises(Refused, match="已有一批"):
        make_batch(cast)
    with pytest.raises(Refused, match="没有新的预购"):
        batches.gather_batch(actor=cast.actor("front"), record=batch, at=MONDAY_NINE)
    late = make_order(cast, room=ROOMS[1], device="YKB-9")
    batch = batches.gather_batch(actor=cast.actor("front"), record=batch, at=MONDAY_NINE)
    with pytest.raises(Refused, match="双方都要签名"):
        batches.hand_batch_over(
            actor=cast.actor("front"), record=batch, at=MONDAY_NINE, given_signature="王", taken_signature=" "
        )
    batches.hand_batch_over(
        actor=cast.actor("front"), record=batch, at=MONDAY_NINE, given_signature="王", taken_signature="周"
    )
    assert fresh(late).state == "carried"
    period = Period.objects.get(site=cast.site, code="weekly_purchase")
    kept = owed(period, "weekly_purchase")
    assert (period.done, kept.state, kept.due_at.isoformat()[:10]) == (1, "met", "2025-03-05")


@pytest.mark.rule("P-03")
def test_a_week_without_orders_is_said_to_be_so(cast: Cast) -> None:
    batch = make_batch(cast)
    assert batch.state == "empty"
    assert owed(Period.objects.get(code="weekly_purchase"), "weekly_purchase").state == "met"
    assert purchase_day(site=cast.site, at=MONDAY_NINE).isoformat() == "2025-03-05"


@pytest.mark.rule("P-07")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_in_whatever_order_no_fen_is_lost(cast: Cast, seed: int) -> None:
    """Random steps, most of them refused: places together hold nothing, box and orders agree at every moment."""
    chance = random.Random(seed)
    front, buyer = cast.actor("front"), cast.actor("assistant")
    for number in range(70):
        at = MONDAY_NINE + number * HOURS / 4
        order = Order.objects.order_by("?").first() if chance.random() < 0.9 else None
        batch = Batch.objects.exclude(state__in=("empty", "cancelled", "closed")).first()
        with suppress(Refused, Conflict):
            _step(
                chance.randrange(9),
                cast=cast,
                front=front,
                buyer=buyer,
                order=order,
                batch=batch,
                at=at,
                chance=chance,
            )
        kinds = held(cast)
        assert sum(kinds.values()) == 0
        in_box = sum(_in_box(one) for one in Order.objects.all())
        assert kinds.get("box", 0) == in_box
    assert list(check_books(site=cast.site)) == []
    assert list(find_flaws(site=cast.site)) == []


def _in_box(order: Order) -> int:
    """What of an order's cash lies in the box, by its state alone."""
    if order.state in ("ordered", "batched"):
        return order.cash_fen
    if order.state == "not_bought":
        return order.cash_fen if order.batch_id is None else 0
    if order.state in ("bought", "told"):
        return order.change_fen if order.batch_id is None else 0
    return 0


def _step(
    verb: int,
    *,
    cast: Cast,
    front: Any,
    buyer: Any,
    order: Order | None,
    batch: Batch | None,
    at: Any,
    chance: Any,
) -> None:
    if verb == 0 or (order is None and verb not in (1, 2, 3)):
        make_order(
            cast, at=at, room=chance.choice(ROOMS), cash_fen=chance.randint(1, 50_000),
            device=chance.choice(["", f"D{chance.randint(1, 9)}"]),
        )  # fmt: skip
    elif verb == 1:
        batches.prepare_batch(actor=front, at=at, purchaser=cast.assistant)
    elif batch is not None and verb == 2:
        batches.hand_batch_over(actor=front, record=batch, at=at, given_signature="王", taken_signature="周")
    elif batch is not None and verb == 3:
        lines = list(batch.lines.all())
        batches.take_batch_back(
            actor=front, record=batch, at=at, devices_back=batch.devices_out, back_signature="周", kept_signature="王",
            change_fen=sum(one.change_fen for one in lines),
        )  # fmt: skip
    elif order is not None and verb in (4, 5):
        orders.record_bought(
            actor=buyer, record=order, at=at, bought_fen=chance.randint(1, order.cash_fen), receipt="S"
        )
    elif order is not None and verb == 6:
        orders.record_not_bought(actor=buyer, record=order, at=at, reason="停电")
    elif order is not None and verb == 7:
        orders.collect_order(actor=front, record=order, at=at, collector="钱", signature="钱", counted=True)
    elif order is not None:
        orders.cancel_order(actor=front, record=order, at=at, reason="退", collector="钱", signature="钱")
