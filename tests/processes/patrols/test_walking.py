"""A route is walked every day, ticked point by point; what is found is handled or raised; the day is reported."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.patrols import PDF, make_finding, make_patrol, make_walk
from tests.processes.repairs.story import requested
from tests.processes.story import later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.patrols.models import Finding, Patrol, Report, Tick
from yingsheng.processes.patrols.process import asides
from yingsheng.processes.patrols.process.books import REPORTS
from yingsheng.processes.patrols.services import reports, routes, walking

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def clock(subject: Any, milestone: str) -> Obligation:
    return Obligation.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, milestone=milestone
    ).latest("round")


def tick(cast: Cast, patrol: Patrol, number: int, at: datetime = MONDAY_NINE, **more: Any) -> Patrol:
    return walking.tick_point(
        actor=cast.actor("area_admin", at), record=patrol, at=at, number=number, **{"result": "fine", **more}
    )


def found(**more: Any) -> dict[str, Any]:
    return {"result": "found", "kind": "fault", "text": "灯不亮", "handling": "open", **more}


@pytest.mark.rule("G-01")
def test_a_route_is_owed_every_day_and_kept_by_its_walk(cast: Cast) -> None:
    route = make_walk(cast)
    first = clock(route, "walk_route")
    assert (first.rule, first.responsible_role) == ("G-01", "AREA_ADMIN")
    assert first.due_at == later(0).replace(hour=23, minute=59, second=59) + timedelta(days=1)
    patrol = walking.start_patrol(actor=cast.actor("area_admin"), at=later(0), route=route.name)
    assert patrol.focus == route.focus
    for number in (1, 2, 3):
        tick(cast, patrol, number)
    walking.end_patrol(actor=cast.actor("area_admin"), record=patrol, at=later(1))
    first.refresh_from_db()
    assert first.state == Obligation.State.MET
    second = clock(route, "walk_route")
    assert second.round == 2 and second.state == Obligation.State.ARMED
    routes.retire_route(actor=cast.actor("supervisor"), record=route, at=later(2), reason="楼栋封闭")
    second.refresh_from_db()
    assert second.state == Obligation.State.VOID


@pytest.mark.rule("G-01")
def test_another_figure_makes_another_day(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="G-01.every_days", value=3, active_from=later(0), reason="小项目", by=cast.head,
        at=later(0),
    )  # fmt: skip
    due = clock(make_walk(cast), "walk_route").due_at
    assert due.astimezone(later(0).tzinfo).date() == later(0).date() + timedelta(days=3)


@pytest.mark.rule("G-01")
def test_points_are_ticked_once_and_every_write_is_one_event(cast: Cast) -> None:
    patrol = make_patrol(cast)
    before = Event.objects.count()
    told = later(0) - timedelta(minutes=20)
    Patrol.objects.filter(pk=patrol.pk).update(started_at=told)
    tick(cast, patrol, 1, device_at=told, photos=[ContentFile(PDF, name="a.pdf")])
    assert Event.objects.count() == before + 1
    row = Tick.objects.get()
    assert (row.at, row.device_at, row.found) == (told, told, False)
    assert list_attachments(subject=patrol).count() == 1
    with pytest.raises(Conflict, match="已经记过"):
        tick(cast, patrol, 1)
    with pytest.raises(Refused, match="没有这个点"):
        tick(cast, patrol, 9)
    with pytest.raises(Refused, match="还有"):
        walking.end_patrol(actor=cast.actor("area_admin"), record=patrol, at=later(1))
    ended = walking.end_patrol(
        actor=cast.actor("area_admin"), record=patrol, at=later(1), remark="两处施工封闭"
    )
    assert (ended.state, ended.remark) == ("ended", "两处施工封闭")
    assert Event.objects.count() == before + 2
    with pytest.raises(Refused):
        tick(cast, patrol, 2)


def test_only_the_walker_records_and_only_with_his_permission(cast: Cast) -> None:
    patrol = make_patrol(cast)
    with pytest.raises(Forbidden):
        walking.tick_point(actor=cast.actor("front"), record=patrol, at=later(0), number=1, result="fine")
    with pytest.raises(Refused, match="自己"):
        walking.tick_point(actor=cast.actor("assistant"), record=patrol, at=later(0), number=1, result="fine")
    with pytest.raises(Refused, match="正在巡视"):
        walking.start_patrol(actor=cast.actor("area_admin"), at=later(1), route=patrol.route)
    # the walk that was forgotten yesterday ends with its last point
    tick(cast, patrol, 1)
    tomorrow = later(24)
    walking.start_patrol(actor=cast.actor("area_admin", tomorrow), at=tomorrow, route=patrol.route)
    patrol.refresh_from_db()
    assert (patrol.state, patrol.ended_at) == ("ended", MONDAY_NINE)
    with pytest.raises(Refused, match="没有这条路线"):
        walking.start_patrol(actor=cast.actor("area_admin"), at=later(0), route="没有")


def test_a_point_dropped_or_a_route_retired_meanwhile_is_a_conflict(cast: Cast) -> None:
    patrol = make_patrol(cast)
    boss = cast.actor("supervisor")
    routes.drop_point(actor=boss, record=patrol.route, at=later(0), number=2, reason="拆了")
    with pytest.raises(Conflict, match="不再巡视"):
        tick(cast, patrol, 2)
    with pytest.raises(Refused):
        routes.drop_point(actor=boss, record=patrol.route, at=later(0), number=2, reason="拆了")
    with pytest.raises(Refused, match="同名"):
        routes.make_route(actor=boss, at=later(0), name=patrol.route.name, focus="照明")
    other = make_walk(cast, name="地库")
    with pytest.raises(Refused, match="同名"):
        routes.change_route(actor=boss, record=other, at=later(0), name=patrol.route.name, focus="照明")
    with pytest.raises(Refused, match="片区"):
        routes.change_route(actor=boss, record=other, at=later(0), name="地库", focus="照明", area="无此区")
    routes.change_route(actor=boss, record=other, at=later(0), name="负一层", focus="漏水")
    routes.retire_route(actor=boss, record=other, at=later(0), reason="封闭")
    with pytest.raises(Conflict, match="停用"):
        walking.start_patrol(actor=cast.actor("area_admin"), at=later(0), route=other)


@pytest.mark.rule("G-05")
def test_a_breach_says_what_was_done_about_it(cast: Cast) -> None:
    patrol = make_patrol(cast)
    with pytest.raises(Refused, match="教育"):
        tick(cast, patrol, 1, **found(kind="breach", text="楼道堆物"))
    tick(
        cast,
        patrol,
        1,
        **found(kind="breach", text="楼道堆物", acts=["educated", "corrected"], handling="handled"),
    )
    row = Finding.objects.get()
    assert (row.acts, row.state, row.place) == (["educated", "corrected"], "handled", "3栋 点位1")
    assert Event.objects.latest("seq").rule == "G-05"
    walking.note_finding(
        actor=cast.actor("area_admin"), record=patrol, at=later(0), place="大门外", kind="breach", text="占道",
        acts=["stopped"], handling="open",
    )  # fmt: skip
    assert Finding.objects.count() == 2


@pytest.mark.rule("G-02")
def test_what_cannot_be_done_at_once_becomes_a_matter_of_the_desk(cast: Cast) -> None:
    finding = make_finding(cast, photos=[ContentFile(PDF, name="a.pdf")])
    client = Client()
    client.force_login(cast.area_admin, backend=BACKEND)
    page = client.get(reverse("patrols:patrol_findings_one", args=[finding.pk])).content.decode()
    assert "转报修" in page and "转投诉" in page and "转建议" in page
    where = reverse("enquiries:reception")
    asked = {"start": "repairs", "raised": f"patrols:f{finding.pk}", "stranger": "1", "caller_name": "吴管理"}
    form = client.get(where, asked).content.decode()
    assert 'value="3栋大堂 吊顶灯不亮"' in form and f"patrols:f{finding.pk}" in form
    # a kind that another form does not know is left out
    assert client.get(where, {**asked, "start": "enquiries"}).status_code == 200
    assert client.get(where, {**asked, "raised": "patrols:f999999"}).status_code == 200
    assert client.get(where, {**asked, "raised": "nowhere:f1"}).status_code == 200
    assert client.get(where, {**asked, "raised": "patrols:zx"}).status_code == 200
    sent = {
        "raised": f"patrols:f{finding.pk}", "caller_name": "吴管理", "caller_phone": "13900001111",
        "title": "3栋大堂 吊顶灯不亮", "kind": "minor", "channel": "relay", "part": "public",
    }  # fmt: skip
    done = client.post(reverse("enquiries:start", args=["repairs"]), sent)
    assert done.status_code == 303, done.content.decode()[:3000]
    finding.refresh_from_db()
    case = Case.objects.get()
    assert (finding.state, finding.case, case.process) == ("passed", case, "repairs")
    # once is enough
    assert client.get(where, asked).content.decode().count('name="raised"') == 0


@pytest.mark.rule("G-02")
def test_the_next_shift_and_the_first_page_are_told_what_is_open(cast: Cast) -> None:
    finding = make_finding(cast)
    [line] = asides.handed_on(site=cast.site, now=later(1))
    assert line.text == "3栋大堂 吊顶灯不亮" and line.url_args == (finding.pk,)
    walking.handle_finding(actor=cast.actor("supervisor"), record=finding, at=later(1), action="换灯")
    assert asides.handed_on(site=cast.site, now=later(1)) == []
    route = make_walk(cast)
    lists = asides.today(actor=cast.actor("area_admin"), now=later(1))
    assert [one.text for one in lists[0].lines] == [route.name]
    # whose post does not walk by the rule is not told of routes
    assert "今天的巡视走访" not in [
        one.title for one in asides.today(actor=cast.actor("supervisor"), now=later(1))
    ]


@pytest.mark.rule("G-02")
def test_a_finding_is_handled_or_linked_to_a_matter_that_is_there(cast: Cast) -> None:
    actor = cast.actor("area_admin")
    one, two = make_finding(cast), make_finding(cast, text="门锁坏")
    assert walking.handle_finding(actor=actor, record=one, at=later(1), action="换了灯泡").state == "handled"
    with pytest.raises(Refused, match="没有这件事"):
        walking.pass_on_finding(actor=actor, record=two, at=later(1), number="TS-1")
    case = requested(cast)
    assert walking.pass_on_finding(actor=actor, record=two, at=later(1), number=case.number).case == case
    with pytest.raises(Refused):
        walking.handle_finding(actor=actor, record=two, at=later(1), action="x")


@pytest.mark.rule("G-02", "G-09")
def test_the_report_is_owed_by_the_end_of_the_shift_and_comes_back_next_morning(cast: Cast) -> None:
    patrol = make_patrol(cast)
    tick(cast, patrol, 1, **found())
    report = Report.objects.get()
    hand_up = clock(report, "hand_up_report")
    assert hand_up.due_at == reports.shift_end(site=cast.site, at=later(0)) and hand_up.rule == "G-02"
    assert hand_up.responsible_staff == cast.area_admin
    fill = REPORTS.verb("hand_up").fill(report)  # type: ignore[union-attr,misc]
    assert (
        "灯不亮" in fill["findings"]
        and fill["open_items"] == "1. 3栋 点位1 灯不亮"
        and fill["action"] == "无"
    )
    with pytest.raises(Refused, match="自己"):
        reports.hand_up_report(actor=cast.actor("assistant"), record=report, at=later(5), **fill)
    before = Event.objects.count()
    reports.hand_up_report(actor=cast.actor("area_admin"), record=report, at=later(5), **fill)
    assert Event.objects.count() == before + 1
    hand_up.refresh_from_db()
    assert hand_up.state == Obligation.State.MET
    back = clock(report, "return_report")
    assert back.due_at == MONDAY_NINE + timedelta(days=1) and back.responsible_role == "CS_SUP"
    with pytest.raises(Forbidden):
        reports.return_report(actor=cast.actor("front"), record=report, at=later(6), remark="好")
    morning = later(23.9)
    done = reports.return_report(
        actor=cast.actor("supervisor", morning), record=report, at=morning, remark="灯已派修，明天复看"
    )
    assert (done.state, done.returned_at, done.returned_by) == ("returned", morning, cast.supervisor)
    back.refresh_from_db()
    assert back.state == Obligation.State.MET


@pytest.mark.rule("G-02")
def test_a_day_without_a_walk_is_reported_too_but_once(cast: Cast) -> None:
    actor = cast.actor("area_admin")
    report = reports.open_report(actor=actor, at=later(0), focus="整理钥匙柜")
    assert REPORTS.verb("hand_up").fill(report)["focus"] == "整理钥匙柜"  # type: ignore[union-attr,misc]
    with pytest.raises(Refused, match="已经有了"):
        reports.open_report(actor=actor, at=later(1))
    # whoever walks afterwards finds it there
    walking.start_patrol(actor=actor, at=later(1), route=make_walk(cast))
    assert Report.objects.count() == 1


@pytest.mark.rule("G-02")
def test_the_hour_of_return_is_a_figure(cast: Cast) -> None:
    override_parameter(
        site=cast.site, path="G-02.collected_at", value="10:30", active_from=later(0), reason="晚一点", by=cast.head,
        at=later(0),
    )  # fmt: skip
    report = reports.open_report(actor=cast.actor("area_admin"), at=later(0))
    fields = dict.fromkeys(("area", "route", "time", "focus", "findings", "action", "open_items"), "无")
    reports.hand_up_report(actor=cast.actor("area_admin"), record=report, at=later(5), **fields)
    assert clock(report, "return_report").due_at == MONDAY_NINE + timedelta(days=1, hours=1, minutes=30)
