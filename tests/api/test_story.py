"""From the ringing phone to the archive, over the API alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.org import services as org
from yingsheng.kernel.worktime.services import create_default_calendars

from .place import COMPLAINT, START, Caller, Place


def ok(response: Any, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def step(caller: Caller, key: str, code: str, **fields: Any) -> dict[str, Any]:
    seen = ok(caller.get(f"/cases/{key}"))["version"]
    return ok(caller.post(f"/cases/{key}/steps/{code}", {**fields, "seen": seen}))


@pytest.mark.rule("C-13", "C-33", "C-35", "C-60", "C-72", "F-08")
def test_a_complaint_from_call_to_archive(place: Place, go: Callable[..., datetime]) -> None:
    front, sup, eng = place.caller("front"), place.caller("sup"), place.caller("eng")
    opened = ok(front.post("/processes/complaints/cases", COMPLAINT), 201)["case"]
    key = opened["key"]
    assert opened["room"]["key"] == "3-2-1802"
    assert opened["caller_phone"] == "138****8000"
    assert opened["next_due_at"] is not None

    go(minutes=20)
    done = step(sup, key, "classify", cause="own_service")
    assert done["case"]["state"] == "classified"
    go(minutes=30)
    step(sup, key, "dispatch", department="engineering", handler="eng", tracker="admin")
    go(minutes=40)
    step(eng, key, "accept")
    go(minutes=60)
    agreed = (START + timedelta(days=2)).isoformat()
    step(front, key, "contact", person="钱女士", agreed_reply_at=agreed)
    go(hours=3)
    step(eng, key, "verify", finding="软管老化")
    step(eng, key, "plan", plan="换软管，半天", consent=True)
    go(hours=30)
    step(eng, key, "finish", method="更换", result="已换软管", prevention="每季巡检")
    go(hours=31)
    refused = sup.post(f"/cases/{key}/steps/close", {"seen": ok(sup.get(f"/cases/{key}"))["version"]})
    assert refused.status_code == 422 and refused.json()["rule"] == "C-69"
    step(front, key, "reply", modes=["visit"], said="已修好", signed_by="钱女士")
    step(front, key, "opinion", satisfied="yes", opinion="好")

    go(days=2)
    owed = ok(front.get("/followups"))["items"]
    assert [one["case"]["key"] for one in owed] == [key]
    visit = {"visitor_one": "front", "visitor_two": "admin", "mode": "visit", "quality": "4", "effect": "4"}
    more = {"satisfaction": "4", "satisfied": "yes", "signed_by": "钱女士", "seen": owed[0]["version"]}
    made = ok(front.post(f"/followups/{owed[0]['id']}/visit", {**visit, **more}))
    assert made["state"] == "satisfied"
    assert [one["username"] for one in made["visitors"]] == ["front", "admin"]

    _archived(sup, key, go)
    assert list(verify_chain(site_id=place.site.pk)) == []


def _archived(sup: Caller, key: str, go: Callable[..., datetime]) -> None:
    go(days=3)
    assert step(sup, key, "close")["case"]["state"] == "closed"
    page = ok(sup.get(f"/cases/{key}"))
    assert "armed" not in {clock["state"] for clock in page["clocks"]}
    assert all(clock["clause"] for clock in page["clocks"])
    assert page["steps"] == []
    kinds = [one["kind"] for one in ok(sup.get(f"/cases/{key}/events"))["items"]]
    assert kinds[0] == "complaints.closed" and kinds[-1] == "complaints.registered"


def test_the_wrong_role_is_refused_and_nothing_happens(place: Place, go: Callable[..., datetime]) -> None:
    front, eng = place.caller("front"), place.caller("eng")
    key = ok(front.post("/processes/complaints/cases", COMPLAINT), 201)["case"]["key"]
    answer = front.post(f"/cases/{key}/steps/classify", {"cause": "own_service", "seen": 1})
    assert answer.status_code == 403 and answer.json()["code"] == "forbidden"
    # a handler sees his own department's work only
    assert eng.get(f"/cases/{key}").status_code == 404
    assert ok(front.get(f"/cases/{key}"))["version"] == 1


def test_another_sites_case_does_not_exist(place: Place, go: Callable[..., datetime]) -> None:
    site = org.open_site(code="other", name="望江苑", kind="residence", at=START - timedelta(days=9))
    create_default_calendars(site=site, at=START - timedelta(days=9))
    staff = org.hire(site=site, username="outsider", name="孙外人", password=None, by=None, at=START)
    org.appoint(
        staff=staff, site=site, role="SITE_HEAD", department=None, by=None, at=START - timedelta(days=9)
    )
    _client, token = org.issue_token(
        site=site,
        name="other",
        acts_as=staff,
        scopes=["complaints.*", "cases.*", "estate.*"],
        by=None,
        at=START,
    )
    stranger, front = Caller(token=token), place.caller("front")
    key = ok(front.post("/processes/complaints/cases", COMPLAINT), 201)["case"]["key"]
    for where in (f"/cases/{key}", f"/cases/{key}/events", f"/households/{place.home.pk}"):
        assert stranger.get(where).status_code == 404
    assert (
        stranger.post(f"/cases/{key}/steps/classify", {"cause": "own_service", "seen": 1}).status_code == 404
    )
    reveal = {"fields": ["phones"], "reason": "核对"}
    assert stranger.post(f"/persons/{place.owner.pk}/reveal", reveal).status_code == 404
    assert ok(stranger.get("/cases"))["items"] == []


def test_a_token_can_do_no_more_than_its_scopes(place: Place, go: Callable[..., datetime]) -> None:
    reader = place.caller("sup", scopes=["complaints.see", "cases.see_site"])
    assert ok(reader.get("/cases"))["items"] == []
    assert reader.post("/processes/complaints/cases", COMPLAINT).status_code == 403
    assert reader.get("/households", q="1802").status_code == 403
    assert reader.get("/rules").status_code == 403
    # a scope the person himself has no permission for gives nothing
    boaster = place.caller("front", scopes=["complaints.classify"])
    assert boaster.get("/cases").status_code == 403
