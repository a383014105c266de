"""The books over the API: the same services, the same part of the books, the same words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales_books import make_entered, project_of

from yingsheng.kernel.org import services as org
from yingsheng.processes.salesdesk.models import Sighting
from yingsheng.processes.salesdesk.services.receiving import receive_next

pytestmark = pytest.mark.django_db


class Caller:
    """A program that acts for somebody of the cast."""

    def __init__(self, cast: Cast, name: str) -> None:
        _client, token = org.issue_token(
            site=cast.site,
            name=name,
            acts_as=cast.staff[name],
            scopes=["salesdesk.*"],
            by=None,
            at=MONDAY_NINE,
        )
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, where: str) -> Any:
        return Client().get(f"/api/v1{where}", headers=self.headers)

    def post(self, where: str, body: dict[str, Any]) -> Any:
        return Client().post(
            f"/api/v1{where}", json.dumps(body), content_type="application/json", headers=self.headers
        )


@pytest.mark.rule("J-04")
def test_a_visitor_is_entered_and_read(cast: Cast) -> None:
    visit = receive_next(actor=cast.actor("agent_a"), project=project_of(cast), at=MONDAY_NINE)
    caller = Caller(cast, "agent_a")
    body = {"seen": visit.version, "name": "钱进宝", "contact": "13800138111", "named": cast.agent_c.username}
    done = caller.post(f"/sales-visits/{visit.pk}/register", body)
    assert done.status_code == 200, done.content
    told = done.json()
    assert (told["state"], told["values"]["contact"]) == ("registered", "13800138111")
    assert told["values"]["owner"] == "金三"
    again = caller.post(f"/sales-visits/{visit.pk}/register", {**body, "seen": told["version"]})
    assert (again.status_code, again.json()["code"]) == (422, "illegal_step")
    assert Caller(cast, "agent_b").get(f"/sales-visits/{visit.pk}").status_code == 404
    manager = Caller(cast, "sales_manager").get(f"/sales-visits/{visit.pk}").json()
    assert manager["values"]["contact"] == "138****8111"
    found = caller.post(
        f"/sales-visits/{visit.pk}/correct",
        {"seen": told["version"], "field": "source", "text": "朋友介绍", "reason": "问清了"},
    )
    assert found.json()["values"]["source"] == "朋友介绍"


@pytest.mark.rule("J-05")
@pytest.mark.rule("J-15")
def test_conflicts_are_asked_for_and_kept(cast: Cast) -> None:
    old = make_entered(cast, at=MONDAY_NINE - timedelta(days=3))
    assert old.entry is not None
    visit = receive_next(actor=cast.actor("agent_b"), project=project_of(cast), at=MONDAY_NINE)
    asked = {"visit": visit.pk, "contact": "138-0013-8111"}
    found = Caller(cast, "agent_b").post("/salesdesk/conflicts", asked)
    assert found.status_code == 200, found.content
    assert found.json()["items"] == [
        {
            "entry": old.entry.number, "agent": "严一", "book": "visit", "day": "2025-02-28", "keys": ["phone"],
            "name": "钱**", "is_own": False,
        }
    ]  # fmt: skip
    assert Sighting.objects.get().visit == visit
    assert Caller(cast, "agent_c").post("/salesdesk/conflicts", asked).status_code == 404
    assert Caller(cast, "front").post("/salesdesk/conflicts", {"name": "钱"}).status_code == 403
    own = Caller(cast, "agent_a").post("/salesdesk/conflicts", {"name": "钱进宝"}).json()["items"]
    assert [(one["name"], one["is_own"]) for one in own] == [("钱进宝", True)]


@pytest.mark.rule("J-06")
@pytest.mark.rule("J-14")
def test_calls_and_introductions_are_entered(cast: Cast) -> None:
    viewer = make_entered(cast)
    assert viewer.entry is not None
    caller = Caller(cast, "agent_a")
    call = caller.post("/sales-calls", {"name": "孙来电", "content": "问价格", "contact": "13700137000"})
    assert call.status_code == 201, call.content
    assert call.json()["values"]["owner"] == "严一"
    body = {"introduced_by": viewer.entry.number, "relation": "friend", "name": "李未来"}
    row = caller.post("/sales-referrals", body)
    assert row.status_code == 201, row.content
    assert row.json()["values"]["relation"] == "friend"
    assert caller.post("/sales-referrals", {**body, "relation": "self"}).status_code == 422
