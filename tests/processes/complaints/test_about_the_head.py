"""A complaint about the one who would have to handle it or decide: the post above does, and he does not know of it."""

from __future__ import annotations

import pytest
from tests.factories.cast import Cast
from tests.processes.story import classified, clock, later, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.rules.above import posts_above
from yingsheng.processes.complaints.services import escalating, handling, intake, limits

LADDER = ("CS_SUP", "SITE_HEAD", "DGM", "HQ_COMPLAINT", "DGM", "GM")


@pytest.mark.rule("C-53")
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("CS_SUP", ("SITE_HEAD", "DGM", "HQ_COMPLAINT", "GM")),
        ("SITE_HEAD", ("DGM", "HQ_COMPLAINT", "GM")),
        ("DEPT_HEAD", ("SITE_HEAD", "DGM", "HQ_COMPLAINT", "GM")),
        ("CO_MGR", ("DGM", "HQ_COMPLAINT", "GM")),
        ("GM", ()),
    ],
)
def test_the_nearest_post_above_comes_first(role: str, expected: tuple[str, ...]):
    assert posts_above(role=role, ladder=LADDER) == expected
    assert posts_above(role="DEPT_HEAD", ladder=()) == ("SITE_HEAD",)


def about(cast: Cast, name: str, **fields: object) -> Case:
    case = registered(cast, respondent_staff=cast.staff[name])
    return intake.classify_complaint(
        case=case, by=cast.supervisor, at=later(0.3), cause="own_service", our_fault=True, **fields
    )


@pytest.mark.rule("C-53", "C-37", "C-78")
def test_a_complaint_about_the_only_site_head_goes_to_the_post_above(cast: Cast):
    case = about(cast, "head", severity="major")
    escalating.hand_up(case=case, by=cast.supervisor, at=later(1), to_role="SITE_HEAD", reason="无法协调")
    assert not Message.objects.filter(to_staff=cast.head).exists()
    assert Message.objects.filter(to_staff=cast.deputy, rule="C-53").exists()
    assert (
        clock(case, "auto_upgrade" if case.severity != "major" else "major_report").responsible_role == "DGM"
    )
    for promise in Obligation.objects.filter(subject_type="cases.case", subject_id=case.pk):
        assert promise.responsible_role != "SITE_HEAD"
        assert "SITE_HEAD" not in {role for _minutes, role in promise.ladder}


@pytest.mark.rule("C-78", "C-53")
@pytest.mark.parametrize("name", ["head", "supervisor", "general_manager", "engineer"])
def test_whoever_is_complained_about_does_not_see_it_whatever_his_post(cast: Cast, name: str):
    case = registered(cast, respondent_staff=cast.staff[name])
    assert not visible_cases(actor=cast.actor(name)).filter(pk=case.pk).exists()
    other = "head" if name != "head" else "deputy"
    assert visible_cases(actor=cast.actor(other)).filter(pk=case.pk).exists()


@pytest.mark.rule("C-33", "C-53")
def test_the_clocks_of_a_complaint_about_the_supervisor_are_the_site_heads(cast: Cast):
    case = registered(cast, respondent_staff=cast.supervisor)
    assert clock(case, "contact").responsible_role == "SITE_HEAD"


@pytest.mark.rule("C-53", "C-87")
def test_nobody_works_on_or_watches_over_a_complaint_about_himself(cast: Cast):
    case = about(cast, "engineer")
    for field in ("handler", "tracker"):
        people = {"tracker": cast.area_admin, field: cast.engineer}
        with pytest.raises(Refused) as refused:
            handling.dispatch_complaint(
                case=case,
                by=cast.supervisor,
                at=later(1),
                department=cast.department("engineering"),
                **people,
            )
        assert (refused.value.field, refused.value.rule) == (field, "C-53")
    with pytest.raises(Refused):
        handling.accept_complaint(case=case, by=cast.engineer, at=later(1))


@pytest.mark.rule("C-39", "C-53")
def test_more_time_is_approved_by_the_post_above_the_one_complained_about(cast: Cast):
    case = registered(cast, respondent_staff=cast.head)
    case = intake.classify_complaint(case=case, by=cast.supervisor, at=later(0.3), cause="own_service")
    with pytest.raises(Refused) as refused:
        limits.extend_limit(
            case=case, actor=cast.actor("head"), at=later(5), due_at=later(90), reason="等配件"
        )
    assert refused.value.code == "wrong_post"
    limits.extend_limit(case=case, actor=cast.actor("deputy"), at=later(5), due_at=later(90), reason="等配件")
    assert clock(case, "solve").due_at == later(90)


@pytest.mark.rule("C-39")
def test_for_any_other_the_post_of_the_rule_approves(cast: Cast):
    case = classified(cast, our_fault=False)
    limits.extend_limit(case=case, actor=cast.actor("head"), at=later(5), due_at=later(90), reason="等配件")
    assert clock(case, "solve").due_at == later(90)
