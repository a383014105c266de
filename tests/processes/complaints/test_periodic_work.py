"""The daily list, the statistics, the company report: handed in by a person and frozen."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import classified, handled, later, registered, replied

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Filing, Obligation
from yingsheng.kernel.timers.periods import is_unchanged, open_periods
from yingsheng.processes.complaints.queries.unanswered import list_unanswered
from yingsheng.processes.complaints.services.checks import record_spot_check
from yingsheng.processes.complaints.services.filing import file_month, sign_unanswered

ZONE = ZoneInfo("Asia/Shanghai")
APRIL = datetime(2025, 4, 2, 10, 0, tzinfo=ZONE)
BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def state_of(milestone: str) -> str:
    return Obligation.objects.get(subject_type="timers.period", milestone=milestone).state


@pytest.mark.rule("C-69")
def test_the_list_holds_whatever_is_not_answered_in_any_state(cast: Cast):
    waiting = [registered(cast), classified(cast, home=1), handled(cast, home=2)]
    answered = replied(cast, home=3)
    found = list(list_unanswered(actor=cast.actor("supervisor")))
    assert {case.pk for case in found} == {case.pk for case in waiting}
    assert answered.pk not in {case.pk for case in found}


@pytest.mark.rule("C-69")
def test_the_day_is_signed_with_the_list_as_it_stood(cast: Cast):
    open_periods(now=later(0))
    case = registered(cast)
    registered(cast, home=1, respondent_staff=cast.assistant)
    made = sign_unanswered(actor=cast.actor("supervisor"), at=later(1), note="都有人跟")
    assert state_of("unanswered") == "met"
    rows = made.content["rows"]
    assert rows[0]["number"] == case.number
    assert rows[1]["title"] == ""  # a sealed one is counted, not told
    event = Event.objects.get(kind="complaints.unanswered_signed")
    assert (event.rule, event.data["count"], event.data["period"]) == ("C-69", 2, "2025-03-03")
    with pytest.raises(Refused):
        sign_unanswered(actor=cast.actor("supervisor"), at=later(2))
    with pytest.raises(Forbidden):
        sign_unanswered(actor=cast.actor("engineer"), at=later(2))


@pytest.mark.rule("C-73", "C-74", "B-13")
def test_the_statistics_are_frozen_with_every_figure_and_tell_the_superiors(cast: Cast):
    open_periods(now=later(0))
    case = handled(cast)
    at = datetime(2025, 3, 27, 17, 0, tzinfo=ZONE)
    made = file_month(actor=cast.actor("front"), kind="statistics", year=2025, month=3, at=at)
    assert {state_of(name) for name in ("statistics", "statistics_report", "rates")} == {"met"}
    assert made.content["figures"]["accepted"] == 1
    assert made.content["figures"]["valid"] == [1, 1]
    (row,) = made.content["rows"]
    assert (row["number"], row["department"], row["method"]) == (case.number, "工程维修部", "更换软管")
    told = {message.to_staff for message in Message.objects.filter(rule="B-13")}
    assert told == {cast.supervisor, cast.department_manager}
    registered(cast, home=1, at=at + timedelta(minutes=5))
    made.refresh_from_db()
    assert len(made.content["rows"]) == 1 and is_unchanged(filing=made)


@pytest.mark.rule("C-75")
def test_the_report_holds_all_complaints_of_the_month_and_is_the_heads(cast: Cast):
    open_periods(now=later(0))
    registered(cast)
    registered(cast, home=1, respondent_staff=cast.assistant)
    registered(cast, home=2, at=later(24 * 26))
    with pytest.raises(Refused) as early:
        file_month(actor=cast.actor("head"), kind="report", year=2025, month=3, at=later(24 * 27))
    assert early.value.code == "too_early"
    with pytest.raises(Refused) as wrong:
        file_month(actor=cast.actor("front"), kind="report", year=2025, month=3, at=APRIL)
    assert wrong.value.code == "wrong_post"
    made = file_month(actor=cast.actor("head"), kind="report", year=2025, month=3, at=APRIL)
    assert len(made.content["rows"]) == 3
    sealed = next(row for row in made.content["rows"] if row["sealed"])
    assert (sealed["title"], sealed["complainant"]) == ("", "")
    assert state_of("month_report") == "met"
    assert Message.objects.filter(rule="C-75", to_staff=cast.complaint_centre).count() == 1
    again = file_month(actor=cast.actor("head"), kind="report", year=2025, month=3, at=APRIL, reason="补一件")
    assert again.version == 2
    assert [
        event.data["version"] for event in Event.objects.filter(kind="complaints.month_filed").order_by("seq")
    ] == [
        1,
        2,
    ]


@pytest.mark.rule("C-76", "C-77")
def test_checks_and_visits_count_towards_the_month(cast: Cast):
    open_periods(now=later(0))
    case = handled(cast)
    for number in range(4):
        record_spot_check(site=cast.site, kind="records", finding="齐全", by=cast.head, at=later(number))
        record_spot_check(
            site=cast.site,
            kind="complainant",
            finding="满意",
            by=cast.head,
            at=later(number),
            case=case,
            satisfied=True,
        )
    assert (state_of("record_checks"), state_of("complainant_visits")) == ("met", "met")


@pytest.mark.rule("C-77")
def test_a_visit_asks_and_an_unhappy_one_reaches_the_supervisor(cast: Cast):
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        record_spot_check(
            site=cast.site, kind="complainant", finding="在家", by=cast.head, at=later(6), case=case
        )
    assert refused.value.field == "satisfied"
    record_spot_check(
        site=cast.site,
        kind="complainant",
        finding="又漏",
        by=cast.head,
        at=later(6),
        case=case,
        satisfied=False,
    )
    assert Message.objects.filter(rule="C-77", to_staff=cast.supervisor).count() == 1


@pytest.mark.rule("C-10", "C-73", "C-75")
def test_the_months_are_listed_handed_in_looked_at_and_printed(cast: Cast):
    open_periods(now=later(0))
    case = handled(cast)
    client = Client()
    client.force_login(cast.head, backend=BACKEND)
    listed = client.get("/complaints/filings/").content.decode()
    assert "2025-03" in listed and "部门客户投诉工作月报" in listed
    url = "/complaints/filings/new/?year=2025&month=3&kind=report"
    assert "受理" in client.get(url).content.decode()
    sent = client.post(url, {"note": "漏水偏多", "form_key": "once"})
    assert sent.status_code == 303
    page = client.get(sent["Location"]).content.decode()
    for words in (case.number, "工程维修部", "内容未变", "漏水偏多", "第 1 版"):
        assert words in page
    again = client.post(url, {"note": "x", "form_key": "twice"})
    assert again.status_code == 422 and "更正要写明原因" in again.content.decode()
    pk = Filing.objects.get().pk
    assert case.number in client.get(f"/complaints/filings/{pk}/sheet/").content.decode()
    assert client.post(f"/complaints/filings/{pk}/export/", {"reason": ""}).status_code == 422
    excel = client.post(f"/complaints/filings/{pk}/export/", {"reason": "月会"})
    assert excel.status_code == 200 and excel.content[:2] == b"PK"


@pytest.mark.rule("C-69")
def test_the_page_shows_the_waiting_and_takes_the_signature(cast: Cast):
    case = registered(cast)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    page = client.get("/complaints/unanswered/").content.decode()
    assert case.number in page and "核对签认" in page
    assert client.post("/complaints/unanswered/", {"note": "已催", "form_key": "a"}).status_code == 303
    assert "今天已核对" in client.get("/complaints/unanswered/").content.decode()
    client.force_login(cast.engineer, backend=BACKEND)
    assert client.post("/complaints/unanswered/", {"form_key": "b"}).status_code == 403
    assert "核对签认" not in client.get("/complaints/unanswered/").content.decode()
