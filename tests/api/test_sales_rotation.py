"""The rotation of the sales desk over the API: read, moved, taken by turn and out of it; told of what came between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.api.place import START, Caller, Place

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit

TEAM = (("boss", "秦经理", "SALES_MGR"), ("yan", "严一", "SALES_AGENT"), ("hua", "华二", "SALES_AGENT"))


@pytest.fixture
def team(place: Place) -> Place:
    """The place with a sales manager and two agents."""
    before = START - timedelta(days=90)
    for username, name, role in TEAM:
        staff = org.hire(site=place.site, username=username, name=name, password=None, by=None, at=before)
        org.appoint(staff=staff, site=place.site, role=role, department=None, by=None, at=before)
        place.staff[username] = staff
    return place


@pytest.fixture
def boss(team: Place) -> Caller:
    return team.caller("boss")


@pytest.fixture
def where(boss: Caller) -> str:
    """The address of a project on whose list both agents stand, signed in."""
    made = boss.post("/sales-projects", {"name": "云溪一期"})
    assert made.status_code == 201, made.content
    found = f"/salesdesk/projects/{made.json()['id']}"
    for agent in ("yan", "hua"):
        for kind in ("join", "sign_in"):
            moved = boss.post(f"{found}/move", {"agent": agent, "kind": kind})
            assert moved.status_code == 200, moved.content
    return found


def rotation(caller: Caller, where: str) -> dict[str, Any]:
    answer = caller.get(f"{where}/rotation")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.mark.rule("J-01", "J-02", "J-35")
def test_a_day_over_the_api(team: Place, boss: Caller, where: str) -> None:
    program = team.caller("yan")
    board = rotation(program, where)
    assert (board["next"], board["next_by"]) == ({"username": "yan", "name": "严一"}, None)
    assert [(one["agent"]["username"], one["doing"]) for one in board["agents"]] == [
        ("yan", "free"),
        ("hua", "free"),
    ]
    own = program.post(f"{where}/receive", {"agent": "yan", "how": "own"})
    assert own.status_code == 201, own.content
    assert (own.json()["how"], own.json()["article"]) == ("own", "004 篇1 第2条(1)")
    taken = program.post(f"{where}/next", {"seen": own.json()["rotation"]})
    assert (taken.status_code, taken.json()["receiver"]["username"]) == (201, "hua")
    board = rotation(program, where)
    assert board["owed"] == [
        {
            "agent": {"username": "yan", "name": "严一"}, "case": 1, "article": "004 篇1 第2条(1)",
            "visit": own.json()["number"],
        }
    ]  # fmt: skip
    assert [one["doing"] for one in board["agents"]] == ["receiving", "receiving"]
    nobody = program.post(f"{where}/next", {"seen": board["number"]})
    assert (nobody.status_code, nobody.json()["code"], nobody.json()["rule"]) == (422, "nobody", "J-01")
    told = program.get(f"{where}/events", date=board["day"]).json()["items"]
    assert [one["kind"] for one in told] == ["join", "sign_in", "join", "sign_in", "receive", "new_customer"]
    assert (told[-1]["order"], told[-1]["owed"]) == (["严一", "华二"], 1)
    assert program.get(f"{where}/events", date="2001-01-01").json() == {"items": []}
    assert program.get(f"{where}/events", date="gestern").status_code == 422
    assert Event.objects.filter(kind="salesdesk.received").count() == 2
    assert [one["values"]["number"] for one in boss.get("/sales-projects").json()["items"]] == [
        Project.objects.get().number
    ]


@pytest.mark.rule("J-01")
def test_a_board_that_moved_on_is_a_conflict_and_a_key_writes_once(team: Place, where: str) -> None:
    program = team.caller("yan")
    seen = rotation(program, where)["number"]
    first = program.post(f"{where}/next", {"seen": seen, "called_as": "王先生"}, key="k-1")
    again = program.post(f"{where}/next", {"seen": seen, "called_as": "王先生"}, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    late = program.post(f"{where}/next", {"seen": seen})
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert "严一接待新客户" in late.json()["detail"]
    assert program.post(f"{where}/next", {}).status_code == 422
    assert Visit.objects.count() == 1


@pytest.mark.rule("J-10", "J-26")
def test_public_and_group_customers(team: Place, boss: Caller, where: str) -> None:
    program = team.caller("hua")
    seen = rotation(program, where)["number"]
    many = program.post(f"{where}/public", {"seen": seen, "kind": "peer", "agents_count": 3})
    assert (many.status_code, many.json()["rule"]) == (422, "J-10")
    public = program.post(f"{where}/public", {"seen": seen, "kind": "peer", "agents_count": 1})
    assert (public.status_code, public.json()["article"]) == (201, "004 篇1 第7条")
    group = program.post(f"{where}/next", {"seen": public.json()["rotation"], "is_group": True})
    assert (group.json()["receiver"]["username"], group.json()["article"]) == ("hua", "004 篇1 第18条")
    assert Visit.objects.filter(is_group=True).count() == 1


@pytest.mark.rule("J-03")
def test_who_may_not_is_told_and_why_somebody_is_away_is_not(team: Place, boss: Caller, where: str) -> None:
    program = team.caller("hua")
    refused = program.post(f"{where}/move", {"agent": "yan", "kind": "leave", "reason": "病假"})
    assert refused.status_code == 403
    assert boss.post(f"{where}/move", {"agent": "yan", "kind": "leave"}).json()["field"] == "reason"
    away = boss.post(f"{where}/move", {"agent": "yan", "kind": "leave", "reason": "病假"})
    assert [one["doing"] for one in away.json()["agents"]] == ["leave", "free"]
    day = away.json()["day"]
    assert program.get(f"{where}/events", date=day).json()["items"][-1]["note"] == ""
    assert boss.get(f"{where}/events", date=day).json()["items"][-1]["note"] == "病假"


def test_strangers_and_unknown_projects(team: Place, where: str) -> None:
    stranger = team.caller("eng")
    before = QueueEvent.objects.count()
    assert stranger.get(f"{where}/rotation").status_code == 403
    program = team.caller("yan")
    nowhere = "/salesdesk/projects/999999"
    assert program.get(f"{nowhere}/rotation").status_code == 404
    for what, body in (
        ("next", {"seen": 1}), ("receive", {"agent": "yan", "how": "own"}), ("move", {"agent": "yan", "kind": "free"}),
        ("public", {"seen": 1, "kind": "peer", "agents_count": 1}),
    ):  # fmt: skip
        assert stranger.post(f"{where}/{what}", body).status_code == 403
        assert program.post(f"{nowhere}/{what}", body).status_code == 404
    assert QueueEvent.objects.count() == before
