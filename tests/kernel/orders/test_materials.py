"""What is taken for an order and what comes back of it; who is there to be given work."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.processes.repairs.story import all_day, later, ordered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.charges.services import end_price, set_price
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.orders.materials import return_material, use_material
from yingsheng.kernel.orders.models import Material, WorkerProfile
from yingsheng.kernel.orders.queries import crew, list_mine, list_pool, on_shift, visible_orders
from yingsheng.kernel.orders.services import accept_order, issue_order
from yingsheng.kernel.org.access import Forbidden


@pytest.mark.rule("R-08")
def test_material_is_priced_by_the_list_and_comes_back_no_more_than_taken(cast: Cast):
    set_price(
        actor=cast.actor("supervisor"), at=MONDAY_NINE, kind="material", code="m-01", name="角阀", unit="个",
        price_fen=3500,
    )  # fmt: skip
    engineer = cast.actor("engineer")
    order = ordered(cast)
    with pytest.raises(Refused, match="签收之后"):
        use_material(order=order, actor=engineer, at=later(0.4), lines="角阀 × 2")
    order = accept_order(order=order, actor=engineer, at=later(0.5))
    use_material(order=order, actor=engineer, at=later(0.6), lines="角阀 × 2\nM-01 × 1\n胶带 × 1 @ 5")
    rows = list(Material.objects.order_by("pk").values_list("name", "quantity", "price_fen"))
    assert rows == [("角阀", Decimal(2), 3500), ("角阀", Decimal(1), 3500), ("胶带", Decimal(1), 500)]
    return_material(order=order, actor=engineer, at=later(1), name="角阀", quantity="2.5")
    assert [row.returned for row in Material.objects.filter(name="角阀").order_by("pk")] == [
        Decimal(2), Decimal("0.5"),
    ]  # fmt: skip
    for quantity in ("0.51", "0", "-1", "x", "0.001", "nan"):
        with pytest.raises(Refused) as caught:
            return_material(order=order, actor=engineer, at=later(1.1), name="角阀", quantity=quantity)
        assert caught.value.field == "quantity"
    assert Event.objects.filter(kind="orders.material_returned").count() == 1
    with pytest.raises(Refused) as caught:
        use_material(order=order, actor=engineer, at=later(1.2), lines="角阀 × 1\n弯头 × 2")
    assert (caught.value.params["line"], caught.value.field) == (2, "lines")


@pytest.mark.rule("R-08")
def test_a_new_price_takes_the_place_of_the_old_one_and_both_stay_readable(cast: Cast):
    supervisor = cast.actor("supervisor")
    asked = {"actor": supervisor, "kind": "labour", "code": "L-01", "name": "换锁芯", "unit": "把"}
    first = set_price(at=MONDAY_NINE, price_fen=6000, **asked)
    second = set_price(at=later(1), price_fen=6500, **asked)
    first.refresh_from_db()
    assert (first.active_to, second.active_to) == (later(1), None)
    with pytest.raises(Refused, match="同名"):
        set_price(at=later(2), price_fen=1, **{**asked, "code": "L-02"})
    end_price(actor=supervisor, item=second, at=later(3))
    with pytest.raises(Refused):
        end_price(actor=supervisor, item=second, at=later(4))
    with pytest.raises(Forbidden):
        set_price(at=later(5), price_fen=1, **{**asked, "actor": cast.actor("engineer")})


@pytest.mark.rule("R-11")
@pytest.mark.parametrize(
    ("begins", "ends", "hour", "here"),
    [
        (time(8), time(20), 9, True),
        (time(8), time(20), 20, False),
        (time(20), time(8), 9, False),
        (time(20), time(8), 21, True),
        (time(20), time(8), 31, True),  # seven in the morning of a Tuesday belongs to Monday's night
        (time(0), time(0), 9, True),
    ],
)
def test_a_shift_has_its_first_moment_and_not_its_last_and_may_cross_midnight(
    begins: time, ends: time, hour: int, here: bool
):
    profile = WorkerProfile(trades=["water"], shift_from=begins, shift_to=ends, weekdays=[0])
    at = MONDAY_NINE - timedelta(hours=9) + timedelta(hours=hour)
    assert on_shift(profile=profile, at=at) is here
    profile.away_until = at + timedelta(minutes=1)
    assert not on_shift(profile=profile, at=at)


@pytest.mark.rule("R-11")
def test_the_crew_knows_its_load_and_everybody_sees_what_is_his(cast: Cast):
    all_day(cast, "engineer", "water")
    order = ordered(cast)
    pooled = issue_order(case=order.case, by=cast.front, at=later(1), trade="water", task="补一处")
    found = {one.id: one for one in crew(site=cast.site, at=later(1))}
    assert found[cast.engineer.pk].open_orders == 1
    assert [one.pk for one in list_mine(actor=cast.actor("engineer"))] == [order.pk]
    assert [one.pk for one in list_pool(actor=cast.actor("engineer"))] == [pooled.pk]
    assert not list_pool(actor=cast.actor("engineer"), trades=["lift"]).exists()
    assert not visible_orders(actor=cast.actor("lobby")).filter(pk=pooled.pk).exists()


@pytest.mark.rule("R-05")
def test_the_database_itself_refuses_an_order_at_work_without_a_worker(cast: Cast):
    from django.db import IntegrityError, transaction

    order = ordered(cast)
    for wrong in ({"state": "working", "worker": None}, {"state": "void"}, {"state": "done"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(order).objects.filter(pk=order.pk).update(**wrong)
