"""Lists and pages: filters, paging without gaps, masked numbers, rules as they apply now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.services import send_waiting
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.tick import beat

from .place import COMPLAINT, START, Caller, Place

INTAKE = "/processes/complaints/cases"


def register(caller: Caller, /, **changes: Any) -> str:
    answer = caller.post(INTAKE, {**COMPLAINT, **changes})
    assert answer.status_code == 201, answer.content
    key: str = answer.json()["case"]["key"]
    return key


def keys_of(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["key"] for one in answer.json()["items"]]


@pytest.mark.parametrize("view", ["open", "all"])
def test_pages_neither_skip_nor_repeat(place: Place, go: Callable[..., datetime], view: str) -> None:
    sup = place.caller("sup")
    made = set()
    for number in range(7):
        go(minutes=number // 2)  # pairs of the same moment
        made.add(register(sup))
    Case.objects.filter(key__in=sorted(made)[:3]).update(next_due_at=None)  # without a clock: at the end
    seen: list[str] = []
    cursor = ""
    while True:
        answer = sup.get("/cases", view=view, limit=2, cursor=cursor)
        seen += keys_of(answer)
        cursor = answer.json()["next"] or ""
        if not cursor:
            break
    assert len(seen) == 7 and set(seen) == made
    if view == "open":
        assert set(seen[4:]) == set(sorted(made)[:3])


def test_filters(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    leak = register(front)
    go(hours=1)
    lift = register(front, title="电梯停运", category="other", caller={"room": "3-2-1805"})
    assert keys_of(sup.get("/cases", category="repair")) == [leak]
    assert keys_of(sup.get("/cases", room="3栋2单元1805")) == [lift]
    assert keys_of(sup.get("/cases", q="电梯")) == [lift]
    assert keys_of(sup.get("/cases", q="停车")) == []
    assert keys_of(sup.get("/cases", received_from="2025-03-03T09:30:00+08:00")) == [lift]
    assert keys_of(sup.get("/cases", received_to="2025-03-03T01:30:00Z")) == [leak]
    assert keys_of(sup.get("/cases", process="complaints", state="registered", view="unclaimed")) == [
        leak,
        lift,
    ]
    assert keys_of(sup.get("/cases", view="mine")) == []
    go(days=3)
    assert keys_of(sup.get("/cases", view="overdue")) == [leak, lift]
    assert sup.get("/cases", view="overdue").json()["items"][0]["overdue"] is True


def test_a_list_costs_the_same_for_any_number_of_lines(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    counts = []
    for _round in range(2):
        for _line in range(4):
            register(sup)
        for where in ("/cases", "/obligations", "/followups", "/contacts"):
            sup.get(where)
            with CaptureQueriesContext(connection) as captured:
                assert sup.get(where).status_code == 200
            counts.append(len(captured))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 6
    key = register(sup)
    with CaptureQueriesContext(connection) as captured:
        sup.get(f"/cases/{key}")
    assert len(captured) <= 12


def test_a_case_shows_its_clocks_and_what_may_be_done(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = register(sup)
    page = sup.get(f"/cases/{key}").json()
    contact = next(clock for clock in page["clocks"] if clock["milestone"] == "contact")
    assert (contact["rule"], contact["state"]) == ("C-33", "armed")
    assert contact["due_at"] == "2025-03-03T11:00:00+08:00"
    assert contact["clause"] and contact["label"] == "联系住户"
    offered = {step["code"]: step for step in page["steps"]}
    assert offered["split"]["blocked"] and offered["split"]["rule"] == "X-08"
    assert not offered["classify"]["blocked"]
    assert page["told"][0]["rule"] == "C-33" and page["number"] in page["told"][0]["text"]
    assert page["facts"][0] == {"label": "经过", "value": "说了两次"}
    assert "13800138000" not in str(page)


def test_a_paused_clock_shows_since_when_and_why(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = register(sup)
    go(minutes=10)
    assert sup.post(f"/cases/{key}/steps/pause", {"reason": "等住户回来", "seen": 1}).status_code == 200
    clock = sup.get(f"/cases/{key}").json()["clocks"][0]
    assert clock["paused_at"] == "2025-03-03T09:10:00+08:00"
    assert clock["pauses"] == [{"started_at": clock["paused_at"], "ended_at": None, "reason": "等住户回来"}]


def test_obligations_of_visible_cases_only(place: Place, go: Callable[..., datetime]) -> None:
    front, eng = place.caller("front"), place.caller("eng")
    key = register(front)
    rows = front.get("/obligations").json()["items"]
    assert {row["case"]["key"] for row in rows} == {key}
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
    assert eng.get("/obligations").json()["items"] == []
    assert front.get("/obligations", overdue="true").json()["items"] == []
    go(days=2)
    assert front.get("/obligations", overdue="true", rule="C-33").json()["items"][0]["overdue"] is True


def test_rules_as_they_apply_now(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    rule = sup.get("/rules/C-33").json()
    figures = {one["name"]: one for one in rule["parameters"]}
    assert figures["contact_within"]["value"] == 2
    assert rule["preset"]["id"] == "C/composite" and rule["conflicts"][0]["id"] == "CF-01"
    override_parameter(
        site=place.site, path="C-33.contact_within", value=1, active_from=START, reason="本项目承诺",
        by=place.staff["head"], at=START,
    )  # fmt: skip
    changed = sup.get("/rules/C-33").json()
    figures = {one["name"]: one for one in changed["parameters"]}
    assert (figures["contact_within"]["value"], figures["contact_within"]["book_value"]) == (1, 2)
    assert changed["version"] != rule["version"]
    first = sup.get("/rules", module="C", limit=100).json()
    assert (
        len(first["items"]) + len(sup.get("/rules", module="C", cursor=first["next"] or "").json()["items"])
        >= 87
    )


def test_a_site_follows_another_regulation(place: Place, go: Callable[..., datetime]) -> None:
    head, front = place.caller("head"), place.caller("front")
    assert front.post("/rules/adoptions", {"preset": "C/003-12"}).status_code == 403
    assert head.post("/rules/adoptions", {"preset": "C/none"}).json()["field"] == "preset"
    assert head.post("/rules/adoptions", {"preset": "C/003-12", "reason": "总部要求"}).status_code == 201
    assert head.get("/rules/C-33").json()["preset"]["id"] == "C/003-12"
    where = "/rules/C-33/parameters/contact_within"
    assert head.post(where, {"value": "soon", "reason": "试"}).json()["field"] == "value"
    assert head.post(where, {"value": -1, "reason": "试"}).status_code == 422
    assert (
        head.post(where, {"value": 1, "reason": "试", "active_from": "2025-01-01T00:00:00Z"}).status_code
        == 422
    )
    made = head.post(where, {"value": 1, "reason": "本项目承诺", "active_from": "2025-04-01T00:00:00+08:00"})
    assert made.status_code == 201 and made.json()["active_from"] == "2025-04-01T00:00:00+08:00"
    assert head.get("/rules/C-33").json()["parameters"][0]["value"] == 2
    assert head.post("/rules/C-33/parameters/mood", {"value": 1, "reason": "x"}).status_code == 404


def test_processes_describe_their_forms(place: Place, go: Callable[..., datetime]) -> None:
    found = {one["code"]: one for one in place.caller("front").get("/processes").json()["items"]}
    intake = found["complaints"]["intake"]
    assert intake["properties"]["title"]["maxLength"] == 120
    assert intake["properties"]["category"]["x-labels"]["repair"] == "工程维修"
    assert "caller" in intake["required"] and intake["additionalProperties"] is False
    steps = {one["code"]: one for one in found["complaints"]["steps"]}
    assert steps["classify"]["form"]["properties"]["loss_fen"]["x-unit"] == "fen"
    assert "finished_date" in found["followups"]["intake"]["required"]


def test_who_calls_and_the_card(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    key = register(front)
    found = front.get("/households", q="8000").json()["items"]
    assert found[0]["person"]["name"] == "钱业主" and found[0]["household"] == place.home.pk
    card = front.get(f"/households/{place.home.pk}").json()
    assert card["members"][0]["phones"][0]["masked"] == "138****8000"
    assert [one["key"] for one in card["open_cases"]] == [key]
    assert "13800138000" not in str(card)


def test_a_known_person_calls_about_his_home(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    answer = front.post(INTAKE, {**COMPLAINT, "caller": {"person": place.owner.pk}})
    assert answer.json()["case"]["room"]["key"] == "3-2-1802"
    assert answer.json()["case"]["caller_name"] == "钱业主"


def test_the_bell(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    key = register(front)
    send_waiting(now=START)
    notices = sup.get("/notices", unread="true").json()["items"]
    assert notices[0]["case"] == key and "厨房漏水" in notices[0]["text"]
    ids = [one["id"] for one in notices]
    assert front.post("/notices/read", {"ids": ids}).json() == {"read": 0}
    assert sup.post("/notices/read", {"ids": ids}).json() == {"read": len(ids)}
    assert sup.get("/notices", unread="true").json()["items"] == []


def test_a_call_about_a_case_is_entered_in_the_register(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    key = register(front)
    made = front.post("/contacts", {"case": key, "channel": "phone", "rings": 2})
    assert made.status_code == 201 and made.json()["caller_phone"] == "138****8000"
    assert front.post("/contacts", {"case": "nosuchcase", "channel": "phone"}).status_code == 422
    assert front.get("/contacts", household=place.home.pk).json()["items"][0]["case"]["key"] == key


def test_follow_up_arranged_exempted_and_counted(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = register(sup)
    assert sup.post(f"/cases/{key}/steps/solve_on_spot", {"result": "已关阀", "seen": 1}).status_code == 200
    owed = sup.get("/followups").json()["items"][0]
    where = f"/followups/{owed['id']}"
    night = {"appointment_at": "2025-03-04T23:30:00+08:00", "assigned": "admin", "seen": owed["version"]}
    assert sup.post(f"{where}/arrange", night).json()["rule"] == "F-23"
    day = {**night, "appointment_at": "2025-03-04T10:30:00+08:00"}
    arranged = sup.post(f"{where}/arrange", day)
    assert arranged.status_code == 200 and arranged.json()["state"] == "scheduled"
    assert sup.post(f"{where}/exempt", {"reason": "住户出国", "seen": owed["version"]}).status_code == 409
    done = sup.post(f"{where}/exempt", {"reason": "住户出国", "seen": arranged.json()["version"]})
    assert done.json()["state"] == "exempt"
    span = {"start": "2025-03-01T00:00:00+08:00", "end": "2025-04-01T00:00:00+08:00"}
    rates = sup.get("/followups/rates", **span).json()
    assert rates["by_matter"][0] == {
        "of": "complaints",
        "done": 0,
        "base": 1,
        "target_percent": 100,
        "percent": 0.0,
        "still_needed": 1,
        "reached": False,
    }
    assert sup.get("/followups", state="exempt").json()["items"][0]["id"] == owed["id"]


def test_health_is_ok_while_a_worker_beats(db: None, go: Callable[..., datetime]) -> None:
    beat(name="worker", now=START)
    assert Caller(token="").get("/health").json()["status"] == "ok"
