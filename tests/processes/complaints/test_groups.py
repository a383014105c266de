"""Group complaints: proposed, merged, told upwards, answered home by home, undone."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import clock, later, prepared, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.notify.models import Message
from yingsheng.processes.complaints.services import answering, grouping, handling, intake


def five(cast: Cast, count: int = 5) -> list[Case]:
    return [
        registered(cast, home=number, title="电梯停运两天", category="repair", at=later(number))
        for number in range(count)
    ]


@pytest.mark.example("T-C10")
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
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.supervisor,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
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


def merged(cast: Cast) -> Case:
    return grouping.merge_group(cases=five(cast), title="电梯停运", by=cast.supervisor, at=later(6))


def notices(parent: Case, rule: str) -> set[int | None]:
    rows = Message.objects.filter(to_staff__isnull=True, rule=rule, queued_at__gt=later(6))
    return set(rows.values_list("to_household", flat=True))


@pytest.mark.rule("X-05", "C-33")
def test_the_head_takes_a_group_in_hand_and_agrees_a_time_with_each_household(cast: Cast):
    parent = merged(cast)
    assert clock(parent, "contact").responsible_role == "SITE_HEAD"
    parent = handling.contact_household(
        case=parent, by=cast.head, at=later(6.2), person="各户", agreed_reply_at=later(30)
    )
    assert notices(parent, "C-33") == {home.pk for home in cast.homes[:5]}
    parent = intake.classify_complaint(case=parent, by=cast.head, at=later(6.3), cause="own_service")
    handling.finish_handling(
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.head,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
    )
    for member in parent.members.all():
        assert clock(member, "reply").due_at == later(30)
    assert clock(parent, "agreed_reply").state == "void"  # it stands with each of them


@pytest.mark.rule("X-05", "C-33")
def test_a_time_that_passed_before_the_work_was_done_is_missed_home_by_home(cast: Cast):
    parent = merged(cast)
    parent = handling.contact_household(
        case=parent, by=cast.head, at=later(6.2), person="各户", agreed_reply_at=later(8)
    )
    parent = intake.classify_complaint(case=parent, by=cast.head, at=later(6.3), cause="own_service")
    handling.finish_handling(
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.head,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
    )
    assert clock(parent, "agreed_reply").state == "void"
    for member in parent.members.all():
        assert (clock(member, "agreed_reply").state, clock(member, "agreed_reply").due_at) == (
            "armed",
            later(8),
        )


@pytest.mark.rule("X-06", "C-68", "C-75")
def test_what_was_done_for_all_is_told_to_and_stands_with_each(cast: Cast):
    parent = intake.classify_complaint(
        case=merged(cast), by=cast.head, at=later(6.3), cause="own_service", loss_fen=600_000
    )
    parent = handling.finish_handling(
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.head,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
    )
    assert notices(parent, "C-60") == {home.pk for home in cast.homes[:5]}
    for member in parent.members.select_related("complaint"):
        found = member.complaint
        assert (found.method, found.result, found.prevention) == ("抢修", "恢复运行", "加密保养")
        assert member.follow_ups.get().heads_needed


@pytest.mark.rule("X-06", "C-50")
def test_a_group_that_is_declined_is_still_answered_home_by_home(cast: Cast):
    parent = intake.classify_complaint(case=merged(cast), by=cast.head, at=later(6.3), cause="outside_remit")
    parent = handling.refuse_complaint(
        case=parent, by=cast.head, at=later(7), reason="属市政管理", alternative="可拨市政热线"
    )
    assert {member.state for member in parent.members.all()} == {"handled"}
    assert {member.complaint.alternative for member in parent.members.all()} == {"可拨市政热线"}
    assert notices(parent, "C-50") == {home.pk for home in cast.homes[:5]}


@pytest.mark.rule("X-08", "C-65")
def test_a_household_that_comes_after_the_merge_is_noticed_and_joins(cast: Cast):
    parent = merged(cast)
    sixth = registered(cast, home=0, title="电梯停运两天", category="repair", at=later(8))
    assert Message.objects.filter(to_staff=cast.head, rule="X-08", subject_id=sixth.pk).exists()
    assert grouping.look_around(case=sixth, at=later(8)) == grouping.Nearby(group_id=parent.pk)
    sixth = grouping.join_group(case=sixth, parent=parent, by=cast.supervisor, at=later(8.5))
    assert (sixth.state, sixth.group) == ("merged", parent)
    assert clock(sixth, "contact").state == "void"
    parent = intake.classify_complaint(case=parent, by=cast.head, at=later(8.6), cause="own_service")
    parent = handling.finish_handling(
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.head,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
    )
    sixth.refresh_from_db()
    by_phone = answering.reply_to_household(
        case=sixth, by=cast.front, at=later(10), modes=["phone"], said="已恢复"
    )
    assert by_phone.state == "handled"


@pytest.mark.rule("X-08")
def test_nobody_joins_what_is_no_group_or_is_settled(cast: Cast):
    parent = merged(cast)
    with pytest.raises(Refused) as refused:
        grouping.join_group(
            case=registered(cast, at=later(8)),
            parent=registered(cast, at=later(8)),
            by=cast.supervisor,
            at=later(8.5),
        )
    assert refused.value.rule == "C-28"
    parent = intake.classify_complaint(case=parent, by=cast.head, at=later(8.6), cause="own_service")
    handling.finish_handling(
        case=prepared(cast, parent, at=later(8.7)),
        by=cast.head,
        at=later(9),
        method="抢修",
        result="恢复运行",
        prevention="加密保养",
    )
    with pytest.raises(Refused) as refused:
        grouping.join_group(
            case=registered(cast, at=later(10)), parent=parent, by=cast.supervisor, at=later(10)
        )
    assert refused.value.rule == "X-08"
    assert grouping.look_around(case=registered(cast, at=later(10)), at=later(10)) == grouping.Nearby()
