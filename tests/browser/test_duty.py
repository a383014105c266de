"""One full day at the front desk: three shifts, a call, an errand of the night, a handover refused and one accepted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.browser.conftest import PASSWORD, Desk
from tests.factories.cast import Cast
from tests.factories.duty import at, make_desk

from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.rules import signature
from yingsheng.kernel.calls.services import give_extension, set_up_exchange
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.duty.models import Handover, OpenItem, Page
from yingsheng.processes.duty.rules import pages_join
from yingsheng.processes.enquiries.models import Contact

Seat = Callable[..., Desk]


class Clock:
    """The clock of the server; it stands until the story moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def goes_to(self, moment: datetime) -> None:
        """The story goes on at this moment."""
        self.moment = moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(at(7, 10))
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def fill(desk: Desk, form: str, prefix: str = "", **values: object) -> None:
    """Open a form of a record, fill it, do it."""
    panel = desk.page.locator(f"details:has(#{form})")
    if panel.count() and panel.first.get_attribute("open") is None:
        panel.first.locator("summary").click()
    for name, value in values.items():
        field = desk.page.locator(f"#{form} [name='{prefix}{name}']")
        kind = field.first.get_attribute("type")
        if isinstance(value, bool):
            field.set_checked(value)
        elif kind in ("radio", "checkbox"):
            desk.page.locator(f"#{form} [name='{prefix}{name}'][value='{value}']").check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))
    desk.page.locator(f"#{form} [data-main]").click()
    desk.page.wait_for_load_state()


def go(desk: Desk, who: Staff, path: str) -> None:
    """Open a page; whoever was away for hours logs in again first."""
    desk.open(path)
    if "/login/" in desk.page.url:
        desk.log_in(who.username)
        desk.open(path)


def do(desk: Desk, who: Staff, page: Page, verb: str, **values: object) -> None:
    """Do one thing with a page of the log."""
    go(desk, who, f"/duty/log/{page.pk}/")
    fill(desk, f"{verb}-form", f"{verb}-", **values)


def take_over(desk: Desk) -> None:
    """Take over a post that is empty."""
    desk.open("/duty/log/")
    form = desk.page.locator("form:has([name=password])")
    panel = desk.page.locator("details:has([name=password])")
    if panel.count() and panel.first.get_attribute("open") is None:
        panel.first.locator("summary").click()
    form.locator("[name=has_read]").set_checked(True)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("[data-main]").click()
    desk.page.wait_for_url("**did=new")


def signs(cast: Cast, out: str, into: str) -> dict[str, object]:
    return {
        "outgoing": cast.staff[out].pk, "incoming": cast.staff[into].pk, "has_read": True, "area": "normal",
        "outgoing_password": PASSWORD, "incoming_password": PASSWORD,
    }  # fmt: skip


def tell(desk: Desk, keyed: tuple[Exchange, str], clock: Clock, kind: str) -> None:
    """The telephone system tells of a call."""
    exchange, key = keyed
    body = json.dumps(
        {"ref": "c1", "kind": kind, "at": clock().isoformat(), "number": "13800138000", "extension": "801"}
    )
    stamp = clock().isoformat()
    headers = {
        "X-Exchange": exchange.code, "X-Stamp": stamp,
        "X-Signature": signature(secret=key, stamp=stamp, body=body.encode()),
    }  # fmt: skip
    answer = Client().post("/api/v1/phone/signals", body, content_type="application/json", headers=headers)
    assert answer.status_code == 200


@pytest.mark.rule("D-14", "D-15", "D-17", "D-20", "D-21", "D-25")
def test_a_day_of_three_shifts(seat: Seat, cast: Cast, clock: Clock) -> None:
    make_desk(cast=cast)
    open_periods(now=clock())
    clock.goes_to(at(7, 24))
    front = seat("front")
    take_over(front)
    day = Page.objects.get(number=1)
    assert day.opened_by == cast.front

    clock.goes_to(at(10))
    do(
        front,
        cast.front,
        day,
        "note",
        kind="repair",
        content="3栋水箱溢水",
        room="3-2-1802",
        important=True,
        is_open=True,
    )
    assert "3栋水箱溢水" in front.page.locator(".y-log").inner_text()
    assert front.findings() == []

    # the evening shift comes and finds important work unfinished
    clock.goes_to(at(15, 12))
    do(front, cast.front, day, "prepare", tidied=True, evidence=True, told="水箱还在溢，已关阀")
    clock.goes_to(at(15, 25))
    do(front, cast.front, day, "hand_over", **signs(cast, "front", "assistant"))
    assert "还有1件重要的事没有办完" in front.page.locator("body").inner_text()
    assert PASSWORD not in front.page.content()
    evening_desk = seat("assistant")
    do(evening_desk, cast.assistant, day, "refuse", incoming=cast.assistant.pk, reason="水箱没说清楚，不接")
    assert Page.objects.get(pk=day.pk).state == Page.State.ON_DUTY

    # the supervisor lets it go over, both sign
    supervisor = seat("supervisor")
    do(supervisor, cast.supervisor, day, "accept", reason="工程在修，中班接着盯")
    clock.goes_to(at(15, 31))
    do(front, cast.front, day, "prepare", tidied=True, evidence=True, told="水箱在修，阀门在三楼")
    do(front, cast.front, day, "hand_over", **signs(cast, "front", "assistant"))
    evening = Page.objects.get(number=2)
    assert (evening.state, evening.opened_by) == (Page.State.ON_DUTY, cast.assistant)

    # the night takes over, and what it cannot solve is opened by day
    clock.goes_to(at(23, 14))
    do(evening_desk, cast.assistant, evening, "prepare", tidied=True, evidence=True, told="水箱已好，观察")
    clock.goes_to(at(23, 28))
    do(evening_desk, cast.assistant, evening, "hand_over", **signs(cast, "assistant", "lobby"))
    night = Page.objects.get(number=3)
    lobby = seat("lobby", width=390, height=844)
    clock.goes_to(at(2, days=1))
    do(
        lobby,
        cast.lobby,
        night,
        "note",
        kind="complaint",
        content="楼上半夜拖椅子",
        room="3-2-1803",
        is_open=True,
    )
    assert lobby.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert lobby.findings() == []
    clock.goes_to(at(7, 13, days=1))
    do(lobby, cast.lobby, night, "prepare", tidied=True, evidence=True, told="照清单")
    clock.goes_to(at(7, 31, days=1))
    do(front, cast.front, night, "hand_over", **signs(cast, "lobby", "front"))

    item = OpenItem.objects.get(to_be_opened=True, line__kind="complaint")
    go(front, cast.front, f"/duty/items/{item.pk}/")
    front.page.locator("a:has-text('开投诉单')").click()
    front.page.wait_for_url("**start=complaints*")
    assert front.page.locator("select[name=channel]").input_value() == "night_log"
    front.page.keyboard.press("Control+Enter")
    front.page.wait_for_url("**done=*")
    item.refresh_from_db()
    assert item.case is not None and item.case.title == "楼上半夜拖椅子"
    assert Obligation.objects.get(milestone="open_form", subject_id=item.pk).state == "met"

    # the morning's signature under all three
    clock.goes_to(at(8, 45, days=1))
    go(supervisor, cast.supervisor, "/duty/sign/")
    assert supervisor.page.locator("table[data-rows] tbody tr").count() == 3
    supervisor.page.fill("[name=remark]", "水箱再看一天")
    supervisor.page.fill("[name=password]", PASSWORD)
    supervisor.page.locator("form:has([name=password]) [data-main]").click()
    supervisor.page.wait_for_url("**did=1")
    pages = list(Page.objects.filter(state=Page.State.CHECKED).order_by("number"))
    assert len(pages) == 3
    assert pages_join(spans=[(one.first_seq or 0, one.last_seq or 0) for one in pages])
    assert list(verify_chain(site_id=cast.site.pk)) == []
    assert len(Handover.objects.get(before=day).refusals) == 1
    for desk in (front, evening_desk, lobby, supervisor):
        assert desk.complaints == []


@pytest.mark.rule("B-06", "D-10")
def test_whoever_rings_stands_on_the_screen_within_a_second(seat: Seat, cast: Cast, clock: Clock) -> None:
    keyed = set_up_exchange(site=cast.site, name="总机", by=None, at=at(7))
    give_extension(exchange=keyed[0], number="801", staff=cast.front, by=None, at=at(7))
    clock.goes_to(at(9))
    front = seat("front")
    front.open("/reception/")
    front.page.wait_for_selector("#ringing", state="attached")
    tell(front, keyed, clock, "ring")
    front.page.wait_for_selector(".is-ringing a:has-text('1802')", timeout=1000)
    assert "其他人士" in front.page.locator(".is-ringing").inner_text()
    clock.goes_to(at(9) + timedelta(seconds=9))
    tell(front, keyed, clock, "answer")
    front.page.locator(".is-ringing a:has-text('1802')").first.click()
    front.page.wait_for_url("**call=*")
    front.page.keyboard.press("q")
    front.page.wait_for_url("**start=enquiries*")
    front.page.fill("[name=title]", "几点开门")
    front.page.fill("[name=answer]", "七点半")
    front.page.keyboard.press("Control+Enter")
    front.page.wait_for_url("**answered=1*")
    contact, call = Contact.objects.get(), Call.objects.get()
    assert (contact.call, call.rings, call.answered_by) == (call, 2, cast.front)
    assert front.complaints == []
