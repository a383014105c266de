"""Rates from a day on, deals that waited for one, the group bonus, applications to the manager (J-24, J-26, J-27)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales import make_project
from tests.factories.sales_deals import (
    make_application,
    make_bonus,
    make_deal,
    make_rate,
    registered_visit,
)

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.salesdesk.models import CommissionLine, Rate
from yingsheng.processes.salesdesk.queries.deals import find_rate, list_applications
from yingsheng.processes.salesdesk.services import applying

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.rule("J-24")
def test_a_later_rate_replaces_an_earlier_from_its_day_on(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project, valid_from=date(2025, 3, 1))
    make_rate(cast, project, valid_from=date(2025, 3, 4), kind="fixed", percent="", fixed_fen=300_000)
    days = {day: find_rate(project=project, day=date(2025, 3, day)) for day in (3, 4, 20)}
    assert [rate.kind for rate in days.values() if rate] == ["part", "fixed", "fixed"]
    assert find_rate(project=project, day=date(2025, 2, 28)) is None
    visits = [registered_visit(cast, project, name=f"客户{n}号", phone=f"1390000400{n}") for n in range(2)]
    first = make_deal(cast, visits[0], unit="A")
    second = make_deal(cast, visits[1], unit="B", at=MONDAY_NINE + DAY)
    assert (first.commission_fen, second.commission_fen) == (1_200_000, 300_000)


@pytest.mark.rule("J-24", "J-29")
def test_no_rate_changes_what_a_closed_deal_earned(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project, valid_from=date(2025, 1, 1))
    deal = make_deal(cast, registered_visit(cast, project))
    for day in (date(2025, 3, 3), date(2025, 2, 1)):
        with pytest.raises(Refused) as refused:
            make_rate(cast, project, valid_from=day, percent="2")
        assert (refused.value.field, refused.value.code) == ("valid_from", "closed_deal")
        assert refused.value.params["deal"] == deal.number
    make_rate(cast, project, valid_from=date(2025, 3, 4), percent="2")  # the day after is free
    make_rate(
        cast, project, valid_from=date(2024, 1, 1), percent="3"
    )  # before the one that holds: changes nothing
    deal.refresh_from_db()
    assert deal.commission_fen == 1_200_000
    with pytest.raises(Refused, match="已经有佣金标准"):
        make_rate(cast, project, valid_from=date(2025, 3, 4), percent="2.5")


@pytest.mark.rule("J-24")
def test_a_deal_without_a_rate_closes_and_has_its_lines_later(cast: Cast) -> None:
    project = make_project(cast)
    deal = make_deal(cast, registered_visit(cast, project))
    assert (deal.state, deal.rate, deal.commission_fen) == ("closed", None, None)
    told = Event.objects.get(kind="salesdesk.deal_closed")
    assert told.data["commission"] == "no_rate"
    assert not CommissionLine.objects.exists()
    make_rate(cast, project, valid_from=date(2025, 3, 4))  # too late for it
    assert not CommissionLine.objects.exists()
    make_rate(cast, project, valid_from=date(2025, 3, 1), at=MONDAY_NINE + 5 * DAY)
    deal.refresh_from_db()
    assert deal.commission_fen == 1_200_000
    assert [one.fen for one in deal.lines.all()] == [1_200_000]
    assert Event.objects.filter(kind="salesdesk.rate_set").latest("pk").data["deals"] == 1


@pytest.mark.rule("J-24")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"percent": "0"}, "percent"), ({"percent": "1.2345"}, "percent"), ({"percent": "100.001"}, "percent"),
        ({"percent": ""}, "percent"), ({"fixed_fen": 5}, "fixed_fen"), ({"reason": " "}, "reason"),
        ({"kind": "much"}, "kind"), ({"kind": "fixed"}, "percent"), ({"kind": "fixed", "percent": ""}, "fixed_fen"),
        ({"kind": "fixed", "percent": "", "fixed_fen": 0}, "fixed_fen"),
    ],
)  # fmt: skip
def test_a_rate_is_one_figure(cast: Cast, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_rate(cast, make_project(cast), **asked)
    assert refused.value.field == field
    assert not Rate.objects.exists()


@pytest.mark.rule("J-26")
def test_a_bonus_is_shared_out_to_the_last_fen(cast: Cast) -> None:
    project = make_project(cast)
    bonus = make_bonus(cast, project, fen=100_001)
    assert {one.agent.name: one.fen for one in bonus.lines.all() if one.agent} == {
        "严一": 40_000,
        "华二": 60_001,
    }
    assert {(one.rule, one.article, one.sort) for one in bonus.lines.all()} == {
        ("J-26", "004 篇1 第18条", "group_bonus")
    }
    # without a figure of his own the manager's raise is the site's: none
    plain = make_bonus(cast, project, raised_percent=None)
    assert [one.fen for one in plain.lines.order_by("pk")] == [50_000, 50_000]
    override_parameter(
        site=cast.site, path="J-26.raised_share", value=50, active_from=MONDAY_NINE, reason="会议", by=None,
        at=MONDAY_NINE,
    )  # fmt: skip
    raised = make_bonus(cast, project, raised_percent=None)
    assert (raised.raised_percent, [one.fen for one in raised.lines.order_by("pk")]) == (50, [40_000, 60_000])
    one = make_bonus(cast, project, parts=f"{cast.agent_a.username} 1\n华二 0")
    assert [line.fen for line in one.lines.all()] == [100_000]


@pytest.mark.rule("J-26")
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"parts": "严一"}, "parts"), ({"parts": "严一 1\n严一 2"}, "parts"), ({"parts": "无名 1"}, "parts"),
        ({"parts": "严一 0"}, "parts"), ({"parts": " \n"}, "parts"), ({"parts": "严一 1\nyunxi-agent_a 1"}, "parts"),
        ({"fen": 0}, "fen"), ({"day": date(2025, 3, 4)}, "day"), ({"name": " "}, "name"), ({"reason": ""}, "reason"),
        ({"raised_percent": 1001}, "raised_percent"), ({"raised_percent": -1}, "raised_percent"),
    ],
)  # fmt: skip
def test_a_bonus_nobody_can_read_is_not_shared_out(cast: Cast, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_bonus(cast, make_project(cast), **asked)
    assert refused.value.field == field
    assert not CommissionLine.objects.exists()


@pytest.mark.rule("J-26")
def test_a_name_that_two_have_is_asked_for_again(cast: Cast) -> None:
    type(cast.agent_c).objects.filter(pk=cast.agent_c.pk).update(name="严一")
    with pytest.raises(Refused, match="登录名"):
        make_bonus(cast, make_project(cast))


@pytest.mark.rule("J-26", "J-24")
def test_money_is_set_by_the_manager_alone(cast: Cast) -> None:
    project = make_project(cast)
    values: dict[str, Any] = {"project": project.name, "reason": "x"}
    from yingsheng.processes.salesdesk.services.bonuses import share_bonus
    from yingsheng.processes.salesdesk.services.rates import set_rate

    agent = cast.actor("agent_a")
    with pytest.raises(Forbidden):
        set_rate(actor=agent, at=MONDAY_NINE, kind="part", percent="1", valid_from=date(2025, 1, 1), **values)
    with pytest.raises(Forbidden):
        share_bonus(
            actor=agent, at=MONDAY_NINE, name="x", fen=1, day=date(2025, 3, 3), parts="严一 1", **values
        )
    manager = cast.actor("sales_manager")
    values["project"] = "没有的项目"
    for run, more in (
        (set_rate, {"kind": "part", "percent": "1", "valid_from": date(2025, 1, 1)}),
        (share_bonus, {"name": "x", "fen": 1, "day": date(2025, 3, 3), "parts": "严一 1"}),
    ):
        with pytest.raises(Refused) as refused:
            run(actor=manager, at=MONDAY_NINE, **values, **more)  # type: ignore[operator]
        assert refused.value.field == "project"


@pytest.mark.rule("J-27")
@pytest.mark.parametrize(("granted", "state"), [(True, "granted"), (False, "refused")])
def test_an_application_is_answered_by_the_manager_and_both_are_told(
    cast: Cast, granted: bool, state: str
) -> None:
    deal = make_deal(cast, registered_visit(cast, make_project(cast)))
    row = make_application(cast, deal=deal.number, kind="name")
    owed = Obligation.objects.get(milestone="answer_application")
    # two working days from Monday nine o'clock
    assert (owed.state, owed.responsible_role, owed.rule) == ("armed", "SALES_MGR", "J-27")
    assert [one.to_staff for one in Message.objects.filter(rule="J-27")] == [cast.sales_manager]
    answer = applying.grant if granted else applying.refuse
    with pytest.raises(Forbidden):
        answer(actor=cast.actor("agent_b"), record=row, at=MONDAY_NINE, answer="可以")
    manager = cast.actor("sales_manager")
    with pytest.raises(Refused) as refused:
        answer(actor=manager, record=row, at=MONDAY_NINE, answer=" ")
    assert refused.value.field == "answer"
    row = answer(actor=manager, record=row, at=MONDAY_NINE + DAY, answer="按公司规定办")
    owed.refresh_from_db()
    assert (row.state, row.answered_by, owed.state) == (state, cast.sales_manager, "met")
    assert Message.objects.filter(to_staff=cast.agent_b, rule="J-27").count() == 1
    with pytest.raises(Refused):
        answer(actor=manager, record=row, at=MONDAY_NINE + DAY, answer="再答一次")


@pytest.mark.rule("J-27")
def test_nobody_answers_his_own_application_or_sees_anothers(cast: Cast) -> None:
    mine = make_application(cast, by="sales_manager")
    with pytest.raises(Refused) as refused:
        applying.grant(actor=cast.actor("sales_manager"), record=mine, at=MONDAY_NINE, answer="同意")
    assert refused.value.code == "same_person"
    own = make_application(cast, by="agent_b")
    assert [one.pk for one in list_applications(actor=cast.actor("agent_b"))] == [own.pk]
    assert list_applications(actor=cast.actor("agent_a")).count() == 0
    assert list_applications(actor=cast.actor("sales_manager")).count() == 2


@pytest.mark.rule("J-27")
@pytest.mark.parametrize(
    ("asked", "field"), [({"kind": "gift"}, "kind"), ({"text": " "}, "text"), ({"deal": "CJ-1"}, "deal")]
)
def test_an_application_says_what_it_is_for(cast: Cast, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        make_application(cast, **asked)
    assert refused.value.field == field
