"""What desk, cashier and supervisor see: the box, the bag, the months, the sheets."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.factories.cash import let_desk_collect, make_batch, make_fee, make_order
from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.base.process import processes
from yingsheng.kernel.events.models import Event
from yingsheng.processes.fees.models import Handover
from yingsheng.processes.fees.services import handing
from yingsheng.processes.prepaid.models import Order

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
MARCH = {"year": "2025", "month": "3"}


def sitting(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


@pytest.mark.rule("O-01", "O-02")
def test_the_form_is_not_offered_where_the_desk_takes_no_fees(cast: Cast) -> None:
    page = sitting(cast, "front").get(reverse("fees:fee_receipts"))
    assert page.status_code == 200
    assert page.context["form"] is None
    assert reverse("ui:rule", args=["O-02"]) in page.content.decode()


@pytest.mark.rule("O-06", "P-02")
def test_the_box_shows_where_every_fen_lies_and_leads_to_what_it_was_for(cast: Cast) -> None:
    order = make_order(cast)
    make_batch(cast, handed=True)
    make_order(cast, room="3-2-1803", device="YKB-2", cash_fen=12_300)
    page = sitting(cast, "front").get(reverse("fees:cash_counts"))
    told = page.content.decode()
    assert "123.00" in told
    assert cast.assistant.name in told
    assert reverse("prepaid:prepaid_orders_one", args=[order.pk]) in told


@pytest.mark.rule("O-06")
def test_the_box_is_counted_on_its_page(cast: Cast) -> None:
    make_order(cast)
    client = sitting(cast, "front")
    sent = {"purpose": "day", "n_10000": "1"}
    refused = client.post(reverse("fees:cash_counts"), sent)
    assert refused.status_code == 422
    done = client.post(reverse("fees:cash_counts"), {**sent, "n_5000": "2"})
    assert done.status_code == 303
    assert Event.objects.filter(kind="fees.box_counted").count() == 1


@pytest.mark.rule("O-03", "O-06")
def test_the_month_of_takings_shows_late_handovers_and_goes_out_with_a_reason(cast: Cast) -> None:
    let_desk_collect(cast)
    make_fee(cast)
    bag = Handover.objects.get()
    handing.count_takings(actor=cast.actor("front"), record=bag, at=MONDAY_NINE, signature="王", n_10000=3)
    handing.receive_takings(
        actor=cast.actor("cashier"),
        record=Handover.objects.get(),
        at=MONDAY_NINE + timedelta(minutes=9),
        signature="尤",
    )
    client = sitting(cast, "head")
    page = client.get(reverse("fees:month"), {**MARCH, "late": "1"})
    assert page.status_code == 200
    assert bag.number in page.content.decode()
    assert page.context["figures"][2].value == 1
    where = f"{reverse('fees:month_export')}?year=2025&month=3"
    assert client.post(where, {"reason": " "}).status_code in (409, 422)
    out = client.post(where, {"reason": "对账"})
    rows = list(load_workbook(BytesIO(out.content)).active.values)
    assert rows[2][4] == "300.00"
    assert Event.objects.filter(kind="fees.exported").count() == 1


@pytest.mark.rule("P-06")
def test_the_month_of_prepaid_orders_drills_down_and_goes_out(cast: Cast) -> None:
    make_order(cast)
    make_order(cast, room="3-2-1803", kind="gas", device="QK-1", cash_fen=5_000)
    client = sitting(cast, "head")
    page = client.get(reverse("prepaid:month"), {**MARCH, "kind": "gas", "state": "ordered"})
    assert [row.name for row in page.context["rows"]] == [Order.objects.get(kind="gas").number]
    out = client.post(f"{reverse('prepaid:month_export')}?year=2025&month=3", {"reason": "对账"})
    assert len(list(load_workbook(BytesIO(out.content)).active.values)) == 4


@pytest.mark.rule("P-02", "P-03", "O-06")
@pytest.mark.parametrize("name", ["custody", "handover", "register", "receipt", "bag"])
def test_every_sheet_is_looked_at_free_and_counted_when_printed(cast: Cast, name: str) -> None:
    let_desk_collect(cast)
    fee, order = make_fee(cast), make_order(cast)
    batch = make_batch(cast, handed=True)
    where, number, title = {
        "custody": (reverse("prepaid:custody_sheet", args=[order.pk]), order.number, "凭条"),
        "handover": (reverse("prepaid:handover_sheet", args=[batch.pk]), "FM-45", "交接记录"),
        "register": (
            reverse("prepaid:register_sheet", args=["electricity"]) + "?year=2025&month=3", "FM-43", "领取记录表",
        ),
        "receipt": (reverse("fees:receipt_sheet", args=[fee.pk]), fee.number, "收据"),
        "bag": (reverse("fees:handover_sheet", args=[Handover.objects.get().pk]), fee.number, "移交单"),
    }[name]  # fmt: skip
    client = sitting(cast, "head")
    before = Event.objects.count()
    told = client.get(where).content.decode()
    assert number in told
    assert title in told
    assert Event.objects.count() == before
    client.post(where)
    assert client.post(where).status_code == 200
    assert Event.objects.filter(kind__endswith=".printed").count() == 2


@pytest.mark.rule("P-03", "P-07")
def test_a_purchase_shows_its_lines_and_an_order_its_purchase(cast: Cast) -> None:
    order = make_order(cast)
    batch = make_batch(cast, handed=True)
    client = sitting(cast, "front")
    assert (
        order.number in client.get(reverse("prepaid:prepaid_batches_one", args=[batch.pk])).content.decode()
    )
    assert batch.number in client.get(reverse("prepaid:prepaid_orders_one", args=[order.pk])).content.decode()


@pytest.mark.rule("O-03")
def test_every_milestone_and_sheet_is_declared() -> None:
    fees, prepaid = processes.get("fees"), processes.get("prepaid")
    assert {one.form_number for one in prepaid.own_sheets} >= {"FM-43", "FM-44", "FM-45"}
    assert [one.code for one in fees.milestones] == ["hand_to_cashier"]
