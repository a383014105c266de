"""A special service in a browser: asked for, paid and signed, given out, done by the worker, visited at its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.browser.conftest import Desk
from tests.factories.cast import Cast

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.models import Payment
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.orders.models import WorkOrder

Seat = Callable[..., Desk]


def do(desk: Desk, code: str, **values: str) -> None:
    """One verb on the page of an order."""
    panel = desk.page.locator(f"#verb-{code}")
    panel.locator("summary").first.click()
    for name, value in values.items():
        panel.locator(f"[name={code}-{name}]").fill(value)
    panel.locator("[data-main]").click()
    desk.page.wait_for_url(f"**did={code}*")


@pytest.mark.rule("S-01", "S-02", "S-04", "S-05", "S-08")
def test_a_service_from_the_telephone_to_its_last_visit(seat: Seat, cast: Cast):
    set_price(
        actor=cast.actor("head"), at=timezone.now() - timedelta(hours=1), kind="service", code="JZ1", name="家政保洁",
        unit="次", price_fen=12_000,
    )  # fmt: skip
    front = seat("front")
    front.open(f"/reception/?household={cast.homes[0].pk}&start=services")
    assert front.page.locator("#id_item_list option").get_attribute("value") == "家政保洁"
    front.page.keyboard.type("家政保洁")
    front.page.fill("#intake [name=first_date]", timezone.localdate().isoformat())
    front.page.keyboard.press("Control+Enter")
    front.page.wait_for_url("**done=*")
    case = Case.objects.get()
    assert case.number in front.page.locator(".y-result").inner_text()

    front.open(f"/cases/{case.key}/")
    assert "先收费" in front.page.locator(".y-next").inner_text()
    front.step("charge", method="cash", payer="钱女士", signed_by="钱女士")
    receipt = Payment.objects.get(case=case)
    assert receipt.amount_fen == 12_000
    assert receipt.number in front.page.locator("main").inner_text()
    front.step("dispatch", trade="cleaning", worker=cast.engineer.pk)

    order = WorkOrder.objects.get(case=case)
    engineer = seat("engineer")
    engineer.open(f"/orders/{order.key}/")
    do(engineer, "accept")
    do(engineer, "start")
    do(engineer, "finish", result="客厅和厨房打扫干净")
    case.refresh_from_db()
    assert case.state == "finished"

    admin = seat("area_admin")
    visit = case.follow_ups.get(part="end")
    admin.open(f"/followups/{visit.pk}/")
    form = f"#visit-{visit.pk}"
    for name in ("quality", "effect", "satisfaction"):
        admin.page.locator(f"{form} [name=visit-{name}][value='4']").check()
    admin.page.locator(f"{form} [name=visit-satisfied][value=yes]").check()
    admin.page.locator(f"{form} [name=visit-signature]").fill("钱女士")
    admin.page.locator(f"{form} [data-main]").click()
    admin.page.wait_for_url("**did=visit")
    case.refresh_from_db()
    assert case.state == "closed"
    for desk in (front, engineer, admin):
        assert desk.complaints == []
