"""Keys in a browser: two desks and one key, an outsider on the three terms, and a count with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.factories.cast import Cast
from tests.factories.keys import make_key

from yingsheng.kernel.cash.queries import balance
from yingsheng.kernel.custody.models import Item, Stocktake
from yingsheng.processes.keys.models import Loan

Seat = Callable[..., Desk]


def fill(desk: Desk, verb: str, **values: str) -> None:
    """Open a verb beside a record and fill its form."""
    panel = desk.page.locator(f"details:has(#{verb}-form)")
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    for name, value in values.items():
        field = panel.locator(f"[name={verb}-{name}]")
        if panel.locator(f"select[name={verb}-{name}]").count():
            field.select_option(value)
        elif panel.locator(f"[name={verb}-{name}][type=radio]").count():
            panel.locator(f"[name={verb}-{name}][value={value}]").check()
        else:
            field.fill(value)


def send(desk: Desk, verb: str) -> None:
    desk.page.locator(f"#{verb}-form [data-main]").click()
    desk.page.wait_for_load_state()


@pytest.mark.rule("K-04", "K-06", "K-11")
def test_two_desks_one_key_and_a_deposit_that_comes_back(seat: Seat, cast: Cast) -> None:
    early = timezone.now() - timedelta(hours=1)
    key = make_key(cast, at=early, hook="A-05")
    front, other = seat("front"), seat("supervisor")
    for desk in (front, other):
        desk.open(f"/keys/{key.pk}/")
    fill(
        front,
        "lend_outside",
        name="孙外人",
        organisation="宽带公司",
        id_number="110101199003070011",
        purpose="放线",
    )
    front.page.locator("[name=lend_outside-id_kind][value=id_card]").check()
    send(front, "lend_outside")
    # nothing of what was typed is lost for the signature that lacks
    assert front.page.locator("[name=lend_outside-name]").input_value() == "孙外人"
    assert Item.objects.get(pk=key.pk).state == "held"
    front.page.locator("[name=lend_outside-signature]").fill("孙外人")
    send(front, "lend_outside")
    loan = Loan.objects.get(item=key)
    assert (loan.deposit_fen, balance(site=cast.site)) == (20000, 20000)
    assert "1101**********0011" in front.page.locator(".y-moves").inner_text()

    fill(other, "lend_inside", staff=str(cast.engineer.pk), purpose="检修水表", signature="赵工程")
    send(other, "lend_inside")
    assert "孙外人" in other.page.locator(".y-errors").inner_text()
    assert Loan.objects.count() == 1

    fill(front, "take_back", signature="孙外人")
    send(front, "take_back")
    assert (Item.objects.get(pk=key.pk).state, balance(site=cast.site)) == ("held", 0)
    assert front.findings() == []
    assert front.complaints == []
    assert other.complaints == []


@pytest.mark.rule("K-08")
@pytest.mark.parametrize("width", [1366, 390])
def test_keys_are_counted_by_scanning_without_a_mouse(seat: Seat, cast: Cast, width: int) -> None:
    early = timezone.now() - timedelta(hours=1)
    here = [make_key(cast, at=early, kind="other", name=f"设备间{number}") for number in range(2)]
    gone = make_key(cast, at=early, kind="other", name="找不到的")
    front = seat("front", width=width)
    front.open("/keys-stocktakes/")
    front.page.locator("#new summary").click()
    front.page.locator("#new [data-main]").click()
    front.page.wait_for_url("**did=new")
    for key in here:
        # a scanner types what it reads into the box that has the focus, and sends it
        front.page.keyboard.type(f"https://desk.example/keys/k/{key.key}/")
        front.page.keyboard.press("Enter")
        front.page.locator("#scan-said", has_text=key.number).wait_for()
    front.page.keyboard.type(here[0].number)
    front.page.keyboard.press("Enter")
    front.page.locator("#scan-said", has_text="已经扫过").wait_for()

    fill(front, "close")
    send(front, "close")
    front.page.locator(".y-errors", has_text=gone.number).wait_for()
    front.page.locator(f"table a[href*='explain={gone.number}']").click()
    fill(front, "explain", explanation="钩上没有，正在找")
    send(front, "explain")
    fill(front, "close", note="一把待查")
    send(front, "close")
    count = Stocktake.objects.get()
    assert (count.state, count.total, count.in_place, count.missing) == ("closed", 3, 2, 1)
    assert front.findings() == []
    assert front.complaints == []
    wide = front.page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    assert not wide
