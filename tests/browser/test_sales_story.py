"""A disputed customer, from two desks to the manager's ruling and the money, in browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import Desk
from tests.factories.cast import Cast
from tests.factories.sales import make_entry, make_project, make_registered, make_visit
from tests.factories.sales_deals import make_rate

from yingsheng.processes.salesdesk.models import Deal, Project, Visit
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.services import deals
from yingsheng.processes.salesdesk.services.deciding import settle

Seat = Callable[..., Desk]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def project(cast: Cast, now: datetime) -> Project:
    """A's customer of ten days ago stands in the book; a deal earns one per cent."""
    found = make_project(cast, at=now)
    make_rate(cast, found, at=now, percent="1", valid_from=local_day(at=now) - timedelta(days=30))
    make_entry(cast, found, agent="agent_a", day=local_day(at=now) - timedelta(days=10))
    return found


def take(desk: Desk, project: Project, name: str) -> Visit:
    """Give the next customer, in one tap, to whose turn it is."""
    desk.open(f"/sales/board/{project.pk}/")
    desk.page.get_by_role("button", name=f"下一位接待：{name}").click()
    desk.page.wait_for_url("**/sales-visits/*/**")
    return Visit.objects.order_by("-pk")[0]


def panel(desk: Desk, code: str) -> None:
    """Open what can be done with the visit."""
    form = desk.page.locator(f"#{code}-form")
    if not form.is_visible():
        desk.page.locator("details.y-panel", has=form).locator("> summary").click()
    expect(form).to_be_visible()


def close(cast: Cast, visit: Visit, *, at: datetime) -> Deal:
    """B takes the deposit and lets the customer sign, as if nothing were."""
    actor, day = cast.actor("agent_b", at), local_day(at=at)
    deal = deals.open_deal(actor=actor, at=at, visit=visit.number, unit="1栋1单元101", price_fen=100_000_000)
    deals.take_deposit(actor=actor, record=deal, at=at, deposit_fen=2_000_000, receipt="DJ-1", day=day)
    deals.sign_subscription(
        actor=actor, record=Deal.objects.get(), at=at, purchaser="林晓雨", day=day, signature="林晓雨"
    )
    return Deal.objects.get()


@pytest.mark.rule("J-05", "J-15", "J-19", "J-20", "J-28", "J-30", "J-34")
def test_a_customer_of_one_agent_is_kept_by_another(
    seat: Seat, cast: Cast, project: Project, now: datetime
) -> None:
    first, second = seat("agent_a"), seat("agent_b")
    take(first, project, "严一")
    visit = take(second, project, "华二")
    assert visit.receiver == cast.agent_b
    # B types the telephone number: the book says whose customer that is, while he still receives
    panel(second, "register")
    second.page.fill("[name=register-contact]", "138 0000 1111")
    expect(second.page.locator("#conflicts")).to_contain_text("严一")
    second.page.fill("[name=register-name]", "林晓雨")
    second.page.locator("#register-form [data-main]").click()
    second.page.wait_for_url("**did=register**")
    visit.refresh_from_db()
    assert (visit.outcome, visit.owner) == ("handed_back", cast.agent_a)
    # he goes on all the same, says so, and closes
    panel(second, "tell")
    second.page.locator("[name=tell-went_on]").check()
    second.page.locator("#tell-form [data-main]").click()
    second.page.wait_for_url("**did=tell**")
    deal = close(cast, visit, at=timezone.now())
    assert (deal.outcome, deal.needs_ruling) == ("snatched", True)
    # A is told and sees why, and cannot rule
    where = f"/sales/visits/{visit.pk}/attribution/?deal={deal.pk}"
    first.open(where)
    expect(first.page.locator("#decision")).to_contain_text("抢客")
    assert first.page.locator("#ruling").count() == 0
    # the manager rules: a fine within bounds, the commission to A
    manager = seat("sales_manager")
    manager.open(where)
    manager.page.fill("[name=reason]", "系统已显示是严一的客户，仍继续接待")
    manager.page.fill("[name=fine_fen]", "600")
    manager.page.locator("#ruling [data-main]").click()
    expect(manager.page.locator(".y-errors")).to_contain_text("罚款")
    assert manager.page.locator("[name=reason]").input_value() == "系统已显示是严一的客户，仍继续接待"
    manager.page.fill("[name=fine_fen]", "300")
    manager.page.locator("#ruling [data-main]").click()
    manager.page.wait_for_url("**did=ruled**")
    expect(manager.page.locator("#decision")).to_contain_text("销售经理裁定")
    assert manager.findings() == []
    # and both find it on their statements
    for desk, amount in ((first, "10,000.00"), (second, "-300.00")):
        desk.open("/sales/month/")
        expect(desk.page.locator("main")).to_contain_text(amount)
        assert desk.complaints == []


@pytest.mark.rule("J-30")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_a_decision_are_sound_on_a_phone(
    seat: Seat, cast: Cast, project: Project, now: datetime, language: str
) -> None:
    desk = seat("sales_manager", width=390, height=844, language=language)
    visit = take_by_service(cast, project, now)
    for where in (f"/sales/visits/{visit.pk}/attribution/", "/sales/explain/"):
        desk.open(where)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert desk.findings() == []
        assert desk.complaints == []


def take_by_service(cast: Cast, project: Project, now: datetime) -> Visit:
    """A visit that is registered and decided."""
    with transaction.atomic():  # registering and deciding are one write
        visit = make_registered(cast, make_visit(cast, project, at=now), at=now)
        settle(visit=visit, by=cast.agent_a, at=now)
    return visit
