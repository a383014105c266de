"""Through any sequence of prepayments, purchases, deposits and fees no fen comes from nowhere or goes nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.cash import (
    SATURDAY_NOON,
    let_desk_collect,
    make_batch,
    make_fee,
    make_order,
    make_request,
)
from tests.factories.cast import Cast, make_cast
from tests.factories.keys import SIGNED, fresh, lend_out, make_key

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.queries import balance, check_books
from yingsheng.kernel.custody.models import Item
from yingsheng.processes.fees.models import Handover
from yingsheng.processes.fees.services.handing import count_takings, receive_takings
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.services.lending import take_back
from yingsheng.processes.prepaid.models import Batch, Order, Request
from yingsheng.processes.prepaid.services import orders
from yingsheng.processes.prepaid.services.batches import take_batch_back

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["order", "batch", "bought", "not_bought", "back", "tell", "collect", "cancel", "request", "fee", "count",
             "lend", "return"]
        ),
        st.integers(1, 300),
    ),
    max_size=16,
)  # fmt: skip


class Day:
    """A desk that tries whatever it is told; what the rules refuse leaves no trace."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.at = SATURDAY_NOON
        let_desk_collect(cast)
        self.key = make_key(cast, at=self.at)

    def do(self, verb: str, number: int) -> None:
        """One step, a minute later."""
        self.at += timedelta(minutes=1)
        step: Callable[[int], Any] = getattr(self, verb if verb != "return" else "bring")
        before = balance(site=self.cast.site)
        try:
            with transaction.atomic():
                step(number)
        except Refused:
            assert balance(site=self.cast.site) == before

    def order(self, number: int) -> None:
        make_order(self.cast, at=self.at, cash_fen=number * 100, device=f"YKB-{self.at:%H%M}")

    def batch(self, _number: int) -> None:
        make_batch(self.cast, at=self.at, handed=True)

    def bought(self, number: int) -> None:
        self._on("carried", orders.record_bought, bought_fen=number * 70, receipt="D-1")

    def not_bought(self, _number: int) -> None:
        self._on("carried", orders.record_not_bought, reason="系统维护")

    def back(self, number: int) -> None:
        batch = Batch.objects.filter(state="carried").first()
        if batch is None:
            return
        lines = list(batch.lines.all())
        change = sum(one.change_fen for one in lines) + (number % 3 - 1) * 10  # now and then a wrong count
        take_batch_back(
            actor=self.cast.actor("front", self.at), record=batch, at=self.at, change_fen=max(change, 0),
            devices_back=sum(one.device_out for one in lines), back_signature=SIGNED, kept_signature=SIGNED,
        )  # fmt: skip

    def tell(self, _number: int) -> None:
        self._on("bought", orders.tell_home, way="phone")

    def collect(self, _number: int) -> None:
        self._on("told", orders.collect_order, collector="钱女士", signature=SIGNED, counted=True)

    def cancel(self, _number: int) -> None:
        self._on("ordered", orders.cancel_order, reason="不买了", collector="钱女士", signature=SIGNED)

    def request(self, number: int) -> None:
        make_request(self.cast, at=self.at, cash_fen=number * 10)

    def fee(self, number: int) -> None:
        make_fee(self.cast, at=self.at, amount_fen=number * 10)

    def count(self, _number: int) -> None:
        """What was taken goes to the cashier, in as few notes as it takes."""
        bag = Handover.objects.filter(state="collecting").first()
        if bag is None:
            return
        notes = {"n_10000": bag.fen // 10_000, "n_10": bag.fen % 10_000 // 10}
        bag = count_takings(
            actor=self.cast.actor("front", self.at),
            record=bag,
            at=self.at,
            signature=SIGNED,
            explanation="",
            **notes,
        )
        receive_takings(actor=self.cast.actor("cashier", self.at), record=bag, at=self.at, signature=SIGNED)

    def lend(self, number: int) -> None:
        lend_out(self.cast, self.key, at=self.at, deposit_fen=number * 100)

    def bring(self, number: int) -> None:
        loan = Loan.objects.filter(item=self.key, state="open").first()
        if loan is not None:
            take_back(
                actor=self.cast.actor("front", self.at), record=fresh(self.key), at=self.at, signature=SIGNED,
                refund_fen=min(number * 100, loan.deposit_fen), kept_reason="有损坏",
            )  # fmt: skip

    def _on(self, state: str, service: Callable[..., Any], **fields: Any) -> None:
        row = Order.objects.filter(state=state).order_by("pk").first()
        if row is not None:
            service(actor=self.cast.actor("front", self.at), record=row, at=self.at, **fields)


# every example rolls its own site back, so the one database serves them all
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.rule("P-02", "P-07", "O-06")
def test_no_fen_is_made_or_lost(db: None, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        cast = make_cast(code="fen")
        day = Day(cast)
        for verb, number in steps:
            day.do(verb, number)
            assert list(check_books(site=cast.site)) == []
        places = Place.objects.filter(site=cast.site)
        assert (places.aggregate(sum=Sum("balance_fen"))["sum"] or 0) == 0
        assert not places.exclude(kind__in=("world", "utility")).filter(balance_fen__lt=0).exists()
        _explained(cast)
        transaction.set_rollback(True)


def _explained(cast: Cast) -> None:
    """What the box holds is what the registers say it holds: each home's cash, deposits, errands, fees to hand over."""
    waiting = Order.objects.filter(site=cast.site, state__in=("ordered", "batched")).aggregate(
        sum=Sum("cash_fen")
    )
    back = Order.objects.filter(site=cast.site, batch=None, state__in=("bought", "told", "not_bought"))
    change = sum(one.change_fen if one.state != "not_bought" else one.cash_fen for one in back)
    asked = Request.objects.filter(site=cast.site, state="requested").aggregate(sum=Sum("cash_fen"))
    deposits = sum(
        one.deposit_fen if one.state == "open" else one.deposit_fen - one.refund_fen
        for one in Loan.objects.filter(site=cast.site)
    )
    fees = (
        Handover.objects.filter(site=cast.site).exclude(state="received").aggregate(sum=Sum("fen"))["sum"]
        or 0
    )
    assert balance(site=cast.site) == (waiting["sum"] or 0) + change + (asked["sum"] or 0) + deposits + fees
    assert (
        Item.objects.filter(site=cast.site, process="prepaid", state="out").count()
        == Order.objects.filter(site=cast.site, item__isnull=False, batch__state="carried").count()
    )
