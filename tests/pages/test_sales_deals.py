"""Deals, money and the month on the screen and over the API: what is shown, refused, printed and taken out."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from openpyxl import load_workbook
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import make_project
from tests.factories.sales_deals import (
    make_application,
    make_bonus,
    make_deal,
    make_rate,
    registered_visit,
)

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.processes.salesdesk.models import Application, Bonus, Deal, Rate
from yingsheng.processes.salesdesk.services.deciding import rule_on

BACKEND = "yingsheng.kernel.org.login.StaffBackend"
MARCH = {"year": "2025", "month": "3"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def sitting(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.staff[name], backend=BACKEND)
    return client


def snatched(cast: Cast) -> Deal:
    """A deal that waits for a ruling."""
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project, original="agent_a", present=["agent_a"], went_on=True)
    return make_deal(cast, visit)


@pytest.mark.rule("J-24")
def test_a_deal_is_opened_from_the_link_of_its_reception_and_closed_in_two_steps(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project)
    client = sitting(cast, "agent_b")
    fresh = client.get(reverse("salesdesk:sales_deals_new", args=[visit.number]))
    assert fresh.context["form"].initial == {"visit": visit.number}
    where = reverse("salesdesk:sales_deals")
    bad = client.post(where, {"visit": visit.number, "unit": "3-2-1802", "price_fen": "很多"})
    assert bad.status_code == 422
    assert "3-2-1802" in bad.content.decode()
    done = client.post(where, {"visit": visit.number, "unit": "3-2-1802", "price_fen": "1000000"})
    assert done.status_code == 303
    deal = Deal.objects.get()
    step = {code: reverse("salesdesk:sales_deals_step", args=[deal.pk, code]) for code in ("deposit", "sign")}
    early = {"deposit-deposit_fen": "20000", "deposit-receipt": "DJ-1", "deposit-day": "2025-03-02"}
    refused = client.post(step["deposit"], early)
    assert refused.status_code == 422
    assert "不能早于客户来访的那天" in refused.content.decode()
    assert client.post(step["deposit"], {**early, "deposit-day": "2025-03-03"}).status_code == 303
    signed = {"sign-purchaser": "周晓岚", "sign-day": "2025-03-03", "sign-signature": "周晓岚"}
    assert client.post(step["sign"], signed).status_code == 303
    page = client.get(reverse("salesdesk:sales_deals_one", args=[deal.pk])).content.decode()
    assert "12,000.00" in page
    assert "004 篇1 第1条" in page
    assert reverse("ui:rule", args=["J-01"]) in page


@pytest.mark.rule("J-27")
def test_discount_relisting_and_names_lead_to_an_application(cast: Cast) -> None:
    project = make_project(cast)
    deal = make_deal(cast, registered_visit(cast, project))
    client = sitting(cast, "agent_b")
    page = client.get(reverse("salesdesk:sales_deals_one", args=[deal.pk]))
    links = [link.url for link in page.context["never"]]
    assert [one.rpartition("/new/")[2] for one in links] == [
        f"{kind}-{deal.number}/" for kind in ("discount", "relisting", "name")
    ]
    assert reverse("ui:rule", args=["J-27"]) in page.content.decode()
    fresh = client.get(links[2])
    assert fresh.context["form"].initial == {"kind": "name", "deal": deal.number}
    where = reverse("salesdesk:sales_applications")
    assert client.post(where, {"kind": "name", "deal": deal.number, "text": ""}).status_code == 422
    assert (
        client.post(where, {"kind": "name", "deal": deal.number, "text": "改成夫妻两人"}).status_code == 303
    )
    row = Application.objects.get()
    grant = reverse("salesdesk:sales_applications_step", args=[row.pk, "grant"])
    assert client.post(grant, {"grant-answer": "同意"}).status_code == 403
    assert (
        sitting(cast, "agent_a").get(reverse("salesdesk:sales_applications_one", args=[row.pk])).status_code
        == 404
    )
    assert sitting(cast, "sales_manager").post(grant, {"grant-answer": "同意"}).status_code == 303


@pytest.mark.rule("J-24", "J-26")
def test_a_deal_says_what_it_lacks(cast: Cast) -> None:
    project = make_project(cast)
    deal = make_deal(cast, registered_visit(cast, project))
    where = reverse("salesdesk:sales_deals_one", args=[deal.pk])
    page = sitting(cast, "sales_manager").get(where)
    assert page.context["lacks_rate"]
    assert reverse("salesdesk:sales_rates_new", args=["rate"]) in page.content.decode()
    assert sitting(cast, "agent_b").get(where).context["rate_url"] == ""
    make_rate(cast, project)
    assert not sitting(cast, "agent_b").get(where).context["lacks_rate"]
    group = make_deal(
        cast, registered_visit(cast, project, is_group=True, phone="13900002222", name="沈月"), unit="A"
    )
    told = sitting(cast, "sales_manager").get(reverse("salesdesk:sales_deals_one", args=[group.pk]))
    assert "不分个人佣金" in told.content.decode()


@pytest.mark.rule("J-24", "J-26")
def test_the_manager_sets_a_rate_and_shares_a_bonus_out_on_their_pages(cast: Cast) -> None:
    project = make_project(cast)
    registered_visit(cast, project, is_group=True, receiver="agent_c")
    client = sitting(cast, "sales_manager")
    rates, bonuses = reverse("salesdesk:sales_rates"), reverse("salesdesk:sales_bonuses")
    assert client.get(rates).context["form"].initial == {"project": project.name}
    sent = {
        "project": project.name,
        "kind": "part",
        "percent": "1.2345",
        "valid_from": "2025-01-01",
        "reason": "方案",
    }
    assert client.post(rates, sent).status_code == 422
    assert client.post(rates, {**sent, "percent": "1.25"}).status_code == 303
    assert Rate.objects.get().per_100k == 1250
    start = client.get(bonuses).context["starts"][0].url
    offered = client.get(start).context["form"].initial
    assert offered["parts"].splitlines() == ["严一 1", "华二 1", "金三 1 接待"]
    share = {
        **offered,
        "name": "学校",
        "fen": "100.01",
        "day": "2025-03-03",
        "reason": "会议",
        "raised_percent": "50",
    }
    assert client.post(bonuses, {**share, "parts": "谁"}).status_code == 422
    assert client.post(bonuses, share).status_code == 303
    page = client.get(reverse("salesdesk:sales_bonuses_one", args=[Bonus.objects.get().pk]))
    assert [row.cells[3] for row in page.context["rows"]] == ["28.58", "28.57", "42.86"]
    assert client.get(reverse("salesdesk:sales_rates_one", args=[Rate.objects.get().pk])).status_code == 200
    assert sitting(cast, "agent_a").get(rates).status_code == 403


@pytest.mark.rule("J-20", "J-29")
def test_the_month_shows_an_agent_his_own_and_the_manager_all(cast: Cast) -> None:
    deal = snatched(cast)
    manager = sitting(cast, "sales_manager")
    where = reverse("salesdesk:month")
    page = manager.get(where, {**MARCH, "show": "waiting"})
    assert [row.name for row in page.context["deals"]["rows"]] == [deal.number]
    assert page.context["figures"][4].value == 1
    rule_on(
        actor=cast.actor("sales_manager"), visit=deal.visit, deal=deal, at=MONDAY_NINE, owner=cast.agent_a,
        shares=[(cast.agent_a, 100)], reason="抢客", fine_fen=30_000, heir=None,
    )  # fmt: skip
    page = manager.get(where, {**MARCH, "sort": "fine"})
    assert [row.cells[-1] for row in page.context["rows"]] == ["-300.00"]
    assert [row.name for row in page.context["statements"]["rows"]] == ["华二", "公司"]
    assert "004 篇1 第13条" in page.content.decode()
    company = manager.get(where, {**MARCH, "agent": "0"})
    assert [row.cells[-1] for row in company.context["rows"]] == ["12,000.00"]
    assert company.context["chosen"] == "公司"
    own = sitting(cast, "agent_b").get(where, MARCH)
    assert [row.cells[-1] for row in own.context["rows"]] == ["-300.00"]
    assert "我的业绩" in own.content.decode()
    none = sitting(cast, "agent_a").get(where, {**MARCH, "agent": str(cast.agent_b.pk)})
    assert none.context["rows"] == []
    for odd in ({"year": "x"}, {"month": "13"}, {"sort": "x"}, {"agent": "x"}, {"page": "99"}):
        assert manager.get(where, odd).status_code == 200


@pytest.mark.rule("J-29")
def test_the_month_goes_out_with_a_reason(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    make_deal(cast, registered_visit(cast, project, original="agent_a"))
    where = f"{reverse('salesdesk:month_export')}?year=2025&month=3"
    manager = sitting(cast, "sales_manager")
    assert manager.post(where, {"reason": " "}).status_code in (409, 422)
    out = manager.post(where, {"reason": "发佣金"})
    rows = list(load_workbook(BytesIO(out.content)).active.values)
    assert sorted(row[-1] for row in rows[2:]) == ["2,400.00", "9,600.00"]
    assert "发佣金" in str(rows[0][0])
    assert Event.objects.filter(kind="salesdesk.exported").count() == 1
    assert sitting(cast, "agent_b").post(where, {"reason": "看看"}).status_code == 403


@pytest.mark.rule("J-24", "J-29")
def test_sheets_are_looked_at_free_and_counted_when_printed(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    deal = make_deal(cast, registered_visit(cast, project, original="agent_a"))
    make_bonus(cast, project)
    paper = reverse("salesdesk:sales_deals_sheet", args=[deal.pk])
    mine = f"{reverse('salesdesk:statement_sheet', args=[cast.agent_b.pk])}?year=2025&month=3"
    client = sitting(cast, "agent_b")
    before = Event.objects.count()
    assert "FM-64" in (told := client.get(paper).content.decode())
    assert "3栋2单元1802" in told and "周晓岚" in told and "1,000,000.00" in told
    told = client.get(mine).content.decode()
    assert "3,000.00" in told and "004 篇1 第13条" in told and "004 篇1 第18条" in told
    assert Event.objects.count() == before
    for where in (paper, mine):
        client.post(where)
        assert "补打 1" in client.post(where).content.decode()
    assert Event.objects.filter(kind="salesdesk.printed").count() == 4
    assert client.get(f"{mine}&as=pdf").content.startswith(b"%PDF-")
    theirs = reverse("salesdesk:statement_sheet", args=[cast.agent_a.pk])
    assert client.get(theirs).status_code == 404
    assert client.get(reverse("salesdesk:statement_sheet", args=[0])).status_code == 404
    manager = sitting(cast, "sales_manager")
    assert manager.get(theirs).status_code == 200
    assert manager.get(reverse("salesdesk:statement_sheet", args=[0])).status_code == 200
    assert manager.get(reverse("salesdesk:statement_sheet", args=[999_999])).status_code == 404
    assert sitting(cast, "agent_c").get(paper).status_code == 404


@pytest.mark.rule("J-24", "J-27", "J-29")
def test_a_program_does_and_reads_the_same(cast: Cast) -> None:
    project = make_project(cast)
    make_rate(cast, project)
    visit = registered_visit(cast, project, original="agent_a")
    client = Client()
    token = {
        name: org.issue_token(
            site=cast.site, name=name, acts_as=cast.staff[name], scopes=["salesdesk.*"], by=None, at=MONDAY_NINE
        )[1]
        for name in ("agent_b", "agent_c", "sales_manager")
    }  # fmt: skip

    def call(name: str, where: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token[name]}"}
        if body is None:
            return client.get(f"/api/v1{where}", headers=headers)
        return client.post(
            f"/api/v1{where}", json.dumps(body), content_type="application/json", headers=headers
        )

    asked = {"visit": visit.number, "unit": "3-2-1802", "price_fen": 100_000_000}
    assert call("agent_c", "/sales-deals", asked).status_code == 422  # not his customer
    made = call("agent_b", "/sales-deals", {**asked, "closer": cast.agent_b.username})
    assert made.status_code == 201, made.content
    here, version = f"/sales-deals/{made.json()['id']}", made.json()["version"]
    assert call("agent_c", here).status_code == 404
    paid = {"deposit_fen": 2_000_000, "receipt": "DJ-1", "day": "2025-03-03", "seen": version}
    paid_at = call("agent_b", f"{here}/deposit", paid)
    assert paid_at.json()["state"] == "open"
    signed = {
        "purchaser": "周晓岚",
        "day": "2025-03-03",
        "signature": "周晓岚",
        "seen": paid_at.json()["version"],
    }
    closed = call("agent_b", f"{here}/sign", signed).json()
    assert (closed["state"], closed["values"]["owner"], closed["values"]["rule"]) == (
        "closed",
        "严一",
        "J-19",
    )
    again = call("agent_b", f"{here}/sign", {**signed, "seen": closed["version"]})
    assert again.status_code == 422
    assert again.json()["rule"] == "J-27"
    assert call("agent_b", f"{here}/discount", {}).status_code == 404
    # entered today, long after its month: today's statement has it
    today = localdate()
    months = {
        name: call(name, f"/salesdesk/month?year={today.year}&month={today.month}").json() for name in token
    }
    assert (months["agent_b"]["total_fen"], months["sales_manager"]["total_fen"]) == (240_000, 1_200_000)
    assert months["agent_c"]["lines"] == []
    assert [one["article"] for one in months["agent_b"]["lines"]] == ["004 篇1 第13条"]
    assert call("sales_manager", "/salesdesk/month?year=2025&month=13").status_code == 422


@pytest.mark.rule("J-27")
def test_an_application_shows_its_deal_and_its_promise(cast: Cast) -> None:
    deal = make_deal(cast, registered_visit(cast, make_project(cast)), closed=False)
    row = make_application(cast, deal=deal.number)
    page = sitting(cast, "agent_b").get(reverse("salesdesk:sales_applications_one", args=[row.pk]))
    assert reverse("salesdesk:sales_deals_one", args=[deal.pk]) in page.content.decode()
    assert [label for _one, label in page.context["running"]] == ["答复销售申请"]
    assert page.context["panels"] == []
