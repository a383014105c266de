"""A patrol on a phone with the network cut: sent afterwards, its finding becomes a repair, its report comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from tests.browser.conftest import PASSWORD, Desk
from tests.browser.phone import cut, go, picture, ready, real, sent, strip
from tests.factories.cast import Cast
from tests.factories.patrols import make_walk

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.processes.patrols.models import Finding, Patrol, Report, Route, Visit
from yingsheng.processes.patrols.services import visiting

Seat = Callable[..., Desk]


@pytest.fixture
def route(cast: Cast) -> Route:
    return make_walk(cast, at=timezone.now() - timedelta(days=1))


def walker(seat: Seat, **more: object) -> Desk:
    phone = seat("area_admin", width=390, height=844, **more)
    phone.open("/work/patrols/")
    ready(phone)
    return phone


def point(phone: Desk, number: int) -> object:
    return phone.page.locator(f"#point-{number}")


@pytest.mark.rule("G-01", "G-02", "G-05", "G-09")
def test_a_patrol_without_signal_a_repair_and_the_report_returned(seat: Seat, cast: Cast, route: Route):
    phone = walker(seat)
    cut(phone, off=True)
    phone.page.locator(".w-card", has_text=route.name).locator("a").click()
    phone.page.locator("#point-1").wait_for()
    for number in (1, 2):
        phone.page.locator(f"#point-{number} button", has_text="正常").click()
        strip(phone, f"{number} 条待发")
    assert phone.page.locator("#point-1 .w-kept").is_visible()
    assert not phone.page.locator("#point-1 button", has_text="正常").is_visible()
    third = phone.page.locator("#point-3")
    third.locator("summary").click()
    third.locator("label.y-choice", has_text="设施损坏").click()
    third.locator("[name=tick-3-text]").fill("吊顶灯不亮")
    third.locator("label.y-choice", has_text="处理不了").click()
    third.locator("[name=tick-3-photos]").set_input_files(picture())
    third.locator(".y-previews img").wait_for()
    third.locator("button", has_text="记下问题").click()
    strip(phone, "3 条待发")
    end = phone.page.locator("[data-verb=end]")
    end.locator("summary").click()
    end.locator("[name=end-remark]").fill("都看过")
    end.locator("[data-main]").click()
    strip(phone, "4 条待发")
    # still there after a reload
    phone.page.reload()
    phone.page.locator("#point-1 .w-kept").wait_for()
    assert not Patrol.objects.exists()
    assert phone.findings() == []

    cut(phone, off=False)
    go(phone, "/work/patrols/")
    sent(phone)
    walk = Patrol.objects.get()
    assert (walk.state, walk.ticks.count()) == ("ended", 3)
    told = Event.objects.filter(kind__startswith="patrols.", device_at__isnull=False).order_by("seq")
    assert [event.kind for event in told] == [
        "patrols.started", "patrols.ticked", "patrols.ticked", "patrols.found", "patrols.ended",
    ]  # fmt: skip
    assert Attachment.objects.count() == 1
    assert real(phone) == []

    finding = Finding.objects.get()
    clerk = seat("area_admin")
    clerk.open(f"/patrol-findings/{finding.pk}/")
    clerk.page.get_by_role("link", name="转报修").click()
    assert "吊顶灯不亮" in clerk.page.locator("[name=title]").input_value()
    clerk.page.fill("[name=caller_phone]", "13900001111")
    clerk.page.locator("#intake [data-main], main form [data-main]").last.click()
    clerk.page.wait_for_url("**done=*")
    case = Case.objects.get()
    finding.refresh_from_db()
    assert (finding.state, finding.case) == ("passed", case)

    report = Report.objects.get()
    clerk.open(f"/patrol-reports/{report.pk}/")
    assert case.number in clerk.page.locator("[name=hand_up-open_items]").input_value()
    assert clerk.findings() == []
    clerk.page.locator("#hand_up-form [data-main]").click()
    clerk.page.wait_for_url("**did=hand_up*")
    boss = seat("supervisor")
    boss.open("/")
    boss.page.locator("a", has_text="吴管理").first.click()
    boss.page.fill("[name=return-remark]", "灯已派修")
    boss.page.locator("#return-form [data-main]").click()
    boss.page.wait_for_url("**did=return*")
    report.refresh_from_db()
    assert (report.state, report.remark) == ("returned", "灯已派修")
    assert boss.complaints == [] and clerk.complaints == []


@pytest.mark.rule("G-03")
def test_a_visit_that_a_colleague_made_meanwhile_is_shown_and_kept(seat: Seat, cast: Cast, route: Route):
    home = cast.homes[0]
    phone = walker(seat)
    cut(phone, off=True)
    phone.page.locator(".w-card", has_text=home.room.label).locator("a").click()
    met = phone.page.locator("[data-verb=met]")
    met.locator("summary").click()
    met.locator("[data-main]").click()  # whom did you meet?
    met.locator("[name=met-person_met]").fill("钱女士")
    met.locator("[name=met-opinions]").fill("楼道灯太暗")
    met.locator("[data-main]").click()
    phone.page.locator("#w-strip", has_text="待发").wait_for()
    now = timezone.now()
    visiting.visit_home(
        actor=cast.actor("assistant", now), at=now, household=home, result="met", person_met="钱先生"
    )
    cut(phone, off=False)
    go(phone, "/work/patrols/")
    strip(phone, "要您处理")
    phone.page.locator("#w-strip").click()
    trouble = phone.page.locator(".w-deed.is-late")
    trouble.wait_for()
    assert "楼道灯太暗" in trouble.locator(".w-yours").inner_text()
    assert "钱先生" in trouble.locator(".w-now").inner_text()
    trouble.get_by_text("留作记录").click()
    sent(phone)
    notes = Event.objects.filter(kind="patrols.note_kept")
    assert any("楼道灯太暗" in note.data["text"] for note in notes)
    assert Visit.objects.get().person_met == "钱先生"
    assert real(phone) == []


def test_without_scripts_points_and_visits_are_plain_forms(
    browser: Browser, live_server: object, cast: Cast, route: Route
):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    address = live_server.url  # type: ignore[attr-defined]
    page.goto(f"{address}/login/?next=/work/patrols/")
    page.fill("[name=username]", cast.area_admin.username)
    page.fill("[name=password]", PASSWORD)
    page.click("#login [data-main]")
    page.locator(".w-card", has_text=route.name).locator("a").click()
    page.locator("#point-1 button", has_text="正常").click()
    page.wait_for_url("**did=tick-1")
    page.locator("#point-2 summary").click()
    page.locator("#point-2 [name=tick-2-text]").fill("灯不亮")
    page.locator("#point-2 button", has_text="记下问题").click()
    assert page.locator("#point-2 [name=tick-2-text]").input_value() == "灯不亮"
    page.locator("#point-2 [name=tick-2-kind][value=fault]").check()
    page.locator("#point-2 [name=tick-2-handling][value=open]").check()
    page.locator("#point-2 button", has_text="记下问题").click()
    page.wait_for_url("**did=tick-2")
    assert Finding.objects.get().text == "灯不亮"
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_sound_on_both_screens(seat: Seat, cast: Cast, route: Route, language: str):
    phone = walker(seat, language=language)
    here = f"/work/patrols/routes/{route.pk}/"
    for path in ("/work/patrols/", here, f"/work/patrols/homes/{cast.homes[0].pk}/"):
        phone.open(path)
        phone.page.wait_for_load_state("networkidle")
        assert phone.page.locator("h1").count() == 1, path
        assert phone.findings() == [], path
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert phone.complaints == []
    for width, height in ((1366, 768), (390, 844)):
        boss = seat("supervisor", width=width, height=height, language=language)
        for path in (
            "/patrols/", "/patrol-findings/", "/patrol-reports/", "/household-visits/", "/visit-coverage/",
            "/visit-arrangements/", "/inspections/", "/work-diary/", "/standards/", "/patrol-routes/",
            f"/patrol-routes/{route.pk}/",
        ):  # fmt: skip
            boss.open(path)
            assert boss.page.locator("h1").count() == 1, path
            assert boss.findings() == [], path
            assert boss.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert boss.complaints == []
