"""Recurring work, measures and ordered calls over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from yingsheng.kernel.timers.periods import open_periods

from .place import COMPLAINT, START, Place


def complaint_of(place: Place) -> dict[str, Any]:
    """A complaint registered over the API, as the API answers it."""
    made = place.caller("front").post("/processes/complaints/cases", COMPLAINT)
    assert made.status_code == 201, made.content
    case: dict[str, Any] = made.json()["case"]
    return case


@pytest.mark.rule("C-69")
def test_the_days_list_is_read_and_signed_once(place: Place, go: Callable[..., datetime]):
    open_periods(now=START)
    case = complaint_of(place)
    listed = place.caller("sup").get("/complaints/unanswered").json()["items"]
    assert [item["key"] for item in listed] == [case["key"]]
    program = place.caller("sup")
    signed = program.post("/complaints/unanswered/sign", {"note": "都有人跟"}, key="day")
    assert signed.status_code == 201 and signed.json()["version"] == 1
    assert (
        program.post("/complaints/unanswered/sign", {"note": "都有人跟"}, key="day").json() == signed.json()
    )
    assert place.caller("sup").post("/complaints/unanswered/sign", {}).status_code == 422
    assert place.caller("eng").post("/complaints/unanswered/sign", {}).status_code == 403
    periods = place.caller("sup").get("/periods", code="complaint_unanswered").json()["items"]
    assert [(item["name"], item["promises"][0]["state"]) for item in periods] == [("2025-03-03", "met")]


@pytest.mark.rule("C-73", "C-74", "C-75")
def test_a_month_is_handed_in_and_read_back(place: Place, go: Callable[..., datetime]):
    case = complaint_of(place)
    body = {"kind": "report", "year": 2025, "month": 3, "note": "漏水"}
    assert place.caller("head").post("/complaints/filings", body).json()["code"] == "too_early"
    go(days=30)
    assert place.caller("sup").post("/complaints/filings", body).json()["code"] == "wrong_post"
    made = place.caller("head").post("/complaints/filings", body)
    assert made.status_code == 201, made.content
    found = place.caller("head").get(f"/complaints/filings/{made.json()['id']}").json()
    assert found["unchanged"] and found["name"] == "2025-03"
    assert [row["number"] for row in found["content"]["rows"]] == [case["number"]]
    assert [item["kind"] for item in place.caller("sup").get("/complaints/filings").json()["items"]] == [
        "report"
    ]
    again = place.caller("head").post("/complaints/filings", {**body, "reason": "补一件"})
    assert again.json()["version"] == 2
    assert place.caller("head").get("/complaints/filings/999999").status_code == 404


@pytest.mark.rule("C-79", "F-22")
def test_a_measure_goes_round(place: Place, go: Callable[..., datetime]):
    body = {
        "source": "figures", "pattern": "漏水多", "measure": "换阀", "responsible": "eng",
        "done_by": "2025-03-20",
    }  # fmt: skip
    assert place.caller("eng").post("/improvements", body).status_code == 403
    made = place.caller("sup").post("/improvements", body)
    assert made.status_code == 201, made.content
    where = f"/improvements/{made.json()['id']}"
    judged = place.caller("sup").post(
        f"{where}/evaluate", {"effective": "no", "evaluation": "又漏", "seen": 1}
    )
    assert (judged.status_code, judged.json()["state"]) == (200, "ineffective")
    stale = {"measure": "换立管", "responsible": "eng", "done_by": "2025-04-20", "seen": 1}
    assert place.caller("sup").post(f"{where}/adjust", stale).status_code == 409
    assert place.caller("sup").post(f"{where}/adjust", {**stale, "seen": 2}).json()["round"] == 2
    assert place.caller("sup").get(where).json()["measure"] == "换立管"
    assert len(place.caller("sup").get("/improvements").json()["items"]) == 1


@pytest.mark.rule("F-15", "F-22")
def test_calls_and_analysis(place: Place, go: Callable[..., datetime]):
    case = complaint_of(place)
    body = {"kind": "leader", "text": "问是否还漏", "number": case["number"]}
    assert place.caller("front").post("/followups/orders", body).status_code == 403
    made = place.caller("head").post("/followups/orders", body)
    assert made.status_code == 201, made.content
    where = f"/followups/orders/{made.json()['id']}"
    called = place.caller("front").post(f"{where}/call", {"result": "reached", "outcome": "好了", "seen": 1})
    assert (called.status_code, called.json()["state"]) == (200, "reached")
    assert place.caller("front").get(where).json()["outcome"] == "好了"
    assert len(place.caller("front").get("/followups/orders").json()["items"]) == 1
    early = place.caller("sup").post("/followups/analysis", {"month": "2025-03", "conclusion": "无"})
    assert (early.status_code, early.json()["code"]) == (422, "too_early")
    signed = place.caller("sup").post("/followups/analysis", {"month": "2025-02", "conclusion": "无"})
    assert signed.status_code == 201, signed.content


@pytest.mark.rule("B-05", "B-13")
def test_the_desks_day_and_officer(place: Place, go: Callable[..., datetime]):
    assert place.caller("front").post("/contacts/day", {"note": "无"}).status_code == 201
    assert place.caller("front").post("/contacts/day", {}).status_code == 422
    named = place.caller("sup").post("/contacts/officer", {"staff": "admin"})
    assert named.status_code == 201 and named.json()["staff"]["username"] == "admin"


@pytest.mark.rule("C-82")
def test_a_room_of_the_api_names_the_other_household(place: Place, go: Callable[..., datetime]):
    case = complaint_of(place)
    body = {
        "cause": "own_service",
        "liable": "upstairs",
        "other_room": "9栋9单元9999",
        "seen": case["version"],
    }
    assert place.caller("sup").post(f"/cases/{case['key']}/steps/classify", body).status_code == 422
    made = place.caller("sup").post(
        f"/cases/{case['key']}/steps/classify", {**body, "other_room": "3-2-1802"}
    )
    assert made.status_code == 200, made.content


@pytest.mark.rule("F-07", "F-12")
def test_the_plan_of_the_month_is_read_and_accepted(place: Place, go: Callable[..., datetime]):
    body = {
        "title": "代办过户", "kind": "other", "finished_date": "2025-03-03", "caller": {"name": "孙外人"},
    }  # fmt: skip
    made = place.caller("sup").post("/processes/followups/cases", body)
    assert made.status_code == 201, made.content
    plan = place.caller("sup").get("/followups/plan").json()
    assert [one["why"] for one in plan["visits"]] == [["rate"]]
    assert {one["of"] for one in plan["by_matter"]} == {"other"}
    assert place.caller("eng").get("/followups/plan").status_code == 403
    accept = "/followups/plan/accept"
    assert place.caller("sup").post(accept, {"digest": "0" * 16}).status_code == 409
    assert place.caller("sup").post(accept, {"digest": "x"}).status_code == 422
    done = place.caller("sup").post(accept, {"digest": plan["digest"]})
    assert (done.status_code, done.json()) == (200, {"visits": 1})
    line = place.caller("sup").get("/followups", view="week").json()["items"][0]
    assert (line["planned_day"], line["matter"]) == (plan["visits"][0]["day"], "other")


@pytest.mark.rule("F-22")
@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2025-13", "2025-03\n"])
def test_an_analysis_of_no_month_of_ours_is_refused(place: Place, month: str):
    body = {"month": month, "conclusion": "看不出什么"}
    assert place.caller("sup").post("/followups/analysis", body).status_code == 422
