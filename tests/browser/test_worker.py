"""A worker's phone with and without signal: nothing is lost, nothing is done twice, a conflict is shown, not hidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from tests.browser.conftest import PASSWORD, Desk
from tests.browser.phone import (
    cut,
    finish,
    given,
    go,
    open_card,
    picture,
    plumber,
    ready,
    real,
    sent,
    strip,
    tap,
    until,
)
from tests.factories.cast import Cast

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.orders import services as orders

__all__ = ["plumber"]
Seat = Callable[..., Desk]
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(node => node.checkVisibility() && !node.closest(".visually-hidden, .y-skip")
        && !(node.matches("input[type=radio], input[type=checkbox]") && node.closest("label"))
        && !node.matches(".y-rule"))
    .map(node => [node.getBoundingClientRect(), node.outerHTML.slice(0, 120)])
    .filter(([box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5)).map(([, text]) => text)"""


@pytest.mark.rule("R-01", "R-08", "R-17")
def test_a_job_without_signal_arrives_once(seat: Seat, cast: Cast, plumber: None):
    order = given(cast)
    phone = seat("plumber", width=390, height=844)
    assert phone.page.url.endswith("/work/")
    ready(phone)
    cut(phone, off=True)
    open_card(phone, order)
    tap(phone, "accept")
    strip(phone, "1 条待发")
    assert "离线" in phone.page.locator("#w-strip").inner_text()
    tap(phone, "start")
    strip(phone, "2 条待发")
    phone.page.locator("[data-verb=use] summary").click()
    phone.page.locator("[data-verb=use] button[data-step='1']").first.click()
    phone.page.locator("[data-verb=use] form [data-main]").click()
    strip(phone, "3 条待发")
    finish(phone)
    strip(phone, "4 条待发")
    # the page is still there after a reload, and says what waits
    phone.page.reload()
    phone.page.locator(".w-order .w-state", has_text="已完成").wait_for()
    go(phone, "/work/queue/")
    phone.page.locator(".w-deed", has_text="完工").wait_for()
    order.refresh_from_db()
    assert order.state == "waiting"

    cut(phone, off=False)
    go(phone, "/work/")
    sent(phone)
    order.refresh_from_db()
    assert (order.state, order.result) == ("done", "更换损坏配件，试水不漏")
    assert order.checklist == ["restored"]
    assert order.materials.get().name == "角阀"
    told = Event.objects.filter(kind__startswith="orders.", device_at__isnull=False).order_by("seq")
    assert [event.kind for event in told] == [
        "orders.accepted", "orders.started", "orders.material_used", "orders.done",
    ]  # fmt: skip
    assert all(event.device_at is not None and event.device_at <= event.at for event in told)
    purposes = Attachment.objects.filter(subject_id=order.case_id).values_list("purpose", flat=True)
    assert sorted(purposes) == ["document", "signature"]
    assert real(phone) == []


@pytest.mark.rule("R-05")
def test_what_the_desk_voided_meanwhile_is_shown_side_by_side_and_kept(seat: Seat, cast: Cast, plumber: None):
    order = given(cast)
    phone = seat("plumber", width=390, height=844)
    ready(phone)
    cut(phone, off=True)
    open_card(phone, order)
    tap(phone, "accept")
    strip(phone, "1 条待发")
    finish(phone)
    strip(phone, "2 条待发")
    orders.void_order(order=order, by=cast.front, at=timezone.now(), reason="住户自己修好了")

    cut(phone, off=False)
    go(phone, "/work/")
    strip(phone, "1 条要您处理")
    phone.page.locator("#w-strip").click()
    deed = phone.page.locator(".w-deed.is-late")
    deed.wait_for()
    assert "更换损坏配件" in deed.locator(".w-yours").inner_text()
    assert "住户自己修好了" in deed.locator(".w-now").inner_text()
    assert deed.locator(".w-yours img").count() == 2
    assert deed.get_by_text("按最新情况再办一次").count() == 0
    assert phone.findings() == []
    deed.get_by_text("留作记录").click()
    sent(phone)
    note = Event.objects.get(kind="orders.note_kept")
    assert "更换损坏配件" in note.data["text"] and "签收" in note.data["text"]
    assert Attachment.objects.filter(subject_id=order.case_id).count() == 2
    order.refresh_from_db()
    assert order.state == "void"
    assert not Event.objects.filter(kind="orders.done").exists()
    assert real(phone) == []


@pytest.mark.rule("R-11")
def test_what_changed_meanwhile_is_done_once_more_on_how_it_stands_now(seat: Seat, cast: Cast, plumber: None):
    order = given(cast)
    phone = seat("plumber", width=390, height=844)
    ready(phone)
    cut(phone, off=True)
    open_card(phone, order)
    tap(phone, "accept")
    strip(phone, "1 条待发")
    # the desk took it back and gave it to the same man again: another version
    orders.assign_order(order=order, by=cast.front, at=timezone.now(), worker=cast.plumber)
    cut(phone, off=False)
    go(phone, "/work/queue/")
    phone.page.get_by_text("按最新情况再办一次").click()
    sent(phone)
    order.refresh_from_db()
    assert order.state == "accepted"
    assert Event.objects.filter(kind="orders.accepted").count() == 1
    assert real(phone) == []


def test_without_scripts_every_step_is_a_plain_form(
    browser: Browser, live_server: object, cast: Cast, plumber: None
):
    order = given(cast)
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    address = live_server.url  # type: ignore[attr-defined]
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "yunxi-plumber")
    page.fill("[name=password]", PASSWORD)
    page.click("#login [data-main]")
    page.locator(".w-card-face").click()
    page.locator("[data-verb=accept] button").click()
    page.locator("[data-verb=finish] summary").click()
    page.locator("[data-verb=finish] [name=finish-phrase]").first.check()
    page.locator("[data-verb=finish] [name=finish-photos]").set_input_files(picture())
    page.locator("[data-verb=finish] [name=finish-signature]").fill("钱女士")
    page.locator("[data-verb=finish] form button[data-main]").click()
    page.wait_for_url("**did=finish")
    order.refresh_from_db()
    assert order.state == "done"
    assert page.locator(".y-result").count() == 1
    context.close()


def test_another_person_sees_nothing_of_the_first_and_sends_nothing_for_him(
    seat: Seat, cast: Cast, plumber: None
):
    order = given(cast)
    phone = seat("plumber", width=390, height=844)
    ready(phone)
    cut(phone, off=True)
    open_card(phone, order)
    tap(phone, "accept")
    strip(phone, "1 条待发")
    cut(phone, off=False)
    # the session ended meanwhile: the deed stays
    phone.page.context.clear_cookies()
    phone.page.evaluate("yingshengWork.send({state: '/work/state/', sync: '/work/sync/'})")
    phone.log_in(cast.engineer.username)
    phone.open("/work/")
    ready(phone)
    assert order.number not in phone.page.content()
    assert phone.page.evaluate(f"yingshengWork.page('/work/orders/{order.key}/')") is None
    order.refresh_from_db()
    assert order.state == "waiting"
    phone.page.locator("a[href='/work/me/']").click()
    phone.page.locator("[data-logout] button").click()
    phone.page.wait_for_url("**/login/")
    until(phone, "yingshengWork.known().then((state) => state === undefined)")
    phone.log_in("yunxi-plumber")
    sent(phone)
    order.refresh_from_db()
    assert order.state == "accepted"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_sound_on_a_small_screen(seat: Seat, cast: Cast, plumber: None, language: str):
    order = given(cast, urgent=True)
    pooled = given(cast)
    orders.assign_order(order=pooled, by=cast.front, at=timezone.now())
    orders.accept_order(order=order, actor=cast.actor("plumber", timezone.now()), at=timezone.now())
    phone = seat("plumber", width=390, height=844, language=language)
    there = f"/work/orders/{order.key}/"
    for path in (
        "/work/",
        "/work/pool/",
        "/work/scan/",
        "/work/me/",
        "/work/queue/",
        there,
        f"{there}finish/",
        f"{there}use/",
    ):
        phone.open(path)
        phone.page.wait_for_load_state("networkidle")
        assert phone.page.locator("h1").count() == 1, path
        assert phone.findings() == [], path
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert phone.page.evaluate(SMALL) == [], path
    assert phone.complaints == []
    # the number opens with two taps and is gone with the page
    phone.open(there)
    phone.page.locator("form[action$='/call/'] button").click()
    assert phone.page.locator("a[href^='tel:']").count() == 1
