"""Calls and people who were introduced: whose they are, and every refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.sales_books import make_call, make_entered, make_referral, project_of

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.salesdesk.models import Entry
from yingsheng.processes.salesdesk.services.listing import open_project

pytestmark = pytest.mark.django_db


def refused(run: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        run()
    return caught.value


@pytest.mark.rule("J-06")
@pytest.mark.parametrize(
    ("helped", "named", "choice", "owner"),
    [
        ("", "", "answerer", "agent_a"),
        ("agent_b", "", "answerer", "agent_a"),
        ("agent_b", "", "colleague", "agent_b"),
        ("agent_b", "agent_c", "colleague", "agent_c"),
        ("", "agent_c", "answerer", "agent_c"),
    ],
)
def test_a_call_is_the_answerers_unless_the_caller_or_the_site_says_otherwise(
    cast: Cast, helped: str, named: str, choice: str, owner: str
) -> None:
    override_parameter(
        site=cast.site, path="J-06.helped_call_owner", value=choice, reason="试点", by=cast.head,
        at=MONDAY_NINE - timedelta(days=1), active_from=MONDAY_NINE - timedelta(days=1),
    )  # fmt: skip
    project_of(cast)
    before = Event.objects.count()
    call = make_call(cast, helped=cast.staff.get(helped), named=cast.staff.get(named))
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("pk")
    assert (event.kind, event.rule, event.subject_id) == ("salesdesk.called", "J-06", call.pk)
    assert call.entry.agent == cast.staff[owner]
    assert (call.answered_by, call.number, call.entry.book) == (cast.agent_a, "LD-20250303-0001", "phone_in")


@pytest.mark.rule("J-06")
def test_what_a_call_is_refused_for(cast: Cast) -> None:
    future = MONDAY_NINE + timedelta(minutes=1)
    assert refused(lambda: make_call(cast, called_at=future)).field == "called_at"
    assert refused(lambda: make_call(cast, content=" ")).field == "content"
    assert refused(lambda: make_call(cast, name=" ")).field == "name"
    assert refused(lambda: make_call(cast, helped=cast.agent_a)).field == "helped"
    assert refused(lambda: make_call(cast, helped=cast.front)).field == "helped"
    assert refused(lambda: make_call(cast, named=cast.front)).field == "named"
    assert refused(lambda: make_call(cast, project="没有")).field == "project"
    with pytest.raises(Forbidden):
        make_call(cast, by="front")
    open_project(actor=cast.actor("sales_manager"), at=MONDAY_NINE, name="云溪二期")
    assert refused(lambda: make_call(cast, project="")).field == "project"
    assert make_call(cast, project="云溪二期", contact="").entry.project.name == "云溪二期"
    assert Entry.objects.count() == 1


@pytest.mark.rule("J-06")
def test_without_a_project_nothing_is_sold(cast: Cast) -> None:
    from yingsheng.processes.salesdesk.services.calls import register_call

    asked = {"actor": cast.actor("agent_a"), "at": MONDAY_NINE, "name": "孙", "content": "问价格"}
    assert refused(lambda: register_call(**asked)).field == "project"  # type: ignore[arg-type]


@pytest.mark.rule("J-14")
def test_who_was_introduced_is_the_viewers_agents(cast: Cast) -> None:
    viewer = make_entered(cast)
    before = Event.objects.count()
    row = make_referral(cast, viewer)
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("pk")
    assert (event.kind, event.rule) == ("salesdesk.referred", "J-14")
    assert (row.number, row.entry.book, row.entry.agent) == ("JS-20250303-0001", "referral", cast.agent_a)
    assert row.introduced_by == viewer.entry


@pytest.mark.rule("J-14")
def test_what_an_introduction_is_refused_for(cast: Cast) -> None:
    viewer, call = make_entered(cast), make_call(cast)
    assert (
        refused(lambda: make_referral(cast, viewer, introduced_by=call.entry.number)).field == "introduced_by"
    )
    assert refused(lambda: make_referral(cast, viewer, introduced_by="13900000000")).field == "introduced_by"
    assert refused(lambda: make_referral(cast, viewer, by="agent_b")).field == "introduced_by"
    assert refused(lambda: make_referral(cast, viewer, relation="self")).field == "relation"
    assert refused(lambda: make_referral(cast, viewer, name="")).field == "name"
    with pytest.raises(Forbidden):
        make_referral(cast, viewer, by="front")
    assert make_referral(cast, viewer, by="sales_manager").entry.agent == cast.agent_a


@pytest.mark.rule("J-11")
def test_a_telephone_under_which_two_agents_have_a_customer_asks_for_the_number(cast: Cast) -> None:
    viewer = make_entered(cast, at=MONDAY_NINE - timedelta(days=90))
    make_entered(cast, at=MONDAY_NINE - timedelta(days=1))  # more than sixty days later: a new customer
    wrong = refused(lambda: make_referral(cast, viewer, introduced_by="13800138111"))
    assert wrong.field == "introduced_by"
    assert "KH-" in str(wrong)
