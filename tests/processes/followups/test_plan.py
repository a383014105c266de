"""The plan of the month: none left out that is owed, quotas reached where they can be, evenly, and accepted as read."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.cast import Cast, make_home
from tests.processes.story import NINE, handled, later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import count_views, month_ahead
from yingsheng.processes.followups.rules import OwedVisit, RankNeed, VisitPlan, plan_visits
from yingsheng.processes.followups.services import accept_plan

MONDAY = date(2025, 3, 3)
DAYS = st.integers(1, 15).map(lambda count: [MONDAY + timedelta(days=number) for number in range(count)])
VISITS = st.lists(
    st.builds(
        dict,
        matter=st.sampled_from(["complaints", "events", "other"]),
        due=st.none() | st.integers(-3, 25).map(lambda number: MONDAY + timedelta(days=number)),
        must=st.booleans(),
        heads=st.booleans(),
        of_month=st.booleans(),
    ),
    max_size=25,
).map(lambda rows: [OwedVisit(key=number, **row) for number, row in enumerate(rows)])
RANKS = st.lists(
    st.builds(
        RankNeed,
        role=st.sampled_from(["CS_SUP", "DEPT_MGR", "SITE_HEAD"]),
        needed=st.integers(0, 20),
        a_day=st.integers(1, 4),
    ),
    max_size=3,
    unique_by=lambda rank: rank.role,
)
RATES = st.fixed_dictionaries({"events": st.integers(0, 10), "other": st.integers(0, 3)})


def made(**given_: Any) -> VisitPlan:
    return plan_visits(**{"a_day": 3, "rates": {}, "ranks": [], **given_})


@pytest.mark.rule("F-07", "F-12")
@given(visits=VISITS, ranks=RANKS, days=DAYS, rates=RATES, a_day=st.integers(1, 5))
def test_every_visit_that_must_be_made_is_planned_once_and_rates_are_reached(
    visits: list[OwedVisit], ranks: list[RankNeed], days: list[date], rates: dict[str, int], a_day: int
):
    plan = made(visits=visits, ranks=ranks, days=days, rates=rates, a_day=a_day)
    planned = Counter(one.key for one in plan.visits)
    assert max(planned.values(), default=1) == 1
    assert {visit.key for visit in visits if visit.must or visit.heads} <= set(planned)
    for matter, needed in rates.items():
        free = [one for one in visits if one.matter == matter and not (one.must or one.heads)]
        assert sum(one.key in planned for one in free) >= min(needed, len(free))
    assert {one.day for one in plan.visits} <= set(days)


@pytest.mark.rule("F-12")
@given(visits=VISITS, ranks=RANKS, days=DAYS, rates=RATES)
def test_a_rank_gets_its_share_where_its_days_hold_it(
    visits: list[OwedVisit], ranks: list[RankNeed], days: list[date], rates: dict[str, int]
):
    plan = made(visits=visits, ranks=ranks, days=days, rates=rates)
    of_month = {visit.key for visit in visits if visit.of_month}
    open_to = Counter(one.day for one in plan.visits if one.key in of_month)
    for rank in ranks:
        joined = [one for one in plan.visits if rank.role in one.roles]
        could = sum(min(rank.a_day, count) for count in open_to.values())
        assert len([one for one in joined if one.key in of_month]) == min(rank.needed, could)
        assert plan.missing.get(rank.role, 0) == rank.needed - min(rank.needed, could)
        assert max(Counter(one.day for one in joined).values(), default=0) <= rank.a_day


@pytest.mark.rule("F-12")
@given(count=st.integers(0, 40), days=DAYS, needed=st.integers(0, 40))
def test_without_a_limit_the_days_differ_by_at_most_one(count: int, days: list[date], needed: int):
    visits = [OwedVisit(key=number, matter="complaints", due=None, must=True) for number in range(count)]
    ranks = [RankNeed(role="CS_SUP", needed=min(needed, count), a_day=40)]
    plan = made(visits=visits, ranks=ranks, days=days)
    for chosen in (plan.visits, [one for one in plan.visits if one.roles]):
        load = Counter(dict.fromkeys(days, 0)) + Counter()
        load.update(dict.fromkeys(days, 0))
        load.update(one.day for one in chosen)
        assert max(load.values()) - min(load.values()) <= 1


@pytest.mark.rule("F-07")
@given(visits=VISITS, days=DAYS)
def test_no_visit_could_move_to_a_day_in_time_that_holds_two_fewer(visits: list[OwedVisit], days: list[date]):
    plan = made(visits=visits, days=days)
    due = {visit.key: visit.due for visit in visits}
    load = Counter(one.day for one in plan.visits)
    for one in plan.visits:
        limit = due[one.key]
        allowed = [day for day in days if limit is None or day <= limit] or [days[0]]
        assert one.day in allowed
        assert all(load[day] >= load[one.day] - 1 for day in allowed)


@settings(max_examples=25)
@given(visits=VISITS, ranks=RANKS, days=DAYS, rates=RATES)
def test_the_same_facts_make_the_same_plan(
    visits: list[OwedVisit], ranks: list[RankNeed], days: list[date], rates: dict[str, int]
):
    plan = made(visits=visits, ranks=ranks, days=days, rates=rates)
    assert plan == made(visits=visits[::-1], ranks=ranks, days=days, rates=rates)


@pytest.mark.rule("F-13", "F-12")
def test_what_the_plan_says_why():
    visits = [
        OwedVisit(key=1, matter="complaints", due=MONDAY - timedelta(days=1), must=True),
        OwedVisit(key=2, matter="complaints", due=MONDAY, must=False, heads=True),
        OwedVisit(key=3, matter="events", due=None, must=False),
        OwedVisit(key=4, matter="other", due=None, must=False),
    ]
    plan = made(
        visits=visits, days=[MONDAY], rates={"events": 1}, a_day=2, head_roles=("SITE_HEAD", "DEPT_MGR"),
        ranks=[RankNeed(role="SITE_HEAD", needed=1, a_day=5), RankNeed(role="CS_SUP", needed=9, a_day=2)],
    )  # fmt: skip
    by_key = {one.key: one for one in plan.visits}
    assert set(by_key) == {1, 2, 3}  # the last has neither a rate nor room
    assert by_key[1].why == ("all", "late", "over")
    assert (by_key[2].why[0], by_key[2].roles[:2]) == ("heads", ("SITE_HEAD", "DEPT_MGR"))
    assert by_key[3].why[0] == "rate"
    assert plan.missing == {"CS_SUP": 7}
    assert made(visits=visits, days=[], ranks=[RankNeed(role="CS_SUP", needed=1, a_day=1)]).missing == {
        "CS_SUP": 1
    }


@pytest.mark.rule("F-12", "F-14", "F-07")
def test_a_plan_is_accepted_as_it_was_read_and_everybody_hears_of_his_share(cast: Cast):
    for number in range(3):
        cast.homes.append(make_home(site=cast.site, number=100 + number))
    for home in range(4):
        handled(cast, home=home)
    actor = cast.actor("supervisor", later(6))
    ahead = month_ahead(actor=actor, now=later(6))
    assert ahead.ranks["CS_SUP"].still_needed == 4
    assert len(ahead.plan.visits) == 4 and not ahead.plan.missing
    with pytest.raises(Conflict):
        accept_plan(actor=actor, at=later(6), seen="0" * 16)
    with pytest.raises(Forbidden):
        accept_plan(actor=cast.actor("front"), at=later(6), seen=ahead.digest)
    assert accept_plan(actor=actor, at=later(6), seen=ahead.digest) == 4
    rows = FollowUp.objects.order_by("pk")
    assert {row.planned_day for row in rows} == {one.day for one in ahead.plan.visits}
    assert sum("SITE_HEAD" in row.planned_roles for row in rows) == 1
    assert sum("DEPT_MGR" in row.planned_roles for row in rows) == 1
    assert all("CS_SUP" in row.planned_roles and row.assigned == cast.supervisor for row in rows)
    event = Event.objects.get(kind="followups.planned")
    assert event.data["visits"] == 4
    told = Message.objects.filter(dedup_key__startswith="visit_plan:")
    assert [message.to_staff for message in told] == [cast.supervisor]
    assert count_views(actor=actor, now=later(6))["week"] == 4


@pytest.mark.rule("F-12")
def test_an_empty_month_has_nothing_to_accept(cast: Cast):
    actor = cast.actor("supervisor")
    with pytest.raises(Refused):
        accept_plan(actor=actor, at=NINE, seen=month_ahead(actor=actor, now=NINE).digest)


@pytest.mark.rule("F-12", "F-07")
def test_the_plan_is_read_and_accepted_on_its_page(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    case = handled(cast)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(6))
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    page = client.get("/followups/plan/")
    text = page.content.decode()
    assert case.number in text and "这类事项全部回访" in text
    assert client.post("/followups/plan/", {"seen": "0", "form_key": "a"}).status_code == 422
    seen = page.context["hidden"][0][1]
    sent = client.post("/followups/plan/", {"seen": seen, "form_key": "b"})
    assert sent.status_code == 303
    assert "已安排1次回访" in client.get(sent["Location"]).content.decode()
    worklist = client.get("/followups/?view=week").content.decode()
    assert case.number in worklist and cast.supervisor.name in worklist
    for view in ("today", "overdue", "waiting", "yesterday", "unhappy", "nonsense"):
        assert client.get(f"/followups/?view={view}").status_code == 200


@pytest.mark.rule("F-19", "F-05")
def test_a_matter_is_registered_at_the_desk_and_its_visit_printed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NINE)
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    words = {
        "title": "调查：电梯慢", "kind": "survey_dissatisfied", "finished_date": "2025-03-01", "rooms": "3栋2单元1802",
        "outcome": "改了群控", "caller_name": "服务中心", "form_key": "a",
    }  # fmt: skip
    assert client.post("/reception/followups/", {**words, "rooms": "99栋1单元1"}).status_code == 422
    sent = client.post("/reception/followups/", {**words, "form_key": "b"})
    assert sent.status_code == 303, sent.content.decode()
    follow_up = FollowUp.objects.get()
    assert follow_up.part == f"h{cast.homes[0].pk}"
    page = client.get(f"/followups/{follow_up.pk}/").content.decode()
    assert "改了群控" in page and "不问“为什么给我们打低分”" in page
    sheet = client.get(f"/followups/{follow_up.pk}/sheets/survey_visit/").content.decode()
    for text in ("业户满意度调查回访记录", "FM-30", "调查：电梯慢", "3栋2单元1802", "改了群控"):
        assert text in sheet
    assert client.get(f"/followups/{follow_up.pk}/sheets/visit_record/").status_code == 404
    assert "3栋2单元1802" in client.get(f"/cases/{follow_up.case.key}/").content.decode()
