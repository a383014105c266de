"""A valid complaint answered, or visited, by telephone alone: the reason why nobody went."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import AWAY, NINE, classified, handled, later, replied

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import next_steps
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.services import adopt_preset
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.process.sheets import describe
from yingsheng.processes.complaints.services import answering, handling
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.process.sheets import SHEETS
from yingsheng.processes.followups.services import record_visit


def adopt(cast: Cast, preset: str) -> None:
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)


def answer(cast: Cast, case: Case, *modes: str, **fields: object) -> Case:
    return answering.reply_to_household(
        case=case, by=cast.front, at=later(6), modes=list(modes), said="已修好", **fields
    )


def asked(cast: Cast, case: Case) -> set[str]:
    subject = Complaint.objects.select_related("case", "case__site").get(case=case)
    steps = next_steps(case=case, subject=subject, actor=cast.actor("supervisor"))
    return {field.name for item in steps if item.step.code == "reply" for field in item.step.form.fields}


@pytest.mark.example("T-C04")
@pytest.mark.rule("C-63")
def test_a_valid_complaint_answered_by_phone_says_why_nobody_went(cast: Cast):
    case = handled(cast)
    assert "no_visit_reason" in asked(cast, case)
    with pytest.raises(Refused) as refused:
        answer(cast, case, "phone", no_visit_reason="  ")
    assert (refused.value.field, refused.value.rule) == ("no_visit_reason", "C-63")
    case = answer(cast, case, "phone", no_visit_reason=AWAY)
    assert case.state == "replied"
    assert Event.objects.get(kind="complaints.replied", subject_id=case.pk).data["no_visit_reason"] == AWAY
    assert ("没有上门的原因", AWAY) in describe(Complaint.objects.get(case=case).case)


@pytest.mark.rule("C-63", "C-64")
def test_once_said_it_is_not_asked_again_for_the_second_way(cast: Cast):
    case = answer(cast, handled(cast, written=True), "phone", no_visit_reason=AWAY)
    assert answer(cast, case, "writing").state == "replied"
    assert Complaint.objects.get(case=case).no_visit_reason == AWAY


@pytest.mark.rule("C-63")
@pytest.mark.parametrize("modes", [["face"], ["phone", "face"]])
def test_whoever_was_met_in_person_was_not_left_with_a_call(cast: Cast, modes: list[str]):
    assert answer(cast, handled(cast), *modes).state == "replied"


@pytest.mark.rule("C-63")
def test_no_reason_is_owed_for_what_is_not_valid(cast: Cast):
    case = classified(cast, cause="grumbling")
    case = handling.finish_handling(
        case=case, by=cast.supervisor, at=later(1), method="解释", result="已说明"
    )
    assert "no_visit_reason" not in asked(cast, case)
    assert answer(cast, case, "phone").state == "replied"


@pytest.mark.rule("C-63")
def test_a_regulation_that_does_not_send_anybody_does_not_ask(cast: Cast):
    adopt(cast, "C/001-I")
    case = handled(cast)
    assert "no_visit_reason" not in asked(cast, case)
    assert answer(cast, case, "phone").state == "replied"


def visit(cast: Cast, case: Case, **fields: object) -> FollowUp:
    return record_visit(
        follow_up=FollowUp.objects.get(case=case), by=cast.area_admin, at=later(20),
        visitors=[cast.area_admin, cast.assistant], mode="phone", quality=4, effect=4, satisfaction=4, satisfied=True,
        **fields,
    )  # fmt: skip


@pytest.mark.rule("F-10")
def test_a_visit_made_by_phone_says_why_nobody_went(cast: Cast):
    case = replied(cast)
    with pytest.raises(Refused) as refused:
        visit(cast, case)
    assert (refused.value.field, refused.value.rule) == ("no_visit_reason", "F-10")
    follow_up = visit(cast, case, no_visit_reason=AWAY)
    assert Event.objects.get(kind="followups.satisfied").data["no_visit_reason"] == AWAY
    for sheet in SHEETS:
        assert sheet.build(follow_up)["no_visit_reason"] == AWAY


@pytest.mark.rule("F-10", "F-16")
def test_a_regulation_of_calls_does_not_ask_why_nobody_went(cast: Cast):
    adopt(cast, "F/003-9")
    assert visit(cast, replied(cast)).state == "satisfied"


@pytest.mark.rule("C-63", "F-10")
def test_the_form_that_does_not_ask_is_the_same_form_otherwise():
    whole = processes.get("complaints").step("reply").form
    names = [field.name for field in whole.without({"no_visit_reason"}).fields]
    assert names == [field.name for field in whole.fields if field.name != "no_visit_reason"]
