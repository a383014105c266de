"""Visitors: the host first, IDs by guards alone, turned away politely, a message taken, names forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.cast import Cast
from tests.factories.visitors import make_pass, make_visitor
from tests.processes.story import later

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.visitors.models import Pass, Visitor
from yingsheng.processes.visitors.process import asides
from yingsheng.processes.visitors.queries.visits import host_of
from yingsheng.processes.visitors.services import visits
from yingsheng.processes.visitors.services.keeping import keep_gate


def owed(row: Visitor, milestone: str) -> Obligation:
    return Obligation.objects.get(subject_type="visitors.visitor", subject_id=row.pk, milestone=milestone)


def let_in(cast: Cast, row: Visitor, who: str = "guard", hours: float = 0.1, **more: Any) -> Visitor:
    values = {"host_answer": "yes", "id_state": "shown" if who == "guard" else "not_asked", **more}
    return visits.let_in(actor=cast.actor(who), record=row, at=later(hours), **values)


@pytest.mark.rule("V-01", "V-05")
def test_the_host_is_asked_and_answers_in_time(cast: Cast) -> None:
    before = Event.objects.count()
    row = make_visitor(cast)
    assert Event.objects.count() == before + 1
    clock = owed(row, "host_answer")
    assert (clock.rule, clock.responsible_role, clock.due_at) == (
        "V-05",
        "LOBBY",
        later(0) + timedelta(minutes=10),
    )
    with pytest.raises(Refused, match="先联系被访人"):
        let_in(cast, row, host_answer="absent")
    made = let_in(cast, row)
    clock.refresh_from_db()
    assert (made.state, made.let_in_by, clock.state) == ("inside", cast.guard, Obligation.State.MET)
    gone = visits.see_off(actor=cast.actor("lobby"), record=row, at=later(2))
    assert (gone.state, gone.out_at) == ("left", later(2))


@pytest.mark.rule("V-05", "V-06")
def test_only_guards_ask_for_an_id_and_no_id_means_no_entry(cast: Cast) -> None:
    row = make_visitor(cast)
    with pytest.raises(Refused, match="只有保安员") as refused:
        let_in(cast, row, "lobby", id_state="shown")
    assert refused.value.rule == "V-05"
    with pytest.raises(Refused, match="看过证件"):
        let_in(cast, row, id_state="not_asked")
    with pytest.raises(Refused, match="不能进入"):
        let_in(cast, row, id_state="unwilling")
    with pytest.raises(Refused, match="干部"):
        let_in(cast, row, id_state="forgotten")
    assert let_in(cast, row, id_state="forgotten", leader="李主管").state == "inside"
    other = make_visitor(cast)
    override_parameter(
        site=cast.site, path="V-06.id_required", value=False, active_from=later(0), reason="园区开放", by=cast.head,
        at=later(0),
    )  # fmt: skip
    assert let_in(cast, other, id_state="not_asked").state == "inside"


@pytest.mark.rule("V-06")
def test_somebody_is_turned_away_for_a_reason_of_the_list(cast: Cast) -> None:
    row = make_visitor(cast)
    with pytest.raises(Refused, match="一个原因"):
        visits.turn_away(actor=cast.actor("guard"), record=row, at=later(0.1), reason="不喜欢")
    with pytest.raises(Refused, match="呼叫附近的干部"):
        visits.turn_away(actor=cast.actor("guard"), record=row, at=later(0.1), reason="forced")
    with pytest.raises(Refused, match="只有保安员"):
        visits.turn_away(actor=cast.actor("lobby"), record=row, at=later(0.1), reason="id_unwilling")
    made = visits.turn_away(actor=cast.actor("guard"), record=row, at=later(0.1), reason="id_unwilling")
    assert (made.state, made.id_state) == ("refused", "unwilling")
    assert Event.objects.latest("seq").rule == "V-06"


@pytest.mark.rule("V-07")
def test_a_message_for_the_absent_host_reaches_the_household(cast: Cast) -> None:
    row = make_visitor(cast)
    with pytest.raises(Refused, match="写下留言"):
        visits.take_message(actor=cast.actor("lobby"), record=row, at=later(0.2), message=" ")
    visits.take_message(actor=cast.actor("lobby"), record=row, at=later(0.2), message="明天再来")
    sent = Message.objects.get(subject_type="visitors.visitor", subject_id=row.pk)
    assert (sent.to_household, sent.rule) == (cast.homes[0], "V-07")
    other = make_visitor(cast, host_kind="office", room="", host_staff=cast.head)
    visits.take_message(actor=cast.actor("lobby"), record=other, at=later(0.2), message="名片：某某公司")
    assert Message.objects.filter(to_staff=cast.head, rule="V-07").count() == 1
    third = make_visitor(cast, host_kind="office", room="", host_unit="四层 财务部")
    visits.take_message(actor=cast.actor("lobby"), record=third, at=later(0.2), message="名片")
    assert not Message.objects.filter(subject_id=third.pk, subject_type="visitors.visitor").exists()


@pytest.mark.rule("V-01", "V-08")
def test_a_guest_who_is_announced_is_met_and_led(cast: Cast) -> None:
    with pytest.raises(Refused, match="哪个单位"):
        make_visitor(cast, host_kind="office", room="")
    with pytest.raises(Refused, match="由谁迎接"):
        make_visitor(cast, host_kind="office", room="", host_unit="管理处", expected_at=later(5))
    row = make_visitor(
        cast, host_kind="office", room="", host_unit="管理处", host_staff=cast.head, is_vip=True, people=3,
        expected_at=later(5), met_by=cast.lobby,
    )  # fmt: skip
    assert (row.state, host_of(row)) == ("expected", "管理处 陈主任")
    clock = owed(row, "meet_visitor")
    assert (clock.due_at, clock.responsible_staff) == (later(5), cast.lobby)
    assert Message.objects.filter(to_staff=cast.lobby, rule="V-08").count() == 1
    visits.visitor_arrived(actor=cast.actor("lobby"), record=row, at=later(4.9))
    clock.refresh_from_db()
    assert clock.state == Obligation.State.MET
    with pytest.raises(Refused, match="带路"):
        let_in(cast, row, "lobby", hours=5)
    assert let_in(cast, row, "lobby", hours=5, led_by="郑大堂").state == "inside"
    other = make_visitor(
        cast, host_kind="office", room="", host_unit="管理处", expected_at=later(5), met_by=cast.lobby
    )
    visits.cancel_visit(actor=cast.actor("lobby"), record=other, at=later(1), reason="改天")
    assert owed(other, "meet_visitor").state == Obligation.State.VOID


@pytest.mark.rule("V-09")
def test_names_are_forgotten_in_time_and_visits_stay_counted(cast: Cast) -> None:
    done, inside = make_visitor(cast), make_visitor(cast)
    visits.take_message(actor=cast.actor("lobby"), record=done, at=later(0.2), message="请回电13800001111")
    let_in(cast, inside)
    row = make_pass(cast, relation="tenant", consent_way="phone", consent_name="钱女士", plate="粤B12345")
    keep_gate(now=later(24 * 29))
    done.refresh_from_db()
    assert done.name == "施先生"
    keep_gate(now=later(24 * 30 + 1))
    done.refresh_from_db()
    inside.refresh_from_db()
    assert (done.name, done.purpose, done.message, inside.name) == ("", "", "", "施先生")
    assert done.forgotten_at == later(24 * 30 + 1) and Visitor.objects.count() == 2
    assert "13800001111" not in str(list(Message.objects.values_list("params", flat=True)))
    # nothing that is kept for good holds a name
    told = str(list(Event.objects.filter(kind__startswith="visitors.").values_list("data", flat=True)))
    assert "施先生" not in told and "钱女士" not in told and "13800001111" not in told
    assert Event.objects.filter(kind="visitors.names_forgotten").count() == 1
    row.refresh_from_db()
    assert row.applicant
    keep_gate(now=later(24 * 366))
    row = Pass.objects.get()
    assert (row.applicant, row.consent_name, row.plate) == ("", "", "") and row.forgotten_at is not None


@pytest.mark.rule("V-01")
def test_a_stranger_registers_nobody_and_no_host_is_invented(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        visits.register_visitor(
            actor=cast.actor("engineer"),
            at=later(0),
            name="某",
            host_kind="home",
            purpose="x",
            room="3-2-1802",
        )
    with pytest.raises(Refused, match="没有这个房号"):
        make_visitor(cast, room="9-9-9")


@pytest.mark.rule("V-01", "V-02", "V-05")
def test_what_the_desk_and_the_next_shift_are_told(cast: Cast) -> None:
    make_pass(cast, relation="tenant", consent_way="ask")
    row = make_visitor(cast)
    home = cast.homes[0]
    lines = asides.known(actor=cast.actor("front"), household=home, now=later(0.1))
    assert [one.word for one in lines] == ["放行条", "来访"]
    assert asides.known(actor=cast.actor("engineer"), household=home, now=later(0.1)) == []
    lists = asides.today(actor=cast.actor("front"), now=later(0.1))
    assert [one.rule for one in lists] == ["V-02", "V-05"]
    assert [one.key for one in asides.handed_on(site=cast.site, now=later(0.1))] == [
        f"visitors.visitor:{row.pk}"
    ]
    assert [one.permission for one in asides.of_home(home)] == [
        "visitors.issue", "visitors.register", "visitors.deposits",
    ]  # fmt: skip
