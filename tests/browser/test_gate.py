"""The gate with the network cut: a code is judged on the phone, goods go out once, an altered or revoked code never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from tests.browser.conftest import PASSWORD, Desk
from tests.browser.phone import cut, go, ready, real, sent, strip
from tests.factories.cast import Cast
from tests.factories.visitors import make_deposit, make_pass, make_visitor

from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.processes.visitors.models import Pass, SecondUse
from yingsheng.processes.visitors.services import gate, passes

Seat = Callable[..., Desk]


def opened(cast: Cast, **more: object) -> Pass:
    return make_pass(cast, at=timezone.now() - timedelta(minutes=10), **more)


def guard(seat: Seat, who: str = "guard", **more: object) -> Desk:
    phone = seat(who, width=390, height=844, **more)
    phone.open("/work/gate/")
    ready(phone)
    return phone


def check(phone: Desk, text: str) -> str:
    """Type or scan a code; what the phone says of it."""
    phone.page.evaluate("() => { document.getElementById('w-gate-verdict').textContent = ''; }")
    phone.page.fill("#w-gate-code", text)
    phone.page.press("#w-gate-code", "Enter")
    phone.page.locator("#w-gate-verdict:not(:empty)").wait_for()
    return phone.page.locator("#w-gate-verdict").inner_text()


def let_out(phone: Desk) -> None:
    form = phone.page.locator("#w-gate [data-verb=release] form")
    form.locator("label.y-choice", has_text="逐项核对，相符").click()
    form.locator("[data-main]").click()


@pytest.mark.rule("V-02", "V-03")
def test_goods_go_out_without_signal_and_no_false_code_passes(seat: Seat, cast: Cast) -> None:
    row, gone, back = opened(cast), opened(cast), opened(cast)
    now = timezone.now()
    gate.release_pass(actor=cast.actor("guard", now), record=gone, at=now, matches="yes")
    passes.revoke_pass(actor=cast.actor("front", now), record=back, at=now, reason="不搬了")
    phone = guard(seat)
    late = opened(cast)  # issued after the phone last heard of anything
    cut(phone, off=True)
    phone.page.reload()
    phone.page.locator("#w-gate-code").wait_for()
    assert "可以放行" in check(phone, row.code)
    assert phone.page.locator("#w-gate-lines li").all_inner_texts() == ["双门冰箱 × 1（大件）", "纸箱 × 12"]
    assert "可以放行" in check(phone, late.code)
    # neither used nor revoked ones, nor what was altered in a byte, wherever it is
    assert "已经用过" in check(phone, gone.code)
    assert "已经撤销" in check(phone, back.code)
    assert not phone.page.locator("#w-gate [data-verb=release] form").is_visible()
    for place in (0, 2, 5, 40, len(row.code) // 2, len(row.code) - 1):
        sign = "A" if row.code[place] != "A" else "B"
        words = check(phone, row.code[:place] + sign + row.code[place + 1 :])
        assert "可以放行" not in words, place
        assert not phone.page.locator("#w-gate-verbs").is_visible(), place
    assert "没有这张" in check(phone, "FX-20250101-0099")
    # by its number, from what the phone keeps
    assert "可以放行" in check(phone, row.number)
    let_out(phone)
    strip(phone, "1 条待发")
    assert "已经记下放行" in check(phone, row.code)
    row.refresh_from_db()
    assert row.state == "issued"
    assert phone.findings() == []

    cut(phone, off=False)
    go(phone, "/work/gate/")
    sent(phone)
    row.refresh_from_db()
    assert (row.state, row.gate_by) == ("released", cast.guard)
    assert row.gate_at is not None and row.gate_told_at is not None and row.gate_at <= row.gate_told_at
    assert real(phone) == []


@pytest.mark.rule("V-02")
def test_one_pass_at_two_gates_without_signal_is_found_out_and_told(seat: Seat, cast: Cast) -> None:
    now = timezone.now() - timedelta(days=1)
    second = org.hire(site=cast.site, username="yunxi-g2", name="滕保安", password=PASSWORD, by=None, at=now)
    org.appoint(staff=second, site=cast.site, role="GUARD", department="security", by=None, at=now)
    cast.staff["g2"] = second
    row = opened(cast)
    north, south = guard(seat), guard(seat, "g2")
    for phone in (north, south):
        cut(phone, off=True)
        phone.page.reload()
        phone.page.locator("#w-gate-code").wait_for()
        assert "可以放行" in check(phone, row.code)
        let_out(phone)
        strip(phone, "1 条待发")
    cut(north, off=False)
    go(north, "/work/gate/")
    sent(north)
    cut(south, off=False)
    go(south, "/work/gate/")
    strip(south, "要您处理")
    south.page.locator("#w-strip").click()
    trouble = south.page.locator(".w-deed.is-late")
    trouble.wait_for()
    assert "已经用过" in trouble.inner_text() and "尤保安" in trouble.locator(".w-now").inner_text()
    row.refresh_from_db()
    use = SecondUse.objects.get()
    assert (row.gate_by, use.by) == (cast.guard, second) and row.gate_at != use.at
    assert Message.objects.filter(to_staff=cast.supervisor, rule="V-02", tone="late").count() == 1
    trouble.get_by_text("留作记录").click()
    sent(south)
    boss = seat("supervisor")
    boss.open(f"/passes/{row.pk}/")
    assert "滕保安" in boss.page.locator("main").inner_text()
    assert boss.complaints == []


def test_without_scripts_the_gate_is_a_plain_form(browser: Browser, live_server: object, cast: Cast) -> None:
    row = opened(cast)
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    address = live_server.url  # type: ignore[attr-defined]
    page.goto(f"{address}/login/?next=/work/gate/")
    page.fill("[name=username]", cast.guard.username)
    page.fill("[name=password]", PASSWORD)
    page.click("#login [data-main]")
    page.locator(f"[data-gate-number='{row.number}']").click()
    assert "可以放行" in page.locator("#w-gate-verdict").inner_text()
    page.locator("[name=release-matches][value=yes]").check()
    page.locator("[data-verb=release] [data-main]").click()
    page.wait_for_url("**did=release")
    row.refresh_from_db()
    assert row.state == "released"
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_sound_on_both_screens(seat: Seat, cast: Cast, language: str) -> None:
    at = timezone.now() - timedelta(minutes=5)
    row, visitor, item = opened(cast), make_visitor(cast, at=at), make_deposit(cast, at=at)
    phone = guard(seat, language=language)
    for path in ("/work/gate/", f"/work/gate/?code={row.number}", f"/visitors/{visitor.pk}/"):
        phone.open(path)
        phone.page.wait_for_load_state("networkidle")
        assert phone.page.locator("h1").count() == 1, path
        assert phone.findings() == [], path
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert phone.complaints == []
    for width, height in ((1366, 768), (390, 844)):
        boss = seat("supervisor", width=width, height=height, language=language)
        for path in (
            "/passes/", f"/passes/{row.pk}/", "/visitors/", "/deposits/", f"/deposits/{item.pk}/",
            f"/pass-week/?first={timezone.localdate()}", "/gate-month/",
        ):  # fmt: skip
            boss.open(path)
            assert boss.page.locator("h1").count() == 1, path
            assert boss.findings() == [], path
            assert boss.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert boss.complaints == []
