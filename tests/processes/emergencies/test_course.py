"""While it lasts and when it is over: callers told, checklist ticked, help called, report written, households rung."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.emergencies.conftest import Raise
from tests.processes.story import clock, later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import next_steps, visible_cases
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.processes.emergencies.models import Affected, OutsideCall, Tick
from yingsheng.processes.emergencies.process.asides import desk_hints
from yingsheng.processes.emergencies.process.scene import scene_of
from yingsheng.processes.emergencies.queries import open_near
from yingsheng.processes.emergencies.services import acting, drilling, ending, intake


@pytest.mark.rule("X-03")
def test_another_home_of_the_building_is_told_that_it_is_known_and_noted_once(cast: Cast, raised: Raise):
    case = raised()
    near = open_near(actor=cast.actor("front"), household=cast.homes[1])
    assert near == [case] and near[0].joined_at is None  # type: ignore[attr-defined]
    intake.add_household(
        case=case, household=cast.homes[1], by=cast.front, at=later(minutes=3), caller_name="孙先生"
    )
    assert open_near(actor=cast.actor("front"), household=cast.homes[1])[0].joined_at == later(minutes=3)  # type: ignore[attr-defined]
    rows = Affected.objects.filter(case=case).order_by("at")
    assert [row.household for row in rows] == [cast.homes[0], cast.homes[1]]
    assert Message.objects.filter(to_household=cast.homes[1], subject_id=case.pk).count() == 1
    with pytest.raises(Refused, match="已经在来电名单"):
        intake.add_caller(case=case, by=cast.front, at=later(minutes=4), room="3-2-1803")
    with pytest.raises(Refused, match="没有这个房号"):
        intake.add_caller(case=case, by=cast.front, at=later(minutes=4), room="9-9-999")
    intake.add_caller(case=case, by=cast.front, at=later(minutes=5), room="3栋2单元1804", note="厨房进水")
    assert Event.objects.latest("seq").data["room"] == cast.homes[2].room.label


@pytest.mark.rule("X-03")
def test_an_emergency_elsewhere_or_over_is_not_shown_to_a_caller(cast: Cast, raised: Raise, over: Raise):
    raised(place="5栋大堂", home=None)  # no such building: nobody can say whom it does not touch
    over(kind="lift")
    shown = open_near(actor=cast.actor("front"), household=cast.homes[3])
    assert [case.emergency.place for case in shown] == ["5栋大堂"]
    (hint,) = desk_hints(actor=cast.actor("front"), household=cast.homes[3], now=later(minutes=4))
    assert "5栋大堂" in hint.text and "先问清" in hint.text and "不知道是哪一栋" in hint.note
    (here,) = [raised(place="3栋2单元走廊")]
    sure = desk_hints(actor=cast.actor("front"), household=cast.homes[3], now=later(minutes=4))
    assert [("先问清" in one.text) for one in sure if one.number == here.number] == [False]


@pytest.mark.rule("X-03")
def test_whoever_takes_calls_at_night_notes_a_caller_of_what_another_department_has(
    cast: Cast, raised: Raise
):
    case = raised(by=cast.front)
    assert not visible_cases(actor=cast.actor("lobby")).filter(pk=case.pk).exists()
    near = open_near(actor=cast.actor("lobby"), household=cast.homes[1])
    assert near == [case]
    hint = desk_hints(actor=cast.actor("lobby"), household=cast.homes[1], now=later(minutes=4))[0]
    assert (hint.url, hint.title) == ("", case.title)
    assert desk_hints(actor=cast.actor("engineer"), household=cast.homes[1], now=later(minutes=4)) == []


@pytest.mark.rule("X-03")
def test_where_nobody_rang_there_is_nobody_to_reassure(cast: Cast, over: Raise):
    assert clock(over(home=None), "reassure").state == "void"


@pytest.mark.rule("X-03")
def test_the_desk_reassures_everybody_on_the_list_within_its_time(cast: Cast, raised: Raise):
    case = raised()
    intake.add_household(case=case, household=cast.homes[1], by=cast.front, at=later(minutes=3))
    acting.reassure(case=case, by=cast.front, at=later(minutes=20), said="正在关阀，请远离插座")
    assert clock(case, "reassure").state == "met"
    notices = Message.objects.filter(dedup_key__startswith=f"emergency:{case.pk}:reassured")
    assert {message.to_household for message in notices} == {cast.homes[0], cast.homes[1]}
    late = raised(kind="lift")
    acting.reassure(case=late, by=cast.front, at=later(minutes=31), said="救援已出发")
    assert clock(late, "reassure").state == "late"


@pytest.mark.rule("X-03", "X-11")
def test_each_line_of_the_checklist_is_ticked_once_with_moment_and_person(cast: Cast, raised: Raise):
    case = raised()
    acting.tick(case=case, by=cast.engineer, at=later(minutes=6), number=2, note="总闸已拉")
    row = Tick.objects.get(case=case)
    assert (row.number, row.by, row.at, row.note) == (2, cast.engineer, later(minutes=6), "总闸已拉")
    assert Event.objects.filter(kind="emergencies.ticked").count() == 1
    for number in (2, 7, 0):
        with pytest.raises(Refused):
            acting.tick(case=case, by=cast.engineer, at=later(minutes=7), number=number)
    scene = scene_of(case)
    assert scene.next_line == 1
    assert [line.tick is not None for line in scene.lines] == [False, True, False, False, False, False]
    for number in (1, 3, 4, 5, 6):
        acting.tick(case=case, by=cast.engineer, at=later(minutes=8), number=number)
    case.refresh_from_db()
    del case.emergency_scene  # type: ignore[attr-defined]
    offered = {
        item.step.code: item
        for item in next_steps(case=case, subject=scene_of(case), actor=cast.actor("engineering_head"))
    }
    assert offered["tick"].why and offered["tick"].rule == "X-11"


@pytest.mark.rule("X-02", "X-04")
def test_help_from_outside_powers_used_and_the_end_of_harm_stand_in_the_log(cast: Cast, raised: Raise):
    case = raised(kind="lift")
    acting.call_outside(
        case=case, by=cast.front, at=later(minutes=3), body="lift_company", answered="维保陈工",
        called_at=later(minutes=2),
    )  # fmt: skip
    assert OutsideCall.objects.get(case=case).at == later(minutes=2)
    with pytest.raises(Refused, match="不能晚于现在"):
        acting.call_outside(
            case=case, by=cast.front, at=later(minutes=3), body="police", called_at=later(minutes=9)
        )
    acting.use_power(case=case, by=cast.front, at=later(minutes=4), power="mobilise", what="请保洁两人守门")
    event = Event.objects.latest("seq")
    assert (event.rule, event.data) == ("X-04", {"power": "mobilise", "what": "请保洁两人守门"})
    acting.stop_harm(case=case, by=cast.engineer, at=later(minutes=30), measure="人已全部出来")
    with pytest.raises(Refused, match="已经记过"):
        acting.stop_harm(case=case, by=cast.engineer, at=later(minutes=31), measure="再记")


@pytest.mark.rule("X-03", "X-07")
def test_it_closes_only_when_everybody_was_rung_and_the_report_is_signed(cast: Cast, over: Raise):
    case = over()
    assert case.state == "resolved" and case.emergency.loss_fen == 120_000
    assert Message.objects.filter(dedup_key__startswith=f"emergency:{case.pk}:over").count() == 1
    assert clock(case, "call_back").rule == "X-03"

    def close() -> None:
        ending.close_emergency(case=case, by=cast.head, at=later(5))

    with pytest.raises(Refused, match="没有回电"):
        close()
    with pytest.raises(Refused, match="没有这一户"):
        ending.call_back(case=case, by=cast.front, at=later(2), room="3-2-1805")
    ending.call_back(case=case, by=cast.front, at=later(2), room="3-2-1802", said="知道了，谢谢")
    assert clock(case, "call_back").state == "met"
    with pytest.raises(Refused, match="已经回过电"):
        ending.call_back(case=case, by=cast.front, at=later(2), room="3-2-1802")
    with pytest.raises(Refused, match="还没有写"):
        close()
    with pytest.raises(Refused, match="还没有写"):
        ending.sign_report(case=case, actor=cast.actor("head"), at=later(3))
    ending.write_report(
        case=case, by=cast.front, at=later(3), course="九点接报，九点十分到场", lessons="接头五年一换"
    )
    assert clock(case, "report").state == "met"
    assert Message.objects.filter(to_staff=cast.head, dedup_key__contains=":sign:").count() == 1
    with pytest.raises(Refused, match="还没有签批"):
        close()
    with pytest.raises(Refused, match="指定的岗位"):
        ending.sign_report(case=case, actor=cast.actor("supervisor"), at=later(4))
    ending.sign_report(case=case, actor=cast.actor("head"), at=later(4), opinion="同意，列入月检")
    close()
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("closed", later(5))


@pytest.mark.rule("X-07")
def test_a_report_after_its_time_is_late_and_a_new_version_wants_a_new_signature(cast: Cast, over: Raise):
    case = over()
    ending.write_report(case=case, by=cast.front, at=later(25), course="初稿")
    assert clock(case, "report").state == "late"
    ending.sign_report(case=case, actor=cast.actor("head"), at=later(26))
    ending.write_report(case=case, by=cast.front, at=later(27), course="补充经过")
    case.emergency.refresh_from_db()
    assert case.emergency.signed_at is None and case.emergency.reported_at == later(25)


@pytest.mark.rule("R-22", "X-02")
def test_what_must_be_mended_becomes_a_repair_of_its_own_afterwards(cast: Cast, over: Raise):
    case = over()
    ending.open_repair(case=case, actor=cast.actor("head"), at=later(2), trade="water", body="换总管")
    repair = Case.objects.get(process="repairs")
    assert (repair.origin, repair.severity, repair.category) == (case, "urgent", "water")
    told = Event.objects.filter(subject_id=case.pk, subject_type="cases.case").latest("seq")
    assert (told.kind, told.data["order"]) == ("emergencies.repair_opened", repair.number)


@pytest.mark.rule("X-11")
def test_a_drill_is_written_down_for_a_day_that_has_been(cast: Cast):
    row = drilling.record_drill(
        site=cast.site, kind="fire", held_on=later(0).date(), participants="秩序队12人", findings="二号栓没水",
        by=cast.head, at=later(1),
    )  # fmt: skip
    event = Event.objects.latest("seq")
    assert (event.kind, event.rule, event.subject_id) == ("emergencies.drilled", "X-11", row.pk)
    with pytest.raises(Refused, match="不能晚于今天"):
        drilling.record_drill(
            site=cast.site,
            kind="fire",
            held_on=later(30).date(),
            participants="全体",
            by=cast.head,
            at=later(1),
        )
