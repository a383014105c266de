"""Every page of every process: what was typed comes back, sheets print, cost does not grow with the rows."""

from __future__ import annotations

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.contract.matters import matter
from tests.factories.cast import Cast, make_cast
from tests.factories.registers import make_more, make_records
from tests.processes.story import handled, later, registered

from yingsheng.base.formspec import FormSpec, Kind
from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Role
from yingsheng.kernel.org.permissions import PERMISSIONS
from yingsheng.kernel.policies.models import RuleVersion
from yingsheng.processes.complaints.services import intake
from yingsheng.processes.enquiries.models import Contact

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
EVERYTHING = sorted(
    {permission.code for permission in PERMISSIONS}
    | {permission.code for process in processes for permission in process.permissions}
)
STEPS = [(process, step) for process in processes for step in process.steps]
LIVING = [process for process in processes if process.states]
MOST_QUERIES = 12
CASE_QUERIES = 13  # the page of an emergency also reads who was told, ticks, outside help and callers


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=5)


def sitting(cast: Cast) -> Client:
    """Somebody who may do everything, at the desk."""
    Role.objects.create(code="ALL", name_zh="全部", name_en="All", permissions=EVERYTHING, rank=5)
    staff = org.hire(site=cast.site, username="all", name="秦全能", password=None, by=None, at=later(-9))
    org.appoint(staff=staff, site=cast.site, role="ALL", department="service", by=None, at=later(-9))
    cast.staff["all"] = staff
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def typed(spec: FormSpec) -> dict[str, str]:
    """Words in every line and text of a form, and nothing else."""
    return {
        item.name: f"打好的字{number}"
        for number, item in enumerate(spec.fields)
        if item.kind in (Kind.LINE, Kind.TEXT)
    }


@pytest.mark.parametrize(("process", "step"), STEPS, ids=[f"{p.code}.{s.code}" for p, s in STEPS])
def test_a_step_sent_empty_is_explained_and_writes_nothing(cast: Cast, process: Process, step: Step) -> None:
    client = sitting(cast)
    case = matter(cast, process)
    Case.objects.filter(pk=case.pk).update(state=step.sources[0])
    required = [item for item in step.form.fields if item.required]
    before = Event.objects.count()
    url = reverse("ui:case_step", args=[case.key, step.code])
    response = client.post(url, {})
    if not required:
        assert response.status_code in (303, 422)
        return
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    for item in required:
        assert f"id_{step.code}-{item.name}" in page
    assert Event.objects.count() == before
    words = {f"{step.code}-{name}": text for name, text in typed(step.form).items()}
    if left_out := next((item for item in required if f"{step.code}-{item.name}" in words), None):
        words[f"{step.code}-{left_out.name}"] = ""
    again = client.post(url, words)
    assert again.status_code == 422
    for text in words.values():
        assert text in again.content.decode()


def test_a_step_that_somebody_else_did_first_is_explained_and_keeps_the_words(cast: Cast) -> None:
    client = sitting(cast)
    case = handled(cast)
    url = reverse("ui:case_step", args=[case.key, "finish"])
    words = {"finish-method": "更换软管两根", "finish-result": "试水不漏", "finish-prevention": "每季巡检"}
    response = client.post(url, words)
    assert response.status_code == 422
    page = response.content.decode()
    assert "现在是“已处理”" in page or "不能做" in page
    for text in words.values():
        assert text in page


@pytest.mark.parametrize(
    "process", [process for process in processes if process.intake is not None], ids=lambda one: one.code
)
def test_an_intake_that_lacks_something_comes_back_as_it_was_typed(cast: Cast, process: Process) -> None:
    assert process.intake is not None
    client = sitting(cast)
    words = {**typed(process.intake), "caller_name": "孙外人", "caller_phone": "13911112222"}
    words.pop("answer", None)
    for item in process.intake.fields:
        if item.required and item.kind is Kind.CHOICE:
            words.pop(item.name, None)
    before = Event.objects.count()
    response = client.post(reverse("enquiries:start", args=[process.code]), words)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    for text in words.values():
        assert text in page
    assert Event.objects.count() == before
    assert not Case.objects.exists() and not Contact.objects.exists()


@pytest.mark.parametrize("process", LIVING, ids=lambda one: one.code)
def test_every_sheet_prints_with_its_number_and_form(cast: Cast, process: Process) -> None:
    client = sitting(cast)
    case = handled(cast) if process.code == "complaints" else matter(cast, process)
    for sheet in process.sheets:
        response = client.get(reverse("ui:sheet", args=[case.key, sheet.code]))
        assert response.status_code == 200, sheet.code
        page = response.content.decode()
        for words in (case.number, sheet.title, cast.site.name, sheet.form_number, *sheet.copies):
            assert words in page, (sheet.code, words)
    assert client.get(reverse("ui:sheet", args=[case.key, "none"])).status_code == 404


@pytest.mark.parametrize(
    ("process", "code"),
    [(process, sheet.code) for process in processes for sheet in process.sheets],
    ids=lambda one: one if isinstance(one, str) else one.code,
)
def test_every_sheet_is_a_pdf_that_can_be_read(
    cast: Cast, tmp_path: Path, process: Process, code: str
) -> None:
    client = sitting(cast)
    case = handled(cast) if process.code == "complaints" else matter(cast, process)
    response = client.get(reverse("ui:sheet_pdf", args=[case.key, code]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    if (reader := shutil.which("pdftotext")) is None:
        return  # the page itself was made; only its reading back needs poppler
    file = tmp_path / "sheet.pdf"
    file.write_bytes(response.content)
    text = subprocess.run(
        [reader, "-layout", str(file), "-"], capture_output=True, check=True
    ).stdout.decode()
    flat = re.sub(r"\s", "", text)
    sheet = next(one for one in process.sheets if one.code == code)
    assert case.number in flat
    assert sheet.title in flat
    assert cast.site.name in flat


def cost(client: Client, url: str) -> int:
    """Statements of a page beside those that find the session and the person."""
    client.get(url)  # caches warm, as on any but the first request
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert response.status_code == 200
    own = [
        query["sql"]
        for query in seen.captured_queries
        if "django_session" not in query["sql"] and not re.search(r'FROM "org_staff" WHERE', query["sql"])
    ]
    return len(own)


@pytest.mark.parametrize(
    "name",
    [
        "ui:today", "complaints:list", "enquiries:list", "enquiries:contacts", "followups:list", "ui:inbox",
        "complaints:unanswered", "complaints:filings", "complaints:improvements", "followups:orders",
        "followups:matters", "services:list", "services:prices", "services:month",
        "repairs:list", "repairs:review", "repairs:month", "ui:orders",
        "enquiries:month", "enquiries:tidy", "notices:bulletins", "registers:key_customers", "knowledge:knowledge",
        "registers:plans", "registers:typical_cases", "knowledge:gaps", "knowledge:coverage",
        "duty:log", "duty:items", "duty:spot_checks", "duty:sign", "duty:conduct", "phone:calls", "phone:ringing",
        "prepaid:prepaid_orders", "prepaid:month", "fees:cash_counts", "fees:cashier_handovers", "fees:fee_receipts",
        "fees:month",
        "keys:keys", "keys:key_loans", "keys:keys_stocktakes", "keys:month",
        "mail:mail_items", "mail:mail_batches", "mail:mail_stocktakes", "mail:month", "mail:intake", "mail:batch_sheet",
        "mail:register_sheet", "salesdesk:sales_projects",
        "salesdesk:sales_deals", "salesdesk:sales_applications", "salesdesk:sales_bonuses", "salesdesk:sales_rates",
        "salesdesk:month",
        "salesdesk:sales_visits", "salesdesk:sales_calls", "salesdesk:sales_referrals", "salesdesk:mine",
    ],
)  # fmt: skip
def test_a_list_costs_the_same_for_many_rows(cast: Cast, name: str) -> None:
    client = sitting(cast)

    def more(count: int) -> None:
        for number in range(count):
            for process in LIVING:
                matter(cast, process, home=number % 5)

    more(3)
    handled(cast)
    make_records(cast)
    few = cost(client, reverse(name))
    more(20)
    handled(cast, home=1)
    handled(cast, home=2)
    make_more(cast)
    many = cost(client, reverse(name))
    assert many <= few
    assert many <= MOST_QUERIES, f"{name} asks {many} times"


@pytest.mark.parametrize("process", LIVING, ids=lambda one: one.code)
def test_a_case_page_costs_the_same_for_a_long_story(cast: Cast, process: Process) -> None:
    client = sitting(cast)
    case = handled(cast) if process.code == "complaints" else matter(cast, process)
    url = reverse("ui:case", args=[case.key])
    few = cost(client, url)
    for number in range(10):
        matter(cast, process, home=number % 5)
    if process.code == "complaints":
        longer = registered(cast, home=3)
        for number in range(8):
            intake_progress(cast, longer, number)
        url = reverse("ui:case", args=[longer.key])
        assert cost(client, url) <= few + 1
    assert cost(client, reverse("ui:case", args=[case.key])) <= few
    assert few <= CASE_QUERIES, f"the page of a case asks {few} times"


def intake_progress(cast: Cast, case: Case, number: int) -> None:
    from yingsheng.processes.complaints.services.handling import note_progress

    note_progress(case=case, by=cast.front, at=later(number + 1), text=f"第{number}次进展")


def test_money_typed_in_yuan_reaches_the_rules(cast: Cast) -> None:
    client = sitting(cast)
    asked = {"received_at": "2025-03-03T09:00", "loss_fen": "120.50"}
    assert client.get(reverse("complaints:explain"), asked).status_code == 200
    assert client.get(reverse("complaints:explain"), {**asked, "loss_fen": "很多"}).status_code == 422


def complaint_words(key: str) -> dict[str, Any]:
    return {
        "title": "厨房漏水没人修",
        "channel": "phone",
        "category": "repair",
        "caller_name": "孙外人",
        "caller_phone": "13911112222",
        "form_key": key,
    }


def test_the_same_form_sent_twice_is_one_matter(cast: Cast) -> None:
    client = sitting(cast)
    url = reverse("enquiries:start", args=["complaints"])
    first = client.post(url, complaint_words("once"))
    assert first.status_code == 303, first.content.decode()
    again = client.post(url, complaint_words("once"))
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert Case.objects.count() == 1
    assert Contact.objects.count() == 1
    changed = client.post(url, {**complaint_words("once"), "title": "另一件事"})
    assert changed.status_code == 422
    assert Case.objects.count() == 1
    other = client.post(url, complaint_words("twice"))
    assert other.status_code == 303
    assert sorted(Case.objects.values_list("number", flat=True))[-1].endswith("-0002")


def test_the_same_form_sent_from_four_windows_at_once_is_one_matter(committed_db: None) -> None:
    cast = make_cast()
    client = sitting(cast)
    session = client.cookies["yingsheng_session"].value
    url = reverse("enquiries:start", args=["complaints"])

    def send(_number: int) -> tuple[int, str]:
        window = Client()
        window.cookies["yingsheng_session"] = session
        try:
            response = window.post(url, complaint_words("once"))
            return response.status_code, response.get("Location", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(send, range(4)))
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 303
    assert Case.objects.count() == 1
    assert Contact.objects.count() == 1
    assert Event.objects.filter(kind="complaints.registered").count() == 1
    assert Case.objects.get().number.endswith("-0001")


def test_what_was_promised_stands_with_its_version(cast: Cast) -> None:
    intake.register_complaint(
        site=cast.site, caller=cast.caller(), title="厨房漏水", channel="phone", by=cast.front, at=later(0)
    )
    assert RuleVersion.objects.filter(site=cast.site, rule="C-33").count() == 1
