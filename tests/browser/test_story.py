"""The main job in a browser: from the ringing phone to the signed follow-up, by several people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.browser.conftest import Desk
from tests.factories.cast import Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Department

Seat = Callable[..., Desk]


def register_by_keyboard(desk: Desk, text: str) -> int:
    """Search, choose, type, save without the mouse; returns the key presses beside the text."""
    desk.open("/reception/")
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        desk.page.keyboard.press(key)
        presses += 1

    desk.page.keyboard.type("3-2-1802")
    press("Enter")
    desk.page.wait_for_url("**household=*")
    # the desk stands on the card; one letter opens the form with the cursor in it
    desk.page.locator("body").focus()
    press("c")
    desk.page.wait_for_url("**start=complaints*")
    desk.page.keyboard.type(text)
    press("Control+Enter")
    desk.page.wait_for_url("**done=*")
    return presses


@pytest.mark.rule("C-01", "C-09", "B-04")
def test_the_main_job_from_call_to_archive(seat: Seat, cast: Cast):
    front = seat("front")
    assert register_by_keyboard(front, "厨房漏水没人修") <= 12
    case = Case.objects.get()
    assert front.page.locator(".y-result").inner_text().count(case.number) == 1
    assert front.page.evaluate("document.activeElement.classList.contains('y-result')")

    supervisor = seat("supervisor")
    supervisor.open(f"/cases/{case.key}/")
    supervisor.step("classify", cause="own_service")
    supervisor.step(
        "dispatch",
        department=Department.objects.get(code="engineering").pk,
        handler=cast.engineer.pk,
        tracker=cast.area_admin.pk,
    )

    engineer = seat("engineer")
    engineer.open(f"/cases/{case.key}/")
    engineer.step("accept")
    engineer.step("verify", finding="软管老化，情况属实")
    engineer.step("plan", plan="今天下午换软管，约一小时", consent=True)
    engineer.step("finish", method="更换软管", result="已换好并试水", prevention="列入每季巡检")

    front.open(f"/cases/{case.key}/")
    front.step("reply", modes="visit", said="已修好，请放心", signature="钱女士")
    front.step("opinion", satisfied="yes", opinion="处理及时")

    admin = seat("area_admin")
    admin.open("/followups/")
    admin.page.locator("table a").first.click()
    follow_up = case.follow_ups.get()
    admin.open(f"/followups/{follow_up.pk}/")
    form = f"#visit-{follow_up.pk}"
    admin.page.locator(f"{form} [name=visit-visitor_two]").select_option(str(cast.assistant.pk))
    for name in ("quality", "effect", "satisfaction"):
        admin.page.locator(f"{form} [name=visit-{name}][value='4']").check()
    admin.page.locator(f"{form} [name=visit-satisfied][value=yes]").check()
    admin.page.locator(f"{form} [name=visit-signature]").fill("钱女士")
    admin.page.locator(f"{form} [data-main]").click()
    admin.page.wait_for_url("**did=visit")

    supervisor.open(f"/cases/{case.key}/")
    supervisor.step("close", summary="已办结")
    case.refresh_from_db()
    assert case.state == "closed"
    assert "已归档" in supervisor.page.locator("h1").inner_text()
    for desk in (front, supervisor, engineer, admin):
        assert desk.complaints == []


@pytest.mark.rule("C-18")
def test_the_wrong_post_sees_no_step_and_is_refused(seat: Seat, cast: Cast):
    front = seat("front")
    register_by_keyboard(front, "楼道灯坏了")
    case = Case.objects.get()
    front.open(f"/cases/{case.key}/")
    assert front.page.locator("#step-classify").count() == 0
    answer = front.page.request.post(
        f"{front.address}/cases/{case.key}/steps/classify/",
        form={
            "classify-cause": "own_service",
            "csrfmiddlewaretoken": front.page.locator("[name=csrfmiddlewaretoken]").first.input_value(),
        },
        headers={"Referer": front.address},
    )
    assert answer.status == 403
    case.refresh_from_db()
    assert case.state == "registered"


def test_a_refused_step_keeps_what_was_typed_and_says_why(seat: Seat, cast: Cast):
    front = seat("front")
    register_by_keyboard(front, "电梯异响")
    case = Case.objects.get()
    supervisor = seat("supervisor")
    supervisor.open(f"/cases/{case.key}/")
    supervisor.step("classify", cause="own_service", our_fault=True)
    supervisor.step(
        "dispatch", department=Department.objects.get(code="engineering").pk, instruction="今天看"
    )
    errors = supervisor.page.locator(".y-errors")
    assert "跟踪" in errors.inner_text()
    assert supervisor.page.locator("[name=dispatch-instruction]").input_value() == "今天看"
    assert supervisor.page.evaluate("document.activeElement.classList.contains('y-errors')")


def test_enter_while_composing_chinese_does_not_send(seat: Seat, cast: Cast):
    front = seat("front")
    front.open(f"/reception/?household={cast.homes[0].pk}&start=complaints")
    title = front.page.locator("[name=title]")
    title.focus()
    front.page.evaluate(
        """() => {
            const field = document.querySelector("[name=title]");
            field.dispatchEvent(new CompositionEvent("compositionstart"));
            field.dispatchEvent(new KeyboardEvent("keydown", {
                key: "Enter", ctrlKey: true, isComposing: true, keyCode: 229, bubbles: true, cancelable: true}));
        }"""
    )
    front.page.wait_for_timeout(300)
    assert Case.objects.count() == 0
    assert "start=complaints" in front.page.url


PAGES = [
    "/", "/reception/", "/contacts/", "/complaints/", "/complaints/month/", "/complaints/spot-checks/", "/enquiries/",
    "/followups/", "/households/", "/rules/", "/rules/C-33/", "/rules/explain/", "/inbox/", "/search/?q=3-2-1802",
    "/settings/staff/", "/settings/staff/new/", "/settings/roles/", "/settings/calendar/", "/settings/contacts/",
    "/settings/calendar/office/2025-03-04/", "/settings/tokens/new/", "/settings/imports/",
    "/settings/imports/new/cases/", "/settings/records/?from=1", "/delegate/", "/account/",
]  # fmt: skip


# what sticks out of the window to the right, unless it may be scrolled inside its own box
TOO_WIDE = """() => {
    if (document.documentElement.scrollWidth <= document.documentElement.clientWidth) return [];
    const scrolls = node => node && node !== document.body &&
        (/auto|scroll|hidden/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    return [...document.querySelectorAll("body *")]
        .filter(node => node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node.parentElement))
        .slice(0, 5).map(node => node.outerHTML.slice(0, 160));
}"""


@pytest.mark.parametrize(
    ("language", "width"), [("zh-hans", 1366), ("en", 1366), ("zh-hans", 390), ("en", 390)]
)
def test_every_page_is_sound_in_both_languages_and_widths(seat: Seat, cast: Cast, language: str, width: int):
    desk = seat("head", width=width, height=844 if width == 390 else 768, language=language)
    for path in PAGES:
        desk.open(path)
        assert desk.page.locator("h1").count() == 1, path
        assert desk.findings() == [], path
        assert desk.page.evaluate(TOO_WIDE) == [], path
    assert desk.complaints == []


def test_one_of_several_callers_is_chosen_with_the_arrows(seat: Seat, cast: Cast):
    front = seat("front")
    keys = front.page.keyboard
    front.open("/reception/")
    keys.type("qyz")  # everybody of the cast has these initials
    keys.press("Enter")
    front.page.locator("#matches tr:focus").wait_for()
    rows = front.page.locator("#matches tbody tr")
    keys.press("ArrowUp")
    assert front.page.evaluate("document.activeElement.id") == "caller-search"
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    wanted = rows.nth(1).get_attribute("data-href") or ""
    keys.press("Enter")
    front.page.wait_for_url(f"**{wanted}")
    assert front.complaints == []


def test_menu_and_search_stay_in_sight_on_a_long_page(seat: Seat, cast: Cast):
    front = seat("front")
    front.open("/rules/")
    front.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    front.page.wait_for_function("scrollY > innerHeight")
    for name in ("#rail", ".y-top"):
        assert front.page.locator(name).evaluate("(one) => Math.round(one.getBoundingClientRect().top)") == 0
