"""Whose customer, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from yingsheng.kernel.events.models import Event

from .place import Place

# a customer of A (registered 2025-02-01) comes to B, who does not know
FACTS: dict[str, Any] = {
    "receiver": "B", "visit_day": "2025-03-03", "present": ["A", "B"],
    "claims": [{
        "agent": "A", "record": "visit", "registered_day": "2025-02-01", "received_day": "2025-02-01",
        "keys": ["phone"], "noticed": "after", "discovered_day": "2025-03-08",
    }],
    "deal": {"closer": "B", "deposit_day": "2025-03-04", "signed_day": "2025-03-05"},
}  # fmt: skip


@pytest.mark.rule("J-23", "J-30", "J-31")
def test_the_articles_are_told_step_by_step_with_what_would_change_them(
    place: Place, go: Callable[..., datetime]
) -> None:
    program = place.caller("agent")
    before = Event.objects.count()
    answer = program.post("/salesdesk/explain", FACTS)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    decision = told["decision"]
    assert {one["agent"]: one["percent"] for one in decision["shares"]} == {"A": 50, "B": 50}
    assert decision["rule"] == "J-23" and decision["article"] == "004 篇1 第16条"
    assert decision["steps"][0]["rule"] == "J-24"
    turning = {(one["fact"], one["then"]): one["decision"]["shares"] for one in told["changes"]}
    assert turning["discovered_day", "2025-03-09"] == [{"agent": "B", "percent": 100}]
    assert Event.objects.count() == before


@pytest.mark.rule("J-30")
def test_the_order_of_claims_does_not_matter_and_changes_may_be_left_out(
    place: Place, go: Callable[..., datetime]
) -> None:
    other = {**FACTS["claims"][0], "agent": "C", "registered_day": "2025-02-20", "received_day": "2025-02-20"}
    program = place.caller("manager")
    one = program.post(
        "/salesdesk/explain", {**FACTS, "claims": [FACTS["claims"][0], other], "with_changes": False}
    )
    two = program.post(
        "/salesdesk/explain", {**FACTS, "claims": [other, FACTS["claims"][0]], "with_changes": False}
    )
    assert one.json() == two.json()
    assert one.json()["changes"] == []


@pytest.mark.rule("J-30")
@pytest.mark.parametrize(
    "wrong",
    [
        {"visit_day": "2025-01-31"},  # before the entry
        {"receiver": ""},
        {"visit_day": "2025-02-30"},
        {"claims": [{"agent": "A", "record": "rumour", "registered_day": "2025-02-01"}]},
        {"claims": [{"agent": "A", "record": "visit", "registered_day": "2025-02-01", "noticed": "after"}]},
        {"deal": {"closer": "B", "deposit_day": "2025-03-01", "signed_day": "2025-03-01"}},
        {"present": "A"},
    ],
)
def test_facts_that_cannot_be_are_told(
    place: Place, go: Callable[..., datetime], wrong: dict[str, Any]
) -> None:
    answer = place.caller("agent").post("/salesdesk/explain", {**FACTS, **wrong})
    assert answer.status_code == 422, answer.content
    assert answer.json()["title"]


def test_who_may_not_see_the_sales_desk_is_told_nothing(place: Place, go: Callable[..., datetime]) -> None:
    assert place.caller("front").post("/salesdesk/explain", FACTS).status_code == 403
    assert place.caller("agent").get("/salesdesk/visits/1/attribution").status_code == 404
    assert place.caller("agent").post("/salesdesk/visits/1/ruling", {}).status_code == 403
