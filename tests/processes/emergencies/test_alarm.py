"""One call alarms everybody at once, and goes up post by post until somebody takes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import Cast
from tests.processes.emergencies.conftest import Raise
from tests.processes.story import clock, later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import AlarmFired
from yingsheng.kernel.timers.tick import tick as ring
from yingsheng.processes.emergencies.models import Affected, Alarmed
from yingsheng.processes.emergencies.services import acting, ending


def staffed(cast: Cast) -> None:
    """The posts of X-02 and X-04 filled, as at a site with all of them."""
    for name, role, department in (
        ("sec", "SEC_HEAD", "security"),
        ("equip", "EQUIP_HEAD", "engineering"),
        ("duty", "DUTY", "service"),
    ):
        staff = org.hire(
            site=cast.site, username=f"yunxi-{name}", name=name, password=None, by=None, at=later(-99)
        )
        org.appoint(staff=staff, site=cast.site, role=role, department=department, by=None, at=later(-99))
        cast.staff[name] = staff


@pytest.mark.rule("X-01", "X-02", "X-04", "X-07")
def test_registering_alarms_posts_team_coordinator_and_superiors_at_once(cast: Cast, raised: Raise):
    staffed(cast)
    before = Event.objects.count()
    case = raised()
    assert case.number.startswith("TF-")
    assert (case.state, case.severity, case.category) == ("alarm", "important", "burst_pipe")
    assert case.building is not None and case.building.code == "3" and case.room is None
    assert case.department == cast.department("engineering")
    told = {row.staff: (row.role, row.rule) for row in Alarmed.objects.filter(case=case)}
    assert told[cast.sec] == ("SEC_HEAD", "X-02")
    assert told[cast.equip] == ("EQUIP_HEAD", "X-02")
    assert told[cast.duty] == ("DUTY", "X-04")
    assert told[cast.supervisor] == ("CS_SUP", "X-07")
    assert told[cast.department_manager] == ("DEPT_MGR", "X-07")
    assert told[cast.engineer] == ("", "X-02") and told[cast.engineering_head] == ("", "X-02")
    rung = Message.objects.filter(subject_id=case.pk, to_staff__isnull=False)
    assert {message.to_staff for message in rung} == set(told)
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("seq").kind == "emergencies.registered"
    assert clock(case, "inform").state == "met"
    assert clock(case, "acknowledge").due_at == later(minutes=5)
    assert clock(case, "reassure").due_at == later(minutes=30)
    assert clock(case, "report").due_at == later(24)


@pytest.mark.rule("X-02")
def test_both_heads_and_the_team_may_open_what_they_were_rung_about(cast: Cast, raised: Raise):
    staffed(cast)
    case = raised()
    for name in ("sec", "equip", "duty", "engineer", "engineering_head", "supervisor"):
        assert visible_cases(actor=cast.actor(name)).filter(pk=case.pk).exists(), name


@pytest.mark.rule("X-02")
def test_a_post_nobody_holds_is_answered_for_by_the_one_above(cast: Cast, raised: Raise):
    case = raised()
    assert Alarmed.objects.filter(case=case, role="SEC_HEAD", staff=cast.area_supervisor).exists()


@pytest.mark.rule("X-01")
def test_kind_place_and_words_are_enough(cast: Cast, raised: Raise):
    case = raised(home=None, place="地下车库B区", kind="flood")
    assert (case.household, case.building, case.caller_name) == (None, None, "")
    assert not Affected.objects.filter(case=case).exists()
    with pytest.raises(Refused, match="地点"):
        raised(home=None, place=" ")
    with pytest.raises(Refused, match="发生了什么"):
        raised(body=" ")
    named = raised(home=None, place="3栋2单元1803")
    assert named.room == cast.homes[1].room
    at_home = raised(place="")
    assert at_home.emergency.place == cast.homes[0].room.label
    stranger = raised(home=None, caller=Caller(name="路过的人", phone="13800001111"))
    assert Message.objects.filter(subject_id=stranger.pk, to_name="路过的人").count() == 1


@pytest.mark.rule("X-01", "X-02")
def test_the_alarm_climbs_post_by_post_until_somebody_takes_it(cast: Cast, raised: Raise):
    case = raised(kind="lift")
    promise = clock(case, "acknowledge")
    ring(now=later(minutes=4, seconds=59))
    fired = AlarmFired.objects.filter(obligation=promise)
    assert [row.kind for row in fired] == ["warn"]
    ring(now=later(minutes=5, seconds=1))
    assert rung_for(promise) == ["warn", "overdue"]
    assert told_by(promise, 1) >= {cast.supervisor.pk}
    ring(now=later(minutes=10, seconds=1))
    assert told_by(promise, 2) == {cast.head.pk}
    ring(now=later(minutes=20, seconds=1))
    assert told_by(promise, 3) == {cast.division_manager.pk}
    acting.acknowledge(case=case, by=cast.engineer, at=later(minutes=21), eta_minutes=5)
    ring(now=later(minutes=40))
    assert AlarmFired.objects.filter(obligation=promise).count() == 4
    promise.refresh_from_db()
    assert (promise.state, promise.ended_by) == ("late", cast.engineer)


def rung_for(promise: object) -> list[str]:
    return list(
        AlarmFired.objects.filter(obligation=promise).order_by("number").values_list("kind", flat=True)
    )


def told_by(promise: object, number: int) -> set[int]:
    key = f"alarm:{promise.pk}:{number}:"  # type: ignore[attr-defined]
    return set(Message.objects.filter(dedup_key__startswith=key).values_list("to_staff", flat=True))


@pytest.mark.rule("X-01")
def test_a_site_may_let_it_climb_faster_or_ask_nothing(cast: Cast, raised: Raise):
    def change(path: str, value: object) -> None:
        override_parameter(
            site=cast.site, path=path, value=value, active_from=later(-1), reason="演练后改", by=cast.head,
            at=later(-1),
        )  # fmt: skip

    change("X-01.report_within", 2)
    change("X-01.escalation_ladder", [{"after_minutes": 1, "role": "GM"}])
    cast.site.refresh_from_db()
    promise = clock(raised(), "acknowledge")
    assert promise.due_at == later(minutes=2)
    assert promise.ladder == [[1, "GM"]]


@pytest.mark.rule("X-01", "X-02")
def test_whoever_takes_it_promises_when_he_is_there(cast: Cast, raised: Raise):
    case = raised()
    case = acting.acknowledge(
        case=case, by=cast.front, who=cast.engineer, at=later(minutes=2), eta_minutes=10
    )
    assert (case.state, case.handler) == ("acknowledged", cast.engineer)
    assert case.emergency.eta_at == later(minutes=12)
    assert clock(case, "acknowledge").state == "met"
    arrival = clock(case, "arrive")
    assert (arrival.due_at, arrival.responsible_staff) == (later(minutes=12), cast.engineer)
    row = Alarmed.objects.get(case=case, staff=cast.engineer)
    assert row.acknowledged_at == later(minutes=2)
    # another who was told says so too; the first one still leads
    acting.acknowledge(case=case, by=cast.engineering_head, at=later(minutes=3))
    case.refresh_from_db()
    assert case.handler == cast.engineer
    assert Alarmed.objects.get(case=case, staff=cast.engineering_head).acknowledged_at == later(minutes=3)
    acting.arrive(case=case, by=cast.engineer, at=later(minutes=11), found="水已到电梯口")
    assert clock(case, "arrive").state == "met"


@pytest.mark.rule("X-02")
def test_whoever_arrives_without_a_word_has_taken_it(cast: Cast, raised: Raise):
    case = acting.arrive(case=raised(), by=cast.lobby, at=later(minutes=4))
    assert case.state == "on_site" and case.handler == cast.lobby
    assert clock(case, "acknowledge").state == "met"
    assert Alarmed.objects.get(case=case, staff=cast.lobby).rule == "X-02"


@pytest.mark.rule("X-01")
def test_a_false_alarm_ends_with_its_reason_and_everybody_hears_of_it(cast: Cast, raised: Raise):
    case = raised(kind="fire")
    told = Alarmed.objects.filter(case=case).count()
    case = ending.call_off(case=case, by=cast.engineer, at=later(minutes=6), reason="烧菜的烟，现场两人核实")
    assert case.state == "false_alarm" and case.closed_at == later(minutes=6)
    assert clock(case, "report").state == "void"
    called_off = Message.objects.filter(dedup_key__startswith=f"emergency:{case.pk}:false:")
    assert called_off.filter(to_staff__isnull=False).count() == told
    assert called_off.filter(to_household=cast.homes[0]).count() == 1
    with pytest.raises(Refused, match="误报"):
        acting.arrive(case=case, by=cast.engineer, at=later(minutes=7))


def test_two_at_once_and_the_second_is_told(cast: Cast, raised: Raise):
    case = raised()
    seen = case.version
    acting.acknowledge(case=case, by=cast.engineer, at=later(minutes=2), seen=seen)
    with pytest.raises(Conflict):
        acting.acknowledge(case=case, by=cast.front, at=later(minutes=2) + timedelta(seconds=5), seen=seen)
