"""The books of the sales desk on the screen: what is typed, found, printed, brought in and taken out."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales_books import make_call, make_entered, make_referral, project_of

from yingsheng.kernel.events.models import Event
from yingsheng.processes.salesdesk.models import Entry, Sighting, Visit
from yingsheng.processes.salesdesk.services.receiving import receive_next

pytestmark = pytest.mark.django_db
BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def sit(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(f"salesdesk:{name}", args=args), query)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


@pytest.mark.rule("J-04")
def test_the_receiver_registers_on_the_page_of_the_reception(cast: Cast) -> None:
    visit = receive_next(actor=cast.actor("agent_a"), project=project_of(cast), at=MONDAY_NINE)
    client = sit(cast, "agent_a")
    assert "登记客户" in page(client, "sales_visits_one", visit.pk)
    typed = {
        "seen": visit.version, "register-name": "钱进宝", "register-contact": "138 0013 8111", "form_key": "a",
    }  # fmt: skip
    url = reverse("salesdesk:sales_visits_step", args=[visit.pk, "register"])
    response = client.post(url, typed)
    assert response.status_code == 303, response.content.decode()[:3000]
    shown = page(client, "sales_visits_one", visit.pk)
    assert "单位或住址、购买意向、信息来源" in shown
    assert "严一" in shown
    assert "004 篇1 第1条" in shown


@pytest.mark.rule("J-04")
def test_what_is_missing_is_said_beside_the_field(cast: Cast) -> None:
    visit = receive_next(actor=cast.actor("agent_a"), project=project_of(cast), at=MONDAY_NINE)
    url = reverse("salesdesk:sales_visits_step", args=[visit.pk, "register"])
    response = sit(cast, "agent_a").post(url, {"seen": visit.version, "register-name": "钱进宝"})
    assert response.status_code == 422
    assert "钱进宝" in response.content.decode()


@pytest.mark.rule("J-05")
@pytest.mark.rule("J-15")
def test_while_he_types_the_receiver_is_told_and_it_is_written_down(cast: Cast) -> None:
    earlier = make_entered(cast, at=MONDAY_NINE - timedelta(days=10))
    visit = receive_next(actor=cast.actor("agent_b"), project=project_of(cast), at=MONDAY_NINE)
    assert visit.receiver == cast.agent_b
    url = reverse("salesdesk:while_received", args=[visit.pk])
    shown = sit(cast, "agent_b").post(url, {"register-contact": "138-0013-8111"}).content.decode()
    assert earlier.entry is not None
    assert "严一" in shown
    assert earlier.entry.number in shown
    assert "电话" in shown
    assert "钱**" in shown
    assert "钱进宝" not in shown
    assert Sighting.objects.get().entry == earlier.entry
    assert Event.objects.filter(kind="salesdesk.sighted").count() == 1
    sit(cast, "agent_b").post(url, {"register-contact": "138-0013-8111"})
    assert Event.objects.filter(kind="salesdesk.sighted").count() == 1
    assert sit(cast, "agent_a").post(url, {"register-contact": "13800138111"}).status_code == 404


@pytest.mark.rule("J-06")
def test_a_call_is_registered_on_its_page_and_the_search_works_without_a_reception(cast: Cast) -> None:
    make_entered(cast, at=MONDAY_NINE - timedelta(days=10))
    client = sit(cast, "agent_b")
    assert "登记来电" in page(client, "sales_calls")
    found = client.post(reverse("salesdesk:conflicts"), {"name": "钱进宝"}).content.decode()
    assert "严一" in found
    typed = {"name": "孙来电", "contact": "13800138222", "content": "问价格"}
    response = client.post(reverse("salesdesk:sales_calls"), typed)
    assert response.status_code == 303
    assert "华二" in client.get(response["Location"]).content.decode()


@pytest.mark.rule("J-14")
def test_whom_a_viewer_introduced_is_registered_from_his_page(cast: Cast) -> None:
    visit = make_entered(cast)
    assert visit.entry is not None
    client = sit(cast, "agent_a")
    shown = page(client, "sales_referrals_new", visit.entry.number)
    assert f'value="{visit.entry.number}"' in shown
    typed = {
        "introduced_by": visit.entry.number,
        "relation": "friend",
        "name": "李未来",
        "contact": "13900139000",
    }
    response = client.post(reverse("salesdesk:sales_referrals"), typed)
    assert response.status_code == 303
    assert "朋友同事" in client.get(response["Location"]).content.decode()


@pytest.mark.rule("J-21")
def test_an_agent_sees_how_long_his_customers_are_his(cast: Cast) -> None:
    make_entered(cast, at=MONDAY_NINE)
    make_call(cast)
    shown = page(sit(cast, "agent_a"), "mine")
    assert "KH-20250303-0001" in shown
    assert "还没来过" in shown
    manager = page(sit(cast, "sales_manager"), "mine", agent=cast.agent_a.pk)
    assert "严一的客户" in manager
    assert "13800138111" not in manager
    assert sit(cast, "agent_b").get(reverse("salesdesk:mine"), {"agent": cast.agent_a.pk}).status_code == 404


@pytest.mark.rule("J-29")
@pytest.mark.parametrize("name", ["customer_book", "phone_book", "visitor_book"])
def test_a_book_is_looked_at_masked_and_printed_whole_by_who_keeps_it(cast: Cast, name: str) -> None:
    visit = make_entered(cast)
    make_call(cast, contact="13800138111")
    make_referral(cast, visit, contact="13800138111")
    client = sit(cast, "sales_manager")
    month = "?year=2025&month=3"
    url = f"{reverse(f'salesdesk:{name}')}{month}"
    looked = client.get(url).content.decode()
    assert "138****8111" in looked
    assert "13800138111" not in looked
    printed = client.post(url).content.decode()
    assert "13800138111" in printed
    assert Event.objects.filter(kind="salesdesk.printed").count() == 1
    assert "补打" in client.post(url).content.decode()
    assert client.post(f"{url}&as=pdf")["Content-Type"] == "application/pdf"
    assert sit(cast, "agent_a").get(url).status_code == 403


@pytest.mark.rule("J-04")
@pytest.mark.parametrize(
    ("choice", "title", "lines"), [("one_register", "客户登记本", 2), ("form", "客户登记表", 1)]
)
def test_the_printed_name_follows_the_adopted_one(cast: Cast, choice: str, title: str, lines: int) -> None:
    from yingsheng.kernel.policies.services import override_parameter

    before = MONDAY_NINE - timedelta(days=1)
    override_parameter(
        site=cast.site, path="J-04.register_name", value=choice, reason="试点", by=cast.head, at=before,
        active_from=before,
    )  # fmt: skip
    make_referral(cast, make_entered(cast))
    url = f"{reverse('salesdesk:customer_book')}?year=2025&month=3"
    shown = sit(cast, "sales_manager").get(url).content.decode()
    assert f"<h1>{title}</h1>" in shown
    assert shown.count('<td class="nowrap">2025-03-03</td>') == lines


@pytest.mark.rule("J-29")
def test_the_evidence_of_one_entry_prints_for_its_agent(cast: Cast) -> None:
    visit = make_entered(cast)
    url = reverse("salesdesk:register_form", args=[visit.entry_id])
    shown = sit(cast, "agent_a").post(url).content.decode()
    assert "13800138111" in shown
    assert "FM-62" in shown
    assert sit(cast, "agent_b").get(url).status_code == 404


@pytest.mark.rule("J-29")
def test_the_manager_reads_a_masked_customer_for_a_reason_that_is_kept(cast: Cast) -> None:
    visit = make_entered(cast)
    client = sit(cast, "sales_manager")
    assert "13800138111" not in page(client, "sales_visits_one", visit.pk)
    url = reverse("salesdesk:open_entry", args=[visit.entry_id])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert "13800138111" in client.post(url, {"reason": "核对佣金"}).content.decode()
    event = Event.objects.get(kind="salesdesk.opened")
    assert event.data["reason"] == "核对佣金"
    assert event.subject_id == visit.pk
    assert sit(cast, "agent_b").post(url, {"reason": "看看"}).status_code == 403


def table(*rows: list[object]) -> io.BytesIO:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "book.xlsx"
    return out


@pytest.mark.rule("J-04")
def test_a_book_is_looked_through_and_then_brought_in(cast: Cast) -> None:
    make_entered(cast)
    client = sit(cast, "sales_manager")
    sent = table(
        ["客户姓名", "日期", "业务员", "联系方式"],
        ["钱进宝", "2025-01-05", "华二", "13900139001"],
        ["", "2025-01-05", "华二", "13900139002"],
        ["吴一", "2025-01-06", "没有此人", "13900139003"],
    )
    shown = client.post(reverse("salesdesk:book_import"), {"table": sent}).content.decode()
    assert "没有客户姓名" in shown
    assert "没有这位业务员" in shown
    assert "与严一的KH-20250303-0001" in shown
    assert Entry.objects.count() == 1
    token = shown.split('name="lines" value="')[1].split('"')[0]
    assert client.post(reverse("salesdesk:book_import_confirm"), {"lines": token}).status_code == 303
    imported = Entry.objects.get(is_imported=True)
    assert imported.agent == cast.agent_b
    assert str(imported.day) == "2025-01-05"
    event = Event.objects.get(kind="salesdesk.imported")
    assert (event.data["count"], event.data["conflicts"], event.data["left_out"]) == (1, 1, 2)
    assert client.post(reverse("salesdesk:book_import_confirm"), {"lines": "x"}).status_code == 422


@pytest.mark.rule("J-29")
def test_the_book_goes_out_with_its_reason_and_mark(cast: Cast) -> None:
    make_entered(cast)
    client = sit(cast, "sales_manager")
    assert client.post(reverse("salesdesk:book_export"), {"reason": ""}).status_code == 422
    response = client.post(reverse("salesdesk:book_export"), {"reason": "季度核对"})
    rows = list(load_workbook(io.BytesIO(response.content)).worksheets[0].iter_rows(values_only=True))
    assert "季度核对" in str(rows[0][0])
    assert "钱进宝" in rows[2]
    assert Event.objects.get(kind="salesdesk.exported").data["rows"] == 1
    template = client.get(reverse("salesdesk:book_import_template"))
    assert load_workbook(io.BytesIO(template.content)).worksheets[0]["B1"].value == "客户姓名"


@pytest.mark.rule("J-15")
def test_a_colleague_sees_nothing_of_who_is_being_received(cast: Cast) -> None:
    visit = receive_next(
        actor=cast.actor("agent_a"), project=project_of(cast), at=MONDAY_NINE, called_as="王先生两位"
    )
    assert "王先生两位" in page(sit(cast, "agent_a"), "sales_visits")
    client = sit(cast, "agent_b")
    assert visit.number not in page(client, "sales_visits")
    assert client.get(reverse("salesdesk:sales_visits_one", args=[visit.pk])).status_code == 404
    assert Visit.objects.get().state == "receiving"
