"""A repair on its ordinary way, and what may not be left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import Cast
from tests.processes.repairs.story import NINE, all_day, done, later, now, ordered, quoted, requested, told
from tests.processes.story import clock

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.charges.models import Payment, Quote
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.orders import services as orders
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import accounts
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers import tick as ticking
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.services import record_visit
from yingsheng.processes.repairs.models import Repair
from yingsheng.processes.repairs.rules import clocks as c
from yingsheng.processes.repairs.services import closing, giving, intake, money, telling


def texts(case) -> list[str]:
    return list(Message.objects.filter(to_household=case.household).values_list("text", flat=True))


@pytest.mark.rule("R-01", "R-03", "R-11", "R-21")
def test_a_request_gets_its_number_its_clocks_and_a_promised_time(cast: Cast):
    case = requested(cast)
    assert case.number.startswith("BX-")
    assert (case.category, case.severity, case.state) == ("water", "minor", "requested")
    running = {row.milestone: row for row in Obligation.objects.filter(subject_id=case.pk)}
    assert set(running) == {c.ISSUE, c.PASS_ON, c.FINISH}
    assert running[c.ISSUE].due_at == NINE + timedelta(minutes=15)
    assert running[c.FINISH].due_at == NINE + timedelta(hours=24)
    assert intake.RECEIVED in texts(case)


@pytest.mark.rule("R-01", "R-05", "R-11")
def test_an_order_goes_to_its_worker_who_signs_begins_and_finishes(cast: Cast):
    order = ordered(cast)
    case = now(order.case)
    assert order.number.startswith("PG-")
    assert (case.state, order.state) == ("ordered", "waiting")
    assert clock(case, c.ISSUE).state == clock(case, c.PASS_ON).state == "met"
    assert Message.objects.filter(to_staff=cast.engineer, text=orders.GIVEN).exists()
    engineer = cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    assert clock(case, c.SIGN).state == "met"
    assert now(case).handler == cast.engineer
    order = orders.start_order(order=order, actor=engineer, at=later(1))
    assert now(case).state == "working"
    order = orders.finish_order(order=order, actor=engineer, at=later(4), result="换了阀芯，不滴了")
    case = now(case)
    assert (case.state, case.handled_at, case.repair.in_limit) == ("done", later(4), True)
    assert clock(case, c.FINISH).state == "met"
    assert clock(case, c.TELL).due_at == later(6)


@pytest.mark.rule("R-04", "R-05", "R-09")
def test_it_is_filed_once_told_recovered_and_visited(cast: Cast):
    case = now(done(cast).case)
    for missing, rule in (("told", "R-04"), ("recover", "R-05")):
        with pytest.raises(Refused) as caught:
            closing.file_repair(case=case, by=cast.assistant, at=later(6))
        assert (caught.value.text, caught.value.rule) == (closing.MISSING_WORDS[missing], rule)
        if missing == "told":
            told(cast, case)
        else:
            giving.recover_forms(case=case, by=cast.front, at=later(5.5))
    with pytest.raises(Refused) as caught:
        closing.file_repair(case=case, by=cast.assistant, at=later(6))
    assert caught.value.rule == "F-02"
    record_visit(
        follow_up=FollowUp.objects.get(case=case), by=cast.area_admin, at=later(29), visitors=[cast.area_admin],
        mode="visit", quality=4, effect=4, satisfaction=4, satisfied=True, signed_by="钱女士",
    )  # fmt: skip
    case = closing.file_repair(case=case, by=cast.assistant, at=later(30))
    assert (case.state, case.closed_at) == ("filed", later(30))
    own = Obligation.objects.filter(subject_type="cases.case", subject_id=case.pk)
    assert not own.filter(state="armed").exclude(milestone="follow_up").exists()
    assert WorkOrder.objects.get(case=case).state == "returned"


@pytest.mark.rule("R-04", "R-18")
def test_a_promise_that_is_over_counts_as_not_kept_and_calls_for_an_apology(cast: Cast):
    order = ordered(cast, promised_at=later(3))
    case = order.case
    assert clock(case, c.FINISH).rule == "R-18"
    ticking.tick(now=later(3.1))
    assert now(case).repair.in_limit is False
    assert clock(case, c.APOLOGY).state == "armed"
    with pytest.raises(Refused) as caught:
        telling.rearrange(
            case=case, by=cast.front, at=later(3.2), promised_at=later(9), agreed_with="钱女士", reason="缺料"
        )
    assert caught.value.rule == "R-18"
    telling.apologise(
        case=case, by=cast.front, at=later(3.5), reason="缺料", told_to="钱女士", new_time=later(9)
    )
    assert clock(case, c.APOLOGY).state == "met"
    # the new time binds as the first did, and does not undo it
    assert clock(case, c.FINISH).due_at == later(9)
    telling.apologise(
        case=case, by=cast.front, at=later(3.6), reason="缺料", told_to="钱女士", new_time=later(10)
    )
    rounds = Obligation.objects.filter(subject_id=case.pk, milestone=c.FINISH).order_by("round")
    assert [(row.due_at, row.state) for row in rounds] == [
        (later(3), "armed"), (later(9), "void"), (later(10), "armed"),
    ]  # fmt: skip
    assert WorkOrder.objects.get(pk=order.pk).due_at == later(10)
    orders.finish_order(
        order=orders.accept_order(order=order, actor=cast.actor("engineer"), at=later(4)),
        actor=cast.actor("engineer"), at=later(8), result="修好了",
    )  # fmt: skip
    assert now(case).repair.in_limit is False
    assert [row.state for row in rounds.all()] == ["late", "void", "met"]
    assert {telling.SORRY_UNTIL} <= set(texts(case))


@pytest.mark.rule("R-18")
def test_another_time_may_be_agreed_before_the_first_is_over(cast: Cast):
    order = ordered(cast)
    telling.rearrange(
        case=order.case,
        by=cast.front,
        at=later(2),
        promised_at=later(50),
        agreed_with="钱女士",
        reason="出差",
    )
    order.refresh_from_db()
    assert order.due_at == clock(order.case, c.FINISH).due_at == later(50)


@pytest.mark.rule("R-08", "R-09", "R-15")
def test_paid_work_waits_for_the_price_then_for_money_and_signature(cast: Cast):
    order = ordered(cast, is_paid_work=True)
    case, engineer = order.case, cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    with pytest.raises(Refused) as caught:
        orders.start_order(order=order, actor=engineer, at=later(1))
    assert caught.value.rule == "R-09"
    money.quote_repair(case=case, by=cast.front, at=later(1.1), lines="换水龙头 × 1 @ 80\n角阀 × 2 @ 35")
    with pytest.raises(Refused):
        money.quote_repair(case=case, by=cast.front, at=later(1.2), lines="换水龙头 × 1 @ 70")
    money.answer_quote(case=case, by=cast.front, at=later(1.3), decision="accepted", who="钱女士")
    assert Quote.objects.get(case=case).total_fen == 15000
    order = orders.start_order(order=order, actor=engineer, at=later(2))
    orders.finish_order(order=order, actor=engineer, at=later(3), result="换好了")
    told(cast, case)
    giving.recover_forms(case=case, by=cast.front, at=later(5.1))
    Repair.objects.filter(case=case).update(visit_owed=False)
    with pytest.raises(Refused, match="付清"):
        closing.file_repair(case=case, by=cast.assistant, at=later(6))
    with pytest.raises(Refused, match="多收"):
        money.take_pay(case=case, by=cast.front, at=later(6), amount_fen=15001, method="cash", payer="钱女士")
    money.take_pay(case=case, by=cast.front, at=later(6), amount_fen=15000, method="cash", payer="钱女士")
    with pytest.raises(Refused, match="签名"):
        closing.file_repair(case=case, by=cast.assistant, at=later(6.1))
    money.sign_off(case=case, by=cast.front, at=later(6.2), signed_by="钱女士", opinion="快")
    assert closing.file_repair(case=case, by=cast.assistant, at=later(6.3)).state == "filed"
    assert Payment.objects.get(case=case).number.startswith("SJ-")


@pytest.mark.rule("R-09")
def test_a_site_that_asks_no_payment_files_without(cast: Cast):
    override_parameter(
        site=cast.site, path="R-09.payment_and_signature_required", value=False, by=cast.head,
        active_from=NINE - timedelta(hours=1), at=NINE - timedelta(days=1), reason="试行",
    )  # fmt: skip
    cast.site.refresh_from_db()
    order = quoted(cast)
    engineer = cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    orders.finish_order(order=order, actor=engineer, at=later(3), result="换好了")
    case = now(order.case)
    told(cast, case)
    giving.recover_forms(case=case, by=cast.front, at=later(5.1))
    Repair.objects.filter(case=case).update(visit_owed=False)
    assert closing.file_repair(case=case, by=cast.assistant, at=later(6)).state == "filed"


@pytest.mark.rule("R-09")
def test_money_that_is_held_is_given_back_before_a_request_is_cancelled(cast: Cast):
    case = quoted(cast).case
    money.take_pay(case=case, by=cast.front, at=later(1), amount_fen=8000, method="wechat", payer="钱女士")
    with pytest.raises(Refused, match="退款"):
        closing.cancel_repair(case=case, by=cast.front, at=later(2), reason="不修了")
    with pytest.raises(Refused):
        money.pay_back(
            case=case,
            by=cast.front,
            at=later(2),
            amount_fen=8001,
            method="wechat",
            payer="钱女士",
            reason="不修了",
        )
    money.pay_back(
        case=case,
        by=cast.front,
        at=later(2),
        amount_fen=8000,
        method="wechat",
        payer="钱女士",
        reason="不修了",
    )
    case = closing.cancel_repair(case=case, by=cast.front, at=later(2.1), reason="不修了")
    assert case.state == "cancelled"
    assert WorkOrder.objects.get(case=case).state == "void"


@pytest.mark.rule("R-05")
def test_every_number_lies_in_one_heap(cast: Cast):
    done(cast)
    ordered(cast, caller=cast.caller(1))
    voided = ordered(cast, caller=cast.caller(2))
    orders.void_order(order=voided, by=cast.front, at=later(1), reason="开错了")
    found = accounts(site=cast.site, start=NINE, end=later(24))
    assert found == {"issued": 3, "open": 1, "done": 1, "returned": 0, "void": 1}
    assert now(voided.case).state == "requested"
    assert clock(voided.case, c.ISSUE).state == "armed"


@pytest.mark.rule("R-11")
def test_the_turn_goes_by_skill_and_load_and_the_pool_to_who_is_quickest(cast: Cast):
    all_day(cast, "engineer", "water")
    all_day(cast, "engineering_head", "water", "electric")
    first = requested(cast, give="turn")
    second = requested(cast, give="turn", caller=cast.caller(1))
    workers = {WorkOrder.objects.get(case=case).worker for case in (first, second)}
    assert workers == {cast.engineer, cast.engineering_head}
    pooled = requested(cast, give="pool", caller=cast.caller(2))
    order = WorkOrder.objects.get(case=pooled)
    assert order.worker is None
    assert clock(pooled, c.PASS_ON).state == "armed"
    orders.take_order(order=order, actor=cast.actor("engineer"), at=later(0.2))
    assert clock(pooled, c.PASS_ON).state == "met"
    with pytest.raises(Conflict) as caught:
        orders.take_order(order=order, actor=cast.actor("engineering_head"), at=later(0.4))
    assert caught.value.params["who"] == cast.engineer.name


@pytest.mark.rule("R-11")
def test_nobody_to_turn_to_is_said_and_leaves_nothing_behind(cast: Cast):
    with pytest.raises(Refused) as caught:
        requested(cast, give="turn")
    assert caught.value.rule == "R-11"
    assert not WorkOrder.objects.exists()


@pytest.mark.rule("R-11")
def test_a_pool_is_given_out_whole(cast: Cast):
    all_day(cast, "engineer", "water")
    all_day(cast, "engineering_head", "water")
    for home in range(6):
        requested(cast, give="pool", caller=cast.caller(home))
    found = orders.share_out_pool(actor=cast.actor("supervisor"), at=later(1), most_open=2)
    assert found == {"given": 4, "left": 2}
    with pytest.raises(Forbidden):
        orders.share_out_pool(actor=cast.actor("engineer"), at=later(1))


@pytest.mark.rule("R-11")
def test_handing_over_and_sending_back_need_a_reason_and_a_new_signature(cast: Cast):
    order = ordered(cast)
    engineer = cast.actor("engineer")
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    with pytest.raises(Refused):
        orders.hand_over(order=order, actor=engineer, at=later(0.6), worker=cast.engineering_head, reason=" ")
    order = orders.hand_over(
        order=order, actor=engineer, at=later(0.6), worker=cast.engineering_head, reason="要登高证"
    )
    assert (order.state, order.worker) == ("waiting", cast.engineering_head)
    assert clock(order.case, c.SIGN).state == "armed"
    with pytest.raises(Forbidden):
        orders.accept_order(order=order, actor=engineer, at=later(0.7))
    order = orders.send_back(order=order, actor=cast.actor("engineering_head"), at=later(0.8), reason="缺人")
    assert (order.state, order.worker) == ("waiting", None)
    assert clock(order.case, c.PASS_ON).state == "armed"
    assert Message.objects.filter(text=orders.SENT_BACK, to_staff=cast.engineering_head).exists()


@pytest.mark.rule("R-03")
def test_a_pause_has_a_reason_and_several_trades_are_done_when_the_last_is(cast: Cast):
    order = ordered(cast)
    case, engineer = order.case, cast.actor("engineer")
    giving.give_order(
        case=case, by=cast.front, at=later(0.3), trade="masonry", task="补瓷砖", worker=cast.engineering_head
    )
    second = WorkOrder.objects.exclude(pk=order.pk).get(case=case)
    order = orders.accept_order(order=order, actor=engineer, at=later(0.5))
    order = orders.pause_order(order=order, actor=engineer, at=later(1), reason="等材料")
    assert now(case).state == "ordered"
    order = orders.start_order(order=order, actor=engineer, at=later(2))
    orders.finish_order(order=order, actor=engineer, at=later(3), result="换好了")
    assert now(case).state == "ordered"
    giving.complete_from_paper(case=case, actor=cast.actor("front"), at=later(4), result="补好了")
    second.refresh_from_db()
    assert (now(case).state, second.state) == ("done", "done")
    assert now(case).repair.result == "换好了；补好了"


@pytest.mark.rule("R-08", "R-09")
def test_an_accepted_quote_may_be_taken_back_before_anybody_works_for_it(cast: Cast):
    order = quoted(cast)
    case = order.case
    with pytest.raises(Refused, match="公共部位"):
        telling.assess(case=case, by=cast.front, at=later(0.5), part="public")
    money.take_pay(case=case, by=cast.front, at=later(0.5), amount_fen=8000, method="cash", payer="钱女士")
    assert {money.QUOTED, money.PAID} <= set(texts(case))
    with pytest.raises(Refused, match="退款"):
        money.answer_quote(case=case, by=cast.front, at=later(0.6), decision="withdrawn")
    money.pay_back(
        case=case,
        by=cast.front,
        at=later(0.6),
        amount_fen=8000,
        method="cash",
        payer="钱女士",
        reason="不做了",
    )
    money.answer_quote(case=case, by=cast.front, at=later(0.7), decision="withdrawn")
    assert money.WITHDRAWN in texts(case)
    order = orders.accept_order(order=order, actor=cast.actor("engineer"), at=later(0.8))
    with pytest.raises(Refused, match="先报价"):
        orders.start_order(order=order, actor=cast.actor("engineer"), at=later(0.9))
    telling.assess(case=case, by=cast.front, at=later(1), part="public")
    assert not now(case).repair.is_paid_work
    orders.start_order(order=order, actor=cast.actor("engineer"), at=later(1.1))


@pytest.mark.rule("R-09")
def test_a_declined_quote_says_what_next_and_one_worked_for_stays(cast: Cast):
    order = ordered(cast, is_paid_work=True)
    money.quote_repair(case=order.case, by=cast.front, at=later(0.3), lines="换水龙头 × 1 @ 80")
    money.answer_quote(case=order.case, by=cast.front, at=later(0.4), decision="declined", who="钱女士")
    order = orders.accept_order(order=order, actor=cast.actor("engineer"), at=later(0.5))
    with pytest.raises(Refused, match="重新报价"):
        orders.start_order(order=order, actor=cast.actor("engineer"), at=later(0.6))
    money.quote_repair(case=order.case, by=cast.front, at=later(0.7), lines="换水龙头 × 1 @ 60")
    money.answer_quote(case=order.case, by=cast.front, at=later(0.8), decision="accepted", who="钱女士")
    orders.start_order(order=order, actor=cast.actor("engineer"), at=later(0.9))
    with pytest.raises(Refused, match="已经施工"):
        money.answer_quote(case=order.case, by=cast.front, at=later(1), decision="withdrawn")


@pytest.mark.rule("R-13")
def test_a_mall_mends_on_the_day_it_is_told(cast: Cast):
    before = NINE - timedelta(days=1)
    adopt_preset(
        site=cast.site, preset="R/003-9", active_from=before, reason="商场", by=cast.supervisor, at=before
    )
    case = requested(cast)
    running = clock(case, c.FINISH)
    assert (running.rule, running.due_at.date()) == ("R-13", NINE.date())
    urgent = requested(cast, caller=cast.caller(1), kind="urgent")
    assert clock(urgent, c.FINISH).rule == "R-03"


@pytest.mark.rule("R-01")
def test_the_household_hears_who_took_its_repair_on(cast: Cast):
    order = ordered(cast)
    assert giving.COMES not in texts(order.case)
    orders.accept_order(order=order, actor=cast.actor("engineer"), at=later(0.5))
    told_of = Message.objects.get(to_household=order.case.household, text=giving.COMES)
    assert told_of.params["who"] == cast.engineer.name
    inside = ordered(cast, caller=cast.caller(1), is_internal=True)
    orders.accept_order(order=inside, actor=cast.actor("engineer"), at=later(0.5))
    assert giving.COMES not in texts(inside.case)


@pytest.mark.rule("R-08")
def test_rework_of_a_firm_outside_goes_back_to_the_firm(cast: Cast):
    order = ordered(cast)
    orders.assign_order(order=order, by=cast.supervisor, at=later(0.3), outside="安达门窗")
    giver = cast.actor("supervisor")
    order = orders.accept_order(order=order, actor=giver, at=later(0.5))
    orders.finish_order(order=order, actor=giver, at=later(2), result="换了合页")
    giving.redo(case=order.case, by=cast.front, at=later(3), reason="还是关不严")
    again = WorkOrder.objects.get(redo_of=order)
    assert (again.outside, again.worker) == ("安达门窗", None)
