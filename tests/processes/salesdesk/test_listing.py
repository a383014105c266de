"""Projects and their lists: who joins, comes and goes, is sent elsewhere; what is refused; nothing half written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.factories.sales import make_project, make_visit

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.processes.salesdesk.models import Day, Project, QueueEvent
from yingsheng.processes.salesdesk.queries.queue import find_project, list_projects, rotation_now
from yingsheng.processes.salesdesk.services import listing
from yingsheng.processes.salesdesk.services.listing import close_project, move, open_project, record_print
from yingsheng.processes.salesdesk.services.receiving import receive_next, receive_out_of_turn

NOW = MONDAY_NINE
pytestmark = pytest.mark.django_db


def moved(
    cast: Cast, project: Project, name: str, kind: str, *, by: str = "sales_manager", **rest: Any
) -> Project:
    at = rest.pop("at", NOW)
    return move(actor=cast.actor(by, at), project=project, at=at, agent=cast.staff[name], kind=kind, **rest)


def refused(cast: Cast, project: Project, name: str, kind: str, **rest: Any) -> Refused:
    before = (QueueEvent.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as told:
        moved(cast, project, name, kind, **rest)
    assert (QueueEvent.objects.count(), Event.objects.count()) == before
    return told.value


def order_of(cast: Cast, project: Project) -> list[str]:
    names = {str(one.pk): name for name, one in cast.staff.items()}
    return [names[key] for key in rotation_now(project=project, at=NOW).order]


@pytest.mark.rule("J-01")
def test_a_project_has_a_name_of_its_own(cast: Cast) -> None:
    manager = cast.actor("sales_manager")
    project = open_project(actor=manager, at=NOW, name=" 云溪一期 ")
    assert (project.name, project.state, str(project)) == ("云溪一期", "selling", "云溪一期")
    assert Event.objects.get(kind="salesdesk.project_opened").rule == "J-01"
    for name in ("云溪一期", "  "):
        with pytest.raises(Refused) as told:
            open_project(actor=manager, at=NOW, name=name)
        assert told.value.field == "name"
    with pytest.raises(Forbidden):
        open_project(actor=cast.actor("agent_a"), at=NOW, name="二期")
    assert [one.name for one in list_projects(actor=manager, text="一期")] == ["云溪一期"]
    assert not list_projects(actor=manager, text="三期").exists()
    other = make_cast(code="other")
    assert find_project(actor=other.actor("sales_manager"), pk=project.pk) is None


@pytest.mark.rule("J-01")
def test_a_project_closes_when_nobody_is_received_and_takes_nothing_more(cast: Cast) -> None:
    project = make_project(cast)
    visit = make_visit(cast, project)
    manager = cast.actor("sales_manager")
    with pytest.raises(Refused) as told:
        close_project(actor=manager, record=project, at=NOW, reason="清盘")
    assert told.value.code == "unfinished"
    visit.state, visit.finished_at = "left", NOW
    visit.save(update_fields=["state", "finished_at"])
    with pytest.raises(Refused) as told:
        close_project(actor=manager, record=project, at=NOW, reason=" ")
    assert told.value.field == "reason"
    with pytest.raises(Conflict):
        close_project(actor=manager, record=project, at=NOW, reason="清盘", seen=99)
    closed = close_project(actor=manager, record=project, at=NOW, reason="清盘", seen=project.version)
    assert (closed.state, closed.reason) == ("closed", "清盘")
    assert Event.objects.filter(kind="salesdesk.project_closed").count() == 1
    assert refused(cast, project, "agent_b", "sign_off").code == "closed"
    with pytest.raises(Refused) as told:
        make_visit(cast, project)
    assert told.value.code == "closed"


@pytest.mark.rule("J-01")
def test_who_joins_stands_last_and_only_a_sales_agent_may(cast: Cast) -> None:
    project = make_project(cast)
    moved(cast, project, "agent_d", "join")
    assert order_of(cast, project) == ["agent_a", "agent_b", "agent_c", "agent_d"]
    assert refused(cast, project, "agent_d", "join").code == "not_listed"
    assert refused(cast, project, "front", "join").field == "agent"
    assert refused(cast, project, "agent_a", "").field == "kind"
    assert refused(cast, project, "agent_a", "new_customer").field == "kind"
    moved(cast, project, "agent_a", "depart", reason="调走")
    assert order_of(cast, project) == ["agent_b", "agent_c", "agent_d"]
    assert refused(cast, project, "agent_a", "sign_in").code == "not_listed"


@pytest.mark.rule("J-01", "J-03")
def test_everybody_signs_for_himself_the_rest_is_for_who_runs_the_list(cast: Cast) -> None:
    project = make_project(cast)
    moved(cast, project, "agent_a", "sign_off", by="agent_a")
    moved(cast, project, "agent_a", "sign_in", by="agent_a")
    for name, kind in (
        ("agent_b", "sign_off"),
        ("agent_a", "leave"),
        ("agent_a", "ordered"),
        ("agent_a", "depart"),
    ):
        with pytest.raises(Forbidden):
            moved(cast, project, name, kind, by="agent_a", reason="有事")
    for kind in ("leave", "ordered", "depart"):
        assert refused(cast, project, "agent_a", kind, reason=" ").field == "reason"
    assert refused(cast, project, "agent_a", "sign_in").code == "no_change"
    assert refused(cast, project, "agent_a", "free").code == "no_change"
    moved(cast, project, "agent_a", "leave", reason="公休")
    assert refused(cast, project, "agent_a", "sign_off").code == "no_change"
    assert refused(cast, project, "agent_a", "ordered", reason="送资料").code == "not_here"
    assert Event.objects.filter(kind="salesdesk.queue_moved", rule="J-03").count() == 1


@pytest.mark.rule("J-03")
def test_a_regular_day_off_makes_up_for_nothing(cast: Cast) -> None:
    # T-J07: A is on his day off, the next agent receives, A is owed nothing
    project = make_project(cast)
    moved(cast, project, "agent_a", "leave", reason="公休")
    assert make_visit(cast, project).receiver == cast.agent_b
    rotation = rotation_now(project=project, at=NOW)
    assert rotation.credits == ()
    assert dict(rotation.missed) == {str(cast.agent_a.pk): 1}


@pytest.mark.rule("J-02")
def test_work_that_was_ordered_is_made_up_for_each_turn_it_cost(cast: Cast) -> None:
    project = make_project(cast)
    moved(cast, project, "agent_a", "ordered", reason="送资料")
    for minute in range(2):
        make_visit(cast, project, at=NOW + timedelta(minutes=minute))
    rotation = rotation_now(project=project, at=NOW)
    assert [(one.agent, one.case, one.article) for one in rotation.credits] == [
        (str(cast.agent_a.pk), 4, "004 篇1 第2条(4)")
    ]
    assert Event.objects.filter(kind="salesdesk.queue_moved", rule="J-02").count() == 1
    moved(cast, project, "agent_a", "free", by="agent_a")
    assert make_visit(cast, project).receiver == cast.agent_a
    assert Event.objects.filter(kind="salesdesk.received", rule="J-02").count() == 1


@pytest.mark.rule("J-02")
def test_a_site_with_fewer_cases_sends_nobody_away_with_a_make_up(cast: Cast) -> None:
    project = make_project(cast)
    override_parameter(
        site=cast.site, path="J-02.cases", value=3, reason="本项目只认前三种", by=cast.head, at=NOW, active_from=NOW
    )  # fmt: skip
    assert refused(cast, project, "agent_a", "ordered", reason="送资料").field == "kind"


@pytest.mark.rule("J-01", "J-04")
def test_who_receives_is_not_sent_anywhere_and_signs_in_when_all_is_registered(cast: Cast) -> None:
    project = make_project(cast)
    make_visit(cast, project)
    for kind in ("sign_off", "leave", "ordered", "free", "depart"):
        assert refused(cast, project, "agent_a", kind, reason="有事").code == "receiving"
    # overnight nobody is busy; who left a customer unregistered would hold up the others
    tomorrow = NOW + timedelta(days=1)
    assert refused(cast, project, "agent_a", "sign_in", at=tomorrow).code == "unfinished"
    moved(cast, project, "agent_b", "sign_in", at=tomorrow)
    assert make_visit(cast, project, at=tomorrow).receiver == cast.agent_b


@pytest.mark.rule("J-01")
def test_a_day_opens_as_the_last_one_ended(cast: Cast) -> None:
    project = make_project(cast)
    receive_out_of_turn(actor=cast.actor("agent_a"), project=project, at=NOW, agent=cast.agent_a, how="own")
    make_visit(cast, project)
    ended = rotation_now(project=project, at=NOW)
    for days in (1, 4):
        later = NOW + timedelta(days=days)
        opened = rotation_now(project=project, at=later)
        assert (opened.order, opened.credits, opened.credited) == (ended.order, ended.credits, ended.credited)
        assert (opened.here, dict(opened.busy), dict(opened.turns)) == (frozenset(), {}, {})
    moved(cast, project, "agent_c", "sign_in", at=NOW + timedelta(days=4))
    assert [one.date.isoformat() for one in Day.objects.order_by("date")] == ["2025-03-03", "2025-03-07"]


@pytest.mark.rule("J-01")
def test_who_waited_over_midnight_is_written_into_the_new_day(cast: Cast) -> None:
    project = make_project(cast)
    after = NOW + timedelta(days=1)
    moved(cast, project, "agent_a", "sign_in", at=after)
    moved(
        cast, project, "agent_b", "sign_in", at=NOW + timedelta(hours=14)
    )  # his clock was read before midnight
    assert QueueEvent.objects.latest("number").day.date == (NOW + timedelta(days=1)).date()
    assert rotation_now(project=project, at=after).here == {str(cast.agent_a.pk), str(cast.agent_b.pk)}


@pytest.mark.rule("J-01")
@pytest.mark.parametrize("last", ["tell", "change"])
def test_what_fails_on_the_way_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    project = make_project(cast)
    before = (QueueEvent.objects.count(), Event.objects.count(), project.last_number)

    def fail(**_rest: Any) -> None:
        raise RuntimeError("the plug is pulled")

    monkeypatch.setattr(listing, last, fail)
    ways = {
        "tell": lambda: moved(cast, project, "agent_a", "sign_off"),
        "change": lambda: close_project(
            actor=cast.actor("sales_manager"), record=project, at=NOW, reason="清盘"
        ),
    }
    with pytest.raises(RuntimeError):
        ways[last]()
    project.refresh_from_db()
    assert (QueueEvent.objects.count(), Event.objects.count(), project.last_number) == before
    assert project.state == "selling"


@pytest.mark.rule("J-01")
def test_prints_of_a_day_are_counted(cast: Cast) -> None:
    project = make_project(cast)
    counts = [
        record_print(actor=cast.actor("agent_a"), project=project, sheet=sheet, at=NOW)
        for sheet in ("sales_rotation:2025-03-03", "sales_rotation:2025-03-03", "sales_rotation:2025-03-04")
    ]
    assert counts == [1, 2, 1]
    with pytest.raises(Forbidden):
        record_print(actor=cast.actor("engineer"), project=project, sheet="sales_rotation:2025-03-03", at=NOW)


@pytest.mark.rule("J-01")
def test_a_board_that_moved_on_names_what_happened(cast: Cast) -> None:
    project = make_project(cast)
    seen = project.last_number
    moved(cast, project, "agent_a", "sign_off")
    with pytest.raises(Conflict) as told:
        receive_next(actor=cast.actor("agent_c"), project=project, at=NOW, seen=seen)
    assert str(told.value) == "轮排刚有变化：严一签退。请看过最新的次序再点"
    empty = open_project(actor=cast.actor("sales_manager"), at=NOW, name="二期")
    with pytest.raises(Conflict):
        receive_next(actor=cast.actor("agent_c"), project=empty, at=NOW, seen=7)
