"""What the stories on a worker's phone share: the plumber, an order of his, the network cut, the large buttons."""

from __future__ import annotations

import io
from datetime import time, timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Error
from tests.browser.conftest import PASSWORD, Desk
from tests.factories.cast import Cast
from tests.processes.repairs.story import requested

from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.org import services as org
from yingsheng.processes.repairs.services import giving


@pytest.fixture
def plumber(cast: Cast) -> None:
    """Somebody who does nothing but orders."""
    now = timezone.now() - timedelta(days=30)
    staff = org.hire(
        site=cast.site, username="yunxi-plumber", name="姜师傅", password=PASSWORD, by=None, at=now
    )
    org.appoint(staff=staff, site=cast.site, role="WORKER", department="engineering", by=None, at=now)
    cast.staff["plumber"] = staff
    orders.set_profile(
        actor=cast.actor("supervisor", timezone.now()), staff=staff, trades=["water"], shift_from=time(0),
        shift_to=time(0), weekdays=list(range(7)), away_until=None, active=True, at=now,
    )  # fmt: skip
    set_price(
        actor=cast.actor("supervisor", timezone.now()), at=now, kind="material", code="M-01", name="角阀", unit="个",
        price_fen=3500,
    )  # fmt: skip


def given(cast: Cast, *, urgent: bool = False) -> WorkOrder:
    at = timezone.now() - timedelta(minutes=20)
    case = requested(cast, at=at, kind="urgent" if urgent else "minor")
    giving.give_order(
        case=case, by=cast.front, at=at, trade="water", task="换厨房角阀", worker=cast.plumber,
        department=cast.department("engineering"),
    )  # fmt: skip
    return WorkOrder.objects.get(case=case)


def picture() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    return {"name": "after.png", "mimeType": "image/png", "buffer": out.getvalue()}


def until(desk: Desk, expression: str) -> None:
    """Ask the page again until what it promises is true."""
    for _turn in range(100):
        try:
            if desk.page.evaluate(expression):
                return
        except Error as error:  # the page went on to another one while it was asked
            if "context was destroyed" not in str(error):
                raise
        desk.page.wait_for_timeout(100)
    raise AssertionError(expression)


def ready(desk: Desk) -> None:
    """The service worker answers and the device keeps the orders.

    A page that is on its way while the worker wakes is not claimed by it (the browser claims what has arrived); the
    next page of that person is, so here one is opened anew.
    """
    until(
        desk,
        "navigator.serviceWorker.ready.then((registration) => registration.active.state === 'activated')",
    )
    if not desk.page.evaluate("navigator.serviceWorker.controller !== null"):
        desk.page.reload()
    until(desk, "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    until(desk, "yingshengWork.known().then((state) => Boolean(state))")


def go(desk: Desk, path: str) -> None:
    """Open an address; a page that renews itself at that moment would get in the way, then once more."""
    try:
        desk.page.goto(f"{desk.address}{path}")
    except Error:
        desk.page.wait_for_load_state()
        desk.page.goto(f"{desk.address}{path}")


def cut(desk: Desk, *, off: bool) -> None:
    desk.page.context.set_offline(off)


def open_card(desk: Desk, order: WorkOrder) -> None:
    desk.page.locator(f".w-card[data-order='{order.key}'] .w-card-face").click()
    desk.page.wait_for_url(f"**/work/orders/{order.key}/")
    desk.page.locator(".w-order").wait_for()


def tap(desk: Desk, verb: str) -> None:
    """The large button of a verb, and the one under its questions if it has any."""
    section = desk.page.locator(f"[data-verb={verb}]")
    summary = section.locator("summary")
    if summary.count():
        summary.click()
    section.locator("form [data-main]").click()


def finish(desk: Desk) -> None:
    section = desk.page.locator("[data-verb=finish]")
    section.locator("summary").click()
    section.locator("[name=finish-photos]").set_input_files(picture())
    section.locator(".y-previews img").wait_for()
    section.locator("label.y-choice", has_text="更换损坏配件").click()
    section.locator("label.y-choice", has_text="现场已清扫").click()
    pad = section.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + 30, box["y"] + 40)
    desk.page.mouse.down()
    desk.page.mouse.move(box["x"] + 160, box["y"] + 80, steps=6)
    desk.page.mouse.up()
    section.locator("form [data-main]").click()


def strip(desk: Desk, text: str) -> None:
    desk.page.locator("#w-strip", has_text=text).wait_for()


def sent(desk: Desk) -> None:
    """Everything has left the phone."""
    until(
        desk,
        "yingshengWork.list(document.querySelector('[data-work]').dataset.worker || '?')"
        ".then((left) => left.length === 0 && document.querySelector('[data-work]').dataset.worker !== '')",
    )


def real(desk: Desk) -> list[str]:
    """What the console complained of, beside being offline."""
    return [text for text in desk.complaints if "ERR_INTERNET_DISCONNECTED" not in text]
