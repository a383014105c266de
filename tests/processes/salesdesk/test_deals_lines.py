"""The lines of a deal follow its decision: shares to the fen, snatching and its fine, taken back and written anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project
from tests.factories.sales_deals import make_deal, make_rate, pay, registered_visit, sign

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.processes.salesdesk.models import CommissionLine, Deal
from yingsheng.processes.salesdesk.services import deals
from yingsheng.processes.salesdesk.services.deciding import rule_on, settle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PRICE = 100_000_000  # 1.2 per cent of it are 12,000 yuan


def told(deal: Deal) -> list[tuple[str, str, int, str]]:
    """(whose, what for, fen, rule) of the lines that stand."""
    rows = CommissionLine.objects.filter(deal=deal, takes_back__isnull=True, taken_back_by__isnull=True)
    return [
        (one.agent.name if one.agent else "", one.sort, one.fen, one.rule)
        for one in rows.select_related("agent").order_by("pk")
    ]


def ruled(cast: Cast, deal: Deal, *shares: tuple[str, int], at: Any = MONDAY_NINE + DAY, **more: Any) -> Deal:
    """The sales manager decides; the owner is who has the greatest share."""
    owner = max(shares, key=lambda one: one[1])[0]
    rule_on(
        actor=cast.actor("sales_manager", at), visit=deal.visit, deal=deal, at=at, owner=cast.staff[owner],
        shares=[(cast.staff[name], percent) for name, percent in shares], reason="听了双方的说明", **more,
    )  # fmt: skip
    return Deal.objects.get(pk=deal.pk)


@pytest.mark.rule("J-11", "J-19")
def test_help_for_an_absent_colleague_is_parted_to_the_fen(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project, percent="0.101")
    # 0.101 % of 999.01 yuan is one yuan and one fen: 101
    deal = make_deal(cast, registered_visit(cast, project, original="agent_a"), price_fen=99_901)
    deal.refresh_from_db()
    assert deal.commission_fen == 101
    assert told(deal) == [("华二", "commission", 20, "J-19"), ("严一", "commission", 81, "J-19")]
    assert {one.article for one in deal.lines.all()} == {"004 篇1 第13条"}


@pytest.mark.rule("J-23")
def test_the_odd_fen_of_a_half_is_the_closers(cast: Cast) -> None:
    """T-J16: unaware, closed on day 25, found two days later."""
    project = make_project(cast)
    make_rate(cast, project, kind="fixed", percent="", fixed_fen=101)
    found_on = (MONDAY_NINE + 2 * DAY).date()
    visit = registered_visit(
        cast, project, original="agent_a", days_before=25, noticed="after", found_on=found_on
    )
    deal = make_deal(cast, visit)
    assert told(deal) == [("华二", "commission", 51, "J-23"), ("严一", "commission", 50, "J-23")]


@pytest.mark.rule("J-20", "J-34")
def test_snatching_has_neither_commission_nor_fine_before_the_ruling(cast: Cast) -> None:
    """T-J52: a fine of 600 yuan is out of bounds."""
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project, original="agent_a", present=["agent_a"], went_on=True)
    deal = make_deal(cast, visit)
    assert (deal.outcome, deal.needs_ruling, deal.formalities) == ("snatched", True, None)
    manager = cast.actor("sales_manager")
    assert not deals.may_finish(actor=manager, record=deal)
    with pytest.raises(Refused) as refused:
        deals.finish_formalities(actor=manager, record=deal, at=MONDAY_NINE)
    assert refused.value.code == "not_ruled"
    assert told(deal) == []
    for fine in (60_000, 19_999, None):
        with pytest.raises(Refused) as refused:
            ruled(cast, deal, ("agent_a", 100), fine_fen=fine, heir=cast.agent_a)
        assert (refused.value.field, refused.value.rule) == ("fine_fen", "J-20")
    assert told(deal) == []
    deal = ruled(cast, deal, ("agent_a", 100), fine_fen=50_000, heir=cast.agent_a)
    assert told(deal) == [("严一", "cancelled", 1_200_000, "J-34"), ("华二", "fine", -50_000, "J-20")]
    assert deal.formalities == cast.agent_a
    # a later ruling goes before it: the company gets it, a lesser fine
    deal = ruled(cast, deal, ("agent_a", 100), at=MONDAY_NINE + 3 * DAY, fine_fen=20_000, heir=None)
    assert told(deal) == [("", "cancelled", 1_200_000, "J-34"), ("华二", "fine", -20_000, "J-20")]
    assert sum(one.fen for one in deal.lines.all()) == 1_200_000 - 20_000
    assert {str(one.day) for one in deal.lines.filter(takes_back__isnull=False)} == {"2025-03-06"}


@pytest.mark.rule("J-20")
@pytest.mark.parametrize("heir", ["agent_b"])
def test_a_snatched_commission_never_goes_back_to_the_snatcher(cast: Cast, heir: str) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project, original="agent_a", present=["agent_a"], went_on=True)
    deal = make_deal(cast, visit)
    with pytest.raises(Refused) as refused:
        ruled(cast, deal, ("agent_a", 100), fine_fen=30_000, heir=cast.staff[heir])
    assert refused.value.field == "heir"


@pytest.mark.rule("J-28")
def test_a_ruling_takes_lines_back_and_writes_its_own(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project, original="agent_a"))
    assert [one[2] for one in told(deal)] == [240_000, 960_000]
    later = MONDAY_NINE + 40 * DAY
    deal = ruled(cast, deal, ("agent_b", 50), ("agent_a", 30), ("agent_c", 20), at=later)
    assert told(deal) == [
        ("华二", "commission", 600_000, "J-28"), ("严一", "commission", 360_000, "J-28"),
        ("金三", "commission", 240_000, "J-28"),
    ]  # fmt: skip
    lines = list(deal.lines.order_by("pk"))
    assert [one.fen for one in lines if one.takes_back_id] == [-240_000, -960_000]
    # March may have been paid: it stays as it was, April has the change
    assert {(str(one.day)[:7], one.takes_back_id is None) for one in lines[:2]} == {("2025-03", True)}
    assert {str(one.day) for one in lines[2:]} == {"2025-04-12"}
    assert sum(one.fen for one in lines) == deal.commission_fen
    count = Event.objects.count()
    settle(visit=deal.visit, by=cast.sales_manager, at=later + DAY)
    assert CommissionLine.objects.count() == len(lines), "nothing changed, nothing is written"
    assert Event.objects.count() == count


@pytest.mark.rule("J-26")
def test_a_group_purchase_parts_no_commission(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project, is_group=True))
    assert (deal.outcome, deal.commission_fen, deal.formalities) == ("group", 1_200_000, None)
    assert told(deal) == []


@pytest.mark.rule("J-24")
def test_a_past_month_gets_no_more_lines(cast: Cast) -> None:
    """A deal that closed in March and is entered in April stands on the statement of April."""
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project)
    deal = make_deal(cast, visit, closed=False)
    april, closed = MONDAY_NINE + 30 * DAY, (MONDAY_NINE + DAY).date()
    pay(cast, deal, at=april, day=closed)
    deal = sign(cast, deal, at=april, day=closed)
    assert (str(deal.closed_day), [str(one.day) for one in deal.lines.all()]) == (
        "2025-03-04",
        ["2025-04-02"],
    )


@pytest.mark.rule("J-18")
def test_formalities_stay_with_who_did_them_and_follow_until_then(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project, original="agent_a"))
    assert deal.formalities == cast.agent_a
    deal = ruled(cast, deal, ("agent_c", 60), ("agent_a", 40))
    assert deal.formalities == cast.agent_c
