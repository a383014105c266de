"""Deciding on what the books know, and the manager's ruling, on a real database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast
from tests.factories.sales import (
    make_closing,
    make_entry,
    make_finding,
    make_project,
    make_registered,
    make_visit,
    sign_in,
)

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.salesdesk.models import Deal, QueueEvent, Ruling, Visit
from yingsheng.processes.salesdesk.queries.attribution import changes_of, decision_of
from yingsheng.processes.salesdesk.queries.facts import facts_of
from yingsheng.processes.salesdesk.queries.queue import rotation_now
from yingsheng.processes.salesdesk.rules.answers import from_data, to_data
from yingsheng.processes.salesdesk.services.deciding import RULING, rule_on, settle, settle_deal

pytestmark = pytest.mark.django_db
DAY = MONDAY_NINE.astimezone(SHANGHAI).date()


def visited(cast: Cast, *, days: int = 10, noticed: str = "during", agent: str = "agent_b") -> Visit:
    """A customer of B who is received by A so many days after his registration."""
    project = make_project(cast)
    entry = make_entry(cast, project, agent=agent, day=DAY - timedelta(days=days))
    visit = make_visit(cast, project)
    make_finding(cast, visit, entry, at=MONDAY_NINE, noticed=noticed)
    return make_registered(cast, visit, at=MONDAY_NINE + timedelta(hours=1))


def settled(visit: Visit, *, at: datetime = MONDAY_NINE + timedelta(hours=1)) -> Visit:
    settle(visit=visit, by=visit.receiver, at=at)
    visit.refresh_from_db()
    return visit


@pytest.mark.rule("J-01", "J-30")
def test_nobody_elses_customer_is_the_receivers(cast: Cast) -> None:
    visit = settled(make_registered(cast, make_visit(cast, make_project(cast)), at=MONDAY_NINE))
    assert (visit.outcome, visit.rule, visit.owner) == ("turn", "J-01", cast.agent_a)
    assert not QueueEvent.objects.filter(kind__in=("credit", "charge")).exists()


@pytest.mark.rule("J-02", "J-19", "J-30")
def test_seen_in_time_he_is_handed_back_and_the_receiver_makes_up_once(cast: Cast) -> None:
    visit = settled(visited(cast))
    assert (visit.outcome, visit.owner, visit.rule) == ("handed_back", cast.agent_b, "J-19")
    settled(visit)
    credit = QueueEvent.objects.get(kind="credit")
    assert (credit.agents, credit.case) == ([cast.agent_a.pk], 2)
    assert [one.agent for one in rotation_now(project=visit.project, at=MONDAY_NINE).credits] == [
        str(cast.agent_a.pk)
    ]


@pytest.mark.rule("J-02")
def test_a_turn_is_settled_only_while_the_figure_allows_it(cast: Cast) -> None:
    late = MONDAY_NINE + timedelta(days=91)
    visit = settled(visited(cast), at=late)
    assert visit.outcome == "handed_back"
    assert not QueueEvent.objects.filter(kind="credit").exists()


@pytest.mark.rule("J-22", "J-31")
@pytest.mark.parametrize(("days", "owner"), [(60, "agent_b"), (61, "agent_a")])
def test_found_after_reception_the_days_decide(cast: Cast, days: int, owner: str) -> None:
    assert settled(visited(cast, days=days, noticed="after")).owner == cast.staff[owner]


@pytest.mark.rule("J-23", "J-30")
def test_a_deal_closed_unawares_is_halved(cast: Cast) -> None:
    project = make_project(cast)
    entry = make_entry(cast, project, agent="agent_b", day=DAY - timedelta(days=25))
    visit = make_registered(cast, make_visit(cast, project), at=MONDAY_NINE)
    deal = make_closing(cast, visit, day=DAY, closer="agent_a")
    make_finding(cast, visit, entry, at=MONDAY_NINE + timedelta(days=2), noticed="after")
    decision = settle_deal(deal=deal, by=cast.agent_a, at=MONDAY_NINE + timedelta(days=2))
    assert {(one.agent, one.percent) for one in decision.shares} == {
        (str(cast.agent_a.pk), 50), (str(cast.agent_b.pk), 50),
    }  # fmt: skip
    kept = Deal.objects.get()
    assert decision_of(record=kept) == decision
    assert from_data(data=to_data(decision=decision)) == decision
    turning = {(one.fact, one.days) for one in changes_of(visit=visit, deal=deal)}
    assert ("discovered_day", 2) in turning  # the fourth day after the closing is too late


@pytest.mark.rule("J-14", "J-04")
def test_what_an_entry_lacks_is_known(cast: Cast) -> None:
    project = make_project(cast)
    entry = make_entry(cast, project, agent="agent_b", day=DAY, book="referral", source="")
    visit = make_visit(cast, project)
    make_finding(cast, visit, entry, at=MONDAY_NINE, noticed="after")
    (claim,) = facts_of(visit=visit).claims
    assert not claim.complies
    assert claim.received_day is None


@pytest.mark.rule("J-10")
def test_an_earlier_public_visit_speaks_for_no_agent(cast: Cast) -> None:
    sunday = MONDAY_NINE - timedelta(days=1)
    project = make_project(cast, at=sunday)
    earlier = make_registered(cast, make_visit(cast, project, at=sunday), at=sunday)
    earlier.public_kind = "marketing"
    earlier.save(update_fields=["public_kind"])
    settled(earlier, at=sunday)
    assert earlier.outcome == "public" and earlier.entry is not None
    sign_in(cast, project, at=MONDAY_NINE)
    again = make_visit(cast, project)
    make_finding(cast, again, earlier.entry, at=MONDAY_NINE)
    facts = facts_of(visit=again)
    assert facts.claims == () and facts.was_public


def snatched(cast: Cast) -> Deal:
    """A goes on with B's customer though B is there, and closes."""
    visit = visited(cast)
    visit.went_on = True
    visit.save(update_fields=["went_on"])
    deal = make_closing(cast, visit, day=DAY, closer="agent_a")
    settle(visit=visit, by=cast.agent_a, at=MONDAY_NINE + timedelta(hours=2))
    deal.refresh_from_db()
    return deal


@pytest.mark.rule("J-20", "J-28", "J-34")
def test_snatching_waits_for_the_manager_and_his_fine(cast: Cast) -> None:
    deal = snatched(cast)
    assert (deal.outcome, deal.needs_ruling, deal.rule) == ("snatched", True, "J-20")
    owed = Obligation.objects.get(milestone=RULING, subject_type="salesdesk.deal")
    assert (owed.rule, owed.state) == ("J-28", "armed")
    asked = {
        "actor": cast.actor("sales_manager"), "visit": deal.visit, "deal": deal, "at": MONDAY_NINE + timedelta(hours=3),
        "shares": [(cast.agent_b, 100)], "owner": cast.agent_b, "reason": "严一知情仍接待",
    }  # fmt: skip
    for fine, code in ((None, "too_small"), (19_999, "too_small"), (60_000, "too_great")):
        with pytest.raises(Refused) as refused:
            rule_on(**asked, fine_fen=fine, heir=cast.agent_b)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        rule_on(**asked, fine_fen=20_000, heir=cast.agent_a)
    assert refused.value.field == "heir"
    rule_on(**asked, fine_fen=50_000, heir=cast.agent_b)
    owed.refresh_from_db()
    deal.refresh_from_db()
    assert owed.state == "met" and not deal.needs_ruling and deal.owner == cast.agent_b
    visit = Visit.objects.get()
    assert (visit.needs_ruling, visit.owner) == (False, cast.agent_b), (
        "a ruling on the deal settles its visit"
    )
    assert not Obligation.objects.filter(milestone=RULING, state="armed").exists()


@pytest.mark.rule("J-28", "J-30")
def test_a_ruling_is_the_managers_with_reason_and_whole_shares(cast: Cast) -> None:
    visit = settled(visited(cast))
    asked = {"visit": visit, "at": MONDAY_NINE + timedelta(hours=2), "owner": cast.agent_a}
    half = [(cast.agent_a, 50), (cast.agent_b, 50)]
    with pytest.raises(Forbidden):
        rule_on(actor=cast.actor("agent_b"), shares=half, reason="我的客户", **asked)
    manager = cast.actor("sales_manager")
    for shares, reason, field in (
        (half, " ", "reason"),
        (half[:1], "各半", "shares"),
        ([], "各半", "shares"),
    ):
        with pytest.raises(Refused) as refused:
            rule_on(actor=manager, shares=shares, reason=reason, **asked)
        assert refused.value.field == field
    with pytest.raises(Refused):
        rule_on(actor=manager, shares=half, reason="各半", fine_fen=20_000, **asked)
    before = Event.objects.count()
    rule_on(actor=manager, shares=half, reason="两人都接待过", **asked)
    assert Event.objects.count() == before + 1
    visit.refresh_from_db()
    decision = decision_of(record=visit)
    assert decision is not None
    assert (visit.outcome, visit.owner, decision.rule) == ("ruling", cast.agent_a, "J-28")
    assert any(step.rule == "J-19" for step in decision.steps), "what the articles said stays readable"
    assert decision.steps[-1].value == "两人都接待过"


@pytest.mark.rule("J-28")
def test_a_ruling_leaves_nothing_behind_when_the_event_fails(cast: Cast) -> None:
    visit = settled(visited(cast))
    with (
        patch("yingsheng.processes.salesdesk.services.deciding.tell", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        rule_on(
            actor=cast.actor("sales_manager"), visit=visit, at=MONDAY_NINE, shares=[(cast.agent_a, 100)],
            owner=cast.agent_a, reason="查实",
        )  # fmt: skip
    assert not Ruling.objects.exists()
    visit.refresh_from_db()
    assert visit.outcome == "handed_back"


@pytest.mark.rule("J-30")
def test_facts_that_contradict_one_another_are_refused(cast: Cast) -> None:
    project = make_project(cast)
    entry = make_entry(cast, project, agent="agent_b", day=date(2025, 3, 9))
    visit = make_visit(cast, project)
    make_finding(cast, visit, entry, at=MONDAY_NINE)
    with pytest.raises(Refused) as refused:
        settle(visit=visit, by=cast.agent_a, at=MONDAY_NINE)
    assert refused.value.code == "contradiction"
    assert changes_of(visit=visit, deal=None) == ()
