"""The month of special services handed in, on its page and on paper; a service walked through the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import NINE, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.services.services import filing, intake, money, running

FIRST, LAST = date(2025, 3, 5), date(2025, 3, 31)


@pytest.fixture
def priced(cast: Cast) -> Cast:
    set_price(
        actor=cast.actor("head"),
        at=later(-1),
        kind="service",
        code="JZ1",
        name="家政保洁",
        unit="次",
        price_fen=12_000,
    )
    return cast


def registered(cast: Cast, **fields: Any) -> Case:
    return intake.register_service(
        **{
            "site": cast.site, "caller": cast.caller(), "by": cast.front, "at": NINE, "item": "家政保洁",
            "channel": "phone", "first_date": FIRST, "last_date": LAST, **fields,
        }
    )  # fmt: skip


def charged(cast: Cast, case: Case, **fields: Any) -> Case:
    return money.charge(
        **{
            "case": case, "by": cast.front, "at": later(0.2), "method": "cash", "payer": "钱女士",
            "signed_by": "钱女士", **fields,
        }
    )  # fmt: skip


@pytest.mark.rule("S-06", "S-07")
def test_the_month_is_analysed_with_the_area_officer_and_handed_in(priced: Cast):
    open_periods(now=NINE)
    charged(priced, registered(priced))
    registered(priced, item="代办签证", scope="beyond")
    fields: dict[str, Any] = {
        "actor": priced.actor("front"), "year": 2025, "month": 3, "conclusion": "家政最多",
        "analysed_with": priced.area_admin,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        filing.file_month(**fields, at=later(24 * 10))
    assert refused.value.code == "too_early"
    with pytest.raises(Refused) as refused:
        filing.file_month(**{**fields, "analysed_with": priced.front}, at=later(24 * 25))
    assert refused.value.field == "analysed_with"
    with pytest.raises(Refused):
        filing.file_month(**{**fields, "conclusion": " "}, at=later(24 * 25))
    made = filing.file_month(**fields, at=later(24 * 25))
    assert made.content["figures"]["kinds"] == [["家政保洁", 1, 12_000]]
    assert made.content["figures"]["paid_fen"] == 12_000
    rows = Obligation.objects.filter(subject_type="timers.period", milestone__startswith="service_")
    dues = {row.milestone: (row.rule, row.due_at.astimezone(SHANGHAI).day, row.state) for row in rows}
    assert dues == {
        "service_analysis": ("S-07", 29, "met"),
        "service_report": ("S-07", 30, "met"),
        "service_statistics": ("S-06", 30, "met"),
    }


@pytest.mark.rule("S-02", "S-06", "S-10")
def test_the_month_on_its_page_on_paper_and_as_excel(priced: Cast, monkeypatch: pytest.MonkeyPatch):
    case = charged(priced, registered(priced))
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(24 * 25))
    client = Client()
    client.force_login(priced.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get("/services/month/?year=2025&month=3").content.decode()
    assert case.number in page and "120.00" in page
    assert case.number not in client.get("/services/month/?year=2025&month=3&item=x").content.decode()
    sheet = client.get("/services/month/sheet/?year=2025&month=3").content.decode()
    assert "FM-36" in sheet and "家政保洁" in sheet
    assert "FM-34" in client.get("/services/month/register/?year=2025&month=3").content.decode()
    override_parameter(
        site=priced.site, path="S-02.register_layout", value="special_service_record", active_from=NINE,
        reason="本项目", by=priced.head, at=NINE,
    )  # fmt: skip
    assert "FM-35" in client.get("/services/month/register/?year=2025&month=3").content.decode()
    sent = client.post("/services/month/export/?year=2025&month=3", {"reason": "对账"})
    assert sent.status_code == 200 and Event.objects.filter(kind="services.exported").count() == 1
    words = {"conclusion": "家政最多", "analysed_with": str(priced.area_admin.pk), "form_key": "a"}
    assert client.post("/services/month/?year=2025&month=3", words).status_code == 303
    assert "家政最多" in client.get("/services/month/?year=2025&month=3").content.decode()


@pytest.mark.rule("S-10")
def test_a_service_is_asked_for_and_paid_on_the_screen(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NINE)
    client = Client()
    client.force_login(cast.head, backend="yingsheng.kernel.org.login.StaffBackend")
    set_price(
        actor=cast.actor("head"),
        at=NINE,
        kind="service",
        code="BY1",
        name="搬运",
        unit="小时",
        price_fen=8_000,
    )
    assert "搬运" in client.get("/services/prices/").content.decode()
    words = {
        "item": "by1", "channel": "visit", "scope": "inside", "first_date": "2025-03-05", "quantity": "1.5",
        "caller_name": "孙外人", "caller_phone": "13911112222", "form_key": "b",
    }  # fmt: skip
    sent = client.post("/reception/services/", words)
    assert sent.status_code == 303, sent.content.decode()
    case = Case.objects.get(process="services")
    assert case.service.fee_fen == 12_000
    page = client.get(f"/cases/{case.key}/").content.decode()
    assert "办理即收费" in page and "搬运" in page
    step = f"/cases/{case.key}/steps/charge/"
    pay = {"charge-method": "cash", "charge-payer": "孙外人", "form_key": "c"}
    assert client.post(step, pay).status_code == 422
    paid = client.post(step, {**pay, "charge-signed_by": "孙外人", "form_key": "d"})
    assert paid.status_code == 303, paid.content.decode()
    sheet = client.get(f"/cases/{case.key}/sheets/service_register/").content.decode()
    assert "120.00" in sheet and "孙外人" in sheet
    case.refresh_from_db()
    running.dispatch(case=case, by=cast.front, at=NINE, trade="other", outside="顺手搬运")
    assert "顺手搬运" in client.get(f"/cases/{case.key}/sheets/service_record/").content.decode()


@pytest.mark.rule("S-02", "R-02")
def test_the_order_of_a_service_prints_with_a_copy_for_each_place_it_goes_to(cast: Cast):
    case = intake.register_service(
        site=cast.site, caller=cast.caller(), by=cast.front, at=NINE, item="代收大件", channel="phone",
        first_date=NINE.date(), fee_fen=0,
    )  # fmt: skip
    running.dispatch(case=case, by=cast.front, at=NINE, trade="other", outside="顺手搬运")
    order = WorkOrder.objects.get(case=case)
    client = Client()
    client.force_login(cast.head, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get(f"/orders/{order.key}/sheets/order/").content.decode()
    for words in ("FM-25", order.number, "第1联 存根", "第2联 执行单位", "第3联 住户"):
        assert words in page
