"""Who hears of a complaint and who must not: departments, the one complained about, the household."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import (
    NINE,
    classified,
    clock,
    handled,
    later,
    registered,
    replied,
    visited,
    working,
)

from yingsheng.base.refusal import Refused
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering, escalating, handling, limits


def other_leader(cast: Cast) -> Staff:
    before = later(-1000)
    staff = org.hire(site=cast.site, username="sec", name="雷队长", password=None, by=None, at=before)
    org.appoint(staff=staff, site=cast.site, role="DEPT_HEAD", department="security", by=None, at=before)
    return staff


def told(staff: Staff, rule: str) -> bool:
    return Message.objects.filter(to_staff=staff, rule=rule).exists()


@pytest.mark.rule("C-31", "C-43")
def test_a_dispatch_reaches_the_head_of_that_department_and_no_other(cast: Cast):
    other = other_leader(cast)
    working(cast)
    assert told(cast.engineering_head, "C-31")
    assert not Message.objects.filter(to_staff=other).exists()


@pytest.mark.rule("C-51")
def test_in_a_park_the_result_goes_to_the_unit_responsible_and_the_manager(cast: Cast):
    other = other_leader(cast)
    adopt_preset(site=cast.site, preset="C/003-4", active_from=NINE, reason="试行", by=cast.head, at=NINE)
    handled(cast)
    assert told(cast.engineering_head, "C-51")
    assert told(cast.head, "C-51")
    assert not told(other, "C-51")


@pytest.mark.rule("C-72", "F-21")
@pytest.mark.parametrize("satisfied", [True, False])
def test_what_the_visit_showed_goes_to_the_department(cast: Cast, satisfied: bool):
    other = other_leader(cast)
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=True, opinion="好"
    )
    visited(cast, case, satisfied=satisfied)
    assert told(cast.engineering_head, "C-72")
    assert not told(other, "C-72")


@pytest.mark.rule("C-78", "C-13", "C-31")
def test_whoever_is_complained_about_is_told_nothing_and_the_site_head_instead(cast: Cast):
    registered(cast, respondent_staff=cast.supervisor)
    assert not Message.objects.filter(to_staff=cast.supervisor).exists()
    assert told(cast.head, "C-13")
    case = classified(cast, severity="minor", our_fault=False)
    Complaint.objects.filter(case=case).update(respondent_staff=cast.engineering_head)
    handling.dispatch_complaint(
        case=case, by=cast.head, at=later(1), department=cast.department("engineering")
    )
    assert not told(cast.engineering_head, "C-31")
    assert told(cast.head, "C-31")


@pytest.mark.rule("C-31", "C-30")
def test_who_took_the_form_for_the_department_stands_on_the_record_until_it_goes_elsewhere(cast: Cast):
    case = working(cast)
    complaint = Complaint.objects.get(case=case)
    assert (complaint.signed_for_by, complaint.signed_for_at) == (cast.engineer, later(0.6))
    handling.dispatch_complaint(
        case=case, by=cast.supervisor, at=later(1), department=cast.department("service")
    )
    complaint.refresh_from_db()
    assert (complaint.signed_for_by, complaint.signed_for_at) == (None, None)


def heard(cast: Cast, rule: str) -> list[str]:
    rows = Message.objects.filter(to_household=cast.homes[0], rule=rule).order_by("pk")
    return [row.text % row.params for row in rows]


@pytest.mark.rule("C-45", "C-66", "C-47")
@pytest.mark.parametrize(("cause", "rule"), [("own_service", "C-45"), ("developer", "C-66")])
def test_the_household_hears_of_every_change(cast: Cast, cause: str, rule: str):
    case = working(cast, cause=cause)
    case = limits.pause_clocks(case=case, by=cast.supervisor, at=later(1), reason="等配件")
    case = escalating.hand_up(case=case, by=cast.engineer, at=later(2), to_role="SITE_HEAD", reason="要停水")
    words = heard(cast, rule)
    assert len(words) == 4
    assert cast.department("engineering").name in words[0]
    assert cast.engineer.name in words[1]
    assert "等配件" in words[2]


@pytest.mark.rule("C-45", "C-66")
def test_a_site_may_do_without_the_notice_of_every_step(cast: Cast):
    for path in ("C-45.tell_each_step", "C-66.notice_each_change"):
        override_parameter(
            site=cast.site, path=path, value=False, active_from=NINE, reason="试行", by=cast.head, at=NINE
        )
    working(cast)
    assert heard(cast, "C-45") == heard(cast, "C-66") == []


@pytest.mark.rule("C-33", "C-39")
def test_where_no_rule_names_a_time_the_receipt_promises_none(cast: Cast):
    adopt_preset(site=cast.site, preset="C/001-I", active_from=NINE, reason="试行", by=cast.head, at=NINE)
    registered(cast)
    (words,) = heard(cast, "C-33")
    assert "尽快" in words
    assert "会在" not in words


@pytest.mark.rule("C-68", "C-67")
def test_an_answer_without_prevention_names_none(cast: Cast):
    case = classified(cast, cause="grumbling")
    case = handling.finish_handling(
        case=case, by=cast.supervisor, at=later(1), method="解释", result="已说明"
    )
    answering.reply_to_household(case=case, by=cast.front, at=later(1.5), modes=["phone"], said="已说明")
    (words,) = heard(cast, "C-68")
    assert "再次发生" not in words


@pytest.mark.rule("C-44", "C-67")
def test_an_invalid_one_needs_no_agreed_time_and_is_not_handed_up_for_that(cast: Cast):
    case = classified(cast, cause="grumbling")
    handling.contact_household(case=case, by=cast.supervisor, at=later(1), person="钱女士")
    assert not Message.objects.filter(rule="C-44").exists()


@pytest.mark.rule("C-44")
def test_who_refuses_another_date_is_handed_up_with_the_course_of_things(cast: Cast):
    case = registered(cast)
    fields = {"by": cast.supervisor, "at": later(1), "person": "钱女士", "refused_date": True}
    with pytest.raises(Refused) as refused:
        handling.contact_household(case=case, **fields)
    assert (refused.value.field, refused.value.rule) == ("said", "C-44")
    handling.contact_household(case=case, said="住户要求今天修好", **fields)
    assert Message.objects.filter(to_staff=cast.head, subject_id=case.pk, rule="C-44").exists()
    assert clock(case, "contact").state == "met"


@pytest.mark.rule("C-44")
def test_a_site_that_does_not_hand_up_on_refusal_does_not(cast: Cast):
    override_parameter(
        site=cast.site, path="C-44.hand_up_on_refusal", value=False, active_from=NINE, reason="试行", by=cast.head,
        at=NINE,
    )  # fmt: skip
    handling.contact_household(
        case=registered(cast),
        by=cast.supervisor,
        at=later(1),
        person="钱女士",
        refused_date=True,
        said="不同意",
    )
    assert not told(cast.head, "C-44")
