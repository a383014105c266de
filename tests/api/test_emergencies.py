"""An emergency over the API: registered, joined, ticked, resolved, reported; drills; the figures of a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from yingsheng.kernel.cases.models import Case

from .place import Place

PIPE = {
    "kind": "burst_pipe", "place": "地下车库", "body": "水管爆了", "channel": "phone",
    "caller": {"name": "孙先生", "phone": "13911112222"},
}  # fmt: skip


def registered(place: Place) -> str:
    made = place.caller("front").post("/processes/emergencies/cases", PIPE)
    assert made.status_code == 201, made.content
    return str(made.json()["case"]["key"])


@pytest.mark.rule("X-01", "X-02", "X-03")
def test_what_the_page_does_the_api_does(place: Place, go: Callable[..., datetime]):
    key = registered(place)
    url = f"/emergencies/case/{key}"
    seen = place.caller("eng").get(url).json()
    assert (seen["kind"], seen["state"], seen["place"]) == ("burst_pipe", "alarm", "地下车库")
    assert len(seen["checklist"]) == 6 and seen["callers"] == []
    assert {row["staff"]["name"] for row in seen["alarmed"]} >= {"李主管", "赵工程"}
    go(minutes=2)
    version = Case.objects.get(key=key).version
    taken = place.caller("eng").post(f"/cases/{key}/steps/acknowledge", {"seen": version, "eta_minutes": 5})
    assert taken.status_code == 200, taken.content
    room = place.room.label
    joined = place.caller("front").post(f"{url}/callers", {"room": room, "caller_name": "钱女士"}, key="one")
    assert joined.status_code == 201 and joined.json()["room"]["label"] == room
    assert place.caller("front").post(f"{url}/callers", {"room": room}).status_code in (409, 422)
    assert place.caller("front").post(f"{url}/callers", {"room": "9-9-999"}).status_code == 422
    assert place.caller("eng").post(f"{url}/callers", {"room": room}).status_code == 403
    version = Case.objects.get(key=key).version
    done = place.caller("eng").post(
        f"/cases/{key}/steps/tick", {"seen": version, "number": 1, "note": "已关"}
    )
    assert done.status_code == 200, done.content
    seen = place.caller("front").get(url).json()
    assert seen["acknowledged_by"]["name"] == "赵工程"
    assert seen["checklist"][0]["note"] == "已关" and seen["checklist"][1]["ticked_at"] is None
    assert [row["caller_name"] for row in seen["callers"]] == ["钱女士"]
    assert place.caller("front").get("/emergencies/case/nowhere").status_code == 404


@pytest.mark.rule("X-11")
def test_checklists_and_drills(place: Place):
    items = place.caller("eng").get("/emergencies/checklists").json()["items"]
    assert len(items) == 11 and items[0]["title"] == "水管爆裂"
    body = {"kind": "fire", "held_on": "2025-03-01", "participants": "当班", "findings": ""}
    made = place.caller("eng").post("/emergencies/drills", body)
    assert made.status_code == 201, made.content
    assert [row["id"] for row in place.caller("front").get("/emergencies/drills").json()["items"]] == [
        made.json()["id"]
    ]
    late = place.caller("eng").post("/emergencies/drills", {**body, "held_on": "2999-03-01"})
    assert late.status_code == 422


@pytest.mark.rule("X-07")
def test_the_month_with_its_rows(place: Place, go: Callable[..., datetime]):
    key = registered(place)
    found = place.caller("head").get("/emergencies/month", month="2025-03").json()
    assert (found["total"], found["by_kind"], found["reports_due"]) == (1, {"burst_pipe": 1}, 0)
    assert [row["case"]["key"] for row in found["rows"]] == [key]
    taken = place.caller("head").post("/emergencies/month/export", {"month": "2025-03", "reason": "月会"})
    assert taken.status_code == 200 and len(taken.json()["rows"]) == 1
    assert place.caller("head").get("/emergencies/month", month="2025-3").status_code == 422
    assert place.caller("eng").get("/emergencies/month", month="2025-03").status_code == 403
