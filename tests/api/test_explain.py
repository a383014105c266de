"""Trying the rules out says exactly what would happen, and does nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingsheng.base.refusal import Refused
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.queries.explain import Supposed, explain_complaint
from yingsheng.processes.complaints.rules.classify import CAUSES

from .place import COMPLAINT, START, Place

NINE = "2025-03-03T09:00:00+08:00"


def ask(place: Place, **body: Any) -> dict[str, Any]:
    answer = place.caller("sup").post("/rules/explain", {"received_at": NINE, **body})
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.rule("C-33", "C-35")
def test_an_unclassified_complaint_has_its_first_clocks(place: Place, go: Callable[..., datetime]) -> None:
    found = ask(place)
    assert found["validity"] is None and found["severity"] is None
    contact = next(clock for clock in found["clocks"] if clock["milestone"] == "contact")
    assert contact["due_at"] == "2025-03-03T11:00:00+08:00"
    assert contact["cited"]["rule"] == "C-33" and contact["cited"]["clause"] and contact["cited"]["en"]
    assert contact["role"] == "CS_SUP" and contact["label"] == "联系住户"
    assert found["tells"][0]["cited"]["rule"] == "C-13"


@pytest.mark.rule("C-21", "C-37", "C-40")
def test_harm_is_major_whoever_caused_it(place: Place, go: Callable[..., datetime]) -> None:
    found = ask(place, cause="own_service", injury=True)
    assert found["severity"]["code"] == "major" and found["severity"]["cited"]["rule"] == "C-21"
    milestones = {clock["milestone"]: clock for clock in found["clocks"]}
    assert milestones["major_report"]["cited"]["rule"] == "C-37"
    assert milestones["solve"]["extended_by"] and milestones["solve"]["extension"]["rule"] == "C-39"
    assert {"SITE_HEAD", "DIV_MGR"} <= {tell["role"] for tell in found["tells"]}


@pytest.mark.rule("C-18", "C-19", "C-20")
def test_the_adopted_model_names_the_class(place: Place, go: Callable[..., datetime]) -> None:
    assert ask(place, cause="developer")["validity"]["code"] == "assist"
    assert ask(place, cause="developer", wants_help=False)["validity"]["code"] == "invalid"
    demand = ask(place, cause="suggestion")
    assert demand["converted"] is True and demand["clocks"] == [] and demand["tells"] == []


@pytest.mark.rule("C-64", "C-65", "X-06")
def test_how_to_reply(place: Place, go: Callable[..., datetime]) -> None:
    reply = ask(place, validity="valid", written=True, in_group=True)["reply"]
    assert reply["required"] == ["visit", "writing"] and reply["another_besides_writing"] is True
    assert [one["rule"] for one in reply["cited"]] == ["C-65", "X-06", "C-64", "C-63"]


def test_another_preset_gives_other_clocks(place: Place, go: Callable[..., datetime]) -> None:
    ours = {clock["milestone"] for clock in ask(place, cause="own_service")["clocks"]}
    theirs = ask(place, cause="own_service", preset="C/003-12")
    assert theirs["preset"] == "C/003-12"
    assert {clock["milestone"] for clock in theirs["clocks"]} < ours
    wrong = place.caller("sup").post("/rules/explain", {"received_at": NINE, "preset": "F/composite"})
    assert wrong.status_code == 422 and wrong.json()["field"] == "preset"
    # supposing a preset changes nothing for the site
    assert resolve(rule_id="C-33", site=place.site, at=START).preset == "C/composite"


def test_agreed_moments_prevail(place: Place, go: Callable[..., datetime]) -> None:
    agreed = "2025-03-05T15:00:00+08:00"
    found = ask(place, cause="own_service", agreed_reply_at=agreed)
    clock = next(clock for clock in found["clocks"] if clock["milestone"] == "agreed_reply")
    assert clock["agreed"] is True and clock["due_at"] == agreed


def test_nothing_is_written_and_one_statement_read(place: Place, go: Callable[..., datetime]) -> None:
    supposed = Supposed(received_at=START, cause="own_service")
    explain_complaint(site=place.site, at=START, supposed=supposed)
    with CaptureQueriesContext(connection) as captured:
        explain_complaint(site=place.site, at=START, supposed=supposed)
    assert len(captured) == 1


def test_an_unknown_preset_is_refused(place: Place) -> None:
    with pytest.raises(Refused) as refused:
        explain_complaint(site=place.site, at=START, supposed=Supposed(received_at=START, preset="C/none"))
    assert refused.value.field == "preset"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    cause=st.sampled_from(CAUSES),
    severity=st.sampled_from(["", "minor", "serious", "major"]),
    minutes=st.integers(min_value=0, max_value=600_000),
    handled=st.integers(min_value=0, max_value=10_000),
    flags=st.fixed_dictionaries(
        {
            name: st.booleans()
            for name in ("injury", "complex", "written", "group", "on_spot", "forwarded_by_hq")
        }
    ),
)
def test_every_clock_ends_after_it_starts(
    place: Place, cause: str, severity: str, minutes: int, handled: int, flags: dict[str, Any]
) -> None:
    received = START + timedelta(minutes=minutes)
    supposed = Supposed(
        received_at=received,
        cause=cause,
        severity=severity,
        handled_at=received + timedelta(minutes=handled) if handled else None,
        **flags,
    )
    found = explain_complaint(site=place.site, at=received, supposed=supposed)
    order = ("minor", "serious", "major")
    assert all(clock.due_at >= clock.starts_at for clock in found.clocks)
    assert len({clock.milestone for clock in found.clocks}) == len(found.clocks)
    assert found.severity is not None
    assert not severity or order.index(found.severity.code) >= order.index(severity)


@pytest.mark.parametrize("cause", ["own_service", "developer", "no_claim"])
def test_it_says_what_really_happens(place: Place, go: Callable[..., datetime], cause: str) -> None:
    sup = place.caller("sup")
    key = sup.post("/processes/complaints/cases", COMPLAINT).json()["case"]["key"]
    now = go(minutes=20)
    assert sup.post(f"/cases/{key}/steps/classify", {"cause": cause, "seen": 1}).status_code == 200
    armed = Obligation.objects.filter(state="armed").exclude(milestone="follow_up")
    real = {(row.milestone, row.rule, row.due_at) for row in armed}
    met = {row.milestone for row in Obligation.objects.exclude(state="armed")}
    # without wants_help in the form, the box was not ticked
    said = explain_complaint(
        site=place.site,
        at=now,
        supposed=Supposed(received_at=START, cause=cause, wants_help=False, classified_at=now),
    )
    clocks = {(clock.milestone, clock.cited.rule, clock.due_at) for clock in said.clocks}
    assert {clock for clock in clocks if clock[0] not in met} == real


@pytest.mark.rule("C-12", "C-30", "C-53", "C-66")
@pytest.mark.parametrize(
    ("preset", "known", "milestone", "role", "minutes"),
    [
        ("C/001-H", {"dispatched_at": START}, "sign", "DEPT_HEAD", 30),
        ("", {"forwarded_at": START}, "outside_notice", "CS_SUP", 24 * 60),
        ("", {"handed_up_at": START}, "decide", "SITE_HEAD", 24 * 60),
        ("", {"heard_at": START, "heard_elsewhere": True}, "unsolved_notice", "LOBBY", 15),
    ],
)
def test_the_clocks_of_sending_on_can_be_tried_out(
    place: Place, preset: str, known: dict[str, Any], milestone: str, role: str, minutes: int
) -> None:
    supposed = Supposed(received_at=START, validity="valid", severity="minor", preset=preset, **known)
    found = explain_complaint(site=place.site, at=START, supposed=supposed)
    (clock,) = [one for one in found.clocks if one.milestone == milestone]
    assert (clock.role, clock.due_at) == (role, START + timedelta(minutes=minutes))
