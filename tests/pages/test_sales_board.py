"""轮排板: what each person is offered there, what is told to whom, and what a bad or late press leads to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.cast import Cast, make_cast
from tests.factories.sales import make_project

from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Role, Staff
from yingsheng.processes.salesdesk.models import Project, QueueEvent, Visit
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.services.listing import move, open_project
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def project(cast: Cast, now: datetime) -> Project:
    return make_project(cast, at=now)


def at_desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    return client


def press(client: Client, project: Project, what: str, **sent: Any) -> Any:
    return client.post(f"/sales/board/{project.pk}/{what}/", sent)


def words(page: Any) -> str:
    return str(page.content.decode())


@pytest.mark.rule("J-01")
def test_the_only_board_opens_by_itself_and_the_last_one_again(
    cast: Cast, project: Project, now: datetime
) -> None:
    client = at_desk(cast.agent_b)
    assert client.get("/sales/board/")["Location"] == f"/sales/board/{project.pk}/"
    other = make_project(cast, at=now, name="云溪二期", agents=("agent_d",))
    choice = client.get("/sales/board/")
    assert [one.name for one in choice.context["projects"]] == ["云溪二期", "云溪一期"]
    client.get(f"/sales/board/{other.pk}/")
    assert client.get("/sales/board/")["Location"] == f"/sales/board/{other.pk}/"


@pytest.mark.rule("J-01")
def test_a_site_without_a_project_says_what_to_do(cast: Cast) -> None:
    page = at_desk(cast.sales_manager).get("/sales/board/")
    assert page.status_code == 200
    assert "/sales-projects/" in words(page)


@pytest.mark.rule("J-01")
def test_the_next_customer_in_one_tap(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_b)
    page = client.get(f"/sales/board/{project.pk}/")
    assert "下一位接待：严一" in words(page)
    done = press(client, project, "next", tap=1, seen=project.last_number)
    assert done.status_code == 303
    visit = Visit.objects.get()
    assert (visit.receiver, visit.how) == (cast.agent_a, "turn")
    assert Event.objects.filter(kind="salesdesk.received").count() == 1
    assert "下一位接待：华二" in words(client.get(f"/sales/board/{project.pk}/"))


@pytest.mark.rule("J-01")
def test_a_second_desk_is_told_what_happened_and_nothing_is_written(cast: Cast, project: Project) -> None:
    first, second = at_desk(cast.agent_b), at_desk(cast.agent_c)
    seen = project.last_number
    press(first, project, "next", tap=1, seen=seen)
    told = press(second, project, "next", tap=1, seen=seen)
    assert told.status_code == 422
    assert "轮排刚有变化：严一接待新客户" in words(told)
    assert "下一位接待：华二" in words(told)
    assert Visit.objects.count() == 1
    again = press(second, project, "next", tap=1, seen=told.context["board"].number)
    assert again.status_code == 303
    assert {one.receiver for one in Visit.objects.all()} == {cast.agent_a, cast.agent_b}


@pytest.mark.rule("J-01")
def test_the_same_tap_sent_twice_is_one_customer(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_b)
    for _time in range(2):
        done = press(client, project, "next", tap=1, seen=project.last_number, form_key="k1")
        assert done.status_code == 303
    assert Visit.objects.count() == 1


@pytest.mark.rule("J-01")
def test_an_unchanged_board_answers_without_content(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_b)
    for where in ("", "wall/"):
        url = client.get(f"/sales/board/{project.pk}/{where}").context["live_url"]
        assert client.get(url, headers={"X-Live": "1"}).status_code == 204
        press(client, project, f"agents/{cast.agent_b.pk}/move", kind="sign_off" if not where else "sign_in")
        assert client.get(url, headers={"X-Live": "1"}).status_code == 200


@pytest.mark.rule("J-02", "J-35")
def test_what_is_owed_stands_there_with_its_article_and_origin(
    cast: Cast, project: Project, now: datetime
) -> None:
    visit = receive_out_of_turn(
        actor=cast.actor("agent_a", now), project=project, at=now, agent=cast.agent_a, how="own"
    )
    receive_next(actor=cast.actor("agent_b", now), project=project, at=now)
    page = at_desk(cast.agent_c).get(f"/sales/board/{project.pk}/")
    assert "补接：接待自己的老客户或来电客户，第2条(1)" in words(page)
    assert page.context["owed"][0]["origin"] == visit.number
    assert page.context["cases"][3] == "项目组安排其他工作 第2条(4)"
    assert [line["word"] for line in page.context["lines"]] == ["空着", "接待中", "接待中"]


@pytest.mark.rule("J-02", "J-03")
def test_each_does_his_own_and_the_manager_everything(cast: Cast, project: Project) -> None:
    own = at_desk(cast.agent_a).get(f"/sales/board/{project.pk}/").context
    mine = [
        (line["standing"].staff, bool(line["taps"]), "receive" in line, "move" in line)
        for line in own["lines"]
    ]
    assert mine == [
        (cast.agent_a, True, True, False), (cast.agent_b, False, False, False), (cast.agent_c, False, False, False),
    ]  # fmt: skip
    assert [panel["code"] for panel in own["panels"]] == ["next", "public"]
    run = at_desk(cast.sales_manager).get(f"/sales/board/{project.pk}/").context
    assert all(line["taps"] and line["receive"] and line["move"] for line in run["lines"])
    assert [panel["code"] for panel in run["panels"]] == ["next", "public", "join"]


@pytest.mark.rule("J-02")
def test_a_colleague_s_customer_without_the_colleague_keeps_what_was_typed(
    cast: Cast, project: Project
) -> None:
    client = at_desk(cast.agent_a)
    where = f"agents/{cast.agent_a.pk}/receive"
    bad = press(client, project, where, how="colleague", called_as="王先生")
    assert bad.status_code == 422
    assert "请选是哪位同事的客户" in words(bad)
    assert 'value="王先生"' in words(bad)
    done = press(client, project, where, how="colleague", colleague=cast.agent_b.pk, called_as="王先生")
    assert done.status_code == 303
    assert QueueEvent.objects.latest("number").article == "004 篇1 第2条(2)"


@pytest.mark.rule("J-10", "J-09")
def test_a_public_customer_is_received_by_several(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_c)
    bad = press(client, project, "public", kind="peer", agents_count=9, seen=project.last_number)
    assert bad.status_code == 422
    assert "现在空着的有3人" in words(bad)
    done = press(
        client, project, "public", kind="peer", agents_count=2, said_himself="on", seen=project.last_number
    )
    assert done.status_code == 303
    visit = Visit.objects.get()
    assert (visit.receiver, visit.others, visit.public_kind) == (cast.agent_a, [cast.agent_b.pk], "peer")


@pytest.mark.rule("J-26")
def test_a_group_is_received_by_turn(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_c)
    press(client, project, "next", is_group="on", called_as="某单位", seen=project.last_number)
    visit = Visit.objects.get()
    assert (visit.receiver, visit.is_group, visit.called_as) == (cast.agent_a, True, "某单位")
    assert Event.objects.get(kind="salesdesk.received").rule == "J-26"


@pytest.mark.rule("J-03")
def test_leave_needs_a_reason_and_somebody_who_runs_the_list(cast: Cast, project: Project) -> None:
    where = f"agents/{cast.agent_a.pk}/move"
    assert press(at_desk(cast.agent_a), project, where, kind="leave", reason="看牙").status_code == 403
    manager = at_desk(cast.sales_manager)
    assert press(manager, project, where, kind="leave").status_code == 422
    assert press(manager, project, where).status_code == 422
    done = press(manager, project, where, kind="leave", reason="看牙")
    assert done["Location"] == f"/sales/board/{project.pk}/?did=leave"
    page = manager.get(done["Location"])
    assert "已办：休假" in words(page)
    assert "看牙" in words(page)
    assert "看牙" not in words(at_desk(cast.agent_b).get(f"/sales/board/{project.pk}/"))


@pytest.mark.rule("J-01")
def test_what_cannot_be_is_said_above_the_board(cast: Cast, project: Project) -> None:
    client = at_desk(cast.agent_a)
    told = press(client, project, f"agents/{cast.agent_a.pk}/move", kind="sign_in")
    assert told.status_code == 422
    assert "严一已经签到" in words(told)
    assert press(client, project, f"agents/{cast.agent_b.pk}/move", kind="sign_off").status_code == 403
    assert press(client, project, "agents/999999/move", kind="sign_off").status_code == 404


@pytest.mark.rule("J-01")
def test_somebody_is_put_on_the_list(cast: Cast, project: Project) -> None:
    manager = at_desk(cast.sales_manager)
    assert press(manager, project, "join", agent=cast.agent_d.pk).status_code == 303
    assert "不是本项目的售楼员" in words(press(manager, project, "join", agent=cast.front.pk))
    assert [one.staff.name for one in manager.get(f"/sales/board/{project.pk}/").context["board"].standings] == [
        "严一", "华二", "金三", "魏四",
    ]  # fmt: skip


@pytest.mark.rule("J-01")
def test_a_closed_project_offers_nothing(cast: Cast, project: Project) -> None:
    client = at_desk(cast.sales_manager)
    client.post(
        f"/sales-projects/{project.pk}/close/",
        {"close-reason": "清盘", "seen": project.version, "form_key": "c"},
    )
    page = client.get(f"/sales/board/{project.pk}/")
    assert "这个项目已经停售" in words(page)
    assert (page.context["panels"], page.context["may_take"]) == ([], False)
    assert press(client, project, "next", tap=1).status_code == 422
    assert press(client, project, f"agents/{cast.agent_a.pk}/move", kind="sign_off").status_code == 422


def test_strangers_and_other_sites_find_nothing(cast: Cast, project: Project) -> None:
    day = local_day(at=timezone.now()).isoformat()
    places = ["", "wall/", f"{day}/", f"{day}/sheet/"]
    anonymous, stranger = Client(), at_desk(cast.engineer)
    elsewhere = at_desk(make_cast(code="other").sales_manager)
    for where in places:
        url = f"/sales/board/{project.pk}/{where}"
        assert anonymous.get(url).status_code == 302
        assert stranger.get(url).status_code == 403
        assert elsewhere.get(url).status_code == 404
    for what in (
        "next",
        "public",
        "join",
        f"agents/{cast.agent_a.pk}/move",
        f"agents/{cast.agent_a.pk}/receive",
    ):
        assert press(elsewhere, project, what).status_code == 404
    assert QueueEvent.objects.filter(project=project).count() == project.last_number


@pytest.mark.rule("J-01")
def test_the_wall_says_nothing_of_customers_and_offers_nothing(
    cast: Cast, project: Project, now: datetime
) -> None:
    visit = receive_next(actor=cast.actor("agent_a", now), project=project, at=now, called_as="王先生")
    move(actor=cast.actor("sales_manager", now), project=project, at=now, agent=cast.agent_c, kind="leave",
         reason="病假")  # fmt: skip
    page = at_desk(cast.agent_b).get(f"/sales/board/{project.pk}/wall/")
    for hidden in ("王先生", visit.number, "病假", "<form", "<button"):
        assert hidden not in words(page), hidden
    assert "华二" in words(page)
    assert not page.context["stays"]


def test_a_screen_with_an_account_of_its_own_stays_awake(cast: Cast, project: Project, now: datetime) -> None:
    Role.objects.create(code="SCREEN", name_zh="大屏", name_en="Screen", permissions=["salesdesk.board"])
    before = now - timedelta(days=1)
    screen = org.hire(site=cast.site, username="screen", name="大屏", password=None, by=None, at=before)
    org.appoint(staff=screen, site=cast.site, role="SCREEN", department=None, by=None, at=before)
    page = at_desk(screen).get(f"/sales/board/{project.pk}/wall/")
    assert page.context["stays"]
    assert "X-Live" not in words(page)


@pytest.mark.rule("J-01")
def test_the_first_page_says_whose_turn_it_is(cast: Cast, project: Project, now: datetime) -> None:
    def lists(name: str) -> dict[str, Any]:
        page = at_desk(cast.staff[name]).get("/today/lists/")
        return {one.title: [line.note for line in one.lines] for one in page.context["lists"]}

    assert lists("agent_a")["轮排"] == ["轮到你"]
    assert lists("agent_c")["轮排"] == ["前面还有2位"]
    receive_out_of_turn(
        actor=cast.actor("agent_a", now), project=project, at=now, agent=cast.agent_a, how="own"
    )
    receive_next(actor=cast.actor("agent_b", now), project=project, at=now)
    assert lists("agent_a")["轮排"] == ["接待中"]
    assert lists("sales_manager")["欠着的补接"] == ["接待自己的老客户或来电客户 第2条(1)"]
    assert "欠着的补接" not in lists("agent_b")


@pytest.mark.rule("J-01")
def test_projects_are_opened_once(cast: Cast, now: datetime) -> None:
    open_project(actor=cast.actor("sales_manager", now), at=now, name="云溪一期")
    client = at_desk(cast.sales_manager)
    again = client.post("/sales-projects/", {"name": "云溪一期", "form_key": "p"})
    assert again.status_code == 422
    assert "已经有这个项目了" in words(again)
    assert client.post("/sales-projects/", {"name": "云溪二期", "form_key": "q"}).status_code == 303
