"""Group complaints: proposed, merged, told upwards, answered home by home, undone."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import clock, later, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.models import Message
from yingsheng.processes.complaints.services import answering, grouping, handling, intake


def five(cast: Cast, count: int = 5) -> list[Case]:
    return [
        registered(cast, home=number, title="电梯停运两天", category="repair", at=later(number))
        for number in range(count)
    ]


@pytest.mark.rule("C-28", "X-08")
def test_example_c10_four_households_are_no_group_five_are(cast: Cast):
    cases = five(cast, 4)
    assert grouping.suspected_group(case=cases[-1], at=later(5)) == []
    cases.append(registered(cast, home=4, title="电梯停运两天", category="repair", at=later(5)))
    assert sorted(grouping.suspected_group(case=cases[-1], at=later(5))) == sorted(case.pk for case in cases)


@pytest.mark.rule("X-05", "X-08")
def test_the_fifth_household_rings_the_heads_bell(cast: Cast):
    five(cast, 4)
    assert not Message.objects.filter(to_staff=cast.head, rule="X-08").exists()
    fifth = registered(cast, home=4, title="电梯停运两天", category="repair", at=later(5))
    assert Message.objects.filter(to_staff=cast.head, rule="X-08", subject_id=fifth.pk).count() == 1


@pytest.mark.rule("X-05")
def test_a_group_goes_to_the_head_the_deputy_and_the_company_at_once(cast: Cast):
    parent = grouping.merge_group(cases=five(cast), title="电梯停运", by=cast.supervisor, at=later(6))
    told = set(
        Message.objects.filter(subject_id=parent.pk, to_staff__isnull=False).values_list(
            "to_staff", flat=True
        )
    )
    assert {cast.head.pk, cast.deputy.pk, cast.complaint_centre.pk} <= told
    assert clock(parent, "group_inform").state == "met"
    assert parent.members.filter(state="merged").count() == 5


@pytest.mark.rule("C-28")
def test_four_cannot_be_merged_as_a_group(cast: Cast):
    with pytest.raises(Refused) as refused:
        grouping.merge_group(cases=five(cast, 4), title="", by=cast.supervisor, at=later(6))
    assert refused.value.rule == "C-28"
    assert Case.objects.count() == 4


@pytest.mark.rule("C-65", "X-06")
def test_every_household_of_a_group_is_answered_by_visit(cast: Cast):
    parent = grouping.merge_group(cases=five(cast), title="电梯停运", by=cast.supervisor, at=later(6))
    parent = intake.classify_complaint(case=parent, by=cast.supervisor, at=later(6.1), cause="own_service")
    parent = handling.finish_handling(
        case=parent, by=cast.supervisor, at=later(9), method="抢修", result="恢复运行", prevention="加密保养"
    )
    member = parent.members.order_by("pk").first()
    assert member is not None
    assert member.state == "handled"
    by_phone = answering.reply_to_household(
        case=member, by=cast.front, at=later(10), modes=["phone"], said="已恢复"
    )
    assert by_phone.state == "handled"
    with pytest.raises(Refused) as refused:
        answering.close_complaint(case=parent, by=cast.supervisor, at=later(11))
    assert refused.value.rule == "X-06"
    at_home = answering.reply_to_household(
        case=by_phone, by=cast.front, at=later(11), modes=["visit"], said="已恢复", signed_by="钱女士"
    )
    assert at_home.state == "replied"


@pytest.mark.rule("X-08")
def test_a_merge_can_be_undone_and_the_clocks_run_again(cast: Cast):
    cases = five(cast)
    parent = grouping.merge_group(cases=cases, title="电梯停运", by=cast.supervisor, at=later(6))
    with pytest.raises(Refused):
        grouping.split_group(parent=parent, by=cast.supervisor, at=later(7), reason="")
    released = grouping.split_group(parent=parent, by=cast.supervisor, at=later(7), reason="并非同一部电梯")
    assert {case.state for case in released} == {"registered"}
    assert clock(released[0], "contact").state == "armed"
    parent.refresh_from_db()
    assert parent.closed_at == later(7)


def test_only_a_group_can_be_split(cast: Cast):
    with pytest.raises(Refused):
        grouping.split_group(parent=registered(cast), by=cast.supervisor, at=later(1), reason="误操作")
