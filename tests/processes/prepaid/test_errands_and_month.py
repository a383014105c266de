"""Errands at utilities, the month on the 28th, what desk and next shift are told, who may what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cash import make_batch, make_order, make_request
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.queries import balance, entries_of
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.prepaid.models import Batch, Order, Request
from yingsheng.processes.prepaid.process import asides
from yingsheng.processes.prepaid.queries import find_order, month_figures, window_of
from yingsheng.processes.prepaid.services import batches, filing, orders, requests

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


@pytest.mark.rule("P-01")
def test_a_payment_on_behalf_of_a_home(cast: Cast) -> None:
    row = make_request(cast)
    row = requests.submit_request(
        actor=cast.actor("front"), record=row, at=MONDAY_NINE, runner=cast.assistant, signature="周助理"
    )
    with pytest.raises(Refused, match="不能多于"):
        requests.finish_request(
            actor=cast.actor("assistant"),
            record=row,
            at=MONDAY_NINE,
            result="缴清",
            paid_fen=8_001,
            receipt="R",
        )
    with pytest.raises(Refused, match="收据号"):
        requests.finish_request(
            actor=cast.actor("assistant"), record=row, at=MONDAY_NINE, result="缴清", paid_fen=7_500
        )
    row = requests.finish_request(
        actor=cast.actor("assistant"),
        record=row,
        at=MONDAY_NINE,
        result="缴清",
        paid_fen=7_500,
        receipt="R-1",
    )
    assert owed(row, "tell_request").due_at == MONDAY_NINE + 4 * HOURS
    assert held(cast) == {"world": -8_000, "box": 500, "person": 0, "utility": 7_500}
    with pytest.raises(Refused, match="交还要签名"):
        requests.close_request(
            actor=cast.actor("front"), record=row, at=MONDAY_NINE, collector=" ", signature=""
        )
    row = requests.close_request(
        actor=cast.actor("front"), record=row, at=MONDAY_NINE + HOURS, collector="钱女士", signature="钱女士"
    )
    assert (row.state, balance(site=cast.site), owed(row, "tell_request").state) == ("closed", 0, "met")
    assert [entry.purpose for entry in entries_of(subject=row)] == [
        "request", "request_carried", "request_paid", "request_back", "request",
    ]  # fmt: skip


@pytest.mark.rule("P-01")
def test_a_service_that_was_not_granted_gives_everything_back(cast: Cast) -> None:
    row = make_request(cast, kind="opening", cash_fen=None)
    row = requests.submit_request(
        actor=cast.actor("front"), record=row, at=MONDAY_NINE, runner=cast.assistant, signature="周"
    )
    row = requests.refuse_request(
        actor=cast.actor("assistant"), record=row, at=MONDAY_NINE, result="资料不全"
    )
    assert row.state == "refused"
    for asked in ({"kind": "prepaid"}, {"cash_fen": 0}):
        with pytest.raises((Refused, ValueError)):
            make_request(
                cast, **{"kind": "payment", **asked, **({"cash_fen": -5} if asked.get("kind") else {})}
            )
    with pytest.raises(Refused, match="不代办"):
        make_request(cast, kind="moving")
    assert Request.objects.count() == 1


@pytest.mark.rule("P-06")
def test_the_month_is_handed_in_on_its_day(cast: Cast) -> None:
    three(cast)
    batch = make_batch(cast, handed=True)
    for order, fen in zip(Order.objects.order_by("pk"), (20_000, 26_000, 10_000), strict=True):
        buy(cast, order, fen)
    bring_back(cast, batch, 4_000, 2)
    make_request(cast)
    window = window_of(year=2025, month=3, site=cast.site, at=MONDAY_NINE)
    assert (str(window.first), str(window.last)) == ("2025-03-01", "2025-03-28")
    found = month_figures(actor=cast.actor("supervisor"), window=window)
    assert (found.count, found.prepaid_fen, found.bought_fen, found.change_fen) == (3, 60_000, 56_000, 4_000)
    assert (found.batches, found.requests, found.waiting) == (1, 1, 3)
    with pytest.raises(Refused, match="统计日"):
        filing.file_month(actor=cast.actor("front"), year=2025, month=3, at=MONDAY_NINE)
    day = MONDAY_NINE + 25 * DAY
    filed = filing.file_month(actor=cast.actor("front"), year=2025, month=3, at=day, note="无差错")
    assert filed.content["figures"]["prepaid_fen"] == 60_000
    assert owed(filed.period, "prepaid_statistics").state == "met"
    with pytest.raises(Refused, match="理由"):
        filing.export_month(actor=cast.actor("head"), window=window, count=3, reason=" ", at=day)


@pytest.mark.rule("P-02", "P-05")
def test_what_the_desk_the_first_page_and_the_next_shift_are_told(cast: Cast) -> None:
    order = make_order(cast)
    front = cast.actor("front")
    assert asides.known(actor=front, household=order.household, now=MONDAY_NINE)[0].note == "YKB-1"
    assert asides.today(actor=front, now=MONDAY_NINE)[0].count == 1
    assert asides.of_home(order.household)[0].url_args == ("home-3-2-1802",)
    batch = make_batch(cast, handed=True)
    assert [one.text for one in asides.handed_on(site=cast.site, now=MONDAY_NINE)] == [
        f"{batch.number} 200.00"
    ]
    assert asides.today(actor=front, now=MONDAY_NINE) == []
    assert asides.known(actor=cast.actor("lobby"), household=order.household, now=MONDAY_NINE) == []


@pytest.mark.rule("P-02")
def test_who_may_what(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        orders.take_order(
            actor=cast.actor("lobby"), at=MONDAY_NINE, room=ROOMS[0], kind="gas", cash_fen=1, payer="钱"
        )
    order = make_order(cast)
    with pytest.raises(Conflict):
        orders.cancel_order(
            actor=cast.actor("front"),
            record=order,
            at=MONDAY_NINE,
            reason="x",
            collector="钱",
            signature="钱",
            seen=9,
        )
    assert find_order(actor=cast.actor("front"), pk=order.pk) == order
