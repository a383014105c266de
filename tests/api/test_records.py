"""Notices and the registers over the API: made, listed, taken on, and invisible to others."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from yingsheng.kernel.events.models import Event

from .place import Place, build_place

PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4 a").decode()
NOTICE: dict[str, Any] = {
    "kind": "water", "title": "三栋停水", "text": "洗水箱", "starts_at": "2025-03-03T10:00:00+08:00",
    "ends_at": "2025-03-03T12:00:00+08:00", "buildings": ["3"],
}  # fmt: skip
KNOWLEDGE = {
    "kind": "answer", "title": "几点开门", "body": "八点", "category": "service", "keywords": "开门 营业"
}  # fmt: skip
CUSTOMER = {"room": "3-2-1802", "reason": "large", "why": "大户", "care_by": "sup"}
TYPICAL = {"title": "爆管", "category": "repair", "summary": "先关阀", "learned": "先止损"}
PLAN = {"kind": "budget", "year": 2026, "drafter": "sup"}


@pytest.mark.rule("Z-04")
def test_a_notice_from_report_to_end(place: Place, go: Callable[..., datetime]):
    program = place.caller("front")
    made = program.post("/bulletins", NOTICE, key="one")
    assert made.status_code == 201, made.content
    assert program.post("/bulletins", NOTICE, key="one").json() == made.json()
    body = made.json()
    assert (body["state"], body["values"]["where"], body["promises"][0]["rule"]) == (
        "reported",
        "3栋",
        "Z-04",
    )
    assert body["values"]["starts_at"] == "2025-03-03T10:00:00+08:00"
    where = f"/bulletins/{body['id']}"
    out = program.post(f"{where}/publish", {"seen": 1, "slips": True})
    assert out.json()["state"] == "published", out.content
    stale = program.post(f"{where}/end", {"seen": 1})
    assert stale.status_code == 409
    listed = program.get("/bulletins", state="published", q="停水").json()["items"]
    assert [item["id"] for item in listed] == [body["id"]]
    assert program.post(f"{where}/end", {"seen": 2}).json()["state"] == "ended"
    assert program.post(f"{where}/end", {"seen": 3}).status_code == 422
    unknown = program.post("/bulletins", {**NOTICE, "buildings": ["3", "99"]})
    assert unknown.status_code == 422 and unknown.json()["errors"][0]["field"] == "buildings", unknown.content


@pytest.mark.rule("B-09", "B-10", "Z-05", "Z-01")
def test_every_register_is_written_and_read(place: Place, go: Callable[..., datetime]):
    program = place.caller("sup")
    sent: dict[str, dict[str, Any]] = {
        "/knowledge": KNOWLEDGE, "/key-customers": CUSTOMER, "/typical-cases": TYPICAL, "/plans": PLAN
    }  # fmt: skip
    at: dict[str, str] = {}
    for where, body in sent.items():
        made = program.post(where, body)
        at[where] = f"{where}/{made.json()['id']}"
        assert made.status_code == 201, (where, made.content)
        one = program.get(f"{where}/{made.json()['id']}")
        assert one.json() == made.json()
        assert len(program.get(where).json()["items"]) == 1
    assert program.post(f"{at['/knowledge']}/approve", {"seen": 1}).json()["state"] == "approved"
    assert program.post(f"{at['/key-customers']}/approve", {"seen": 1}).json()["values"]["every_days"] == 30
    contact = program.post(f"{at['/key-customers']}/contact", {"seen": 2, "way": "phone", "summary": "都好"})
    assert [one["state"] for one in contact.json()["promises"]] == ["armed", "met"]
    assert program.post(f"{at['/typical-cases']}/publish", {"seen": 1}).json()["state"] == "published"
    draft = {"seen": 1, "contribution": "列了费用", "files": [{"name": "b.pdf", "content": PDF}]}
    assert program.post(f"{at['/plans']}/draft", draft).json()["values"]["file_count"] == 1
    assert program.post(f"{at['/plans']}/approve", {"seen": 2}).json()["code"] == "refused"
    assert place.caller("head").post(f"{at['/plans']}/approve", {"seen": 2}).json()["state"] == "approved"


@pytest.mark.rule("W-34", "W-24", "W-26")
def test_the_library_is_narrowed_marked_and_offers_words(place: Place, go: Callable[..., datetime]):
    program = place.caller("sup")
    script = {
        "kind": "script",
        "title": "接电话",
        "body": "{称呼}您好。",
        "situation": "phone_in",
        "line": "A1",
    }
    for body in (KNOWLEDGE, script):
        made = program.post("/knowledge", body).json()
        assert program.post(f"/knowledge/{made['id']}/approve", {"seen": 1}).json()["state"] == "approved"
    assert [one["name"] for one in program.get("/knowledge", kind="script").json()["items"]] == ["接电话"]
    assert len(program.get("/knowledge", kind="nothing").json()["items"]) == 2
    offer = program.get(
        "/knowledge-offer", process="enquiries", text="几点开门", name="钱明", call_as="钱女士"
    )
    assert offer.json()["address"] == "钱女士"
    assert [(one["text"], one["takes"]) for one in offer.json()["items"]] == [
        ("八点", True), ("钱女士您好。", False),
    ]  # fmt: skip
    where = f"/knowledge/{made['id']}"
    assert program.post(f"{where}/helped", {"seen": 2}).json()["values"]["helped_count"] == 1
    assert program.post(f"{where}/not-helped", {"seen": 2, "words": "转分机"}).status_code == 200
    gap = program.post("/gaps", {"words": "泳池"}).json()
    assert [one["name"] for one in program.get("/gaps", source="nothing").json()["items"]] == ["泳池"]
    assert program.post(f"/gaps/{gap['id']}/dismiss", {"seen": 1, "reason": "没有泳池"}).status_code == 200
    assert place.caller("sup", scopes=["cases.*"]).get("/knowledge-offer").status_code == 403


def test_another_site_and_a_lesser_token_find_nothing(place: Place, go: Callable[..., datetime]):
    made = place.caller("sup").post("/knowledge", KNOWLEDGE).json()
    other = build_place(code="other", prefix="o-")
    written = Event.objects.exclude(kind__startswith="org.")
    before = written.count()
    where = f"/knowledge/{made['id']}"
    assert other.caller("sup").get(where).status_code == 404
    assert other.caller("sup").post(f"{where}/approve", {"seen": 1}).status_code == 404
    assert other.caller("sup").get("/knowledge").json()["items"] == []
    assert place.caller("sup", scopes=["cases.*"]).get("/knowledge").status_code == 403
    assert place.caller("eng").post("/knowledge", KNOWLEDGE).status_code == 403
    assert place.caller("eng").post("/bulletins", NOTICE).status_code == 403
    assert written.count() == before


@pytest.mark.rule("B-12", "B-17")
def test_the_desk_is_ticked_and_the_month_read(place: Place, go: Callable[..., datetime]):
    program = place.caller("front")
    ticked = ["clean", "filed", "screens", "stocked", "personal"]
    made = program.post("/contacts/tidy", {"part": "desk_tidy", "ticked": ticked})
    assert made.status_code == 201, made.content
    assert program.post("/contacts/tidy", {"part": "place_tidy", "ticked": []}).status_code == 422
    month = program.get("/contacts/kinds", year=2025, month=3).json()["items"]
    assert {item["kind"] for item in month} >= {"help", "praise", "suggestion"}
    asked = {"start": "2025-03-01T00:00:00+08:00", "end": "2025-04-01T00:00:00+08:00"}
    assert program.get("/contacts/praises", username="eng", **asked).json() == {"count": 0}
    assert program.get("/contacts/praises", username="nobody", **asked).status_code == 422
