"""Fees where the site lets the desk take them, the bag for the cashier, the box and its counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.cash import SATURDAY_NOON, let_desk_collect, make_count, make_fee, make_order
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.queries import balance, check_books
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.fees.models import Handover, Receipt
from yingsheng.processes.fees.process import asides
from yingsheng.processes.fees.process.words import purpose_words
from yingsheng.processes.fees.queries import find_count, month_figures, refused_by, window_of
from yingsheng.processes.fees.services import cashbox, handing, receipts

MINUTE = timedelta(minutes=1)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def bag_of(cast: Cast) -> Handover:
    return Handover.objects.filter(site=cast.site).latest("pk")


def owed(row: Any) -> Obligation:
    return Obligation.objects.get(
        subject_type=row._meta.label_lower, subject_id=row.pk, milestone="hand_to_cashier"
    )


def count(cast: Cast, *, at: datetime = MONDAY_NINE - 30 * MINUTE, **more: Any) -> Handover:
    asked: dict[str, Any] = {"n_10000": 3, "signature": "王前台", **more}
    return handing.count_takings(actor=cast.actor("front", at), record=bag_of(cast), at=at, **asked)


def receive(cast: Cast, *, at: datetime = MONDAY_NINE, who: str = "cashier") -> Handover:
    return handing.receive_takings(actor=cast.actor(who, at), record=bag_of(cast), at=at, signature="尤收银")


def held(cast: Cast) -> dict[str, int]:
    return dict(Place.objects.filter(site=cast.site).values_list("kind", "balance_fen"))


@pytest.mark.rule("O-01", "O-02")
def test_by_default_the_desk_takes_no_fees(cast: Cast) -> None:
    """CF-29: off by default; the refusal names the rule."""
    with pytest.raises(Refused, match="收费中心统一收") as refused:
        make_fee(cast)
    assert (refused.value.rule, refused.value.code) == ("O-02", "switched_off")
    assert balance(site=cast.site) == 0


@pytest.mark.rule("O-01")
def test_a_site_switches_it_on_by_its_preset(cast: Cast) -> None:
    before = SATURDAY_NOON - timedelta(days=1)
    adopt_preset(
        site=cast.site, preset="O/003-1-3.7", active_from=before, reason="节假日", by=None, at=before
    )  # fmt: skip
    assert refused_by(site=cast.site, at=SATURDAY_NOON) == ""
    assert make_fee(cast).number.startswith("DS-20250301-")


@pytest.mark.rule("O-01")
def test_while_the_cashier_is_at_work_the_home_goes_to_him(cast: Cast) -> None:
    let_desk_collect(cast)
    with pytest.raises(Refused, match="收银员正在上班"):
        make_fee(cast, at=MONDAY_NINE + timedelta(hours=1))
    override_parameter(
        site=cast.site, path="O-01.off_hours_only", value=False, active_from=MONDAY_NINE, reason="人手少", by=None,
        at=MONDAY_NINE,
    )  # fmt: skip
    make_fee(cast, at=MONDAY_NINE + timedelta(hours=1))


@pytest.mark.rule("O-06")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"method": "barter"}, "method"),
        ({"signature": " "}, "signature"),
        ({"room": "nowhere"}, "room"),
    ],
)
def test_a_receipt_lacks_nothing(cast: Cast, asked: dict[str, Any], field: str) -> None:
    let_desk_collect(cast)
    with pytest.raises(Refused) as refused:
        make_fee(cast, **asked)
    assert refused.value.field == field
    assert not Receipt.objects.exists()


@pytest.mark.rule("O-03", "O-06")
def test_a_holiday_fee_reaches_the_cashier_by_nine(cast: Cast) -> None:
    let_desk_collect(cast)
    receipt = make_fee(cast)
    bag = bag_of(cast)
    assert (bag.fen, bag.due_at, owed(bag).due_at) == (30_000, MONDAY_NINE, MONDAY_NINE)
    assert owed(bag).rule == "O-03"
    counted = count(cast)
    assert (counted.state, counted.counted_fen, balance(site=cast.site)) == ("counted", 30_000, 30_000)
    done = receive(cast)
    assert (done.state, done.is_late, done.cashier) == ("received", False, cast.cashier)
    assert held(cast) == {"world": -30_000, "box": 0, "cashier": 30_000}
    assert owed(bag).state == "met"
    assert Event.objects.filter(kind="fees.collected", subject_id=receipt.pk).count() == 1
    assert list(check_books(site=cast.site)) == []


@pytest.mark.rule("O-03", "O-06")
def test_a_minute_past_nine_is_late(cast: Cast) -> None:
    let_desk_collect(cast)
    make_fee(cast)
    count(cast, at=MONDAY_NINE)
    assert receive(cast, at=MONDAY_NINE + MINUTE).is_late
    assert owed(bag_of(cast)).state == "late"
    window = window_of(year=2025, month=3)
    found = month_figures(actor=cast.actor("supervisor"), window=window)
    assert (found.late, found.handovers, found.received_fen, found.taken_fen) == (1, 1, 30_000, 30_000)
    assert found.by_what == (("fee", 1, 30_000),)


@pytest.mark.rule("O-06")
@pytest.mark.parametrize(
    ("notes", "purpose", "box"),
    [({"n_10000": 2, "n_5000": 1}, "shortage", 0), ({"n_10000": 4}, "surplus", 0)],
)
def test_a_difference_is_explained_and_booked(
    cast: Cast, notes: dict[str, int], purpose: str, box: int
) -> None:
    let_desk_collect(cast)
    make_fee(cast)
    asked = {"n_10000": 0, **notes}
    with pytest.raises(Refused, match="请写明差额"):
        count(cast, **asked)
    count(cast, explanation="找错一张", **asked)
    bag = receive(cast)
    assert held(cast)["box"] == box
    assert held(cast)["cashier"] == bag.counted_fen
    assert purpose_words(code=purpose) != purpose
    assert sum(held(cast).values()) == 0
    assert list(check_books(site=cast.site)) == []


@pytest.mark.rule("O-06")
def test_the_cashier_may_ask_for_another_count_and_nobody_receives_his_own(cast: Cast) -> None:
    let_desk_collect(cast)
    make_fee(cast)
    count(cast)
    handing.send_back(
        actor=cast.actor("cashier"), record=bag_of(cast), at=MONDAY_NINE - 20 * MINUTE, reason="少一张"
    )
    assert bag_of(cast).state == "collecting"
    handing.count_takings(
        actor=cast.actor("head"), record=bag_of(cast), at=MONDAY_NINE - 10 * MINUTE, signature="陈", n_10000=3
    )
    with pytest.raises(Refused, match="不能是同一个人"):
        receive(cast, who="head")
    with pytest.raises(Forbidden):
        receive(cast, who="front")
    make_fee(cast, at=MONDAY_NINE - 90 * MINUTE)
    first = Handover.objects.earliest("pk")
    with pytest.raises(Refused, match="下一批"):
        handing.send_back(actor=cast.actor("cashier"), record=first, at=MONDAY_NINE, reason="少一张")
    with pytest.raises(Refused, match="双方都要签名"):
        handing.receive_takings(actor=cast.actor("cashier"), record=first, at=MONDAY_NINE, signature=" ")


@pytest.mark.rule("O-06")
def test_a_receipt_is_voided_with_its_reason_and_the_cash_goes_back(cast: Cast) -> None:
    let_desk_collect(cast)
    row = make_fee(cast)
    with pytest.raises(Refused, match="写明原因"):
        receipts.void_receipt(actor=cast.actor("front"), record=row, at=MONDAY_NINE, reason=" ")
    receipts.void_receipt(actor=cast.actor("front"), record=row, at=SATURDAY_NOON, reason="重复收")
    assert (fresh(row).state, balance(site=cast.site), bag_of(cast).fen) == ("voided", 0, 0)
    count(cast, n_10000=0)
    receive(cast)
    late = make_fee(cast, at=MONDAY_NINE + timedelta(hours=12))
    assert bag_of(cast).due_at == MONDAY_NINE + timedelta(days=1)
    count(cast, at=MONDAY_NINE + timedelta(hours=13))
    receive(cast, at=MONDAY_NINE + timedelta(hours=23))
    receipts.void_receipt(
        actor=cast.actor("front"), record=late, at=MONDAY_NINE + timedelta(days=1), reason="多收"
    )
    assert held(cast) == {"world": 0, "box": 0, "cashier": 0}


@pytest.mark.rule("O-06")
def test_other_ways_of_paying_leave_the_box_alone(cast: Cast) -> None:
    let_desk_collect(cast)
    row = make_fee(cast, method="wechat")
    assert (balance(site=cast.site), Handover.objects.count()) == (0, 0)
    receipts.void_receipt(actor=cast.actor("front"), record=row, at=SATURDAY_NOON, reason="付错")
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.update(reason="", state="voided")


@pytest.mark.rule("O-05")
def test_finance_is_told_what_reached_the_cashier(cast: Cast) -> None:
    before = SATURDAY_NOON - timedelta(days=40)
    accountant = org.hire(site=cast.site, username="acc", name="施财务", password=None, by=None, at=before)
    org.appoint(staff=accountant, site=cast.site, role="FINANCE", department=None, by=None, at=before)
    let_desk_collect(cast)
    make_fee(cast)
    count(cast)
    receive(cast)
    assert Message.objects.get(to_staff=accountant).rule == "O-05"


@pytest.mark.rule("O-06", "P-02")
def test_the_box_is_counted_and_a_difference_settled_once(cast: Cast) -> None:
    make_order(cast)
    with pytest.raises(Refused, match="请写明差额"):
        cashbox.count_box(actor=cast.actor("front"), at=MONDAY_NINE, purpose="day", n_10000=1)
    with pytest.raises(Refused, match="场合"):
        cashbox.count_box(actor=cast.actor("front"), at=MONDAY_NINE, purpose="handover", n_10000=2)
    row = cashbox.count_box(
        actor=cast.actor("front"),
        at=MONDAY_NINE,
        purpose="day",
        n_10000=1,
        n_5000=1,
        explanation="少一张五十",
    )
    found = find_count(actor=cast.actor("front"), pk=row.pk)
    assert found is not None
    assert found.state == "different"  # type: ignore[attr-defined]
    with pytest.raises(Forbidden):
        cashbox.settle_difference(actor=cast.actor("front"), record=row, at=MONDAY_NINE, reason="赔付")
    cashbox.settle_difference(
        actor=cast.actor("supervisor"), record=row, at=MONDAY_NINE + MINUTE, reason="赔付"
    )
    assert balance(site=cast.site) == 15_000
    with pytest.raises(Refused):
        cashbox.settle_difference(
            actor=cast.actor("supervisor"), record=row, at=MONDAY_NINE + 2 * MINUTE, reason="再来"
        )
    make_count(cast, at=MONDAY_NINE + 3 * MINUTE)
    assert list(check_books(site=cast.site)) == []


@pytest.mark.rule("O-06")
def test_a_shift_does_not_go_before_the_box_is_counted(cast: Cast) -> None:
    since = MONDAY_NINE - timedelta(hours=1)
    assert asides.must_settle(site=cast.site, since=since, now=MONDAY_NINE) == []
    assert asides.handed_on(site=cast.site, now=MONDAY_NINE) == []
    make_order(cast)
    assert len(asides.must_settle(site=cast.site, since=since, now=MONDAY_NINE)) == 1
    # the night's repairers keep no box, the desk does
    for roles, told in (({"WORKER"}, 0), ({"WORKER", "FRONT_DESK"}, 1)):
        found = asides.must_settle(site=cast.site, since=since, now=MONDAY_NINE, roles=roles)
        assert len(found) == told
    assert asides.handed_on(site=cast.site, now=MONDAY_NINE)[0].text.startswith("200.00")
    make_count(cast, at=MONDAY_NINE + MINUTE)
    assert asides.must_settle(site=cast.site, since=since, now=MONDAY_NINE + MINUTE) == []
    # the next shift finds money in the box, and counts it too
    assert asides.must_settle(site=cast.site, since=MONDAY_NINE + 2 * MINUTE, now=MONDAY_NINE + 3 * MINUTE)


@pytest.mark.rule("O-03")
def test_the_first_page_tells_desk_and_cashier_what_is_owed(cast: Cast) -> None:
    let_desk_collect(cast)
    make_fee(cast)
    front, cashier = cast.actor("front"), cast.actor("cashier")
    assert asides.today(actor=front, now=MONDAY_NINE)[0].count == 1
    assert asides.today(actor=cashier, now=MONDAY_NINE) == []
    count(cast)
    assert asides.today(actor=cashier, now=MONDAY_NINE)[0].count == 1
    assert asides.today(actor=front, now=MONDAY_NINE) == []
