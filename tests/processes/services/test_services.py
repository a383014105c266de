"""Special services: asked for, paid and signed for, given out, followed, visited midway and at the end, closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import AWAY, NINE, later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.charges.models import Payment, Quote
from yingsheng.kernel.charges.services import set_price
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.services import start_order, void_order
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.services import record_visit
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.queries.month import month_figures, window_of
from yingsheng.processes.services.services import intake, money, running

FIRST, LAST = date(2025, 3, 5), date(2025, 3, 31)


@pytest.fixture
def priced(cast: Cast) -> Cast:
    set_price(
        actor=cast.actor("head"),
        at=later(-1),
        kind="service",
        code="JZ1",
        name="家政保洁",
        unit="次",
        price_fen=12_000,
    )
    return cast


def registered(cast: Cast, **fields: Any) -> Case:
    return intake.register_service(
        **{
            "site": cast.site, "caller": cast.caller(), "by": cast.front, "at": NINE, "item": "家政保洁",
            "channel": "phone", "first_date": FIRST, "last_date": LAST, **fields,
        }
    )  # fmt: skip


def charged(cast: Cast, case: Case, **fields: Any) -> Case:
    return money.charge(
        **{
            "case": case, "by": cast.front, "at": later(0.2), "method": "cash", "payer": "钱女士",
            "signed_by": "钱女士", **fields,
        }
    )  # fmt: skip


def dispatched(cast: Cast, case: Case, **fields: Any) -> WorkOrder:
    running.dispatch(
        **{
            "case": case,
            "by": cast.front,
            "at": later(0.5),
            "trade": "cleaning",
            "outside": "洁家公司",
            **fields,
        }
    )
    return WorkOrder.objects.get(case=case, state="waiting")


def in_service(cast: Cast, **fields: Any) -> Case:
    case = charged(cast, registered(cast, **fields))
    dispatched(cast, case)
    return running.begin(case=case, by=cast.front, at=later(48))


def finished(cast: Cast, case: Case, hours: float = 24 * 28) -> Case:
    return running.finish(case=case, actor=cast.actor("front"), at=later(hours), result="按约做完")


def visit(cast: Cast, case: Case, part: str, *, happy: bool = True, hours: float = 24 * 29) -> None:
    record_visit(
        follow_up=FollowUp.objects.get(case=case, part=part, state="due"), by=cast.area_admin, at=later(hours),
        visitors=[cast.area_admin], mode="phone", no_visit_reason=AWAY, quality=3, effect=3,
        satisfaction=3 if happy else 1, satisfied=happy, shortcomings="" if happy else "窗没擦",
    )  # fmt: skip


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


@pytest.mark.rule("S-01", "S-10", "S-02")
def test_a_request_is_recorded_with_its_time_price_and_promise(priced: Cast):
    case = registered(priced, body="自带吸尘器", provider="洁家公司", quantity="2")
    service = Service.objects.get(case=case)
    assert (case.number[:2], case.state, case.title) == ("TY", "requested", "家政保洁")
    assert (service.item, service.fee_fen, service.first_date, service.last_date) == (
        "JZ1",
        24_000,
        FIRST,
        LAST,
    )
    assert service.provider == "洁家公司"
    promise = Obligation.objects.get(subject_id=case.pk, milestone="give_out")
    assert (promise.rule, promise.due_at) == ("S-02", later(1))
    assert Event.objects.filter(subject_type="cases.case", subject_id=case.pk).count() == 1
    assert Message.objects.get(dedup_key=f"service:{case.pk}:received").params["fee"] == "240.00"


@pytest.mark.rule("S-10", "S-01")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"item": "遛狗"}, "fee_fen"),
        ({"quantity": "很多"}, "quantity"),
        ({"quantity": "0"}, "quantity"),
        ({"item": " ", "fee_fen": 0}, "item"),
        ({"last_date": date(2025, 3, 1)}, "last_date"),
        ({"first_date": date(2025, 2, 1), "last_date": date(2025, 2, 2)}, "first_date"),
        ({"caller": Caller()}, "caller_phone"),
    ],
)
def test_what_cannot_be_registered(priced: Cast, fields: dict[str, Any], field: str):
    with pytest.raises(Refused) as refused:
        registered(priced, **fields)
    assert refused.value.field == field
    assert not Case.objects.filter(process="services").exists()


@pytest.mark.rule("S-04", "S-05")
def test_the_fee_is_taken_and_signed_for_before_the_service_is_given_out(priced: Cast):
    case = registered(priced)
    with pytest.raises(Refused) as refused:
        dispatched(priced, case)
    assert refused.value.rule == "S-04"
    with pytest.raises(Refused) as refused:
        charged(priced, case, signed_by="")
    assert (refused.value.field, refused.value.rule) == ("signature", "S-05")
    case = charged(priced, case)
    payment = Payment.objects.get(case=case)
    assert (payment.amount_fen, payment.payer, case.state) == (12_000, "钱女士", "arranged")
    assert Quote.objects.get(case=case).state == "accepted"
    assert Service.objects.get(case=case).signed_by == "钱女士"
    order = dispatched(priced, case)
    assert (order.outside, state_of(case)) == ("洁家公司", "dispatched")
    assert Obligation.objects.get(subject_id=case.pk, milestone="give_out").state == "met"
    assert Event.objects.get(kind="orders.issued").rule == "S-02"
    with pytest.raises(Refused):
        charged(priced, Case.objects.get(pk=case.pk))


@pytest.mark.rule("S-04", "S-05")
def test_where_the_figures_do_not_ask_it_goes_out_unpaid_and_unsigned(priced: Cast):
    for path in ("S-04.fee_at_arrangement", "S-05.signature_required"):
        override_parameter(
            site=priced.site, path=path, value=False, active_from=NINE, reason="月结", by=priced.head, at=NINE
        )
    case = registered(priced)
    dispatched(priced, case)
    case = charged(priced, Case.objects.get(pk=case.pk), signed_by="")
    assert (case.state, Payment.objects.count()) == ("dispatched", 1)


@pytest.mark.rule("S-10", "S-02")
def test_a_free_service_goes_out_at_once(cast: Cast):
    case = registered(cast, item="代收大件", fee_fen=0)
    assert case.state == "arranged"
    order = dispatched(cast, case, outside="", worker=cast.engineer)
    assert order.worker == cast.engineer
    assert Service.objects.get(case=case).provider == cast.engineer.name


@pytest.mark.rule("S-03", "S-08", "F-04")
def test_a_service_is_followed_visited_midway_and_at_the_end_and_closed(priced: Cast):
    case = in_service(priced)
    midway = FollowUp.objects.get(case=case, part="mid")
    assert midway.due_at.astimezone(SHANGHAI).date() == date(2025, 3, 18)
    service = Service.objects.get(case=case)
    assert (service.mid_visit, service.mid_date) == ("owed", date(2025, 3, 18))
    case = running.track(
        case=Case.objects.get(pk=case.pk), by=priced.assistant, at=later(100), text="厨房擦得干净", good=True
    )
    assert Service.objects.get(case=case).remarks.get().text == "厨房擦得干净"
    visit(priced, case, "mid", hours=24 * 15)
    case = finished(priced, case)
    assert (case.state, case.handled_at) == ("finished", later(24 * 28))
    assert Service.objects.get(case=case).end_visit == "owed"
    visit(priced, case, "end")
    case.refresh_from_db()
    assert (case.state, case.satisfied, case.closed_at) == ("closed", True, later(24 * 29))
    figures = month_figures(
        site=priced.site, window=window_of(year=2025, month=3, site=priced.site, at=NINE), at=NINE
    )
    assert (figures.visited, figures.visits, figures.target, figures.satisfied) == (2, 2, 100, 1)


@pytest.mark.rule("F-11", "S-08")
def test_an_unhappy_end_is_put_right_and_visited_again(priced: Cast):
    case = finished(priced, in_service(priced))
    visit(priced, case, "end", happy=False)
    case.refresh_from_db()
    assert (case.state, case.satisfied) == ("rectifying", False)
    case = running.rectify(case=case, by=priced.front, at=later(24 * 30), text="重擦一遍")
    assert case.state == "finished"
    again = FollowUp.objects.get(case=case, part="end", state="due")
    assert (
        again.round,
        Obligation.objects.get(subject_type="followups.followup", subject_id=again.pk).rule,
    ) == (
        2,
        "F-11",
    )
    visit(priced, case, "end", hours=24 * 31)
    assert state_of(case) == "closed"


@pytest.mark.rule("F-11", "F-04")
def test_an_unhappy_middle_is_put_right_while_the_service_runs(priced: Cast):
    case = in_service(priced)
    with pytest.raises(Refused):
        running.rectify(case=case, by=priced.front, at=later(60), text="换人")
    visit(priced, case, "mid", happy=False, hours=24 * 15)
    case = running.rectify(
        case=Case.objects.get(pk=case.pk), by=priced.front, at=later(24 * 16), text="换了人"
    )
    assert case.state == "in_service"
    assert FollowUp.objects.get(case=case, part="mid", state="due").round == 2


@pytest.mark.rule("S-02", "S-08")
def test_our_own_people_say_on_their_order_that_they_began_and_ended(priced: Cast):
    case = charged(priced, registered(priced))
    order = dispatched(priced, case, outside="", worker=priced.engineer)
    actor = priced.actor("front")
    from yingsheng.kernel.orders.services import accept_order, finish_order

    accept_order(order=order, actor=actor, at=later(1))
    start_order(order=order, actor=actor, at=later(2))
    assert state_of(case) == "in_service"
    assert Event.objects.filter(kind="services.started").count() == 1
    finish_order(order=order, actor=actor, at=later(9), result="做完")
    assert state_of(case) == "finished"
    assert FollowUp.objects.filter(case=case, part="end").count() == 1


@pytest.mark.rule("S-02")
def test_an_order_taken_out_of_use_leaves_the_service_to_be_given_out_again(priced: Cast):
    case = charged(priced, registered(priced))
    void_order(order=dispatched(priced, case), by=priced.front, at=later(1), reason="换一家")
    assert state_of(case) == "arranged"
    assert dispatched(priced, Case.objects.get(pk=case.pk), at=later(2)).outside == "洁家公司"


@pytest.mark.rule("S-05")
def test_a_service_is_cancelled_after_the_money_was_given_back(priced: Cast):
    case = charged(priced, registered(priced))
    with pytest.raises(Refused) as refused:
        running.cancel(case=case, by=priced.front, at=later(1), reason="不要了")
    assert refused.value.rule == "S-05"
    case = money.pay_back(
        case=case,
        by=priced.front,
        at=later(1),
        amount_fen=12_000,
        method="cash",
        payer="钱女士",
        reason="不要了",
    )
    with pytest.raises(Conflict):
        running.cancel(case=case, by=priced.front, at=later(1), reason="不要了", seen=1)
    case = running.cancel(case=case, by=priced.front, at=later(1), reason="不要了")
    assert (case.state, Obligation.objects.get(subject_id=case.pk, milestone="give_out").state) == (
        "cancelled",
        "void",
    )


@pytest.mark.rule("S-11")
@pytest.mark.parametrize(("verb", "state"), [(intake.help_out, "helped"), (intake.decline, "declined")])
def test_beyond_the_service_help_is_given_or_it_is_plainly_declined(cast: Cast, verb: Any, state: str):
    case = registered(cast, item="代办签证", scope="beyond")
    with pytest.raises(Refused) as refused:
        verb(case=case, by=cast.front, at=later(0.1), answer=" ")
    assert refused.value.rule == "S-11"
    case = verb(case=case, by=cast.front, at=later(0.1), answer="请找出入境大厅，这里是地址")
    assert (case.state, case.closed_at) == (state, later(0.1))
    told = Message.objects.get(subject_id=case.pk, rule="S-11")
    assert told.params["answer"] == "请找出入境大厅，这里是地址"
    assert Obligation.objects.get(subject_id=case.pk).state == "met"


@pytest.mark.rule("S-09")
def test_an_errand_of_the_night_is_taken_up_in_the_morning(priced: Cast):
    night = datetime(2025, 3, 4, 2, 30, tzinfo=SHANGHAI)
    case = registered(
        priced, at=night, channel="night_log", caller=Caller(name="钱女士", phone="13800138000")
    )
    promise = Obligation.objects.get(subject_id=case.pk)
    assert promise.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "03-04 09:00"
    assert Service.objects.get(case=case).waits_for_morning
    assert Event.objects.get(kind="services.registered").rule == "S-09"
    at_once = registered(priced, at=night, at_once=True)
    assert not Service.objects.get(case=at_once).waits_for_morning
