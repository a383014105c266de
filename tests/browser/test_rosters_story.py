"""A month's roster in browsers: proposed, changed by hand, published; leave asked on a phone, a substitute named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.factories.cast import Cast
from tests.factories.turns import make_posts

from yingsheng.base.months import next_month
from yingsheng.kernel.rosters.models import Assignment, Roster
from yingsheng.processes.turns.models import Leave, PlanRun
from yingsheng.processes.turns.rules.month import month_from, to_plain
from yingsheng.processes.turns.rules.planner import propose
from yingsheng.processes.turns.services.planning import do_next_plan

Seat = Callable[..., Desk]


def solve(asked: dict[str, Any]) -> dict[str, Any]:
    return to_plain(propose(month=month_from({**asked, "seconds": 4.0, "workers": 1})))


def plan_month(boss: Desk, month: date) -> None:
    """Ask for a proposal, wait on its page, accept all of it."""
    boss.open(f"/turns/?month={month:%Y-%m}")
    boss.page.get_by_role("link", name="自动排班").click()
    boss.page.get_by_role("button", name="开始计算").click()
    boss.page.get_by_text("正在计算").wait_for()
    assert do_next_plan(now=timezone.now(), solve=solve)
    boss.page.get_by_role("button", name="全部采用").wait_for()  # the page renewed itself
    assert "都排满" in boss.page.locator(".y-figures").inner_text()
    assert boss.findings() == []
    boss.page.get_by_role("button", name="全部采用").click()
    boss.page.wait_for_url("**did=accepted*")


def change_by_hand(boss: Desk, cast: Cast, month: date) -> Assignment:
    """Give one early turn to whoever can take it instead; the turn is fixed from then on."""
    day = month + timedelta(days=9)
    boss.open(f"/turns/days/{day}/")
    before = Assignment.objects.get(day=day, shift__code="A", active=True)
    panel = boss.page.locator(f"#s{before.shift.pk}")
    panel.get_by_role("button", name="撤下").click()
    boss.page.wait_for_url("**did=taken*")
    choice = panel.locator("select")
    free = choice.locator("option:not([value='']):not(:has-text('—'))").first.get_attribute("value")
    choice.select_option(free)
    panel.get_by_role("button", name="排上").click()
    boss.page.wait_for_url("**did=assigned*")
    turn = Assignment.objects.get(day=day, shift__code="A", active=True)
    assert turn.is_fixed
    assert "固定" in panel.inner_text()
    return turn


@pytest.mark.rule("D-01", "D-04", "D-11")
def test_a_month_from_the_proposal_to_the_substitute(seat: Seat, cast: Cast):
    make_posts(cast, at=timezone.now() - timedelta(days=1))
    today = timezone.localdate()
    month = date(*next_month(year=today.year, month=today.month), 1)
    boss = seat("supervisor")
    plan_month(boss, month)
    assert PlanRun.objects.get().accepted_at is not None
    change_by_hand(boss, cast, month)
    boss.open(f"/turns/?month={month:%Y-%m}")
    assert boss.findings() == []
    boss.page.get_by_role("button", name="发布").click()
    boss.page.wait_for_url("**did=published*")
    assert Roster.objects.get(month=month).state == "published"

    phone = seat("front", width=390, height=844)
    phone.open("/turns/mine/")
    assert phone.findings() == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.locator(".y-promises").get_by_role("link", name="请假").first.click()
    form = phone.page.locator("#new form")
    form.locator("[name=kind][value=personal]").check()
    form.locator("[name=reason]").fill("家里有急事")
    form.locator("[data-main]").click()
    phone.page.wait_for_url("**did=new*")
    leave = Leave.objects.get()

    boss.open(f"/leaves/{leave.pk}/")
    away = Assignment.objects.get(staff=cast.front, active=True, starts_at=leave.starts_at)
    others = Assignment.objects.filter(
        active=True, starts_at__lt=away.ends_at, ends_at__gt=away.starts_at
    ).values_list("staff_id", flat=True)
    names = ("assistant", "area_admin", "lobby")
    substitute = next(cast.staff[name] for name in names if cast.staff[name].pk not in others)
    boss.page.locator("[name=approve-substitute]").select_option(str(substitute.pk))
    boss.page.locator("#approve-form [data-main]").click()
    boss.page.wait_for_url("**did=approve*")
    assert substitute.name in boss.page.locator("main").inner_text()
    assert Assignment.objects.get(covers=away, active=True).staff == substitute
    phone.open(f"/turns/?month={month:%Y-%m}")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert substitute.name in phone.page.locator(".y-phone-only.is-list").inner_text()
    for desk in (boss, phone):
        assert desk.complaints == []
