"""A day of the rotation read step by step, and its printed list FM-63."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import AGENTS, make_project

from yingsheng.kernel.events import guards
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.services.listing import move
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn, receive_public

MONDAY, TUESDAY = "2025-03-03", "2025-03-04"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def project(cast: Cast) -> Project:
    """A list of Monday; on Tuesday something of everything."""
    project = make_project(cast)
    at = MONDAY_NINE + timedelta(days=1)
    for name in AGENTS:
        moved(cast, project, name, "sign_in", at=at)
    receive_out_of_turn(
        actor=cast.actor("agent_a", at), project=project, at=at, agent=cast.agent_a, how="own"
    )
    receive_next(actor=cast.actor("agent_b", at), project=project, at=at + timedelta(minutes=1))
    receive_public(
        actor=cast.actor("agent_b", at), project=project, at=at + timedelta(minutes=2), kind="peer"
    )
    return project


def moved(cast: Cast, project: Project, name: str, kind: str, *, at: datetime, reason: str = "") -> None:
    move(
        actor=cast.actor("sales_manager", at), project=project, at=at, agent=cast.staff[name], kind=kind, reason=reason
    )  # fmt: skip


def at_desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def words(page: Any) -> str:
    return str(page.content.decode())


@pytest.mark.rule("J-01", "J-02")
def test_a_day_step_by_step(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_c)
    page = client.get(f"/sales/board/{project.pk}/{TUESDAY}/")
    steps = page.context["steps"]
    assert page.context["opening"] == ("严一", "华二", "金三")
    assert [one["what"] for one in steps[3:]] == ["不占轮次的接待", "接待新客户", "接待公共客户"]
    assert [one["article"] for one in steps[3:]] == ["第2条(1)", "第1条", "第7条"]
    assert [one["order"] for one in steps[2:5]] == [
        ("严一", "华二", "金三"), ("严一", "华二", "金三"), ("金三", "严一", "华二"),
    ]  # fmt: skip
    assert [one["owed"] for one in steps[3:]] == [0, 1, 1]
    assert [one["next"] for one in steps[3:]] == ["华二", "金三", ""]
    assert page.context["before"].endswith(f"/{MONDAY}/")
    assert (page.context["after"], page.context["carries_on"]) == ("", None)
    after = client.get(f"/sales/board/{project.pk}/{TUESDAY}/?step={steps[3]['number']}")
    assert [line["word"] for line in after.context["stood"]] == ["接待中", "空着", "空着"]
    assert client.get(f"/sales/board/{project.pk}/{TUESDAY}/?step=x").context["stood"] is None
    monday = client.get(f"/sales/board/{project.pk}/{MONDAY}/")
    assert (monday.context["opening"], monday.context["carries_on"]) == ((), True)
    assert "与次日开盘的名单相符" in words(monday)


@pytest.mark.rule("J-02", "J-35")
def test_a_make_up_that_is_used_says_what_for(cast: Cast, project: Project) -> None:
    at = MONDAY_NINE + timedelta(days=2)
    Visit.objects.filter(project=project).update(state="left", finished_at=at)
    for name in AGENTS:
        moved(cast, project, name, "sign_in", at=at)
    assert receive_next(actor=cast.actor("agent_b", at), project=project, at=at).receiver == cast.agent_a
    step = at_desk(cast.agent_b).get(f"/sales/board/{project.pk}/2025-03-05/").context["steps"][-1]
    assert (step["what"], step["article"]) == ("补接新客户（接待自己的老客户或来电客户）", "第2条(1)")


@pytest.mark.rule("J-01")
def test_a_list_that_was_tampered_with_shows(cast: Cast, project: Project) -> None:
    editor = connection.schema_editor(atomic=False)
    editor.deferred_sql = []
    guards.make_changeable(editor, table="salesdesk_day")  # somebody had the database in his hands
    after = project.days.get(date=TUESDAY)
    after.opening = {**after.opening, "order": after.opening["order"][::-1]}
    after.save(update_fields=["opening"])
    page = at_desk(cast.agent_b).get(f"/sales/board/{project.pk}/{MONDAY}/")
    assert "与次日开盘的名单不符" in words(page)


def test_a_day_without_anything_and_a_day_that_is_none(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_b)
    empty = client.get(f"/sales/board/{project.pk}/2025-03-09/")
    assert "这一天轮排没有变化" in words(empty)
    for text in ("2025-02-30", "20250303", "morgen"):
        assert client.get(f"/sales/board/{project.pk}/{text}/").status_code == 404
        assert client.get(f"/sales/board/{project.pk}/{text}/sheet/").status_code == 404


@pytest.mark.rule("J-03")
def test_why_somebody_was_away_is_for_him_and_who_runs_the_list(cast: Cast, project: Project) -> None:
    at = MONDAY_NINE + timedelta(days=3)
    moved(cast, project, "agent_a", "leave", at=at, reason="病假")
    for name, reads in (("agent_a", True), ("agent_b", False), ("sales_manager", True)):
        page = at_desk(cast.staff[name]).get(f"/sales/board/{project.pk}/2025-03-06/")
        assert ("病假" in words(page)) == reads, name
        if name != "agent_a":
            sheet = at_desk(cast.staff[name]).get(f"/sales/board/{project.pk}/2025-03-06/sheet/")
            assert ("病假" in words(sheet)) == reads, name


@pytest.mark.rule("J-01", "J-02", "J-03")
def test_the_list_of_a_day_is_printed_and_counted(cast: Cast, project: Project) -> None:
    moved(cast, project, "agent_d", "join", at=MONDAY_NINE + timedelta(days=1, hours=2))
    client = at_desk(cast.sales_manager)
    url = f"/sales/board/{project.pk}/{TUESDAY}/sheet/"
    seen = client.get(url)
    rows = seen.context["rows"]
    assert [(row["place"], row["name"], row["count"]) for row in rows] == [
        (1, "严一", 0), (2, "华二", 1), (3, "金三", 0), ("当天排入", "魏四", 0),
    ]  # fmt: skip
    assert [row["owed"] for row in rows] == [["第2条(1)"], [], [], []]
    assert rows[0]["kept"][0].endswith("第2条(1)")
    assert "公共客户" in rows[2]["kept"][0]
    assert "FM-63" in words(seen)
    assert "预览" in words(seen)
    assert not Event.objects.filter(kind="salesdesk.printed").exists()
    assert "补打" not in words(client.post(url)).split("<article")[1]
    assert "补打 1" in words(client.post(url))
    assert Event.objects.filter(kind="salesdesk.printed").count() == 2
    pdf = client.post(f"{url}?as=pdf")
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.rule("J-01")
@pytest.mark.parametrize("where", ["", "wall/", f"{TUESDAY}/", f"{TUESDAY}/sheet/"])
def test_more_agents_and_a_longer_day_ask_no_more(cast: Cast, project: Project, where: str) -> None:
    client = at_desk(cast.sales_manager)
    url = f"/sales/board/{project.pk}/{where}"

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    few = cost()
    at = MONDAY_NINE + timedelta(days=1, hours=3)
    moved(cast, project, "agent_d", "join", at=at)
    for minute in range(6):
        moved(cast, project, "agent_d", "sign_in", at=at + timedelta(minutes=2 * minute))
        moved(cast, project, "agent_d", "sign_off", at=at + timedelta(minutes=2 * minute + 1))
    assert QueueEvent.objects.filter(project=project).count() > 20
    assert cost() <= few
    assert few <= 24
