"""What no form of ours would send: it is answered in words, never with a crash, and never counted twice."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.cast import Cast, make_cast
from tests.processes.story import handled

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Period
from yingsheng.processes.complaints.models import SpotCheck

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
ODD = ("²", "٣", "9" * 40, "-1", "1e9")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def sit(staff: Staff) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(staff, backend=BACKEND)
    return client


@pytest.mark.parametrize("odd", ODD)
def test_a_number_that_is_none_breaks_no_page(cast: Cast, odd: str) -> None:
    case = handled(cast)
    client = sit(cast.supervisor)
    seen = client.post(f"/cases/{case.key}/steps/progress/", {"seen": odd, "progress-text": "已约师傅"})
    assert seen.status_code in (303, 422)
    asked = [
        f"/cases/{case.key}/steps/reply/?seen={odd}",
        f"/complaints/?after=2025-03-03T09:00:00%2B08:00|{odd}",
        f"/reception/?household={odd}",
        f"/reception/?person={odd}",
    ]
    assert {client.get(address).status_code for address in asked} <= {200, 404}
    assert client.post("/inbox/", {"notice": odd}).status_code in (200, 303)
    assert client.post("/preferences/", {"site": odd}).status_code == 303
    bulk = {"step": "progress", "chosen": case.key, "doing": "1", f"seen:{case.key}": odd, "bulk-text": "看"}
    assert client.post("/bulk/complaints/", bulk).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-13-45", "x"])
def test_a_day_out_of_reach_breaks_no_page(cast: Cast, day: str) -> None:
    client = sit(cast.supervisor)
    addresses = [
        f"/contacts/?first={day}",
        f"/contacts/?first=2026-01-01&last={day}",
        f"/contacts/sheet/?last={day}",
        f"/followups/analysis/?month={day[:7]}",
        f"/complaints/improvements/?month={day[:7]}",
    ]
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_nul_in_what_is_typed_is_refused_on_every_database(cast: Cast) -> None:
    client = sit(cast.supervisor)
    assert client.get("/households/?q=%00").status_code == 422
    assert client.post("/views/complaints/", {"name": "a\0b", "query": "view=all"}).status_code == 422


def test_a_spot_check_sent_twice_counts_once(cast: Cast) -> None:
    client = sit(cast.supervisor)
    sent = {
        "kind": "records", "found_count": "2", "recorded_count": "2", "finding": "齐全", "form_key": "k" * 20,
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/complaints/spot-checks/", sent).status_code == 303
    assert SpotCheck.objects.count() == 1
    assert Period.objects.get(code="complaint_record_checks").done == 1


def test_a_spot_check_names_a_complaint_that_is_there(cast: Cast) -> None:
    client = sit(cast.supervisor)
    sent = {
        "kind": "records", "number": "TS-20250303-9999", "found_count": "0", "recorded_count": "0", "finding": "齐",
    }  # fmt: skip
    answer = client.post("/complaints/spot-checks/", sent)
    assert answer.status_code == 422 and "没有这个投诉编号" in answer.content.decode()
    assert not SpotCheck.objects.exists()


def test_a_months_sheet_is_looked_at_uncounted_and_a_second_print_is_marked(cast: Cast) -> None:
    client = sit(cast.supervisor)
    address = "/complaints/month/sheet/?year=2025&month=3"
    assert "预览" in client.get(address).content.decode()
    assert "补打" not in client.post(address).content.decode().partition("<article")[2]
    assert "补打 1" in client.post(address).content.decode()
    assert not Case.objects.exists()
