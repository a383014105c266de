"""A complaint the household sends back to work: its clocks, its answer and its end start again."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import AWAY, NINE, clock, later, prepared, replied, visited, working

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.queries.unanswered import all_unanswered
from yingsheng.processes.complaints.services import answering, handling, intake
from yingsheng.processes.followups.models import FollowUp


def sent_back(cast: Cast, **fields: object) -> Case:
    """Answered on Monday, found wanting by the visit on Tuesday afternoon."""
    case = replied(cast, **fields)
    if fields.get("written"):
        case = answering.reply_to_household(
            case=case, by=cast.front, at=later(6.5), modes=["writing"], said="已修好"
        )
    case = answering.record_opinion(case=case, by=cast.front, at=later(7), satisfied=True, opinion="好")
    visited(cast, case, satisfied=False)
    case.refresh_from_db()
    assert case.state == "in_progress"
    return case


def done_again(cast: Cast, case: Case) -> Case:
    return handling.finish_handling(
        case=prepared(cast, case, at=later(48)),
        by=cast.engineer,
        at=later(50),
        method="返工",
        result="换新",
        prevention="更换批次",
    )


@pytest.mark.rule("C-59", "F-11", "C-39", "C-62")
def test_the_limits_run_again_from_the_moment_it_was_sent_back(cast: Cast):
    case = sent_back(cast)
    solve = clock(case, "solve")
    assert (solve.round, solve.state, solve.starts_at) == (2, "armed", later(30))
    assert clock(case, "contact").round == 1
    case = done_again(cast, case)
    assert clock(case, "solve").state == "met"
    reply = clock(case, "reply")
    assert (reply.round, reply.state, reply.starts_at) == (2, "armed", later(50))


@pytest.mark.rule("C-24", "C-59")
def test_a_complaint_sent_back_is_still_watched_for_the_month(cast: Cast):
    upgrade = clock(sent_back(cast), "auto_upgrade")
    assert (upgrade.round, upgrade.state, upgrade.starts_at) == (2, "armed", NINE)


@pytest.mark.rule("C-64", "C-59")
def test_the_first_answer_does_not_answer_the_second_time(cast: Cast):
    case = done_again(cast, sent_back(cast, written=True))
    case = answering.reply_to_household(
        case=case, by=cast.front, at=later(51), modes=["phone"], said="返工完成", no_visit_reason=AWAY
    )
    assert case.state == "handled"
    assert Complaint.objects.get(case=case).reply_modes == ["phone"]


@pytest.mark.rule("C-69", "F-11")
def test_it_stands_on_the_list_of_the_unanswered_again(cast: Cast):
    case = sent_back(cast)
    assert list(all_unanswered(site=cast.site)) == [case]


@pytest.mark.rule("C-59", "F-11")
def test_it_is_not_archived_before_the_household_says_it_is_content(cast: Cast):
    case = done_again(cast, sent_back(cast))
    case = answering.reply_to_household(
        case=case, by=cast.front, at=later(51), modes=["phone"], said="返工完成", no_visit_reason=AWAY
    )
    visited(cast, case, at=later(80))
    with pytest.raises(Refused) as refused:
        answering.close_complaint(case=case, by=cast.supervisor, at=later(90))
    assert refused.value.rule == "C-59"


@pytest.mark.rule("C-55", "C-59")
def test_the_company_hears_of_the_second_result_too(cast: Cast):
    adopt_preset(site=cast.site, preset="C/003-3", active_from=NINE, reason="试行", by=cast.head, at=NINE)
    override_parameter(
        site=cast.site, path="C-55.hq_report_within", value=12, active_from=NINE, reason="试行", by=cast.head,
        at=NINE,
    )  # fmt: skip
    case = replied(cast, forwarded_by_hq=True)
    case = answering.report_to_company(case=case, by=cast.front, at=later(6.5), text="已办结")
    case = answering.record_opinion(case=case, by=cast.front, at=later(7), satisfied=False, opinion="没好")
    case = done_again(cast, case)
    assert (clock(case, "hq_report").round, clock(case, "hq_report").state) == (2, "armed")


@pytest.mark.rule("C-55", "C-12")
def test_the_company_hears_of_what_was_settled_on_the_spot(cast: Cast):
    case = intake.register_complaint(
        site=cast.site, caller=cast.caller(), title="灯不亮", channel="hotline", by=cast.front, at=NINE,
        forwarded_by_hq=True,
    )  # fmt: skip
    case = intake.solve_on_spot(case=case, by=cast.front, at=later(0.2), result="换了灯泡")
    assert clock(case, "hq_report").due_at == later(12.2)


@pytest.mark.rule("F-11", "C-12")
def test_what_did_not_hold_on_the_spot_is_worked_like_any_other(cast: Cast):
    case = intake.register_complaint(
        site=cast.site, caller=cast.caller(), title="灯不亮", channel="phone", by=cast.front, at=NINE
    )
    case = intake.solve_on_spot(case=case, by=cast.front, at=later(0.2), result="换了灯泡")
    visited(cast, case, satisfied=False)
    assert clock(case, "plan").state == "armed"


@pytest.mark.rule("F-11")
def test_the_repeated_visit_has_its_own_limit(cast: Cast):
    override_parameter(
        site=cast.site,
        path="F-11.repeat_within",
        value=1,
        active_from=NINE,
        reason="试行",
        by=cast.head,
        at=NINE,
    )
    case = done_again(cast, sent_back(cast))
    promise = Obligation.objects.filter(subject_type="followups.followup", state="armed").get()
    assert (promise.rule, promise.amount) == ("F-11", 1)
    assert FollowUp.objects.get(case=case, state="due").due_at == promise.due_at


@pytest.mark.rule("C-33", "C-62")
def test_settling_the_matter_late_does_not_undo_a_missed_agreed_answer(cast: Cast):
    case = handling.contact_household(
        case=working(cast), by=cast.supervisor, at=later(1), person="钱女士", agreed_reply_at=later(3)
    )
    case = handling.finish_handling(
        case=prepared(cast, case, at=later(1.5)),
        by=cast.engineer,
        at=later(5),
        method="换",
        result="好",
        prevention="巡检",
    )
    assert clock(case, "agreed_reply").state == "armed"
    answering.reply_to_household(
        case=case, by=cast.front, at=later(6), modes=["phone"], said="已修好", no_visit_reason=AWAY
    )
    assert clock(case, "agreed_reply").state == "late"
    assert clock(case, "reply").state == "met"


@pytest.mark.rule("C-33", "C-44")
def test_agreeing_another_time_does_not_undo_the_one_that_was_missed(cast: Cast):
    case = handling.contact_household(
        case=working(cast), by=cast.supervisor, at=later(1), person="钱女士", agreed_reply_at=later(2)
    )
    handling.contact_household(
        case=case, by=cast.supervisor, at=later(4), person="钱女士", agreed_reply_at=later(20)
    )
    rows = Obligation.objects.filter(subject_id=case.pk, milestone="agreed_reply").order_by("round")
    assert [row.state for row in rows] == ["late", "armed"]
    assert clock(case, "agreed_reply").due_at == later(20)


@pytest.mark.rule("C-33")
def test_what_was_settled_before_the_agreed_time_is_answered_by_it(cast: Cast):
    case = handling.contact_household(
        case=working(cast), by=cast.supervisor, at=later(1), person="钱女士", agreed_reply_at=later(30)
    )
    case = handling.finish_handling(
        case=prepared(cast, case, at=later(1.5)),
        by=cast.engineer,
        at=later(5),
        method="换",
        result="好",
        prevention="巡检",
    )
    assert clock(case, "agreed_reply").state == "void"
    assert clock(case, "reply").due_at == later(30)


@pytest.mark.example("T-F10")
@pytest.mark.rule("F-11", "C-59", "C-70")
def test_example_f10_rectified_and_visited_again_until_the_household_is_content(cast: Cast):
    case = sent_back(cast)
    for hours, satisfied in ((60, False), (120, True)):
        case = handling.finish_handling(
            case=prepared(cast, case, at=later(hours - 4)), by=cast.engineer, at=later(hours), method="返工",
            result="换新", prevention="更换批次",
        )  # fmt: skip
        case = answering.reply_to_household(
            case=case,
            by=cast.front,
            at=later(hours + 1),
            modes=["visit"],
            said="返工完成",
            signed_by="钱女士",
        )
        visited(cast, case, satisfied=satisfied, at=later(hours + 20))
        case.refresh_from_db()
        assert case.state == ("replied" if satisfied else "in_progress")
    states = FollowUp.objects.filter(case=case).order_by("round").values_list("state", flat=True)
    assert list(states) == ["unsatisfied", "unsatisfied", "satisfied"]
    case = answering.record_opinion(case=case, by=cast.front, at=later(141), satisfied=True, opinion="好了")
    assert answering.close_complaint(case=case, by=cast.supervisor, at=later(142)).state == "closed"
