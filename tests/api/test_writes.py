"""Written once: keys, versions, transactions, and what a write costs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Person
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.forms.models import Submission
from yingsheng.kernel.org import services as org
from yingsheng.kernel.timers.models import Obligation

from .place import COMPLAINT, Caller, Place, build_place

INTAKE = "/processes/complaints/cases"


def test_the_same_key_and_body_get_the_same_answer(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    first = front.post(INTAKE, COMPLAINT, key="call-1")
    go(minutes=5)
    again = front.post(INTAKE, COMPLAINT, key="call-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "Idempotent-Replay" not in first.headers and again["Idempotent-Replay"] == "true"
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    front.post(INTAKE, COMPLAINT, key="call-1")
    other = front.post(INTAKE, {**COMPLAINT, "title": "电梯停了"}, key="call-1")
    assert other.status_code == 409 and other.json()["code"] == "key_reused"
    assert Case.objects.count() == 1


def test_keys_of_two_clients_do_not_meet(place: Place, go: Callable[..., datetime]) -> None:
    for caller in (place.caller("front"), place.caller("sup")):
        assert caller.post(INTAKE, COMPLAINT, key="call-1").status_code == 201
    assert Case.objects.count() == 2


def test_a_refused_write_may_be_corrected_under_its_key(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    nobody = {**COMPLAINT, "caller": {"name": "路人"}}
    refused = front.post(INTAKE, nobody, key="call-1")
    assert refused.status_code == 422 and refused.json()["rule"] == "C-09"
    assert not Submission.objects.exists()
    assert front.post(INTAKE, COMPLAINT, key="call-1").status_code == 201


def test_a_step_sent_twice_is_done_once(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = sup.post(INTAKE, COMPLAINT).json()["case"]["key"]
    body = {"cause": "own_service", "seen": 1}
    first = sup.post(f"/cases/{key}/steps/classify", body, key="k")
    again = sup.post(f"/cases/{key}/steps/classify", body, key="k")
    assert first.status_code == 200 and again.json() == first.json()
    assert Event.objects.filter(kind="complaints.classified").count() == 1


def test_who_decided_on_an_older_version_is_told(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = sup.post(INTAKE, COMPLAINT).json()["case"]["key"]
    body = {"cause": "own_service", "our_fault": True, "seen": 1}
    assert sup.post(f"/cases/{key}/steps/classify", body).status_code == 200
    stale = sup.post(f"/cases/{key}/steps/classify", {**body, "severity": "major"})
    assert stale.status_code == 409 and stale.json()["code"] == "stale"
    assert sup.get(f"/cases/{key}").json()["severity"] == "serious"


def test_an_illegal_step_says_so_and_a_blocked_one_why(place: Place, go: Callable[..., datetime]) -> None:
    sup = place.caller("sup")
    key = sup.post(INTAKE, COMPLAINT).json()["case"]["key"]
    illegal = sup.post(f"/cases/{key}/steps/close", {"seen": 1})
    assert illegal.status_code == 422 and illegal.json()["code"] in ("illegal_step", "not_ready")
    blocked = sup.post(f"/cases/{key}/steps/split", {"reason": "误并", "seen": 1})
    assert blocked.status_code == 422 and blocked.json()["rule"] == "X-08"


def test_what_was_opened_of_a_person_is_an_event_and_lies_nowhere(
    place: Place, go: Callable[..., datetime]
) -> None:
    front = place.caller("front")
    where = f"/persons/{place.owner.pk}/reveal"
    for _again in range(2):
        opened = front.post(where, {"fields": ["phones"], "reason": "回电核对"}, key="look")
        assert opened.json()["phones"][0]["number"] == "13800138000"
        assert opened.json()["id_number"] is None
    assert Event.objects.filter(kind="estate.revealed").count() == 2
    assert not Submission.objects.exists()
    assert front.post(where, {"fields": ["phones"], "reason": "  "}).status_code == 422


def test_a_promise_is_waived_with_a_reason_by_whoever_may(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    front.post(INTAKE, COMPLAINT)
    running = sup.get("/obligations", milestone="contact").json()["items"]
    where = f"/obligations/{running[0]['id']}/waive"
    assert front.post(where, {"reason": "住户撤回"}).status_code == 403
    assert sup.post(where, {"reason": ""}).status_code == 422
    waived = sup.post(where, {"reason": "住户撤回"})
    assert waived.status_code == 200 and waived.json()["state"] == "waived"
    assert sup.post(where, {"reason": "再来"}).status_code == 422
    assert Obligation.objects.get(pk=running[0]["id"]).reason == "住户撤回"


def test_an_enquiry_answered_at_once_is_a_line_in_the_register(
    place: Place, go: Callable[..., datetime]
) -> None:
    front = place.caller("front")
    asked = {
        "title": "几点能装修",
        "kind": "enquiry",
        "channel": "phone",
        "caller": {"room": "3-2-1802"},
        "rings": 2,
    }
    told = front.post("/processes/enquiries/cases", {**asked, "answer": "工作日9点到18点"})
    assert told.status_code == 201 and told.json()["case"] is None
    later = front.post("/processes/enquiries/cases", asked)
    assert later.json()["case"]["number"].startswith("ZX")
    register = front.get("/contacts").json()["items"]
    assert [line["outcome"] for line in register] == ["promised", "answered"]
    span = {"start": "2025-03-01T00:00:00+08:00", "end": "2025-04-01T00:00:00+08:00"}
    figures = front.get("/contacts/figures", **span).json()
    assert (figures["contacts"], figures["first_contact"], figures["rings_kept"]) == (2, 1, 2)


@pytest.mark.rule("C-28", "X-05")
def test_five_homes_about_one_matter_become_a_group(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    keys = []
    for number in range(1802, 1807):
        body = {
            **COMPLAINT,
            "title": "电梯停运三天",
            "caller": {"room": f"3-2-{number}", "phone": "13900001111"},
        }
        keys.append(front.post(INTAKE, body).json()["case"]["key"])
    suspects = sup.get(f"/complaints/{keys[0]}/group-suspects").json()["items"]
    assert {one["key"] for one in suspects} == set(keys)
    few = sup.post("/complaints/groups", {"keys": keys[:3]})
    assert few.status_code == 422 and few.json()["rule"] == "C-28"
    wrong = sup.post("/complaints/groups", {"keys": [*keys[:4], "nosuchkey"]})
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "keys.4"
    merged = sup.post("/complaints/groups", {"keys": keys, "title": "电梯停运"})
    assert merged.status_code == 201
    page = sup.get(f"/cases/{keys[0]}").json()
    assert page["state"] == "merged" and page["group"]["key"] == merged.json()["key"]


def test_a_visit_by_one_person_twice_is_no_visit_by_two(place: Place, go: Callable[..., datetime]) -> None:
    front, sup = place.caller("front"), place.caller("sup")
    key = front.post(INTAKE, COMPLAINT).json()["case"]["key"]
    assert sup.post(f"/cases/{key}/steps/solve_on_spot", {"result": "已关阀", "seen": 1}).status_code == 200
    owed = front.get("/followups").json()["items"][0]
    visit = {"visitor_one": "admin", "visitor_two": "admin", "mode": "phone", "quality": "4", "effect": "4"}
    body = {**visit, "satisfaction": "4", "satisfied": "yes", "seen": owed["version"]}
    twice = front.post(f"/followups/{owed['id']}/visit", body)
    assert twice.status_code == 422 and twice.json()["field"] == "visitor_two"


def test_what_registering_costs(place: Place, go: Callable[..., datetime]) -> None:
    front = place.caller("front")
    front.post(INTAKE, COMPLAINT, key="warm")
    with CaptureQueriesContext(connection) as captured:
        assert front.post(INTAKE, COMPLAINT, key="counted").status_code == 201
    statements = [row["sql"] for row in captured if "SAVEPOINT" not in row["sql"]]
    # token, powers, home; the key looked up and kept; the first promise read back; the rest is the service's
    own = [text for text in statements if text.startswith("SELECT") and "org_apiclient" in text]
    assert len(own) == 1
    assert len(statements) <= 22


@pytest.fixture
def open_place(committed_db: None) -> Place:
    """A site whose rows are committed, so that several threads see them."""
    org.load_roles()
    return build_place(code="threads")


def test_eight_threads_with_one_key_make_one_case(
    open_place: Place, go: Callable[..., datetime], django_db_blocker: Any
) -> None:
    front: Caller = open_place.caller("front")

    def post(_number: int) -> tuple[int, str, bool]:
        with django_db_blocker.unblock():
            try:
                answer = front.post(INTAKE, COMPLAINT, key="one-call")
                return answer.status_code, answer.content.decode(), "Idempotent-Replay" in answer.headers
            finally:
                connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(post, range(8)))
    assert {status for status, _body, _replayed in answers} == {201}
    assert len({body for _status, body, _replayed in answers}) == 1
    assert sum(not replayed for _status, _body, replayed in answers) == 1
    assert Case.objects.count() == 1
    assert Event.objects.filter(kind="complaints.registered").count() == 1
    assert Person.objects.count() == 1
