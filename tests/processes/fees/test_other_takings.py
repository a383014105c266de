"""What was paid in cash for a service lies in the box too (O-04); a shift counts the box before it goes (O-06)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cash import let_desk_collect, make_count, make_fee, make_order
from tests.factories.cast import MONDAY_NINE, PASSWORD, Cast, make_cast
from tests.factories.duty import at, begin, hand, make_desk, prepare
from tests.processes.story import later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cash.models import Place
from yingsheng.kernel.cash.queries import balance
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.fees.models import Handover, Taking
from yingsheng.processes.fees.services import handing
from yingsheng.processes.services.services import money
from yingsheng.processes.services.services.intake import register_service


def service(cast: Cast) -> Case:
    return register_service(
        site=cast.site, caller=cast.caller(0), by=cast.front, at=later(0), item="家政保洁", channel="phone",
        first_date=later(0).date(), fee_fen=12_000,
    )  # fmt: skip


def pay(cast: Cast, case: Case, **more: Any) -> None:
    money.charge(
        **{
            "case": case, "by": cast.front, "at": MONDAY_NINE, "method": "cash", "payer": "钱女士",
            "signed_by": "钱女士", **more,
        }
    )  # fmt: skip


def give_back(cast: Cast, case: Case, days: float) -> None:
    money.pay_back(
        case=Case.objects.get(pk=case.pk), by=cast.front, at=MONDAY_NINE + timedelta(days=days), amount_fen=12_000,
        method="cash", payer="钱女士", reason="没有上门",
    )  # fmt: skip


@pytest.mark.rule("O-03", "O-04", "S-04", "S-05")
def test_a_service_paid_in_cash_is_owed_to_the_cashier(cast: Cast) -> None:
    case = service(cast)
    pay(cast, case)
    bag = Handover.objects.get()
    assert (balance(site=cast.site), bag.fen, bag.due_at) == (12_000, 12_000, MONDAY_NINE + timedelta(days=1))
    assert Taking.objects.get().payment == Payment.objects.get()
    assert Event.objects.filter(kind="fees.taken", rule="O-04").count() == 1
    give_back(cast, case, 0.1)
    assert (balance(site=cast.site), Handover.objects.get().fen) == (0, 0)


@pytest.mark.rule("O-04")
def test_what_the_cashier_has_by_now_is_given_back_by_him(cast: Cast) -> None:
    case = service(cast)
    pay(cast, case)
    bag = handing.count_takings(
        actor=cast.actor("front"),
        record=Handover.objects.get(),
        at=MONDAY_NINE,
        signature="王",
        n_10000=1,
        n_2000=1,
    )
    handing.receive_takings(actor=cast.actor("cashier"), record=bag, at=MONDAY_NINE, signature="尤")
    give_back(cast, case, 1)
    held = dict(Place.objects.values_list("kind", "balance_fen"))
    assert held == {"world": 0, "box": 0, "cashier": 0}


@pytest.mark.rule("O-04")
def test_other_ways_of_paying_and_a_site_that_says_so_keep_it_out_of_the_box(cast: Cast) -> None:
    pay(cast, service(cast), method="wechat")
    override_parameter(
        site=cast.site, path="O-04.into_box", value=False, active_from=MONDAY_NINE, reason="财务直收", by=None,
        at=MONDAY_NINE,
    )  # fmt: skip
    pay(cast, service(cast))
    assert not Taking.objects.exists()


@pytest.mark.rule("O-03")
def test_a_site_may_owe_only_fees_by_nine(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="O-03.other_takings_same", value=False, active_from=MONDAY_NINE - timedelta(days=9),
        reason="另有规定", by=None, at=MONDAY_NINE - timedelta(days=9),
    )  # fmt: skip
    pay(cast, service(cast))
    promises = Obligation.objects.filter(milestone="hand_to_cashier")
    assert not promises.exists()
    let_desk_collect(cast, at=MONDAY_NINE - timedelta(days=9))
    make_fee(cast, at=MONDAY_NINE + timedelta(hours=12))
    assert promises.get().due_at == MONDAY_NINE + timedelta(days=1)


@pytest.mark.rule("O-06")
def test_a_handover_of_the_shift_waits_for_the_count(db: None) -> None:
    cast = make_cast(homes=2, password=PASSWORD)
    make_desk(cast=cast)
    page = begin(cast, "front", at(7, 55))
    make_order(cast, at=at(10))
    page = prepare(cast, page, "front", at(15, 45))
    with pytest.raises(Refused, match="重要的事没有办完"):
        hand(cast, page, "front", "assistant", at(15, 58))
    make_count(cast, at=at(15, 50))
    hand(cast, page, "front", "assistant", at(15, 58))
