"""Stories of emergencies: a burst pipe and people in a lift, both long over, a power cut that is on; drills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site
from yingsheng.ops.demo.cast import Cast
from yingsheng.ops.demo.timeline import ZONE, Story, Timeline
from yingsheng.processes.emergencies.services import acting, ending, intake
from yingsheng.processes.emergencies.services.drilling import record_drill

PIPE_DAYS, LIFT_DAYS, DRILL_DAYS = 38, 9, (74, 20)
STILL_ON_MINUTES = 26  # how long the open one has been running when the demonstration is opened


def start_emergencies(*, line: Timeline, site: Site, cast: Cast, callers: Sequence[Caller]) -> None:
    """Let the emergencies of three months happen."""
    homes = [one for one in callers if one.room is not None]
    evening = _at(line, days=PIPE_DAYS, hour=19, minute=40)
    line.start(story=_pipe(site, cast, _of_one_building(homes, 0), evening))
    line.start(
        story=_lift(
            site, cast, _of_one_building(homes, len(homes) // 3), _at(line, days=LIFT_DAYS, hour=8, minute=12)
        )
    )
    line.start(story=_false_fire(site, cast, _at(line, days=LIFT_DAYS + 12, hour=12, minute=5)))
    running = line.now - timedelta(minutes=STILL_ON_MINUTES)
    line.start(story=_power_cut(site, cast, _of_one_building(homes, len(homes) * 2 // 3), running))
    for days, kind in zip(DRILL_DAYS, ("fire", "lift"), strict=True):
        line.start(story=_drill(site, cast, kind, _at(line, days=days, hour=15, minute=30)))


def _at(line: Timeline, *, days: int, hour: int, minute: int) -> datetime:
    local = (line.now - timedelta(days=days)).astimezone(ZONE)
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _of_one_building(homes: Sequence[Caller], start: int) -> list[Caller]:
    """Four homes of the building of the `start`-th caller, each once."""
    first = homes[start].room
    found: dict[int, Caller] = {}
    for one in homes[start:]:
        if one.room is not None and first is not None and one.room.building_id == first.building_id:
            found.setdefault(one.room.pk, one)
    return list(found.values())[:4]


def _join(case: Case, caller: Caller, cast: Cast, at: datetime, note: str = "") -> None:
    assert caller.household is not None  # only homes are asked
    intake.add_household(
        case=case, household=caller.household, by=cast["duty"], at=at, caller_name=caller.name, note=note
    )


def _pipe(site: Site, cast: Cast, homes: Sequence[Caller], at: datetime) -> Story:
    def after(minutes: float) -> datetime:
        return at + timedelta(minutes=minutes)

    yield at
    room = homes[0].room
    assert room is not None  # only homes are asked
    case = intake.register_emergency(
        site=site, kind="burst_pipe", place=f"{room.building.name}一层走廊", caller=homes[0], by=cast["duty"], at=at,
        body="走廊顶上的水管爆了，水往电梯口流",
    )  # fmt: skip
    yield after(2)
    acting.acknowledge(case=case, by=cast["engineer1"], at=after(2), eta_minutes=8)
    yield after(4)
    _join(case, homes[1], cast, after(4), "厨房水压没了")
    yield after(9)
    acting.arrive(case=case, by=cast["engineer1"], at=after(9), found="吊顶内接头脱落，积水三公分")
    for number, minutes in ((1, 12), (3, 13), (2, 16)):
        yield after(minutes)
        acting.tick(case=case, by=cast["engineer1"], at=after(minutes), number=number)
    yield after(18)
    acting.stop_harm(case=case, by=cast["engineer1"], at=after(18), measure="总阀已关，水不再流")
    yield after(22)
    acting.reassure(
        case=case, by=cast["duty"], at=after(22), said="总阀已关，正在换接头，预计一小时恢复供水。"
    )
    yield after(24)
    acting.use_power(
        case=case,
        by=cast["duty"],
        at=after(24),
        power="mobilise",
        what="请环境部两人吸水，秩序部一人守电梯口",
    )
    for number, minutes in ((4, 25), (5, 40)):
        yield after(minutes)
        acting.tick(case=case, by=cast["engineer1"], at=after(minutes), number=number)
    yield after(85)
    acting.tick(case=case, by=cast["engineer1"], at=after(85), number=6, note="试水半小时不漏")
    ending.resolve_emergency(
        case=case, by=cast["engineer1"], at=after(85), cause="接头老化脱落", loss_fen=180_000, injured=0,
        measures="关阀、换接头，吸水除湿，已恢复供水",
    )  # fmt: skip
    yield from _finish(case, site, cast, [*homes[:2]], after(100), "接头五年以上的列入下季度更换计划")


def _lift(site: Site, cast: Cast, homes: Sequence[Caller], at: datetime) -> Story:
    def after(minutes: float) -> datetime:
        return at + timedelta(minutes=minutes)

    yield at
    room = homes[0].room
    assert room is not None  # only homes are asked
    case = intake.register_emergency(
        site=site, kind="lift", place=f"{room.building.name}1号电梯", caller=homes[0], by=cast["front"], at=at,
        body="电梯停在六楼和七楼之间，里面有老人和孩子",
    )  # fmt: skip
    yield after(1)
    acting.acknowledge(case=case, by=cast["equipment"], at=after(1), eta_minutes=5)
    yield after(3)
    acting.call_outside(
        case=case, by=cast["front"], at=after(3), body="lift_company", answered="值班技师",
        called_at=after(2), note="二十分钟内到",
    )  # fmt: skip
    yield after(6)
    acting.arrive(case=case, by=cast["equipment"], at=after(6), found="对讲通话正常，三人，情绪稳定")
    for number, minutes in ((1, 6), (2, 7), (3, 8)):
        yield after(minutes)
        acting.tick(case=case, by=cast["equipment"], at=after(minutes), number=number)
    yield after(10)
    acting.reassure(
        case=case, by=cast["front"], at=after(10), said="维保在路上，里面的人都平安，我们一直在通话。"
    )
    yield after(24)
    acting.tick(case=case, by=cast["equipment"], at=after(24), number=4, note="维保持证放人")
    acting.stop_harm(case=case, by=cast["equipment"], at=after(24), measure="三人全部出来，无人受伤")
    yield after(50)
    acting.tick(case=case, by=cast["equipment"], at=after(50), number=6)
    ending.resolve_emergency(
        case=case, by=cast["equipment"], at=after(50), cause="门机触点松动", measures="停梯检修，更换触点后试运行",
        injured=0,
    )  # fmt: skip
    yield from _finish(case, site, cast, homes[:1], after(70), "请维保单位检查同型号全部电梯")


def _finish(case: Case, site: Site, cast: Cast, homes: Sequence[Caller], at: datetime, lessons: str) -> Story:
    """Everybody is rung, the report is written, signed and filed."""
    for number, home in enumerate(homes):
        moment = at + timedelta(minutes=4 * number)
        yield moment
        assert home.room is not None  # only homes are asked
        ending.call_back(case=case, by=cast["front"], at=moment, room=home.room.label, said="已经恢复，谢谢")
    written = at + timedelta(hours=3)
    yield written
    ending.write_report(
        case=case, by=cast["supervisor"], at=written, lessons=lessons,
        course="接报后立即通知工程和秩序两部，按处置清单逐步办理，住户逐户告知并回电。",
    )  # fmt: skip
    signed = at + timedelta(hours=16)
    yield signed
    actor = actor_for(staff=cast["head"], site=site, at=signed)
    ending.sign_report(case=case, actor=actor, at=signed, opinion="同意，请工程部落实。")
    ending.close_emergency(case=case, by=cast["head"], at=signed, summary="已归档")


def _false_fire(site: Site, cast: Cast, at: datetime) -> Story:
    yield at
    case = intake.register_emergency(
        site=site, kind="fire", place="地下车库烟感", by=cast["front2"], at=at, channel="relay",
        body="消防主机报地下车库烟感",
    )  # fmt: skip
    soon = at + timedelta(minutes=2)
    yield soon
    acting.acknowledge(case=case, by=cast["patrol"], at=soon, eta_minutes=3)
    checked = at + timedelta(minutes=7)
    yield checked
    ending.call_off(
        case=case, by=cast["patrol"], at=checked, reason="两人现场核实，是保洁冲地的水汽，主机已复位"
    )


def _power_cut(site: Site, cast: Cast, homes: Sequence[Caller], at: datetime) -> Story:
    yield at
    room = homes[0].room
    assert room is not None  # only homes are asked
    case = intake.register_emergency(
        site=site, kind="power_cut", place=room.building.name, caller=homes[0], by=cast["front"], at=at,
        body="整栋突然没电，楼道应急灯亮着",
    )  # fmt: skip
    for number, home in enumerate(homes[1:3]):
        moment = at + timedelta(minutes=2 + number)
        yield moment
        _join(case, home, cast, moment)
    taken = at + timedelta(minutes=4)
    yield taken
    acting.acknowledge(case=case, by=cast["engineer2"], at=taken, eta_minutes=10)
    there = at + timedelta(minutes=12)
    yield there
    acting.arrive(case=case, by=cast["engineer2"], at=there, found="本栋总开关跳闸，正在查原因")
    acting.tick(case=case, by=cast["engineer2"], at=there, number=1, note="两部电梯都没有人")


def _drill(site: Site, cast: Cast, kind: str, at: datetime) -> Story:
    yield at
    day: date = at.date()
    record_drill(
        site=site, kind=kind, held_on=day, by=cast["patrol"], at=at,
        participants="秩序维护部当班8人、工程部3人、客服2人",
        findings="二号消火栓水带接口紧，已更换" if kind == "fire" else "对讲机有一台没电，已改为每班检查",
    )  # fmt: skip
