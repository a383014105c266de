"""The paper of a complaint: what each form asks for stands on it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import Cast, make_cast
from tests.processes.story import NINE, handled, later, registered, visited, working

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.processes.complaints.services import escalating, grouping

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=5)


@pytest.fixture
def office(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.head, backend=BACKEND)
    return client


def sheet(office: Client, case: Case, code: str) -> str:
    return office.get(reverse("ui:sheet", args=[case.key, code])).content.decode()


@pytest.mark.rule("C-31", "C-72")
def test_the_handling_record_shows_who_signed_the_limit_and_the_visit(cast: Cast, office: Client) -> None:
    case = handled(cast)
    visited(cast, case)
    page = sheet(office, case, "handling")
    for words in (cast.engineer.name, "2025-03-03 09:36", "2025-03-06", "已回访"):
        assert words in page, words


@pytest.mark.rule("C-32", "C-31")
def test_the_liaison_note_shows_the_limit_and_who_took_it(cast: Cast, office: Client) -> None:
    page = sheet(office, working(cast), "memo")
    for words in ("2025-03-06", "2025-03-03 09:36", cast.engineer.name):
        assert words in page, words


@pytest.mark.rule("C-53", "C-54")
def test_the_circulation_slip_shows_each_step_and_the_result(cast: Cast, office: Client) -> None:
    case = escalating.hand_up(
        case=working(cast), by=cast.engineer, at=later(1), to_role="SITE_HEAD", reason="要停水"
    )
    case = escalating.decide_matter(case=case, by=cast.head, at=later(2), decision="同意夜间停水")
    page = sheet(office, case, "slip")
    for words in ("FM-19", "要停水", "同意夜间停水", "管理处主任", cast.head.name, cast.engineer.name):
        assert words in page, words


@pytest.mark.rule("X-05")
def test_the_special_event_report_shows_who_was_told_and_when(cast: Cast, office: Client) -> None:
    five = [
        registered(cast, home=number, title="电梯停运两天", category="repair", at=later(number))
        for number in range(5)
    ]
    parent = grouping.merge_group(cases=five, title="电梯停运", by=cast.supervisor, at=later(6))
    page = sheet(office, parent, "special")
    for words in (cast.head.name, cast.deputy.name, cast.complaint_centre.name, "2025-03-03 15:00"):
        assert words in page, words


def menu(office: Client, case: Case) -> str:
    return office.get(reverse("ui:case", args=[case.key])).content.decode()


@pytest.mark.rule("C-85", "C-30", "C-71", "C-84")
@pytest.mark.parametrize(
    ("code", "form", "words"),
    [
        (
            "complaint_record",
            "FM-03",
            ("李主管", "赵工程", "已修好并试水", "今天下午换软管", "厨房漏水没人修"),
        ),
        (
            "complaint_report",
            "FM-17",
            ("工程维修部", "赵工程", "王前台", "2025-03-03 09:30", "2025-03-03 09:36"),
        ),
        ("complaint_opinion", "FM-22", ("厨房漏水没人修", "今天下午换软管", "已修好并试水", "王前台")),
    ],
)
def test_forms_of_single_regulations_are_filled_from_the_same_record(
    cast: Cast, office: Client, code: str, form: str, words: tuple[str, ...]
) -> None:
    case = handled(cast)
    url = reverse("complaints:sheet", args=[case.key, code])
    assert url in menu(office, case)
    page = office.get(url).content.decode()
    for text in (form, case.number, *words):
        assert text in page, text
    printed = office.post(url)
    assert printed.status_code == 200
    pdf = office.post(reverse("complaints:sheet_pdf", args=[case.key, code]))
    assert pdf.content.startswith(b"%PDF")
    assert Event.objects.filter(kind="cases.sheet_printed", subject_id=case.pk).count() == 2


@pytest.mark.rule("C-85")
@pytest.mark.parametrize(
    ("preset", "used"),
    [("C/001-H", {"complaint_record"}), ("C/004-3", {"complaint_opinion"}), ("C/003-12", set())],
)
def test_a_regulation_prints_only_the_forms_it_uses(
    cast: Cast, office: Client, preset: str, used: set[str]
) -> None:
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)
    case = registered(cast)
    page = menu(office, case)
    for code in ("complaint_record", "complaint_report", "complaint_opinion"):
        assert (reverse("complaints:sheet", args=[case.key, code]) in page) == (code in used)
    assert office.get(reverse("complaints:sheet", args=[case.key, "register"])).status_code == 404
