"""The month: its statements, who sees which lines, and that no fen is ever lost, whatever was decided."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import make_project
from tests.factories.sales_deals import (
    make_bonus,
    make_deal,
    make_rate,
    registered_visit,
)

from yingsheng.base.refusal import Refused
from yingsheng.processes.salesdesk.models import CommissionLine, Deal
from yingsheng.processes.salesdesk.queries.deals import find_deal, list_deals
from yingsheng.processes.salesdesk.queries.month import (
    MonthFigures,
    list_lines,
    month_figures,
    window_of,
)
from yingsheng.processes.salesdesk.rules.answers import from_data
from yingsheng.processes.salesdesk.services.deals import cancel_deal, transfer_privately
from yingsheng.processes.salesdesk.services.deciding import rule_on, settle

DAY = timedelta(days=1)
PEOPLE = ("agent_a", "agent_b", "agent_c")
MARCH = window_of(year=2025, month=3)


def figures(cast: Cast, name: str = "sales_manager") -> MonthFigures:
    return month_figures(actor=cast.actor(name), window=MARCH)


@pytest.mark.rule("J-29", "J-20", "J-26")
@pytest.mark.django_db
def test_an_agent_sees_his_own_lines_and_the_manager_all(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    helped = make_deal(cast, registered_visit(cast, project, original="agent_a"))
    make_bonus(cast, project)
    visit = registered_visit(
        cast, project, name="沈月", phone="13900002222", receiver="agent_c", original="agent_a", present=["agent_a"],
        went_on=True,
    )  # fmt: skip
    snatched = make_deal(cast, visit, unit="A-1")
    assert figures(cast).waiting == 1
    rule_on(
        actor=cast.actor("sales_manager"), visit=visit, deal=snatched, at=MONDAY_NINE, owner=cast.agent_a,
        shares=[(cast.agent_a, 100)], reason="抢客", fine_fen=30_000, heir=None,
    )  # fmt: skip
    found = figures(cast)
    told = {one.agent.name if one.agent else "公司": one.total_fen for one in found.statements}
    assert told == {"严一": 960_000 + 40_000, "华二": 240_000 + 60_000, "金三": -30_000, "公司": 1_200_000}
    assert list(told)[-1] == "公司"
    assert (found.closed, found.waiting, found.unrated) == (2, 0, 0)
    assert (found.commission_fen, found.bonus_fen, found.fine_fen) == (2_400_000, 100_000, -30_000)
    assert found.total_fen == sum(CommissionLine.objects.values_list("fen", flat=True))
    own = figures(cast, "agent_b")
    assert [(one.agent, one.total_fen) for one in own.statements] == [(cast.agent_b, 300_000)]
    assert {one.agent_id for one in list_lines(actor=cast.actor("agent_b"), window=MARCH)} == {
        cast.agent_b.pk
    }
    seen = {name: [one.pk for one in list_deals(actor=cast.actor(name))] for name in (*PEOPLE, "agent_d")}
    assert seen == {
        "agent_a": [snatched.pk, helped.pk], "agent_b": [helped.pk], "agent_c": [snatched.pk], "agent_d": [],
    }  # fmt: skip
    assert find_deal(actor=cast.actor("agent_d"), pk=helped.pk) is None
    other = make_cast(code="other", homes=0)
    assert list_deals(actor=other.actor("sales_manager")).count() == 0
    assert figures(other).statements == ()


@pytest.mark.rule("J-29")
@pytest.mark.django_db
def test_a_line_is_never_altered_or_removed(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project))
    line = deal.lines.get()
    for change in (
        lambda: CommissionLine.objects.filter(pk=line.pk).update(fen=1),
        lambda: CommissionLine.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    manager = cast.actor("sales_manager")
    cancel_deal(actor=manager, record=deal, at=MONDAY_NINE, reason="退房")
    with pytest.raises(DatabaseError), transaction.atomic():  # nor taken back twice
        CommissionLine.objects.create(
            site=cast.site, deal=deal, agent=line.agent, day=line.day, sort=line.sort, fen=-line.fen, rule=line.rule,
            article=line.article, takes_back=line, at=MONDAY_NINE, by=cast.sales_manager,
        )  # fmt: skip


PARTS = st.sampled_from([(100, 0, 0), (50, 50, 0), (33, 33, 34), (1, 98, 1), (0, 20, 80)])
STEP = st.one_of(
    st.tuples(st.just("rule"), PARTS, st.sampled_from([None, "agent_a", "agent_c"])),
    st.tuples(st.just("settle"), st.none(), st.none()),
    st.tuples(st.just("transfer"), st.none(), st.none()),
    st.tuples(st.just("cancel"), st.none(), st.none()),
)
KINDS = st.sampled_from(["plain", "helped", "halved", "snatched", "group"])
DEALS = st.lists(st.tuples(KINDS, st.integers(1, 10**11)), min_size=1, max_size=2)


@pytest.mark.rule("J-20", "J-24", "J-34")
@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    deals=DEALS, steps=st.lists(st.tuples(st.integers(0, 1), STEP, st.integers(0, 70)), max_size=6),
    rate=st.integers(1, 100_000),
)  # fmt: skip
def test_whatever_is_decided_no_fen_is_lost(
    cast: Cast, deals: list[tuple[str, int]], steps: list[tuple[int, Any, int]], rate: int
) -> None:
    with transaction.atomic():
        project = make_project(cast)
        make_rate(cast, project, percent=f"{rate // 1000}.{rate % 1000:03d}")
        made = [a_deal(cast, project, number, *one) for number, one in enumerate(deals)]
        check(cast, made)
        at = MONDAY_NINE
        for which, (verb, parts, heir), days in steps:
            at += days * DAY
            month = at.date().replace(day=1)
            printed = lines_before(month)
            do(cast, made[which % len(made)], verb, parts, heir, at)
            check(cast, made)
            assert lines_before(month) == printed, "a month that is over stays as it was"
        transaction.set_rollback(True)


def lines_before(day: date) -> list[tuple[int, int]]:
    return list(CommissionLine.objects.filter(day__lt=day).order_by("pk").values_list("pk", "fen"))


def a_deal(cast: Cast, project: Any, number: int, kind: str, price: int) -> int:
    """A closed deal of one of the kinds; its key."""
    more: dict[str, Any] = {
        "plain": {}, "helped": {"original": "agent_a"}, "group": {"is_group": True},
        "halved": {"original": "agent_a", "noticed": "after", "found_on": (MONDAY_NINE + DAY).date()},
        "snatched": {"original": "agent_a", "present": ["agent_a"], "went_on": True},
    }[kind]  # fmt: skip
    visit = registered_visit(cast, project, name=f"客户{number}号", phone=f"1390000500{number}", **more)
    return make_deal(cast, visit, unit=f"U{number}", price_fen=price).pk


def do(cast: Cast, pk: int, verb: str, parts: Any, heir: str | None, at: Any) -> None:
    """One thing happens to a deal; what is refused leaves everything as it was."""
    deal = Deal.objects.get(pk=pk)
    manager = cast.actor("sales_manager", at)
    try:
        with transaction.atomic():
            if verb == "rule":
                penalty = from_data(data=deal.decision).penalty
                shares = [(cast.staff[name], part) for name, part in zip(PEOPLE, parts, strict=True) if part]
                rule_on(
                    actor=manager, visit=deal.visit, deal=deal, at=at, shares=shares, owner=shares[0][0], reason="裁定",
                    fine_fen=20_000 if penalty else None, heir=cast.staff[heir] if penalty and heir else None,
                )  # fmt: skip
            elif verb == "settle":
                settle(visit=deal.visit, by=cast.sales_manager, at=at)
            elif verb == "transfer":
                transfer_privately(actor=manager, record=deal, at=at, name="许远")
            else:
                cancel_deal(actor=manager, record=deal, at=at, reason="退房")
    except Refused:
        pass


def check(cast: Cast, made: list[int]) -> None:
    """Every deal has exactly its commission or nothing, and the months make the sum of the lines."""
    for deal in Deal.objects.filter(pk__in=made):
        lines = list(deal.lines.all())
        total = sum(one.fen for one in lines if one.sort != "fine")
        decision = from_data(data=deal.decision)
        has = (
            deal.state == "closed" and not decision.needs_ruling and bool(decision.shares or decision.penalty)
        )
        assert total == (deal.commission_fen if has else 0), (deal.outcome, deal.state)
        stands = Counter()
        for one in lines:
            stands[one.agent_id, one.sort, one.rule, one.article] += one.fen
        assert all(fen >= 0 for (_who, sort, *_rest), fen in stands.items() if sort != "fine")
        fines = [fen for (_who, sort, *_rest), fen in stands.items() if sort == "fine" and fen]
        assert fines == ([-20_000] if has and decision.penalty else [])
    rows = CommissionLine.objects.all()
    months = {(one.day.year, one.day.month) for one in rows}
    actor = cast.actor("sales_manager")
    found = [month_figures(actor=actor, window=window_of(year=year, month=month)) for year, month in months]
    assert sum(one.total_fen for one in found) == sum(one.fen for one in rows)
    assert all(one.total_fen == sum(each.total_fen for each in one.statements) for one in found)
