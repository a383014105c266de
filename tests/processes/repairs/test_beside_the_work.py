"""Rework, visitors, nights, liability, the morning look, emergencies, manners."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.repairs.story import done, later, now, ordered, requested, told
from tests.processes.story import clock

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.services import closing, giving, intake, telling


def texts(case) -> list[str]:
    return list(Message.objects.filter(to_household=case.household).values_list("text", flat=True))


@pytest.mark.rule("R-05")
def test_rework_is_another_order_under_the_same_case_and_promised_anew(cast: Cast):
    first = done(cast)
    case = told(cast, first.case, satisfaction="no")
    with pytest.raises(Refused, match="返工"):
        closing.file_repair(case=case, by=cast.assistant, at=later(6))
    case = giving.redo(case=case, by=cast.front, at=later(6), reason="又滴水")
    again = WorkOrder.objects.get(redo_of=first)
    assert (again.case_id, again.worker, now(case).state) == (case.pk, cast.engineer, "ordered")
    assert clock(case, c.FINISH).due_at == later(30)
    assert now(case).repair.rework == 1
    assert clock(case, c.RECOVER).state == "void"


@pytest.mark.rule("R-07")
def test_a_visitor_is_introduced_to_the_clerk(cast: Cast):
    case = requested(cast, channel="visit")
    assert case.repair.introduced_to == cast.assistant
    assert Message.objects.filter(to_staff=cast.assistant, text=intake.INTRODUCED).exists()
    own = requested(cast, channel="visit", by=cast.assistant, caller=cast.caller(1))
    assert own.repair.introduced_to == cast.assistant
    assert Message.objects.filter(text=intake.INTRODUCED).count() == 1


@pytest.mark.rule("R-12")
def test_the_night_log_waits_for_the_morning_and_the_household_is_told(cast: Cast):
    night = later(12.5)  # 21:30
    case = requested(cast, channel="night_log", at=night)
    assert case.repair.waits_for_morning
    assert clock(case, c.ISSUE).due_at == later(24)
    assert clock(case, c.FINISH).due_at == later(48)
    assert intake.TOMORROW in texts(case)
    at_once = requested(cast, channel="night_log", at=night, at_once=True, caller=cast.caller(1))
    assert not at_once.repair.waits_for_morning
    giving.give_order(case=case, by=cast.assistant, at=later(23.9), trade="water", task="换水龙头")
    assert clock(case, c.ISSUE).state == "met"
    assert not now(case).repair.waits_for_morning


@pytest.mark.rule("R-16")
def test_whose_part_it_is_is_written_down_and_explained(cast: Cast):
    case = requested(cast)
    with pytest.raises(Refused):
        telling.assess(case=case, by=cast.front, at=later(1), part="neighbour")
    for part in ("public", "private"):
        telling.assess(case=case, by=cast.front, at=later(1), part=part, liability="查过图纸")
        assert telling.LIABILITY[part] in texts(case)
    telling.assess(case=case, by=cast.front, at=later(1), part="neighbour", other_room=cast.homes[1].room)
    assert now(case).repair.other_room == cast.homes[1].room


@pytest.mark.rule("R-19")
def test_the_morning_look_is_signed_once_a_day(cast: Cast):
    review = closing.review_morning(actor=cast.actor("assistant"), at=later(0), looked_at=["BX-1"])
    assert Event.objects.get(kind="repairs.reviewed").data["numbers"] == ["BX-1"]
    assert Obligation.objects.get(milestone=c.REVIEW).state == "met"
    with pytest.raises(Refused):
        closing.review_morning(actor=cast.actor("assistant"), at=later(1), looked_at=[])
    assert review.by == cast.assistant


@pytest.mark.rule("R-20")
def test_the_kind_must_be_stated_where_the_rule_asks_for_it(cast: Cast):
    with pytest.raises(Refused) as caught:
        requested(cast, kind="")
    assert (caught.value.field, caught.value.rule) == ("kind", "R-20")


@pytest.mark.rule("R-22")
def test_an_emergency_comes_first_and_its_order_afterwards(cast: Cast):
    with pytest.raises(Refused) as caught:
        requested(cast, title="楼道水管爆裂")
    assert (caught.value.field, caught.value.params["word"]) == ("no_emergency", "爆裂")
    assert requested(cast, title="楼道水管爆裂", no_emergency=True).pk
    origin = requested(cast, caller=cast.caller(1))
    assert requested(cast, title="爆管后换管", origin=origin).origin == origin


@pytest.mark.rule("R-17")
def test_only_the_manners_that_are_asked_are_kept_on_the_order(cast: Cast):
    from yingsheng.kernel.orders.verbs import find_verb

    order = ordered(cast)
    engineer = cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    verb = find_verb(code="finish")
    assert verb is not None
    order = verb.run(
        actor=engineer,
        order=order,
        at=later(2),
        seen=None,
        result="好了",
        checklist=["cover", "sign", "quiet"],
    )
    assert order.checklist == ["cover", "quiet"]


def test_nothing_is_finished_in_the_future_or_before_it_was_ordered(cast: Cast):
    order = orders.accept_order(order=ordered(cast), actor=cast.actor("engineer"), at=later(0.5))
    for moment in (later(5), later(-5)):
        with pytest.raises(Refused) as caught:
            orders.finish_order(
                order=order, actor=cast.actor("engineer"), at=later(2), result="好了", done_at=moment
            )
        assert caught.value.field == "done_at"


def test_an_order_decided_on_an_older_state_is_refused(cast: Cast):
    order = ordered(cast)
    orders.accept_order(order=order, actor=cast.actor("engineer"), at=later(0.5), seen=order.version)
    with pytest.raises(Conflict) as caught:
        orders.start_order(order=order, actor=cast.actor("engineer"), at=later(0.6), seen=order.version)
    assert caught.value.code == "stale"


@pytest.mark.rule("R-20", "R-21", "R-22")
def test_the_desk_hears_what_the_words_sound_like_for_what_nobody_chose(cast: Cast, client):
    client.force_login(cast.front)
    said = client.get("/repairs/guess/", {"title": "水管正在漏水"}).content.decode()
    assert "急修 · 水" in said
    assert (
        "急修"
        not in client.get("/repairs/guess/", {"title": "水管正在漏水", "kind": "minor"}).content.decode()
    )
    assert "突发事件" in client.get("/repairs/guess/", {"title": "楼道水管爆裂"}).content.decode()
    assert not client.get("/repairs/guess/", {"title": " "}).content.decode().strip()
