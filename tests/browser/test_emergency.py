"""Twenty to eight in the evening: a pipe bursts, the desk registers it by keyboard, a neighbour rings, help goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.factories.cast import SHANGHAI, Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.processes.emergencies.models import Affected

Seat = Callable[..., Desk]
EVENING = datetime(2026, 11, 27, 19, 40, tzinfo=SHANGHAI)


@pytest.mark.rule("X-01", "X-02", "X-03")
def test_a_burst_pipe_in_the_evening(seat: Seat, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    front = seat("front")
    keys = front.page.keyboard
    front.page.locator("body").focus()
    keys.press("!")
    front.page.wait_for_url("**start=emergencies*")
    # the cursor stands on the kind; one letter would do for a list, arrows for anybody
    front.page.wait_for_selector("[name=kind]:focus")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.type("3栋2单元走廊")
    keys.press("Tab")
    keys.type("走廊水管爆了，水往电梯流")
    keys.press("Control+Enter")
    front.page.wait_for_url("**done=*")
    case = Case.objects.get(process="emergencies")
    assert (case.category, case.state, case.received_at) == ("burst_pipe", "alarm", EVENING)
    assert "19:45" in front.page.locator(".y-result").inner_text()

    # a neighbour of the same building rings
    front.open("/reception/")
    keys.type("3-2-1803")
    keys.press("Enter")
    front.page.wait_for_url("**household=*")
    hint = front.page.locator("#hints")
    assert case.title in hint.inner_text()
    assert front.findings() == []
    front.page.locator("body").focus()
    keys.press("+")
    front.page.wait_for_url("**#hints")
    assert "已记入来电名单" in front.page.locator("#hints").inner_text()
    assert Affected.objects.get(case=case).household == cast.homes[1]

    # the engineer takes it on his phone and ticks the first line
    engineer = seat("engineer", width=390, height=844)
    engineer.open("/emergencies/")
    engineer.page.locator(f"a:has-text('{case.number}')").first.click()
    engineer.page.wait_for_url(f"**/cases/{case.key}/")
    engineer.step("acknowledge", eta_minutes=6)
    case.refresh_from_db()
    assert (case.state, case.handler) == ("acknowledged", cast.engineer)
    engineer.page.locator("#checklist button").first.click()
    engineer.page.wait_for_url("**did=tick")
    assert "1/6" in engineer.page.locator("#checklist").inner_text()
    assert engineer.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert engineer.findings() == []
    for desk in (front, engineer):
        assert desk.complaints == []
