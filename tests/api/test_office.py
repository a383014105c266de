"""The administrator's office by API: the same services as its pages, the same refusals."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Appointment, Delegation, Post, Role
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.services import Promise, arm
from yingsheng.kernel.worktime.queries import missing_years_key
from yingsheng.ops.imports.work import do_next_job

from .place import COMPLAINT, START, Caller, Place, build_place

Go = Callable[..., datetime]
PASSWORD = "a-long-test-password"


@pytest.fixture
def head(place: Place, go: Go) -> Caller:
    return place.caller("head")


def events(kind: str) -> int:
    return Event.objects.filter(kind=kind).count()


def test_somebody_comes_works_and_leaves(place: Place, head: Caller) -> None:
    sent = {"username": "new.clerk", "name": "孙新人", "password": PASSWORD}
    added = head.post("/staff", sent, key="hire-1")
    assert added.status_code == 201, added.content
    who = added.json()
    assert (who["must_change_password"], who["posts"]) == (True, [])
    assert head.post("/staff", sent, key="hire-1").json() == who
    assert head.post("/staff", sent).json()["field"] == "username"
    where = f"/staff/{who['id']}"
    post = head.post(f"{where}/appointments", {"role": "FRONT_DESK", "department": "service"})
    assert (post.status_code, post.json()["role"]) == (201, "FRONT_DESK")
    assert head.post(f"{where}/appointments", {"role": "NOBODY"}).json()["field"] == "role"
    wrong = head.post(f"{where}/appointments", {"role": "FRONT_DESK", "department": "none"})
    assert wrong.json()["field"] == "department"
    assert head.post(f"/appointments/{post.json()['id']}/end", {}).status_code == 422
    # the clock stands still, and what ends in the moment it begins is withdrawn
    twice = head.post(f"{where}/appointments", {"role": "LOBBY"}).json()["id"]
    withdrawn = head.post(f"/appointments/{twice}/end", {"reason": "登记错了"})
    assert (withdrawn.status_code, withdrawn.json()["id"]) == (200, twice)
    assert not Appointment.objects.filter(pk=twice).exists()
    Appointment.objects.filter(pk=post.json()["id"]).update(active_from=START - timedelta(days=1))
    ended = head.post(f"/appointments/{post.json()['id']}/end", {"reason": "调离"})
    assert ended.json()["active_to"] is not None
    assert head.post(f"{where}/password", {"password": "short"}).json()["field"] == "password"
    assert head.post(f"{where}/password", {"password": PASSWORD}).status_code == 200
    assert head.post(f"{where}/end-sessions", {}).status_code == 200
    assert head.post(f"{where}/unlock", {}).status_code == 422
    assert head.post(f"{where}/drop-second-factor", {"reason": "手机丢了"}).status_code == 422
    assert head.post(f"{where}/deactivate", {"reason": "离职"}).json()["active"] is False
    assert head.post(f"{where}/reactivate", {}).json()["active"] is True
    assert (events("org.deactivated"), events("org.appointment_ended")) == (1, 2)


def test_everybody_is_listed_page_by_page(place: Place, head: Caller) -> None:
    half = (len(place.staff) + 1) // 2
    first = head.get("/staff", limit=half).json()
    second = head.get("/staff", limit=half, cursor=first["next"]).json()
    names = [one["username"] for one in (*first["items"], *second["items"])]
    assert sorted(names) == sorted(one.username for one in place.staff.values())
    assert second["next"] is None
    assert first["items"][0]["posts"][0]["role"] == "FRONT_DESK"


def test_a_longer_list_of_people_costs_no_more_statements(place: Place, head: Caller) -> None:
    def statements(limit: int) -> int:
        head.get("/staff", limit=limit)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(head.get("/staff", limit=limit).json()["items"]) == limit
        return len(asked)

    assert statements(2) == statements(5)


def test_a_post_passes_on_during_leave(place: Place, head: Caller) -> None:
    post = Post.objects.get(site=place.site, role__code="CS_SUP")
    sent = {
        "post": post.pk, "to_staff": "admin", "active_from": START.isoformat(),
        "active_to": (START + timedelta(days=3)).isoformat(), "reason": "年假",
    }  # fmt: skip
    assert place.caller("front").post("/delegations", sent).status_code == 403
    # holding the post is a matter of the person, and no scope of his token
    assert place.caller("sup").post("/delegations", sent).status_code == 403
    assert place.caller("head", ["complaints.see"]).post("/delegations", sent).status_code == 403
    lent = head.post("/delegations", sent)
    assert lent.status_code == 201, lent.content
    listed = head.get("/delegations").json()["items"]
    assert [one["to_staff"] for one in listed] == ["admin"]
    assert head.post("/delegations", {**sent, "to_staff": "nobody"}).json()["field"] == "to_staff"
    assert head.post("/delegations", {**sent, "post": 10**12}).json()["field"] == "post"
    where = f"/delegations/{lent.json()['id']}/end"
    for name, scopes in (("front", None), ("sup", None), ("head", ["complaints.see"])):
        assert place.caller(name, scopes).post(where, {}).status_code == 403, name
    assert head.post(where, {}).status_code == 200
    assert not Delegation.objects.exists()


def test_roles_have_the_names_of_the_site(place: Place, head: Caller) -> None:
    renamed = head.post("/roles/CS_SUP", {"zh": "业户服务主管", "en": "Tenant services lead"})
    assert renamed.json()["alias"] == {"zh": "业户服务主管", "en": "Tenant services lead"}
    listed = head.get("/roles").json()["items"]
    assert next(one for one in listed if one["code"] == "CS_SUP")["alias"]["zh"] == "业户服务主管"
    assert len(listed) == Role.objects.count()
    assert head.post("/roles/NOBODY", {"zh": "x"}).status_code == 404
    assert head.post("/roles/CS_SUP", {}).json()["alias"] == {"zh": "", "en": ""}


@pytest.mark.rule("C-02")
@pytest.mark.rule("B-11")
def test_contacts_are_read_by_all_and_published_by_few(place: Place, head: Caller) -> None:
    front = place.caller("front")
    assert "duty_phone" in front.get("/site/contacts").json()["missing"]
    assert front.post("/site/contacts", {"duty_phone": "1"}).status_code == 403
    done = head.post("/site/contacts", {"duty_phone": "0755-20000001", "service_hotline": "8000"})
    assert (done.json()["duty_phone"], done.json()["service_hotline"]) == ("0755-20000001", "8000")
    assert head.post("/site/contacts", {"complaint_email": "x"}).json()["field"] == "complaint_email"
    assert events("org.contacts_published") == 1


def test_a_token_is_told_once_works_until_its_end_and_can_be_revoked(
    place: Place, head: Caller, go: Go
) -> None:
    end = START + timedelta(hours=2)
    sent = {
        "name": "门禁",
        "acts_as": "front",
        "scopes": ["cases.*", "complaints.see"],
        "expires_at": end.isoformat(),
    }
    made = head.post("/tokens", sent, key="once")
    assert made.status_code == 201, made.content
    token, pk = made.json()["token"], made.json()["id"]
    caller = Caller(token=token)
    assert caller.get("/cases").status_code == 200
    listed = head.get("/tokens").json()["items"]
    assert token not in str(listed)
    assert next(one for one in listed if one["id"] == pk)["active"]
    go(hours=2)
    assert caller.get("/cases").status_code == 401
    go(hours=1)
    assert caller.get("/cases").status_code == 200
    assert head.post(f"/tokens/{pk}/revoke", {}).json()["active"] is False
    assert head.post(f"/tokens/{pk}/revoke", {}).status_code == 422
    assert caller.get("/cases").status_code == 401
    assert head.post("/tokens", {**sent, "scopes": []}).json()["field"] == "scopes"
    assert head.post("/tokens", {**sent, "acts_as": "nobody"}).json()["field"] == "acts_as"
    assert head.post("/tokens", {**sent, "scopes": ["complaints.none"]}).json()["field"] == "scopes"
    beyond = head.post("/tokens", {**sent, "acts_as": "eng", "scopes": ["complaints.accept"]})
    assert (beyond.status_code, "complaints.accept" in beyond.json()["detail"]) == (403, True)
    narrow = place.caller("head", ["org.manage"])  # a token passes on no more than its own scopes
    assert narrow.post("/tokens", sent).status_code == 403
    past = {**sent, "expires_at": (START - timedelta(days=1)).isoformat()}
    assert head.post("/tokens", past).json()["field"] == "expires_at"


def promised(place: Place, caller: Caller) -> Obligation:
    """A promise of three working days by the office calendar about a new complaint."""
    from yingsheng.kernel.cases.models import Case
    from yingsheng.kernel.policies.queries import resolve
    from yingsheng.kernel.worktime.arithmetic import due_at
    from yingsheng.kernel.worktime.queries import get_calendar

    caller.post("/processes/complaints/cases", COMPLAINT)
    calendar = get_calendar(site_id=place.site.pk, code="office")
    due = due_at(start=START, amount=3, unit="working_days", calendar=calendar).at
    promise = Promise(
        milestone="plan", resolved=resolve(rule_id="C-35", site=place.site, at=START), amount=3,
        unit="working_days", starts_at=START, due_at=due, responsible_role="CS_SUP", calendar="office",
    )  # fmt: skip
    return arm(site_id=place.site.pk, subject=Case.objects.get(), promises=[promise], at=START)[0]


def test_a_calendar_is_edited_and_says_what_moved(place: Place, head: Caller) -> None:
    row = promised(place, head)
    front = place.caller("front")
    assert [one["code"] for one in front.get("/calendars").json()["items"]] == ["service", "office", "always"]
    day = {"kind": "holiday", "name": "停电"}
    assert front.post("/calendars/office/days/2025-03-04", day).status_code == 403
    closed = head.post("/calendars/office/days/2025-03-04", day, key="one")
    assert closed.json()["moved"] == [row.pk]
    moved = datetime.fromisoformat(head.get(f"/obligations/{row.pk}").json()["due_at"])
    assert moved == row.due_at + timedelta(days=1)
    days = head.get("/calendars/office/days", year=2025).json()
    assert days["loaded"] is True
    assert {"date": "2025-03-04", "kind": "holiday", "windows": [], "name": "停电", "edited": True} in days[
        "items"
    ]
    assert head.post("/calendars/office/days/2025-03-04/clear", {}).json()["moved"] == [row.pk]
    assert head.post("/calendars/office/days/2025-03-04/clear", {}).status_code == 422
    week: list[Any] = [[["08:30", "12:00"]]] * 5 + [[], []]
    assert head.post("/calendars/office/week", {"weekly": week}).json()["calendar"]["weekly"] == week
    assert head.post("/calendars/office/week", {"weekly": [[["12:00", "08:00"]]] * 7}).status_code == 422
    warned = missing_years_key(site_id=place.site.pk)
    cache.set(warned, [2025], 600)
    assert head.post("/calendars/office/years", {"year": 2025}).status_code == 200
    assert cache.get(warned) is None
    assert head.post("/calendars/office/years", {"year": 2099}).json()["field"] == "year"
    for nowhere in (
        "/calendars/none/week",
        "/calendars/office/days/2025-13-01",
        "/calendars/office/days/1999-01-01",
    ):
        assert head.post(nowhere, {}).status_code == 404, nowhere
    assert events("worktime.day_changed") == 1


def test_the_book_is_verified_in_parts(place: Place, head: Caller) -> None:
    assert place.caller("front").get("/records/verification").status_code == 403
    whole = head.get("/records/verification").json()
    assert (whole["flaws"], whole["next"], whole["checked"]) == ([], None, whole["last_seq"])
    rest = head.get("/records/verification", **{"from": whole["last_seq"]}).json()
    assert (rest["checked"], rest["head"]) == (1, whole["head"])
    assert head.get("/records/verification", **{"from": 0}).status_code == 422


def data(text: str, kind: str = "text/csv") -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def test_a_file_is_sent_looked_at_and_confirmed(place: Place, head: Caller) -> None:
    bad = {"kind": "rooms", "file": {"name": "r.csv", "content": data("楼栋,房号\n9栋,\n")}}
    assert place.caller("front").post("/imports", bad).status_code == 403
    sent = head.post("/imports", bad, key="file-1")
    assert (sent.status_code, sent.json()["state"]) == (201, "sent")
    assert head.post("/imports", bad, key="file-1").json()["key"] == sent.json()["key"]
    where = f"/imports/{sent.json()['key']}"
    assert head.get(f"{where}/report").status_code == 404
    do_next_job(now=START)
    looked = head.get(where).json()
    assert (looked["state"], looked["problem_count"], looked["problems"][0]["row"]) == ("checked", 1, 2)
    assert head.get(f"{where}/report").json()["report"].startswith("data:application/vnd.openxml")
    assert head.post(f"{where}/confirm", {}).status_code == 422
    assert head.post(f"{where}/drop", {}).json()["state"] == "dropped"
    good = {"kind": "rooms", "file": {"name": "r.csv", "content": data("楼栋,房号\n9栋,101\n")}}
    key = head.post("/imports", good).json()["key"]
    do_next_job(now=START)
    assert head.post(f"/imports/{key}/confirm", {}).json()["state"] == "confirmed"
    do_next_job(now=START)
    assert head.get(f"/imports/{key}").json()["written"]["rooms"] == 1
    assert len(head.get("/imports").json()["items"]) == 2
    assert head.get("/imports/none").status_code == 404
    broken = {**good, "file": {"name": "r.csv", "content": "not a data address"}}
    assert head.post("/imports", broken).json()["field"] == "file.content"


def test_another_site_finds_nothing(place: Place, head: Caller) -> None:
    other = build_place(code="other", prefix="other-").caller("head")
    person = place.staff["front"]
    held = Appointment.objects.get(staff=person)
    client, _token = org.issue_token(
        site=place.site, name="x", acts_as=person, scopes=["cases.*"], by=None, at=START
    )
    key = head.post(
        "/imports", {"kind": "rooms", "file": {"name": "r.csv", "content": data("楼栋,房号\n9栋,101\n")}}
    ).json()["key"]
    for where, body in (
        (f"/staff/{person.pk}/deactivate", {"reason": "x"}),
        (f"/appointments/{held.pk}/end", {"reason": "x"}),
        (f"/tokens/{client.pk}/revoke", {}),
        (f"/imports/{key}/confirm", {}),
    ):
        assert other.post(where, body).status_code == 404, where
    assert other.get(f"/imports/{key}").status_code == 404
    assert other.get("/imports").json()["items"] == []
