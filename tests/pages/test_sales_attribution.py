"""The page of a decision and the page that tries the articles out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.cast import MONDAY_NINE, SHANGHAI, Cast, make_cast
from tests.factories.sales import make_entry, make_finding, make_project, make_registered, make_visit

from yingsheng.kernel.events.models import Event
from yingsheng.processes.salesdesk.models import Ruling, Visit
from yingsheng.processes.salesdesk.services.deciding import settle

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
DAY = MONDAY_NINE.astimezone(SHANGHAI).date()
TRIAL = {
    "receiver": "华二", "visit_day": "2025-03-03", "present": "严一、华二", "claim1_agent": "严一",
    "claim1_record": "visit", "claim1_day": "2025-02-20", "claim1_relation": "self", "claim1_keys": ["phone"],
    "claim1_noticed": "during",
}  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def sitting(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


def visited(cast: Cast) -> Visit:
    """B's customer, received by A, found in time."""
    project = make_project(cast)
    entry = make_entry(cast, project, agent="agent_b", day=DAY - timedelta(days=10))
    visit = make_visit(cast, project)
    make_finding(cast, visit, entry, at=MONDAY_NINE)
    visit = make_registered(cast, visit, at=MONDAY_NINE)
    settle(visit=visit, by=cast.agent_a, at=MONDAY_NINE)
    return visit


@pytest.mark.rule("J-05", "J-28", "J-30")
def test_owner_article_evidence_and_what_would_change_it_are_on_the_page(cast: Cast) -> None:
    visit = visited(cast)
    page = sitting(cast, "agent_b").get(reverse("salesdesk:attribution", args=[visit.pk]))
    told = page.content.decode()
    assert "交还原业务员" in told and "004 篇1 第13条" in told
    assert "电话" in told and "接待中" in told
    assert page.context["form"] is None
    assert page.context["changes"]["rows"]


@pytest.mark.rule("J-15", "J-30")
def test_colleagues_see_a_decision_only_if_it_concerns_them(cast: Cast) -> None:
    visit = visited(cast)
    where = reverse("salesdesk:attribution", args=[visit.pk])
    seen = {
        name: sitting(cast, name).get(where).status_code
        for name in ("agent_a", "agent_b", "agent_c", "front")
    }
    assert seen == {"agent_a": 200, "agent_b": 200, "agent_c": 404, "front": 403}
    open_one = make_visit(cast, visit.project)
    entry = make_entry(cast, visit.project, agent="agent_c", day=DAY)
    make_finding(cast, open_one, entry, at=MONDAY_NINE)
    during = reverse("salesdesk:attribution", args=[open_one.pk])
    assert sitting(cast, "agent_c").get(during).status_code == 404, "nothing is told while a reception lasts"
    assert sitting(cast, "sales_manager").get(during).status_code == 200


@pytest.mark.rule("J-28", "J-30")
def test_the_manager_rules_on_the_page_and_what_was_typed_stays(cast: Cast) -> None:
    visit = visited(cast)
    client = sitting(cast, "sales_manager")
    where = reverse("salesdesk:attribution", args=[visit.pk])
    sent = {
        "owner": cast.agent_a.pk, "first": cast.agent_a.pk, "first_percent": "60", "second": cast.agent_b.pk,
        "second_percent": "30", "reason": "两人都接待过",
    }  # fmt: skip
    refused = client.post(where, sent)
    assert refused.status_code == 422
    assert "两人都接待过" in refused.content.decode() and "100%" in refused.content.decode()
    done = client.post(where, {**sent, "second_percent": "40"})
    assert done.status_code == 303
    assert Ruling.objects.get().shares == [[cast.agent_a.pk, 60], [cast.agent_b.pk, 40]]
    told = client.get(done["Location"]).content.decode()
    assert "两人都接待过" in told and "严一 60%" in told
    assert sitting(cast, "agent_b").post(where, sent).status_code == 403


@pytest.mark.rule("J-30")
def test_the_articles_are_tried_out_without_writing(cast: Cast) -> None:
    client, where = sitting(cast, "agent_c"), reverse("salesdesk:explain")
    assert client.get(where).status_code == 200
    before = Event.objects.count()
    told = client.post(where, TRIAL)
    assert told.status_code == 200
    assert "交还原业务员" in told.content.decode() and "严一 100%" in told.content.decode()
    assert Event.objects.count() == before


@pytest.mark.rule("J-30")
@pytest.mark.parametrize(
    "wrong",
    [
        {"receiver": ""},
        {"visit_day": "2025-02-30"},
        {"visit_day": "2025-02-01"},
        {"claim1_record": ""},
        {"claim1_noticed": "after"},
        {"claim1_keys": ["shoe_size"]},
        {"closer": "华二"},
        {"closer": "华二", "deposit_day": "2025-01-01", "signed_day": "2025-01-01"},
    ],
)
def test_facts_that_cannot_be_keep_what_was_typed(cast: Cast, wrong: dict[str, object]) -> None:
    page = sitting(cast, "agent_c").post(reverse("salesdesk:explain"), {**TRIAL, **wrong})
    assert page.status_code == 422
    assert "严一" in page.content.decode()
    assert page.context["form"].errors
