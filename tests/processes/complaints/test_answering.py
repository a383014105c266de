"""Replies, opinions, what follows, and the end."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import (
    AWAY,
    NINE,
    classified,
    clock,
    handled,
    later,
    prepared,
    registered,
    replied,
    visited,
    working,
)

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering, handling, intake
from yingsheng.processes.followups.models import FollowUp


def reply(cast: Cast, case: Case, *modes: str, **fields: object) -> Case:
    return answering.reply_to_household(
        case=case,
        by=cast.front,
        at=later(6),
        modes=list(modes),
        said="已处理",
        **{"signed_by": "钱女士", "no_visit_reason": "" if "visit" in modes else AWAY, **fields},
    )


@pytest.mark.rule("C-62", "C-63", "C-69")
def test_a_reply_on_the_day_keeps_the_promise(cast: Cast):
    case = replied(cast)
    assert case.state == "replied"
    assert clock(case, "reply").state == "met"


@pytest.mark.rule("C-63")
def test_a_visit_is_signed(cast: Cast):
    case = handled(cast)
    with pytest.raises(Refused) as refused:
        reply(cast, case, "visit", signed_by="")
    assert refused.value.field == "signature"
    assert reply(cast, case, "phone", signed_by="", opinion="满意").state == "replied"


@pytest.mark.example("T-C13")
@pytest.mark.rule("C-64")
def test_example_c13_written_needs_two_modes(cast: Cast):
    case = reply(cast, handled(cast, written=True), "phone")
    assert case.state == "handled"
    assert clock(case, "reply").state == "armed"
    case = reply(cast, case, "writing")
    assert case.state == "replied"
    assert Complaint.objects.get(case=case).reply_modes == ["phone", "writing"]


@pytest.mark.rule("C-67", "C-49")
def test_an_invalid_one_is_explained_and_answered_in_two_hours(cast: Cast):
    case = classified(cast, cause="grumbling")
    case = handling.finish_handling(
        case=case, by=cast.supervisor, at=later(1), method="解释", result="已说明"
    )
    case = answering.reply_to_household(
        case=case, by=cast.front, at=later(1.5), modes=["phone"], said="已说明"
    )
    assert clock(case, "reply").state == "met"
    assert Complaint.objects.get(case=case).outcome == "explained"


@pytest.mark.example("T-C16")
@pytest.mark.rule("C-56", "C-57")
def test_example_c16_not_satisfied_makes_a_new_linked_complaint_one_degree_graver(cast: Cast):
    case = replied(cast)
    fresh = answering.record_opinion(case=case, by=cast.front, at=later(7), satisfied=False, opinion="又漏了")
    case.refresh_from_db()
    assert (case.state, case.satisfied) == ("succeeded", False)
    assert (fresh.origin, fresh.severity, fresh.state) == (case, "major", "registered")
    assert not Obligation.objects.filter(
        subject_type="cases.case", subject_id=case.pk, state="armed"
    ).exists()
    assert FollowUp.objects.get(case=case).state == "void"


@pytest.mark.rule("C-56", "C-78", "C-55", "C-64", "C-09")
def test_the_new_complaint_is_as_sealed_as_the_old_one_and_owes_what_that_one_owed(cast: Cast):
    case = registered(
        cast,
        respondent_staff=cast.engineer,
        written=True,
        forwarded_by_hq=True,
        place="大堂",
        happened_at=NINE,
    )
    case = intake.classify_complaint(
        case=case, by=cast.supervisor, at=later(0.3), cause="own_service", our_fault=True
    )
    case = handling.finish_handling(
        case=prepared(cast, case),
        by=cast.supervisor,
        at=later(5),
        method="调查",
        result="道歉",
        prevention="培训",
    )
    case = reply(cast, case, "phone", "writing")
    fresh = answering.record_opinion(case=case, by=cast.front, at=later(7), satisfied=False, opinion="没诚意")
    assert fresh.confidentiality == "sealed"
    complaint = Complaint.objects.get(case=fresh)
    assert (complaint.respondent_staff, complaint.place, complaint.happened_at) == (
        cast.engineer,
        "大堂",
        NINE,
    )
    assert (complaint.written, complaint.forwarded_by_hq) == (True, True)


@pytest.mark.rule("C-56", "C-57", "C-59", "C-44")
@pytest.mark.parametrize(
    ("preset", "role", "rule"),
    [("C/000", "head", "C-57"), ("C/001-D", "head", "C-44"), ("C/003-3", "supervisor", "C-59")],
)
def test_the_other_paths_go_on_with_the_same_case(cast: Cast, preset: str, role: str, rule: str):
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=False, opinion="没修好"
    )
    assert case.state == "in_progress"
    assert Message.objects.filter(to_staff=cast.staff[role], subject_id=case.pk, rule=rule).exists()


@pytest.mark.rule("C-56")
def test_dissatisfaction_is_written_down(cast: Cast):
    with pytest.raises(Refused) as refused:
        answering.record_opinion(case=replied(cast), by=cast.front, at=later(7), satisfied=False, opinion=" ")
    assert refused.value.field == "opinion"


@pytest.mark.rule("C-55")
def test_forwarded_by_the_company_is_reported_back(cast: Cast):
    case = replied(cast, forwarded_by_hq=True)
    assert clock(case, "hq_report").due_at == later(17)
    case = answering.report_to_company(case=case, by=cast.front, at=later(8), text="已办结")
    assert clock(case, "hq_report").state == "met"
    assert Message.objects.filter(to_staff=cast.complaint_centre, rule="C-55").exists()


@pytest.mark.rule("C-70", "C-72", "C-60", "C-85", "C-86", "F-21")
def test_closed_means_answered_content_and_visited(cast: Cast):
    case = replied(cast)
    for expected in ("C-60", "C-72"):
        with pytest.raises(Refused) as refused:
            answering.close_complaint(case=case, by=cast.supervisor, at=later(40))
        assert refused.value.rule == expected
        if expected == "C-60":
            case = answering.record_opinion(
                case=case, by=cast.front, at=later(7), satisfied=True, opinion="满意"
            )
    visited(cast, case)
    case = answering.close_complaint(case=case, by=cast.supervisor, at=later(40))
    assert (case.state, case.closed_at) == ("closed", later(40))
    assert not Obligation.objects.filter(subject_id=case.pk, state="armed").exists()
    assert list(verify_chain(site_id=cast.site.pk)) == []


@pytest.mark.rule("C-55")
def test_it_is_not_closed_before_the_company_was_told(cast: Cast):
    case = replied(cast, forwarded_by_hq=True)
    case = answering.record_opinion(case=case, by=cast.front, at=later(7), satisfied=True, opinion="")
    with pytest.raises(Refused) as refused:
        answering.close_complaint(case=case, by=cast.supervisor, at=later(40))
    assert refused.value.rule == "C-55"


@pytest.mark.rule("C-69")
def test_an_unanswered_one_cannot_be_closed(cast: Cast):
    with pytest.raises(Refused) as refused:
        answering.close_complaint(case=handled(cast), by=cast.supervisor, at=later(40))
    assert refused.value.rule == "C-69"


@pytest.mark.rule("F-11", "C-59")
def test_an_unhappy_visit_means_more_work_and_another_visit(cast: Cast):
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=True, opinion="好"
    )
    visited(cast, case, satisfied=False)
    case.refresh_from_db()
    assert case.state == "in_progress"
    case = handling.finish_handling(
        case=prepared(cast, case, at=later(48)),
        by=cast.engineer,
        at=later(50),
        method="返工",
        result="换新",
        prevention="更换批次",
    )
    assert FollowUp.objects.filter(case=case).count() == 2
    case = answering.reply_to_household(
        case=case, by=cast.front, at=later(51), modes=["phone"], said="返工完成", no_visit_reason=AWAY
    )
    case = answering.record_opinion(case=case, by=cast.front, at=later(51), satisfied=True, opinion="好了")
    visited(cast, case, at=later(80))
    assert answering.close_complaint(case=case, by=cast.supervisor, at=later(90)).state == "closed"


@pytest.mark.rule("C-45", "C-58", "C-66", "C-68")
def test_the_household_hears_of_every_step(cast: Cast):
    case = registered(cast)
    assert case is not None
    case = replied(cast, home=1)
    rules = list(
        Message.objects.filter(to_household=cast.homes[1]).order_by("pk").values_list("rule", flat=True)
    )
    assert rules == ["C-33", "C-45", "C-45", "C-58", "C-60", "C-68"]


def test_every_step_of_a_life_leaves_exactly_one_event(cast: Cast):
    before = Event.objects.count()
    case = working(cast)
    written = Event.objects.order_by("seq")[before:]
    assert [event.subject_id for event in written] == [case.pk] * 4
    assert len({event.kind for event in written}) == 4
