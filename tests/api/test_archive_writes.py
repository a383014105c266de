"""The archive, files, slips and figures over the API: the same services, the same refusals."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yingsheng.kernel.estate.models import Household, Phone
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.notify.models import Message
from yingsheng.processes.complaints.models import SpotCheck

from .place import COMPLAINT, Caller, Place

PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()


def ok(response: Any, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (500, 300), "green").save(out, "PNG")
    return out.getvalue()


@pytest.mark.rule("C-81", "C-84")
def test_a_household_from_moving_in_to_moving_out(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    new = {"room": "3栋2单元1803", "name": "冯女士", "phone": "13900139001", "relation": "tenant"}
    made = ok(front.post("/households", new, key="in"), 201)
    assert ok(front.post("/households", new, key="in"), 201) == made
    home = made["household"]
    card = ok(front.get(f"/households/{home}"))
    assert card["version"] == made["version"] and card["members"][0]["decides"]
    assert card["members"][0]["phones"][0]["masked"] == "139****9001"

    changed = ok(
        front.post(f"/households/{home}/change", {"reminder_codes": ["pets"], "seen": card["version"]})
    )
    stale = front.post(f"/households/{home}/change", {"reminder": "x", "seen": card["version"]})
    assert stale.status_code == 409 and stale.json()["code"] == "stale"
    assert ok(front.get(f"/households/{home}"))["reminder_codes"] == ["pets"]

    told = {"about": "停水", "mode": "phone", "seen": changed["version"]}
    ok(front.post(f"/members/{made['id']}/informed", told))
    car = ok(front.post(f"/households/{home}/vehicle", {"plate": "粤B12345", "seen": changed["version"]}))
    ok(front.post(f"/vehicles/{car['id']}/remove", {"reason": "已卖", "seen": car["version"]}))
    seen = ok(front.get(f"/households/{home}"))["version"]
    ok(front.post(f"/households/{home}/move_out", {"moved_out_date": "2025-03-03", "seen": seen}))
    assert ok(front.get("/rooms/3-2-1803"))["household"] is None
    story = ok(front.get(f"/households/{home}/events", limit=2))
    assert [one["kind"] for one in story["items"]] == ["estate.household_closed", "estate.vehicle_removed"]
    rest = ok(front.get(f"/households/{home}/events", cursor=story["next"]))
    assert rest["items"][-1]["kind"] == "estate.household_opened"


def test_a_person_and_his_numbers(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    pk = place.owner.pk
    first = Phone.objects.get(person=place.owner)
    added = ok(front.post(f"/persons/{pk}/phone", {"number": "26001234", "label": "家里", "seen": 1}))
    ok(front.post(f"/phones/{added['id']}/change", {"is_primary": True, "seen": added["version"]}))
    ok(front.post(f"/phones/{first.pk}/remove", {"seen": added["version"] + 1}))
    card = ok(front.get(f"/persons/{pk}"))
    assert [(one["masked"], one["is_primary"]) for one in card["phones"]] == [("0755****1234", True)]
    body = {"name": "钱业主", "id_number": "11010119900307109X", "seen": card["version"]}
    changed = ok(front.post(f"/persons/{pk}/change", body))
    assert ok(front.get(f"/persons/{pk}"))["id_number"] == "1101**********109X"
    bad = front.post(f"/persons/{pk}/change", {**body, "id_number": "1", "seen": changed["version"]})
    assert bad.status_code == 422 and bad.json()["field"] == "id_number"
    given = ok(front.post(f"/persons/{pk}/consent", {"purpose": "活动", "seen": changed["version"]}))
    ok(front.post(f"/consents/{given['id']}/withdraw", {"seen": changed["version"]}))
    assert ok(front.get(f"/persons/{pk}"))["consents"][0]["withdrawn_at"]
    assert ok(front.get(f"/persons/{pk}/events"))["items"][0]["kind"] == "estate.consent_withdrawn"
    other = ok(front.post("/persons", {"name": "郝快递", "phone": "13722223333"}), 201)
    assert other["household"] is None


def test_a_room_is_corrected(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    room = ok(front.get("/rooms/3栋2单元1806"))
    body = {"unit": "2", "number": "1806A", "use": "office", "area_m2": "88.50", "seen": room["version"]}
    ok(front.post(f"/rooms/{room['id']}/correct", body))
    now = ok(front.get("/rooms/3-2-1806A"))
    assert (now["former_key"], now["use"], now["area_m2"]) == ("3-2-1806", "office", "88.50")
    unfit = front.post(f"/rooms/{room['id']}/correct", {**body, "area_m2": "很大", "seen": now["version"]})
    assert unfit.status_code == 422 and unfit.json()["field"] == "area_m2"
    assert front.get("/rooms/9-9-9").status_code == 404
    unknown = front.post("/households", {"room": "9-9-9", "name": "冯", "relation": "tenant"})
    assert unknown.status_code == 422 and unknown.json()["field"] == "room"


def case_key(program: Caller, **more: object) -> str:
    key: str = ok(program.post("/processes/complaints/cases", {**COMPLAINT, **more}), 201)["case"]["key"]
    return key


def upload(caller: Caller, key: str, *files: tuple[str, bytes], note: str = "", idempotency: str = "") -> Any:
    headers = {"Authorization": f"Bearer {caller.token}"}
    if idempotency:
        headers["Idempotency-Key"] = idempotency
    parts = {"files": [SimpleUploadedFile(name, body) for name, body in files], "note": note}
    return Client().post(f"/api/v1/cases/{key}/files", parts, headers=headers)


def test_files_in_both_spellings(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    key = case_key(front)
    sent = ok(upload(front, key, ("漏水.png", png()), ("b.png", png()), note="维修前", idempotency="k"), 201)
    again = upload(front, key, ("漏水.png", png()), ("b.png", png()), note="维修前", idempotency="k")
    assert again["Idempotent-Replay"] == "true" and again.json() == sent
    reused = upload(front, key, ("漏水.png", png()), idempotency="k")
    assert reused.status_code == 409
    ok(front.post(f"/cases/{key}/files", {"files": [{"name": "报价.pdf", "content": PDF}]}), 201)
    listed = ok(front.get(f"/cases/{key}/files"))["items"]
    assert [one["kind"] for one in listed] == ["image/png", "image/png", "application/pdf"]
    whole, small = (front.get(f"/files/{listed[0]['key']}{tail}") for tail in ("", "/small"))
    assert whole["Content-Type"] == "image/png" and small["Content-Type"] == "image/jpeg"
    assert front.get(f"/files/{listed[2]['key']}/small").status_code == 404
    gone = ok(front.post(f"/files/{listed[0]['key']}/remove", {"reason": "传错"}))
    assert gone["removed_reason"] == "传错" and front.get(f"/files/{listed[0]['key']}").status_code == 404
    assert ok(front.get(f"/cases/{key}/sheets"))["items"][0]["printed"] == 0


def test_bad_files_are_refused_and_leave_nothing(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    key = case_key(front)
    before = Event.objects.count()
    assert upload(front, key, ("a.png", png()), ("x.svg", b"<svg/>")).status_code == 422
    assert upload(front, key).status_code == 422
    for content in ("nonsense", "data:application/pdf;base64,A"):
        bad = front.post(f"/cases/{key}/files", {"files": [{"name": "a", "content": content}]})
        assert bad.status_code == 422 and bad.json()["field"] == "files.0.content"
    headers = {"Authorization": f"Bearer {front.token}"}
    odd = Client().post(
        f"/api/v1/cases/{key}/files", {"file": SimpleUploadedFile("a.png", png())}, headers=headers
    )
    assert odd.status_code == 422 and odd.json()["field"] == "file"
    assert not Attachment.objects.exists() and Event.objects.count() == before


def test_a_complaint_comes_with_its_photos(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    picture = "data:image/png;base64," + base64.b64encode(png()).decode()
    key = case_key(front, files=[{"name": "漏水.png", "content": picture}])
    assert ok(front.get(f"/cases/{key}/files"))["items"][0]["name"] == "漏水.png"


@pytest.mark.rule("C-81")
def test_slips_are_printed_and_handed_over(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    case_key(front)
    case_key(front)
    waiting = ok(front.get("/slips", limit=1))
    assert waiting["next"] and waiting["items"][0]["printed"] == 0
    ids = [row["id"] for row in ok(front.get("/slips"))["items"]]
    printed = ok(front.post("/slips/print", {"ids": ids}))["items"]
    assert [row["id"] for row in printed] == ids and {row["printed"] for row in printed} == {1}
    assert front.post("/slips/print", {"ids": [ids[0], 10**9]}).json()["field"] == "ids.1"
    done = ok(front.post(f"/slips/{ids[0]}/hand-over", {"to": "钱女士"}))
    assert done["handed_over_to"] == "钱女士"
    assert front.post(f"/slips/{ids[0]}/hand-over", {"to": "钱女士"}).status_code == 404
    assert Message.objects.filter(handed_over_at__isnull=False).count() == 1


@pytest.mark.rule("C-73", "C-74", "C-75")
def test_the_figures_of_a_month_open_the_rows_behind_them(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    keys = [case_key(sup), case_key(sup, category="cleaning")]
    ok(sup.post(f"/cases/{keys[0]}/steps/classify", {"cause": "own_service", "our_fault": True, "seen": 1}))
    month = {"year": 2025, "month": 3}
    found = ok(sup.get("/complaints/month", **month))
    assert found["accepted"] == 2 and found["valid"] == {"count": 1, "base": 2, "percent": 50.0}
    report = ok(sup.get("/complaints/month", kind="report", **month))
    assert report["window"] == {"first": "2025-03-01", "last": "2025-03-31", "due": "2025-04-05"}
    for name, counted in (("category", found["by_category"]), ("validity", found["by_validity"])):
        for code, count in counted.items():
            if code:
                rows = ok(sup.get("/complaints/month/rows", **month, **{name: code}))["items"]
                assert len(rows) == count, (name, code)
    page = ok(sup.get("/complaints/month/rows", limit=1, **month))
    rest = ok(sup.get("/complaints/month/rows", cursor=page["next"], **month))
    assert {one["key"] for one in (*page["items"], *rest["items"])} == set(keys)
    assert sup.get("/complaints/month", year=2025, month=13).status_code == 422
    before = Event.objects.count()
    out = ok(sup.post("/complaints/month/export", {**month, "reason": "上报公司"}))
    assert {row["key"] for row in out["rows"]} == set(keys) and Event.objects.count() == before + 1


@pytest.mark.rule("C-76", "C-77")
def test_spot_checks(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = case_key(sup)
    check = {"kind": "records", "finding": "记录齐全", "found_count": 3, "recorded_count": 3}
    ok(sup.post("/complaints/spot-checks", check), 201)
    talk = {"kind": "complainant", "case": key, "finding": "住户满意", "satisfied": True}
    assert ok(sup.post("/complaints/spot-checks", talk), 201)["case"]["key"] == key
    listed = ok(sup.get("/complaints/spot-checks"))
    assert (listed["records"], listed["visits"], listed["found"]) == (1, 1, 3)
    for wrong, field in (
        ({**check, "recorded_count": 4}, "recorded_count"),
        ({**talk, "case": ""}, "number"),
        ({**talk, "case": "nowhere"}, "case"),
    ):
        refused = sup.post("/complaints/spot-checks", wrong)
        assert refused.status_code == 422 and refused.json()["field"] == field
    assert SpotCheck.objects.count() == 2


def test_members_of_a_group(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    keys = []
    for room in ("1802", "1803", "1804", "1805", "1806"):
        caller = {"name": "某", "phone": "13800138000", "room": f"3-2-{room}"}
        keys.append(case_key(sup, caller=caller))
    parent = ok(sup.post("/complaints/groups", {"keys": keys, "title": "停水"}), 201)["key"]
    assert {one["key"] for one in ok(sup.get(f"/complaints/{parent}/members"))["items"]} == set(keys)
    assert ok(sup.get(f"/complaints/{keys[0]}/members"))["items"] == []


def test_nothing_of_a_refused_move_in_stays(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    homes = Household.objects.count()
    bad = {"room": "3-2-1804", "name": "冯", "relation": "tenant", "id_number": "123"}
    assert front.post("/households", bad).status_code == 422
    assert Household.objects.count() == homes


@pytest.mark.rule("A-12")
def test_nobody_is_entered_into_the_next_owners_household(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    new = {"room": "3-2-1804", "name": "冯女士", "phone": "13900139001", "relation": "owner"}
    home = ok(front.post("/households", new), 201)["household"]
    seen = ok(front.get(f"/households/{home}"))["version"]
    title = {"name": "许新主", "phone": "13700137000", "changed_date": "2025-03-03", "seen": seen}
    ok(front.post(f"/households/{home}/title", title))
    events = Event.objects.count()
    for sent in (1, seen, seen + 1):
        late = front.post(f"/households/{home}/resident", {"name": "某", "relation": "tenant", "seen": sent})
        assert late.status_code == 409 and late.json()["code"] == "stale"
    assert Event.objects.count() == events
