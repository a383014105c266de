"""Working a complaint, step by step."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import (
    AWAY,
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
from yingsheng.kernel.cases.queries import next_steps
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering, escalating, handling, limits


@pytest.mark.rule("C-27", "C-30", "C-31", "C-32", "C-87")
def test_dispatch_and_signature_name_who_answers(cast: Cast):
    case = working(cast)
    assert (case.state, case.handler, case.department.code) == ("in_progress", cast.engineer, "engineering")
    assert clock(case, "assign").state == "met"
    assert clock(case, "solve").responsible_staff == cast.engineer
    kinds = list(
        Event.objects.filter(subject_id=case.pk, kind__startswith="complaints.").values_list(
            "kind", flat=True
        )
    )
    assert kinds == [
        "complaints.registered",
        "complaints.classified",
        "complaints.dispatched",
        "complaints.accepted",
    ]


@pytest.mark.rule("C-41")
def test_a_serious_one_cannot_go_out_without_a_tracker(cast: Cast):
    case = classified(cast)
    with pytest.raises(Refused) as refused:
        handling.dispatch_complaint(
            case=case, by=cast.supervisor, at=later(1), department=cast.department("engineering")
        )
    assert (refused.value.field, refused.value.rule) == ("tracker", "C-41")


@pytest.mark.rule("C-33", "C-81")
def test_contact_keeps_who_was_told_and_the_time_agreed(cast: Cast):
    case = handling.contact_household(
        case=registered(cast), by=cast.supervisor, at=later(1), person="钱先生", agreed_reply_at=later(30)
    )
    assert Complaint.objects.get(case=case).contacted_person == "钱先生"
    assert clock(case, "contact").state == "met"
    assert clock(case, "agreed_reply").due_at == later(30)
    assert Message.objects.filter(to_household=cast.homes[0], rule="C-33").count() == 2


@pytest.mark.rule("C-33")
@pytest.mark.parametrize("agreed", [None, later(0.5)])
def test_contact_without_a_future_time_is_refused(cast: Cast, agreed: object):
    with pytest.raises(Refused) as refused:
        handling.contact_household(
            case=registered(cast), by=cast.supervisor, at=later(1), person="钱女士", agreed_reply_at=agreed
        )
    assert refused.value.field == "agreed_reply_at"


@pytest.mark.rule("C-16")
def test_verification_is_kept_and_timed(cast: Cast):
    case = handling.verify_facts(case=registered(cast), by=cast.engineer, at=later(1), finding="软管老化")
    assert clock(case, "verify").state == "met"
    assert Complaint.objects.get(case=case).verification == "软管老化"


@pytest.mark.rule("C-35", "C-36", "C-58")
def test_plan_reaches_the_household_before_acting(cast: Cast):
    case = handling.give_plan(
        case=working(cast), by=cast.engineer, at=later(3), plan="明早九点换软管", consent=True
    )
    assert clock(case, "plan").state == "met"
    assert Message.objects.filter(to_household=cast.homes[0], rule="C-58").exists()


@pytest.mark.rule("C-58")
def test_without_consent_nothing_is_settled(cast: Cast):
    case = handling.verify_facts(case=working(cast), by=cast.engineer, at=later(2), finding="软管老化")
    case = handling.give_plan(case=case, by=cast.engineer, at=later(3), plan="换管", consent=False)
    with pytest.raises(Refused) as refused:
        handling.finish_handling(
            case=case, by=cast.engineer, at=later(4), method="换", result="换好", prevention="巡检"
        )
    assert refused.value.rule == "C-58"


@pytest.mark.rule("C-45", "C-66")
def test_each_step_is_told_once(cast: Cast):
    case = handling.note_progress(case=working(cast), by=cast.engineer, at=later(2), text="配件已到")
    handling.note_progress(case=case, by=cast.engineer, at=later(2.5), text="内部备注", tell=False)
    assert Message.objects.filter(to_household=cast.homes[0], rule="C-66").count() == 1


@pytest.mark.rule("C-07", "C-14", "C-15")
def test_the_supervisor_is_called_with_a_moment(cast: Cast):
    case = escalating.call_supervisor(case=registered(cast), by=cast.front, at=later(0.1), why="情绪激动")
    event = Event.objects.get(kind="complaints.supervisor_called", subject_id=case.pk)
    assert event.at == later(0.1)
    assert cast.supervisor.pk in event.data["told"]


@pytest.mark.rule("C-53", "C-54", "C-57", "C-51")
def test_what_cannot_be_solved_goes_up_and_comes_back_with_an_instruction(cast: Cast):
    case = escalating.hand_up(
        case=working(cast), by=cast.engineer, at=later(2), to_role="SITE_HEAD", reason="缺配件"
    )
    assert Message.objects.filter(to_staff=cast.head, subject_id=case.pk, rule="C-53").exists()
    case = escalating.hand_up(
        case=case, by=cast.head, at=later(3), to_role="HQ_COMPLAINT", reason="需公司协调"
    )
    assert Event.objects.filter(kind="complaints.handed_up", subject_id=case.pk, rule="C-54").exists()
    case = escalating.decide_matter(case=case, by=cast.general_manager, at=later(4), decision="先行垫付")
    assert Message.objects.filter(to_staff=cast.engineer, subject_id=case.pk, rule="C-53").exists()


@pytest.mark.rule("C-53")
def test_an_empty_site_cannot_be_handed_up_to(cast: Cast):
    Staff.objects.exclude(pk=cast.engineer.pk).update(is_active=False)
    with pytest.raises(Refused):
        escalating.hand_up(case=working(cast), by=cast.engineer, at=later(2), to_role="GM", reason="无")


@pytest.mark.rule("C-46", "C-47", "C-48", "C-66")
@pytest.mark.parametrize(("cause", "rule"), [("developer", "C-47"), ("environment", "C-48")])
def test_outside_causes_are_forwarded_in_writing_and_tracked(cast: Cast, cause: str, rule: str):
    case = escalating.forward_outside(
        case=classified(cast, cause=cause), by=cast.supervisor, at=later(4), body="开发商", letter="见附件"
    )
    assert case.state == "forwarded"
    assert clock(case, "negotiate").state == "met"
    assert Event.objects.get(kind="complaints.forwarded", subject_id=case.pk).rule == rule


@pytest.mark.example("T-C22")
@pytest.mark.rule("C-39")
@pytest.mark.parametrize(
    ("severity", "who", "wrong"),
    [("serious", "company_manager", "head"), ("major", "company_manager", "head")],
)
def test_example_c22_only_the_named_post_extends(cast: Cast, severity: str, who: str, wrong: str):
    case = working(cast, severity=severity)
    until = later(24 * 20)
    with pytest.raises(Refused) as refused:
        limits.extend_limit(case=case, actor=cast.actor(wrong), at=later(10), due_at=until, reason="等配件")
    assert refused.value.code == "wrong_post"
    first = clock(case, "solve").due_at
    case = limits.extend_limit(case=case, actor=cast.actor(who), at=later(10), due_at=until, reason="等配件")
    moved = clock(case, "solve")
    assert (moved.first_due_at, moved.due_at) == (first, until)
    assert Message.objects.filter(to_household=cast.homes[0], rule="C-39").exists()


@pytest.mark.rule("C-39")
def test_a_limit_is_never_shortened_by_an_extension(cast: Cast):
    with pytest.raises(Refused) as refused:
        limits.extend_limit(
            case=working(cast),
            actor=cast.actor("company_manager"),
            at=later(10),
            due_at=later(11),
            reason="x",
        )
    assert refused.value.field == "due_at"


def test_a_pause_moves_every_limit_by_its_length(cast: Cast):
    case = limits.pause_clocks(
        case=working(cast), by=cast.supervisor, at=later(1), reason="住户外出，约定回来再修"
    )
    assert not Obligation.objects.filter(
        subject_id=case.pk, state="armed", next_alarm_at__isnull=False
    ).exists()
    before = clock(case, "solve").due_at
    case = limits.resume_clocks(case=case, by=cast.supervisor, at=later(25))
    assert clock(case, "solve").due_at - before == later(24) - later(0)
    with pytest.raises(Refused):
        limits.resume_clocks(case=case, by=cast.supervisor, at=later(26))


@pytest.mark.rule("C-60", "C-68", "C-70")
def test_settling_needs_a_measure_against_recurrence(cast: Cast):
    with pytest.raises(Refused) as refused:
        handling.finish_handling(case=working(cast), by=cast.engineer, at=later(4), method="换", result="好")
    assert (refused.value.field, refused.value.rule) == ("prevention", "C-68")


@pytest.mark.rule("C-39", "C-62")
def test_settled_in_time_closes_the_limits_and_starts_the_reply(cast: Cast):
    case = handled(cast)
    assert clock(case, "solve").state == "met"
    assert clock(case, "auto_upgrade").state == "met"
    assert clock(case, "reply").state == "armed"
    late = handled(cast, home=1, done_at=later(80))
    assert clock(late, "solve").state == "late"


@pytest.mark.rule("C-49", "C-50")
def test_a_refusal_offers_another_way(cast: Cast):
    case = classified(cast, cause="outside_remit")
    with pytest.raises(Refused) as refused:
        handling.refuse_complaint(
            case=case, by=cast.supervisor, at=later(1), reason="超出职责", alternative=" "
        )
    assert refused.value.field == "alternative"
    case = handling.refuse_complaint(
        case=case, by=cast.supervisor, at=later(1), reason="超出职责", alternative="可拨打供水公司电话"
    )
    assert case.state == "handled"
    assert Message.objects.filter(to_household=cast.homes[0], rule="C-50").exists()


def test_steps_out_of_order_are_refused(cast: Cast):
    case = registered(cast)
    with pytest.raises(Refused) as refused:
        handling.finish_handling(
            case=case, by=cast.engineer, at=later(1), method="x", result="y", prevention="z"
        )
    assert refused.value.code == "illegal_step"


@pytest.mark.rule("C-33", "C-34")
def test_settling_a_matter_is_no_contact_with_the_household(cast: Cast):
    case = handled(cast, done_at=later(1))
    assert clock(case, "contact").state == "armed"
    answering.reply_to_household(
        case=case, by=cast.front, at=later(3), modes=["phone"], said="已修好", no_visit_reason=AWAY
    )
    assert clock(case, "contact").state == "late"


def finished(cast: Cast, case: Case) -> Case:
    return handling.finish_handling(
        case=case, by=cast.engineer, at=later(4), method="换", result="换好", prevention="巡检"
    )


def blocked(cast: Cast, case: Case) -> tuple[str, str]:
    subject = Complaint.objects.select_related("case", "case__site").get(case=case)
    steps = next_steps(case=case, subject=subject, actor=cast.actor("engineer"))
    return next((item.why, item.rule) for item in steps if item.step.code == "finish")


@pytest.mark.rule("C-16", "C-58")
def test_handling_is_finished_only_after_facts_plan_and_consent(cast: Cast):
    case = working(cast)
    for rule, word in (("C-16", "核实"), ("C-58", "方案"), ("", "")):
        why, cited = blocked(cast, case)
        assert cited == rule and word in why
        if rule:
            with pytest.raises(Refused) as refused:
                finished(cast, case)
            assert (refused.value.rule, refused.value.code) == (rule, "not_ready")
        if rule == "C-16":
            case = handling.verify_facts(case=case, by=cast.engineer, at=later(2), finding="软管老化")
        elif rule:
            case = handling.give_plan(case=case, by=cast.engineer, at=later(3), plan="换管", consent=True)
    assert finished(cast, case).state == "handled"


@pytest.mark.rule("C-16", "C-46")
def test_what_others_have_to_solve_is_verified_and_needs_no_plan_of_ours(cast: Cast):
    case = escalating.forward_outside(
        case=classified(cast, cause="developer"),
        by=cast.supervisor,
        at=later(1),
        body="开发商",
        letter="见附件",
    )
    with pytest.raises(Refused) as refused:
        finished(cast, case)
    assert refused.value.rule == "C-16"
    assert finished(cast, prepared(cast, case, at=later(2))).state == "handled"


@pytest.mark.rule("C-58", "C-59", "F-11")
def test_what_was_agreed_before_it_did_not_hold_is_no_agreement_to_what_is_done_now(cast: Cast):
    case = replied(cast)
    visited(cast, case, satisfied=False)
    case.refresh_from_db()
    assert blocked(cast, case)[1] == "C-58"
