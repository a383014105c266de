"""轮排板 in browsers: two desks before one board, the next customer in one tap, a phone, the screen on the wall."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import Desk
from tests.factories.cast import Cast
from tests.factories.sales import make_project

from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit

Seat = Callable[..., Desk]
SOON = 12_000  # a board renews itself every few seconds


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def project(cast: Cast, now: datetime) -> Project:
    return make_project(cast, at=now)


def board(desk: Desk, project: Project, where: str = "") -> None:
    desk.open(f"/sales/board/{project.pk}/{where}")


def fits(desk: Desk) -> bool:
    """Whether nothing stands beside the screen."""
    return bool(
        desk.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    )


@pytest.mark.rule("J-01", "J-02")
def test_two_desks_before_one_board(seat: Seat, cast: Cast, project: Project) -> None:
    first, second = seat("agent_b"), seat("sales_manager")
    for desk in (first, second):
        board(desk, project)
        expect(desk.page.locator(".y-turn-name")).to_have_text("严一")
    # the manager looks at a form: his board stands still meanwhile, and he is told when he taps
    second.page.locator(f"#agent-{cast.agent_c.pk} details summary").first.click()
    first.page.get_by_role("button", name="下一位接待：严一").click()
    first.page.wait_for_load_state()
    assert Visit.objects.get().receiver == cast.agent_a
    second.page.get_by_role("button", name="下一位接待：严一").click()
    expect(second.page.locator(".y-errors")).to_contain_text("轮排刚有变化：严一接待新客户")
    expect(second.page.locator(".y-turn-name")).to_have_text("华二")
    assert Visit.objects.count() == 1
    # and without touching anything the board of the first follows
    board(first, project)
    second.page.get_by_role("button", name="下一位接待：华二").click()
    second.page.wait_for_load_state()
    expect(first.page.locator(".y-turn-name")).to_have_text("金三", timeout=SOON)
    for desk in (first, second):
        assert desk.findings() == []
        assert desk.complaints == []


@pytest.mark.rule("J-02", "J-10")
def test_out_of_turn_and_public_from_the_board(seat: Seat, cast: Cast, project: Project) -> None:
    desk = seat("agent_a")
    board(desk, project)
    own = desk.page.locator(f"#agent-{cast.agent_a.pk}")
    own.get_by_text("不占轮次").click()
    own.locator("[name=how][value=help]").check()
    own.locator("[name=called_as]").fill("王先生")
    own.locator("[data-main]").click()
    expect(own.locator(".y-errors")).to_contain_text("请选是哪位同事的客户")
    assert own.locator("[name=called_as]").input_value() == "王先生"
    own.locator("[name=colleague]").select_option(label="华二")
    own.locator("[data-main]").click()
    desk.page.wait_for_load_state()
    assert QueueEvent.objects.latest("number").article == "004 篇1 第2条(3)"
    board(desk, project)
    expect(own).to_contain_text("接待中")
    panel = desk.page.locator("#panel-public")
    panel.locator("summary").click()
    panel.locator("[name=kind][value=marketing]").check()
    panel.locator("[name=agents_count]").fill("2")
    panel.locator("[data-main]").click()
    desk.page.wait_for_load_state()
    board(desk, project)
    expect(desk.page.locator("#turn")).to_have_text("现在没有人空着")
    assert desk.findings() == []


@pytest.mark.rule("J-01", "J-03")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_board_on_a_phone(seat: Seat, cast: Cast, project: Project, language: str) -> None:
    desk = seat("sales_manager", width=390, height=844, language=language)
    board(desk, project)
    assert fits(desk)
    line = desk.page.locator(f"#agent-{cast.agent_b.pk}")
    line.locator("details summary").last.click()
    line.locator("[name=kind][value=leave]").check()
    line.locator("[name=reason]").fill("公休")
    assert fits(desk)
    line.locator("form[id^=move] [data-main]").click()
    desk.page.wait_for_load_state()
    expect(line).to_contain_text("公休")
    for button in desk.page.locator(".y-order-acts .btn:visible, .y-turn-act .btn:visible").all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
    assert desk.findings() == []
    board(desk, project, f"{timezone.localtime():%Y-%m-%d}/")
    assert fits(desk)
    assert desk.findings() == []
    assert desk.complaints == []


@pytest.mark.rule("J-01")
def test_the_board_with_the_keyboard_alone(seat: Seat, cast: Cast, project: Project) -> None:
    desk = seat("agent_c")
    board(desk, project)
    button = desk.page.get_by_role("button", name=re.compile("下一位接待"))
    button.focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_load_state()
    expect(desk.page.locator("body")).not_to_contain_text("请改正")
    assert Visit.objects.get().receiver == cast.agent_a


@pytest.mark.rule("J-01")
def test_the_wall_follows_by_itself(seat: Seat, cast: Cast, project: Project) -> None:
    screen, desk = seat("agent_c", width=1920, height=1080), seat("agent_b")
    board(screen, project, "wall/")
    expect(screen.page.locator(".y-wall-name")).to_have_text("严一")
    assert screen.page.locator("button, form, input").count() == 0
    size = screen.page.locator(".y-wall-name").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 150
    assert fits(screen)
    board(desk, project)
    desk.page.get_by_role("button", name="下一位接待：严一").click()
    desk.page.wait_for_load_state()
    expect(screen.page.locator(".y-wall-name")).to_have_text("华二", timeout=SOON)
    assert screen.findings() == []
    assert screen.complaints == []


@pytest.mark.rule("J-01")
def test_without_scripts_the_board_does_the_same(
    seat: Seat, cast: Cast, project: Project, browser: object
) -> None:
    desk = seat("agent_b")
    cookies = desk.page.context.cookies()
    plain = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(f"{desk.address}/sales/board/{project.pk}/")
    page.get_by_role("button", name="下一位接待：严一").click()
    page.wait_for_load_state()
    plain.close()
    assert Visit.objects.get().receiver == cast.agent_a
