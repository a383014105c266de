"""Harm that goes on: whoever can stop it hears at once, and it is stopped before the complaint is handled."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import NINE, clock, later, prepared, registered, working

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.services import grouping, handling, harm, intake


@pytest.mark.example("T-C28")
@pytest.mark.rule("C-17")
def test_example_c28_the_harm_is_due_before_anything_else_and_its_end_is_told(cast: Cast):
    case = registered(cast, ongoing_harm=True)
    assert (clock(case, "harm").due_at, clock(case, "harm").rule) == (later(0.5), "C-17")
    case.refresh_from_db()
    assert case.next_due_at == later(0.5)
    assert Message.objects.filter(to_staff__isnull=False, rule="C-17", subject_id=case.pk).exists()
    case = harm.stop_harm(case=case, by=cast.front, at=later(0.4), measure="关了总阀")
    assert clock(case, "harm").state == "met"
    assert Message.objects.get(to_household=cast.homes[0], rule="C-17").params["measure"] == "关了总阀"
    assert clock(case, "contact").state == "armed"
    with pytest.raises(Refused) as refused:
        harm.stop_harm(case=case, by=cast.front, at=later(0.5), measure="又关一次")
    assert refused.value.rule == "C-17"


@pytest.mark.rule("C-17", "C-12")
def test_what_is_settled_on_the_spot_goes_on_no_longer(cast: Cast):
    case = intake.solve_on_spot(
        case=registered(cast, ongoing_harm=True), by=cast.front, at=later(1), result="关阀换管"
    )
    assert clock(case, "harm").state == "late"


@pytest.mark.rule("C-17")
def test_only_harm_that_goes_on_and_a_site_that_puts_it_first_have_that_clock(cast: Cast):
    override_parameter(
        site=cast.site, path="C-17.ongoing_harm_first", value=False, active_from=NINE, reason="试行", by=cast.head,
        at=NINE,
    )  # fmt: skip
    registered(cast, ongoing_harm=True)
    registered(cast, home=1)
    assert not Obligation.objects.filter(milestone="harm").exists()
    assert not Message.objects.filter(rule="C-17").exists()


def finished(case: Case, cast: Cast, *, by: Staff | None = None) -> Case:
    return handling.finish_handling(
        case=case, by=by or cast.engineer, at=later(5), method="换管", result="已修好", prevention="每季巡检"
    )


@pytest.mark.rule("C-17")
def test_a_complaint_is_not_finished_while_its_harm_goes_on(cast: Cast):
    case = prepared(cast, working(cast, ongoing_harm=True))
    with pytest.raises(Refused) as refused:
        handling.refuse_complaint(
            case=case, by=cast.supervisor, at=later(1), reason="不归我们管", alternative="请找开发商"
        )
    assert (refused.value.rule, refused.value.field) == ("C-17", "reason")
    with pytest.raises(Refused) as refused:
        finished(case, cast)
    assert (refused.value.rule, refused.value.code) == ("C-17", "not_ready")
    case = harm.stop_harm(case=case, by=cast.front, at=later(4), measure="关了总阀")
    assert finished(case, cast).state == "handled"


@pytest.mark.rule("C-17")
def test_a_group_is_not_finished_while_harm_goes_on_at_one_of_its_homes(cast: Cast):
    cases = [registered(cast, home=home, ongoing_harm=home == 0) for home in range(5)]
    parent = grouping.merge_group(cases=cases, title="顶层漏水", by=cast.supervisor, at=later(1))
    parent = intake.classify_complaint(case=parent, by=cast.supervisor, at=later(1.2), cause="own_service")
    parent = handling.dispatch_complaint(
        case=parent, by=cast.supervisor, at=later(1.5), department=cast.department("engineering"),
        handler=cast.engineer, tracker=cast.area_admin,
    )  # fmt: skip
    parent = prepared(
        cast, handling.accept_complaint(case=parent, by=cast.engineer, at=later(1.6)), at=later(2)
    )
    with pytest.raises(Refused) as refused:
        finished(parent, cast)
    assert refused.value.rule == "C-17"
    cases[0].refresh_from_db()
    assert cases[0].state == "merged"
    harm.stop_harm(case=cases[0], by=cast.front, at=later(4), measure="接水盘接住")
    assert finished(parent, cast).state == "handled"
