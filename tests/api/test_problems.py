"""Every kind of error is a problem document, in the reader's language, and never a page or a 500."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from yingsheng.api import sessions
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import ApiClient

from .place import COMPLAINT, START, Caller, Place

INTAKE = "/processes/complaints/cases"


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    found: dict[str, Any] = response.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, f"urn:yingsheng:problem:{code}")
    assert found["title"] and found["detail"]
    return found


def test_without_a_token(place: Place, go: Callable[..., datetime]) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic abc"}):
        answer = Client().get("/api/v1/cases", headers=headers)
        problem(answer, 401, "no_token")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_and_one_of_somebody_who_left(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    client = ApiClient.objects.get(acts_as=place.staff["front"])
    org.revoke_token(client=client, by=place.staff["head"], at=START)
    problem(front.get("/cases"), 401, "no_token")
    place.staff["sup"].is_active = False
    place.staff["sup"].save(update_fields=["is_active"])
    problem(sup.get("/cases"), 401, "no_token")


def test_no_permission_names_it(place: Place, go: Callable[..., datetime]) -> None:
    found = problem(place.caller("eng").get("/followups/rates", start="x", end="y"), 422, "unfit")
    assert {one["field"] for one in found["errors"]} == {"start", "end"}
    span = {"start": "2025-03-01T00:00:00Z", "end": "2025-04-01T00:00:00Z"}
    found = problem(place.caller("eng").get("/followups/rates", **span), 403, "forbidden")
    assert "followups.quota" in found["detail"]


def test_nothing_there(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = sup.post(INTAKE, COMPLAINT).json()["case"]["key"]
    for where in (
        "/cases/zzzzzzzzzzzz",
        "/rules/C-999",
        "/households/999999",
        "/followups/999999",
        "/nowhere",
    ):
        problem(sup.get(where), 404, "not_found")
    problem(sup.post(f"/cases/{key}/steps/teleport", {"seen": 1}), 404, "not_found")
    problem(sup.post("/processes/nothing/cases", COMPLAINT), 404, "not_found")


def test_the_wrong_method(place: Place, go: Callable[..., datetime]) -> None:
    token = place.caller("sup").token
    answer = Client().delete("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 405, "method")
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    "body", ["{", "[" * 100_000, '{"title": NaN}', b"\xff\xfe", '"\\ud800', "9" * 5000 + "}"]
)
def test_a_body_that_is_no_json(place: Place, go: Callable[..., datetime], body: Any) -> None:
    token = place.caller("front").token
    answer = Client().post(
        f"/api/v1{INTAKE}",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    problem(answer, 400, "not_json")


def test_a_body_of_another_kind(place: Place, go: Callable[..., datetime]) -> None:
    token = place.caller("front").token
    answer = Client().post(f"/api/v1{INTAKE}", {"title": "x"}, headers={"Authorization": f"Bearer {token}"})
    problem(answer, 415, "not_json")


def test_a_body_that_is_too_large(place: Place, go: Callable[..., datetime]) -> None:
    problem(place.caller("front").post(INTAKE, {"body": "长" * 13_000_000}), 413, "too_big")


def test_every_wrong_field_is_named_in_plain_words(place: Place, go: Callable[..., datetime]) -> None:
    body = {
        **COMPLAINT,
        "title": " ",
        "body": "空\x00字",
        "category": "weather",
        "happened_at": "2025-03-03T09:00",
        "household_limit_at": "tomorrow",
        "written": "yes",
        "mood": "angry",
    }
    found = problem(place.caller("front").post(INTAKE, body), 422, "unfit")
    codes = {one["field"]: one["code"] for one in found["errors"]}
    assert codes == {
        "title": "string_too_short",
        "body": "nul",
        "category": "literal_error",
        "happened_at": "moment_naive",
        "household_limit_at": "moment_text",
        "written": "bool_type",
        "mood": "extra_forbidden",
    }
    assert next(one for one in found["errors"] if one["field"] == "happened_at")["detail"].startswith(
        "时间要带时区"
    )


def test_names_that_stand_for_nothing_are_all_named(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    lost = {"room": "9-9-999", "phone": "12", "person": 999_999}
    found = problem(front.post(INTAKE, {**COMPLAINT, "caller": lost}), 422, "unfit")
    assert [one["field"] for one in found["errors"]] == ["caller.room", "caller.phone", "caller.person"]
    found = problem(front.post(INTAKE, {**COMPLAINT, "first_heard_by": "nobody"}), 422, "unfit")
    assert found["field"] == "first_heard_by"


def test_a_refusal_speaks_the_readers_language_and_cites_its_rule(
    place: Place, go: Callable[..., datetime]
) -> None:
    token = place.caller("front").token
    late = {**COMPLAINT, "household_limit_at": "2025-03-01T09:00:00+08:00"}
    found = problem(Caller(token=token).post(INTAKE, late), 422, "refused")
    assert (found["rule"], found["field"]) == ("C-39", "household_limit_at")
    assert found["detail"] == "住户要求的时间已经过去"
    assert Caller(token=token, language="en-GB,en;q=0.8").post(INTAKE, late)["Content-Language"] == "en"
    assert Caller(token=token, language="fr").post(INTAKE, late)["Content-Language"] == "zh-hans"


def test_more_requests_than_agreed(
    place: Place, go: Callable[..., datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr(sessions, "window", sessions.SlidingWindow(clock=lambda: seconds[0]))
    front = place.caller("front", requests_per_minute=3)
    for second in (0.0, 10.0, 20.0):
        seconds[0] = second
        assert front.get("/cases").status_code == 200
    seconds[0] = 30.0
    answer = front.get("/cases")
    problem(answer, 429, "too_many")
    assert answer["Retry-After"] == "30"
    assert place.caller("sup").get("/cases").status_code == 200  # somebody else is not held up
    seconds[0] = 60.0
    assert front.get("/cases").status_code == 200


def test_a_bug_of_ours_tells_a_number_and_writes_nothing(
    place: Place, go: Callable[..., datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("yingsheng.processes.complaints.services.intake.note", fail)
    found = problem(place.caller("front").post(INTAKE, COMPLAINT, key="k"), 500, "error")
    assert found["reference"] in found["detail"] and "bug" not in found["detail"]
    monkeypatch.undo()
    go()
    assert place.caller("sup").get("/cases", view="all").json()["items"] == []


def test_bad_keys_cursors_and_addresses(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    problem(front.post(INTAKE, COMPLAINT, key="schlüssel"), 400, "bad_key")
    problem(front.post(INTAKE, COMPLAINT, key="k" * 256), 400, "bad_key")
    for cursor in ("x", "bnVsbA", "WzEsMl0", "W251bGwsIC0xXQ"):
        problem(front.get("/cases", cursor=cursor), 422, "bad_cursor")
    problem(front.get("/cases", q="a\x00b"), 400, "nul")
    problem(front.get("/cases", limit=101), 422, "unfit")
    problem(front.get("/cases", process="weather"), 422, "unknown")
    problem(front.get("/cases", room="9-9-9"), 422, "unknown")


def test_health_needs_no_token_and_tells_when_reminders_are_late(
    db: None, go: Callable[..., datetime]
) -> None:
    found = Client().get("/api/v1/health").json()
    assert found == {"status": "reminders_late", "database": True, "worker_silent_minutes": None}
