"""Sending on: to a department that signs, to a body outside that is tracked, to a superior who decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.cast import Cast
from tests.processes.story import NINE, classified, clock, later, prepared, registered, replied, working

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering, escalating, handling


def promises(case: Case, milestone: str) -> list[str]:
    """How every promise of a milestone ended, oldest first."""
    rows = Obligation.objects.filter(
        subject_type="cases.case", subject_id=case.pk, milestone=milestone
    ).order_by("round")
    return [row.state for row in rows]


def adopt(cast: Cast, preset: str) -> None:
    adopt_preset(
        site=cast.site, preset=preset, active_from=NINE - timedelta(days=1), reason="试行", by=cast.head,
        at=NINE - timedelta(days=1),
    )  # fmt: skip
    cast.site = Site.objects.get(pk=cast.site.pk)


def sent(cast: Cast, case: Case, hours: float) -> Case:
    return handling.dispatch_complaint(
        case=case, by=cast.supervisor, at=later(hours), department=cast.department("engineering"),
        tracker=cast.area_admin,
    )  # fmt: skip


@pytest.mark.rule("C-31", "C-42")
def test_a_classified_complaint_is_owed_to_its_department_and_keeps_its_promise(cast: Cast):
    case = classified(cast)
    row = clock(case, "dispatch")
    assert (row.rule, row.responsible_role, row.due_at) == ("C-42", "CS_SUP", later(2, minutes=20))
    sent(cast, case, 1)
    assert promises(case, "dispatch") == ["met"]
    assert promises(case, "sign") == []


@pytest.mark.rule("C-42")
def test_a_department_that_takes_it_by_itself_ends_the_sending_too(cast: Cast):
    case = classified(cast)
    handling.accept_complaint(case=case, by=cast.engineer, at=later(5))
    assert promises(case, "dispatch") == ["late"]


@pytest.mark.rule("C-30")
def test_the_paper_chain_owes_a_signature_each_time_it_is_sent(cast: Cast):
    adopt(cast, "C/001-H")
    case = sent(cast, classified(cast), 1)
    row = clock(case, "sign")
    assert (row.rule, row.responsible_staff, row.due_at) == ("C-30", cast.engineering_head, later(1.5))
    case = handling.accept_complaint(case=case, by=cast.engineer, at=later(1.4))
    assert promises(case, "sign") == ["met"]
    case = sent(cast, case, 2)
    assert promises(case, "sign") == ["met", "armed"]
    sent(cast, case, 3)
    assert promises(case, "sign") == ["met", "void", "armed"]


@pytest.mark.rule("C-30")
def test_without_the_paper_chain_nothing_is_owed_of_the_department(cast: Cast):
    assert promises(working(cast), "sign") == []


def outside(cast: Cast) -> Case:
    case = classified(cast, cause="environment")
    return escalating.forward_outside(
        case=case, by=cast.engineer, at=later(2), body="街道办事处", letter="请协助降低噪声"
    )


@pytest.mark.rule("C-46", "C-66")
def test_news_of_the_body_outside_is_owed_until_it_is_settled_and_telling_it_owes_the_next(cast: Cast):
    case = outside(cast)
    row = clock(case, "outside_notice")
    assert (row.rule, row.responsible_role, row.due_at) == ("C-66", "CS_SUP", later(26))
    case = handling.note_progress(case=case, by=cast.engineer, at=later(20), text="街道已约施工方")
    assert promises(case, "outside_notice") == ["met", "armed"]
    assert clock(case, "outside_notice").due_at == later(44)
    case = handling.note_progress(case=case, by=cast.engineer, at=later(30), text="内部备注", tell=False)
    assert clock(case, "outside_notice").due_at == later(44)
    case = handling.note_progress(case=case, by=cast.engineer, at=later(50), text="已开始整改")
    assert promises(case, "outside_notice") == ["met", "late", "armed"]
    case = prepared(cast, case, at=later(59))
    handling.finish_handling(case=case, by=cast.engineer, at=later(60), method="协调", result="已降噪")
    assert promises(case, "outside_notice") == ["met", "late", "met"]


@pytest.mark.rule("C-46", "C-66")
def test_what_comes_back_to_a_department_owes_no_news_of_outside(cast: Cast):
    case = sent(cast, outside(cast), 5)
    assert promises(case, "outside_notice") == ["void"]


@pytest.mark.rule("C-53", "C-54")
def test_without_a_post_named_the_next_level_is_asked_and_owes_its_instruction(cast: Cast):
    case = escalating.hand_up(
        case=working(cast, our_fault=False), by=cast.engineer, at=later(2), reason="缺配件"
    )
    row = clock(case, "decide")
    assert (row.rule, row.responsible_role, row.due_at) == ("C-53", "SITE_HEAD", later(26))
    assert Message.objects.filter(to_staff=cast.head, subject_id=case.pk, rule="C-53").exists()
    case = escalating.decide_matter(case=case, by=cast.head, at=later(3), decision="外购")
    assert promises(case, "decide") == ["met"]
    case = escalating.hand_up(case=case, by=cast.engineer, at=later(4), reason="外购不到")
    assert clock(case, "decide").responsible_role == "HQ_COMPLAINT"
    case = escalating.hand_up(case=case, by=cast.engineer, at=later(5), to_role="GM", reason="再请总经理")
    assert promises(case, "decide") == ["met", "void", "armed"]
    case = prepared(cast, case, at=later(5.5))
    handling.finish_handling(
        case=case, by=cast.engineer, at=later(6), method="换", result="换好", prevention="巡检"
    )
    assert promises(case, "decide") == ["met", "void", "void"]


@pytest.mark.rule("C-54")
def test_above_the_last_level_a_post_has_to_be_named(cast: Cast):
    case = working(cast, our_fault=False)
    for hours in (2, 3):
        case = escalating.hand_up(case=case, by=cast.engineer, at=later(hours), reason="缺配件")
    with pytest.raises(Refused) as refused:
        escalating.hand_up(case=case, by=cast.engineer, at=later(4), reason="缺配件")
    assert (refused.value.field, refused.value.rule) == ("to_role", "C-54")


@pytest.mark.rule("C-44", "C-53")
def test_a_household_that_refuses_any_date_puts_the_next_level_under_its_clock(cast: Cast):
    case = handling.contact_household(
        case=registered(cast), by=cast.supervisor, at=later(1), person="钱女士", refused_date=True, said="不同意",
    )  # fmt: skip
    assert (clock(case, "decide").responsible_role, clock(case, "decide").due_at) == ("SITE_HEAD", later(25))


@pytest.mark.rule("C-57")
def test_where_the_site_head_instructs_the_supervisor_asks_him_and_answers_by_it(cast: Cast):
    adopt(cast, "C/000")
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=False, opinion="没修好"
    )
    asked = Message.objects.filter(subject_id=case.pk, rule="C-57").values_list("to_staff", flat=True)
    assert set(asked) == {cast.head.pk, cast.supervisor.pk}
    assert clock(case, "decide").responsible_role == "SITE_HEAD"
    assert Complaint.objects.get(case=case).handed_up_to == "SITE_HEAD"
    escalating.decide_matter(case=case, by=cast.head, at=later(8), decision="重修并道歉")
    assert promises(case, "decide") == ["met"]


@pytest.mark.rule("C-12")
def test_a_colleague_who_tells_the_desk_late_has_broken_his_promise(cast: Cast):
    heard = {"heard_at": NINE, "first_heard_by": cast.lobby}
    in_time = registered(cast, at=later(0.2), **heard)
    assert (clock(in_time, "unsolved_notice").state, promises(in_time, "log")) == ("met", [])
    assert clock(registered(cast, home=1, at=later(1), **heard), "unsolved_notice").state == "late"


@pytest.mark.rule("C-40")
def test_classifying_a_serious_one_tells_who_decides_and_keeps_the_promise(cast: Cast):
    row = clock(classified(cast), "division_report")
    assert (row.rule, row.responsible_role, row.state) == ("C-40", "DIV_MGR", "met")


@pytest.mark.rule("C-44", "C-54")
def test_what_goes_up_by_itself_reaches_the_last_level_again(cast: Cast):
    case = working(cast, our_fault=False)
    for hours in (2, 3):
        case = escalating.hand_up(case=case, by=cast.engineer, at=later(hours), reason="缺配件")
    handling.contact_household(
        case=case, by=cast.supervisor, at=later(4), person="钱女士", refused_date=True, said="不同意"
    )
    row = clock(case, "decide")
    assert (row.responsible_role, row.due_at) == ("HQ_COMPLAINT", later(28))
