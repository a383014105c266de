"""Closing: deposit and signature, the purchaser, the unit, who sees to the formalities (J-24, J-25, J-11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project
from tests.factories.sales_deals import (
    NAME,
    close_deal,
    make_deal,
    make_rate,
    pay,
    registered_visit,
    sign,
)

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.salesdesk.models import CommissionLine, Deal
from yingsheng.processes.salesdesk.queries.deals import unit_words
from yingsheng.processes.salesdesk.services import deals

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def promised(deal: Deal) -> list[tuple[str, str]]:
    rows = Obligation.objects.filter(subject_type="salesdesk.deal", subject_id=deal.pk).order_by("pk")
    return [(one.state, one.responsible_staff.name if one.responsible_staff else "") for one in rows]


@pytest.mark.rule("J-24")
def test_a_deposit_without_a_signature_is_no_closing(cast: Cast) -> None:
    """T-J49."""
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project), closed=False)
    deal = pay(cast, deal)
    assert (deal.state, deal.closed_day, deal.commission_fen) == ("open", None, None)
    assert not CommissionLine.objects.exists()
    assert Event.objects.filter(kind="salesdesk.deposited").count() == 1
    later = MONDAY_NINE + 2 * DAY
    deal = sign(cast, deal, at=later)
    assert (deal.state, str(deal.closed_day), deal.commission_fen) == ("closed", "2025-03-05", 1_200_000)
    assert Event.objects.filter(kind="salesdesk.deal_closed").count() == 1
    assert not Event.objects.filter(kind="salesdesk.signed").exists()


@pytest.mark.rule("J-24")
def test_the_order_of_the_two_does_not_matter(cast: Cast) -> None:
    project = make_project(cast)
    deal = make_deal(cast, registered_visit(cast, project), closed=False)
    assert sign(cast, deal).state == "open"
    assert Event.objects.filter(kind="salesdesk.signed").count() == 1
    deal = pay(cast, deal, at=MONDAY_NINE + DAY)
    assert (deal.state, str(deal.closed_day)) == ("closed", "2025-03-04")


@pytest.mark.rule("J-24")
def test_a_site_may_count_the_deposit_alone(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="J-24.deposit_and_signature", value=False, active_from=MONDAY_NINE - 9 * DAY,
        reason="旧办法", by=None, at=MONDAY_NINE - 9 * DAY,
    )  # fmt: skip
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project), closed=False)
    with pytest.raises(Refused) as refused:
        pay(cast, deal, at=MONDAY_NINE + 3 * DAY)
    assert refused.value.field == "purchaser"
    deal = pay(cast, deal, at=MONDAY_NINE + 3 * DAY, purchaser=NAME)
    assert (deal.state, str(deal.closed_day)) == ("closed", "2025-03-06")
    # it was signed earlier, entered later: the first of both counts, and the deal is not closed again
    deal = sign(cast, deal, at=MONDAY_NINE + 4 * DAY, day=(MONDAY_NINE + DAY).date())
    assert str(deal.closed_day) == "2025-03-04"
    assert Event.objects.filter(kind="salesdesk.deal_closed").count() == 1
    assert sum(CommissionLine.objects.values_list("fen", flat=True)) == deal.commission_fen


@pytest.mark.rule("J-25", "J-27")
def test_the_purchaser_stands_whoever_has_it_later(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project))
    lines = list(CommissionLine.objects.values_list("pk", flat=True))
    actor = cast.actor("agent_b")
    deal = deals.transfer_privately(actor=actor, record=deal, at=MONDAY_NINE, name="许远")
    assert (deal.purchaser, deal.transferred_to, deal.owner) == (NAME, "许远", cast.agent_b)
    assert [one["rule"] for one in deal.decision["steps"] if one["rule"] == "J-25"] == ["J-25"]
    assert list(CommissionLine.objects.values_list("pk", flat=True)) == lines
    with pytest.raises(Refused, match="申请") as refused:
        sign(cast, deal, purchaser="许远")
    assert (refused.value.rule, refused.value.code) == ("J-27", "must_apply")
    with pytest.raises(Refused):
        deals.transfer_privately(actor=actor, record=deal, at=MONDAY_NINE, name=NAME)


@pytest.mark.rule("J-24")
def test_a_unit_is_sold_once(cast: Cast) -> None:
    project = make_project(cast)
    first = registered_visit(cast, project)
    other = registered_visit(cast, project, name="沈月", phone="13900002222", receiver="agent_c")
    waiting = make_deal(cast, other, closed=False)
    make_deal(cast, first, unit="3栋2单元1802")
    with pytest.raises(Refused, match="不能再卖一次"):
        close_deal(cast, waiting)
    with pytest.raises(Refused, match="不能再卖一次"):
        make_deal(cast, other, unit="3 - 2 - 1802")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=waiting.pk).update(state="closed", closed_day="2025-03-03", purchaser="沈月")
    assert unit_words(text="三栋二单元一八零二") == unit_words(text="3-2-1802") == "3栋2单元1802"
    assert unit_words(text="  车位  A 12 ") == "车位 A 12"


@pytest.mark.rule("J-11", "J-12", "J-18")
def test_the_formalities_are_promised_by_whose_customer_it_is(cast: Cast) -> None:
    project = make_project(cast)
    visit = registered_visit(cast, project, original="agent_a")  # A is away, B helps
    deal = make_deal(cast, visit)
    assert (deal.outcome, deal.formalities, deal.closer) == ("helped", cast.agent_a, cast.agent_b)
    assert promised(deal) == [("armed", cast.agent_a.name)]
    with pytest.raises(Refused) as refused:
        deals.finish_formalities(actor=cast.actor("agent_b"), record=deal, at=MONDAY_NINE + DAY)
    assert refused.value.code == "not_his"
    deals.finish_formalities(actor=cast.actor("agent_a"), record=deal, at=MONDAY_NINE + DAY)
    assert promised(deal) == [("met", cast.agent_a.name)]
    with pytest.raises(Refused):
        deals.finish_formalities(actor=cast.actor("sales_manager"), record=deal, at=MONDAY_NINE + DAY)


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"visit": "JD-0"}, "visit"), ({"unit": " "}, "unit"), ({"price_fen": 0}, "price_fen"),
        ({"closer": "front"}, "closer"),
    ],
)  # fmt: skip
def test_a_deal_lacks_nothing(cast: Cast, asked: dict[str, Any], field: str) -> None:
    project = make_project(cast)
    visit = registered_visit(cast, project)
    values: dict[str, Any] = {"visit": visit.number, "unit": "1", "price_fen": 1, **asked}
    if "closer" in asked:
        values["closer"] = cast.staff[asked["closer"]]
    with pytest.raises(Refused) as refused:
        deals.open_deal(actor=cast.actor("agent_b"), at=MONDAY_NINE, **values)
    assert refused.value.field == field
    assert not Deal.objects.exists()


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"deposit_fen": 0}, "deposit_fen"), ({"deposit_fen": 100_000_001}, "deposit_fen"),
        ({"receipt": " "}, "receipt"),
        ({"day": (MONDAY_NINE + DAY).date()}, "day"), ({"day": (MONDAY_NINE - DAY).date()}, "day"),
    ],
)  # fmt: skip
def test_a_deposit_lacks_nothing(cast: Cast, asked: dict[str, Any], field: str) -> None:
    deal = make_deal(cast, registered_visit(cast, make_project(cast)), closed=False)
    with pytest.raises(Refused) as refused:
        pay(cast, deal, **asked)
    assert refused.value.field == field


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("asked", "field"), [({"purchaser": " "}, "purchaser"), ({"signature": ""}, "signature")]
)
def test_a_subscription_lacks_nothing(cast: Cast, asked: dict[str, Any], field: str) -> None:
    deal = make_deal(cast, registered_visit(cast, make_project(cast)), closed=False)
    with pytest.raises(Refused) as refused:
        sign(cast, deal, **asked)
    assert refused.value.field == field


@pytest.mark.rule("J-24")
def test_who_really_closes_is_named_before_it_is_closed(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project), by="sales_manager", closed=False)
    assert deal.closer == cast.agent_b  # who received, where the manager enters it
    pay(cast, deal, closer=cast.agent_c)
    deal = sign(cast, deal)
    assert deal.closer == cast.agent_c
    assert set(deal.present) == {cast.agent_a.pk, cast.agent_b.pk, cast.agent_c.pk}
    with pytest.raises(Refused):
        pay(cast, deal)


@pytest.mark.rule("J-24")
def test_what_is_closed_only_the_manager_cancels(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project))
    with pytest.raises(Refused) as refused:
        deals.cancel_deal(actor=cast.actor("agent_b"), record=deal, at=MONDAY_NINE, reason="退房")
    assert refused.value.code == "not_manager"
    manager = cast.actor("sales_manager")
    with pytest.raises(Refused):
        deals.cancel_deal(actor=manager, record=deal, at=MONDAY_NINE, reason=" ")
    with pytest.raises(Conflict):
        deals.cancel_deal(actor=manager, record=deal, at=MONDAY_NINE, reason="退房", seen=1)
    with pytest.raises(Forbidden):
        deals.cancel_deal(actor=cast.actor("front"), record=deal, at=MONDAY_NINE, reason="退房")
    later = MONDAY_NINE + 40 * DAY
    deal = deals.cancel_deal(actor=manager, record=deal, at=later, reason="退房")
    assert [(one.fen, str(one.day)) for one in CommissionLine.objects.order_by("pk")] == [
        (1_200_000, "2025-03-03"), (-1_200_000, "2025-04-12"),
    ]  # fmt: skip
    assert promised(deal) == [("void", cast.agent_b.name)]
    # the unit may be sold again
    assert (
        make_deal(cast, registered_visit(cast, project, name="沈月", phone="13900002222")).state == "closed"
    )
