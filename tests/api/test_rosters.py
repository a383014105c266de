"""Rosters over the API: a turn put down and taken back, a plan asked and accepted, a month published, leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest

from yingsheng.kernel.rosters.models import Shift
from yingsheng.kernel.rosters.setup import add_post, add_shift
from yingsheng.processes.turns.rules.month import month_from, to_plain
from yingsheng.processes.turns.rules.planner import propose
from yingsheng.processes.turns.services.planning import do_next_plan

from .place import START, Place

APRIL = "2025-04"


def solve(asked: dict[str, Any]) -> dict[str, Any]:
    return to_plain(propose(month=month_from({**asked, "seconds": 3.0, "workers": 1})))


@pytest.fixture
def shift(place: Place) -> Shift:
    """A desk that is manned around the clock in one piece on two days of the week."""
    head = place.staff["head"]
    post = add_post(
        site=place.site, code="desk", name="前台", name_en="Desk", roles=["FRONT_DESK", "AREA_ADMIN"], is_key=True,
        by=head, at=START,
    )  # fmt: skip
    return add_shift(
        post=post, code="D", name="值班", name_en="Duty", starts=time(9), ends=time(9), needs=1, weekdays=range(7),
        by=head, at=START,
    )  # fmt: skip


@pytest.mark.rule("D-01", "D-04")
def test_a_month_from_the_first_turn_to_the_published_plan(
    place: Place, shift: Shift, go: Callable[..., datetime]
) -> None:
    boss, front = place.caller("sup"), place.caller("front")
    turn = {"shift_id": shift.pk, "day": "2025-04-01", "username": "front"}
    assert front.post("/rosters/turns", turn).status_code == 403
    made = boss.post("/rosters/turns", turn, key="one")
    assert made.status_code == 201, made.content
    assert boss.post("/rosters/turns", turn, key="one").json() == made.json()
    again = boss.post("/rosters/turns", turn)
    assert (again.status_code, again.json()["code"]) == (422, "double")
    for wrong in ({"shift_id": 999}, {"username": "nobody"}):
        assert boss.post("/rosters/turns", {**turn, **wrong}).status_code == 422
    where = f"/rosters/turns/{made.json()['id']}/take-back"
    assert boss.post(where, {}).status_code == 200
    assert boss.post(where, {}).status_code == 409
    assert boss.post("/rosters/turns/999999/take-back", {}).status_code == 404
    assert boss.post("/rosters/publish", {"month": APRIL}).json()["code"] == "short"

    assert boss.get("/rosters/plans", month=APRIL).json()["state"] == ""
    # half a day of rest lies between two turns of a whole day only every other day: two people suffice
    asked = boss.post("/rosters/plans", {"month": APRIL})
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
    assert do_next_plan(now=START, solve=solve)
    plan = boss.get("/rosters/plans", month=APRIL).json()
    assert (plan["state"], plan["missing"], len(plan["turns"]), plan["gaps"]) == ("done", 0, 30, [])
    assert plan["score"] <= plan["greedy_score"]
    accept = f"/rosters/plans/{plan['id']}/accept"
    some = boss.post(accept, {"usernames": ["front"], "last": "2025-04-10"})
    assert some.json()["added"] == 5
    assert boss.post(accept, {}).json()["added"] == 25
    assert boss.post("/rosters/plans/999999/accept", {}).status_code == 404
    seen = boss.get("/rosters/month", month=APRIL).json()
    assert (seen["state"], {slot["short"] for slot in seen["slots"]}) == ("draft", {False})
    assert all(slot["turns"] == [] for slot in front.get("/rosters/month", month=APRIL).json()["slots"])
    done = boss.post("/rosters/publish", {"month": APRIL, "seen": seen["version"]})
    assert done.json()["state"] == "published"
    assert len(front.get("/rosters/mine").json()["items"]) == 15


@pytest.mark.rule("D-08", "D-11", "D-13")
def test_posts_leave_tally_and_the_on_call_list(
    place: Place, shift: Shift, go: Callable[..., datetime]
) -> None:
    boss, front = place.caller("sup"), place.caller("front")
    posts = front.get("/rosters/posts").json()["items"]
    assert [(one["code"], [each["code"] for each in one["shifts"]]) for one in posts] == [("desk", ["D"])]
    assert front.get("/rosters/month", month="April").status_code == 422
    leave = {
        "kind": "sick", "reason": "发烧", "starts_at": "2025-03-10T09:00:00+08:00",
        "ends_at": "2025-03-11T09:00:00+08:00",
    }  # fmt: skip
    made = front.post("/leaves", leave)
    assert (made.status_code, made.json()["promises"][0]["rule"]) == (201, "D-11")
    where = f"/leaves/{made.json()['id']}"
    assert boss.post(f"{where}/approve", {"seen": 1, "decision": "好好休息"}).json()["state"] == "approved"
    own = front.get("/rosters/tally", month="2025-03").json()["items"]
    assert [(one["staff"]["username"], one["leave_days"]) for one in own] == [("front", 2)]
    assert [one["role"] for one in front.get("/rosters/on-call").json()["items"]] == ["SITE_HEAD", "CS_SUP"]
    call = front.post("/calls", {"staff": "head", "outcome": "coming", "reason": "停电"})
    assert front.post(f"/calls/{call.json()['id']}/came", {"seen": 1}).json()["state"] == "came"
    assert front.get("/rosters/on-call").json()["items"][0]["last_outcome"] == "came"
