"""Prepaid orders and purchases, requests, fees, handovers and counts, made by the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.kernel.cash.models import Count, Entry
from yingsheng.kernel.cash.queries import balance
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.fees.models import Handover, Receipt
from yingsheng.processes.fees.services.cashbox import count_box
from yingsheng.processes.fees.services.receipts import collect_fee
from yingsheng.processes.prepaid.models import Batch, Order, Request
from yingsheng.processes.prepaid.process.books import STOCKTAKES
from yingsheng.processes.prepaid.services.batches import hand_batch_over, prepare_batch
from yingsheng.processes.prepaid.services.orders import take_order
from yingsheng.processes.prepaid.services.requests import take_request

# Saturday noon before the examples: the cashier is away
SATURDAY_NOON = datetime.fromisoformat("2025-03-01T12:00:00+08:00")


def make_order(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Order:
    """A home prepays electricity and leaves its panel."""
    values: dict[str, Any] = {
        "room": "3-2-1802", "kind": "electricity", "cash_fen": 20_000, "payer": "钱女士", "device": "YKB-1",
    }  # fmt: skip
    return take_order(actor=cast.actor("front", at), at=at, **{**values, **fields})


def make_batch(cast: Cast, *, at: datetime = MONDAY_NINE, handed: bool = False) -> Batch:
    """Everything that waits, with the assistant who buys it."""
    batch = prepare_batch(actor=cast.actor("front", at), at=at, purchaser=cast.assistant)
    if not handed:
        return batch
    return hand_batch_over(
        actor=cast.actor("front", at), record=batch, at=at, given_signature="王前台", taken_signature="周助理"
    )


def make_request(cast: Cast, *, at: datetime = MONDAY_NINE, **fields: Any) -> Request:
    """A home asks us to pay its gas bill."""
    values: dict[str, Any] = {
        "room": "3-2-1802", "kind": "payment", "utility": "燃气公司", "requested_by_name": "钱女士",
        "cash_fen": 8_000, "papers": "缴费通知单",
    }  # fmt: skip
    return take_request(actor=cast.actor("front", at), at=at, **{**values, **fields})


def let_desk_collect(cast: Cast, *, at: datetime = SATURDAY_NOON - timedelta(days=30)) -> None:
    """The site switches proxy fees on (CF-29)."""
    override_parameter(
        site=cast.site, path="O-01.desk_collects", value=True, reason="节假日代收", by=cast.head, at=at,
        active_from=at,
    )  # fmt: skip


def make_fee(cast: Cast, *, at: datetime = SATURDAY_NOON, **fields: Any) -> Receipt:
    """A home pays its management fee on a Saturday; the site must have switched it on."""
    values: dict[str, Any] = {
        "room": "3-2-1802", "item": "property", "period": "2025-02", "amount_fen": 30_000, "method": "cash",
        "payer": "钱女士", "signature": "钱女士",
    }  # fmt: skip
    return collect_fee(actor=cast.actor("front", at), at=at, **{**values, **fields})


def make_count(cast: Cast, *, at: datetime = MONDAY_NINE) -> Count:
    """The box counted by its book."""
    held = balance(site=cast.site)
    notes = {"n_10000": held // 10_000, "n_10": held % 10_000 // 10}
    return count_box(actor=cast.actor("front", at), at=at, purpose="day", **notes)


def make_cash_records(cast: Cast) -> dict[str, Any]:
    """One of each register of cash."""
    let_desk_collect(cast)
    receipt, order = make_fee(cast), make_order(cast)
    return {
        "fee_receipts": receipt, "prepaid_orders": order, "prepaid_batches": make_batch(cast),
        "utility_requests": make_request(cast), "cashier_handovers": Handover.objects.get(site=cast.site),
        "prepaid_stocktakes": STOCKTAKES.make(actor=cast.actor("front"), at=MONDAY_NINE),  # type: ignore[misc]
        "cash_counts": make_count(cast), "cash_entries": Entry.objects.filter(site=cast.site).latest("number"),
    }  # fmt: skip


def make_more_cash(cast: Cast) -> None:
    """Several more of each."""
    for number in range(5):
        make_fee(cast, amount_fen=1_000 + 10 * number)
        make_order(cast, device=f"YKB-2{number}")
        make_request(cast, cash_fen=100 + 10 * number)
        make_count(cast, at=MONDAY_NINE + timedelta(minutes=number))
