"""Ordered calls, heads' own visits, and what a month of visits teaches."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.factories.cast import Cast
from tests.processes.story import handled, later, registered, replied, visited

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.access import Forbidden
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.periods import open_periods
from yingsheng.processes.complaints.services.checks import record_spot_check
from yingsheng.processes.followups.models import CallOrder, FollowUp
from yingsheng.processes.followups.queries import list_orders, month_of_visits, rates_by_matter, rates_by_rank
from yingsheng.processes.followups.services.analysis import file_analysis
from yingsheng.processes.followups.services.orders import order_call, record_call

BACKEND = "yingsheng.kernel.org.login.StaffBackend"


def owed(order: CallOrder) -> Obligation:
    return Obligation.objects.get(subject_type="followups.callorder", subject_id=order.pk)


@pytest.mark.rule("F-15")
def test_a_leaders_order_is_called_and_the_outcome_reported_to_him(cast: Cast):
    case = handled(cast)
    order = order_call(
        actor=cast.actor("head"),
        at=later(6),
        kind="leader",
        text="问是否还漏",
        case=case,
        assigned=cast.front,
    )
    assert (owed(order).rule, owed(order).due_at, owed(order).responsible_staff) == (
        "F-15",
        later(30),
        cast.front,
    )
    assert Message.objects.filter(to_staff=cast.front, rule="F-15").count() == 1
    order = record_call(
        order=order, actor=cast.actor("front"), at=later(7), result="again", outcome="无人接听"
    )
    assert (order.state, order.tries, owed(order).state) == ("open", 1, "armed")
    order = record_call(
        order=order, actor=cast.actor("front"), at=later(9), result="reached", outcome="不漏了，满意"
    )
    assert (order.state, order.tries, owed(order).state) == ("reached", 2, "met")
    assert Message.objects.filter(to_staff=cast.head, rule="F-15").count() == 2
    kinds = Event.objects.filter(subject_id=case.pk, kind__startswith="followups.call").order_by("seq")
    assert [event.kind for event in kinds] == [
        "followups.call_ordered",
        "followups.call_tried",
        "followups.call_reported",
    ]
    with pytest.raises(Refused):
        record_call(order=order, actor=cast.actor("front"), at=later(10), result="reached", outcome="再打")


@pytest.mark.rule("F-15")
def test_a_notification_call_names_its_plan_and_its_household(cast: Cast):
    head = cast.actor("head")
    with pytest.raises(Refused) as nobody:
        order_call(actor=head, at=later(0), kind="leader", text="问好")
    assert nobody.value.field == "room"
    with pytest.raises(Refused) as no_plan:
        order_call(actor=head, at=later(0), kind="notice", text="周六游园", household=cast.homes[0])
    assert no_plan.value.field == "plan"
    with pytest.raises(Forbidden):
        order_call(actor=cast.actor("front"), at=later(0), kind="leader", text="x", household=cast.homes[0])
    order = order_call(
        actor=head,
        at=later(0),
        kind="notice",
        text="周六游园",
        plan="社区游园",
        household=cast.homes[0],
        due_at=later(4),
    )
    assert owed(order).due_at == later(4)
    record_call(order=order, actor=cast.actor("front"), at=later(5), result="given_up", outcome="号码停机")
    assert owed(order).state == "late"
    assert Event.objects.get(kind="followups.call_reported").rule == "F-15"


@pytest.mark.rule("F-15", "F-21")
def test_orders_on_the_page_and_on_the_case(cast: Cast):
    case = handled(cast)
    client = Client()
    client.force_login(cast.head, backend=BACKEND)
    words = {"kind": "leader", "text": "问是否还漏", "form_key": "a"}
    assert client.post("/followups/orders/", {**words, "number": "TS-1"}).status_code == 422
    assert client.post("/followups/orders/", {**words, "room": "99栋1单元1"}).status_code == 422
    sent = client.post("/followups/orders/", {**words, "number": case.number, "form_key": "b"})
    assert sent.status_code == 303
    order = CallOrder.objects.get()
    page = client.get(f"/cases/{case.key}/").content.decode()
    assert "问是否还漏" in page and "回访" in page
    assert case.number in client.get(f"/followups/orders/{order.pk}/").content.decode()
    done = client.post(
        f"/followups/orders/{order.pk}/",
        {"result": "reached", "outcome": "好了", "seen": "1", "form_key": "c"},
    )
    assert done.status_code == 303
    assert "好了" in client.get("/followups/orders/").content.decode()


@pytest.mark.rule("F-24", "C-77")
def test_a_heads_visit_is_among_the_visits_and_replaces_none(cast: Cast):
    case = handled(cast)
    record_spot_check(
        site=cast.site,
        kind="complainant",
        finding="满意",
        by=cast.head,
        at=later(6),
        case=case,
        satisfied=True,
    )
    check = FollowUp.objects.get(case=case, by_check=True)
    assert (check.state, check.round) == ("satisfied", 2)
    span = {"site": cast.site, "start": later(0), "end": later(99)}
    assert rates_by_rank(**span)["SITE_HEAD"].done == 1
    assert rates_by_matter(**span)["complaints"].done == 0
    assert FollowUp.objects.get(case=case, by_check=False).state == "due"
    client = Client()
    client.force_login(cast.head, backend=BACKEND)
    assert "主任走访" in client.get(f"/cases/{case.key}/").content.decode()
    assert client.get(f"/followups/{check.pk}/").status_code == 200


@pytest.mark.rule("F-24", "C-76")
def test_a_check_of_the_records_is_no_visit(cast: Cast):
    record_spot_check(site=cast.site, kind="records", finding="齐全", by=cast.head, at=later(6))
    assert not FollowUp.objects.exists()


@pytest.mark.rule("F-20", "F-22")
def test_a_month_of_visits_shows_grades_and_what_was_wanting_and_is_signed(cast: Cast):
    open_periods(now=later(0))
    visited(cast, replied(cast))
    visited(cast, replied(cast, home=1), satisfied=False)
    found = month_of_visits(site=cast.site, month=date(2025, 3, 1))
    assert (found.visited, found.satisfied, found.quality) == (2, 1, 2.5)
    assert [row.shortcomings for row in found.remarks] == ["又漏了"]
    filing = file_analysis(
        actor=cast.actor("supervisor"),
        month=date(2025, 3, 1),
        conclusion="返修多，培训换阀",
        at=later(24 * 28),
    )
    assert (filing.content["visited"], filing.content["satisfied"], len(filing.content["unhappy"])) == (
        2,
        1,
        1,
    )
    assert Obligation.objects.get(milestone="visit_analysis").state == "met"
    assert Event.objects.get(kind="followups.analysed").rule == "F-22"


@pytest.mark.rule("F-22")
def test_a_month_is_judged_when_it_is_over(cast: Cast):
    open_periods(now=later(0))
    with pytest.raises(Refused) as refused:
        file_analysis(
            actor=cast.actor("supervisor"), month=date(2025, 3, 1), conclusion="还早", at=later(24 * 27)
        )
    assert refused.value.code == "too_early"
    assert Obligation.objects.get(milestone="visit_analysis").state == "armed"


@pytest.mark.rule("F-15")
def test_calls_still_to_be_made_stand_first(cast: Cast):
    orders = [
        order_call(
            actor=cast.actor("head"),
            at=later(number),
            kind="leader",
            text=f"问{number}",
            case=registered(cast),
        )
        for number in range(3)
    ]
    record_call(order=orders[2], actor=cast.actor("head"), at=later(4), result="reached", outcome="好")
    assert [row.text for row in list_orders(actor=cast.actor("head"))] == ["问1", "问0", "问2"]


@pytest.mark.rule("F-20", "F-22")
def test_the_analysis_page_leads_to_a_measure(cast: Cast):
    visited(cast, replied(cast), satisfied=False)
    client = Client()
    client.force_login(cast.supervisor, backend=BACKEND)
    page = client.get("/followups/analysis/?month=2025-03").content.decode()
    assert "又漏了" in page and "source=visits&amp;month=2025-03" in page
    assert client.post("/followups/analysis/?month=2025-03", {"conclusion": ""}).status_code == 422
    sent = client.post("/followups/analysis/?month=2025-03", {"conclusion": "培训", "form_key": "a"})
    assert sent.status_code == 303
    assert "培训" in client.get(sent["Location"]).content.decode()
