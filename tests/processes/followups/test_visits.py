"""Visits after handling: due, agreed, made by the right people, repeated, exempted, counted."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import NINE, handled, later, replied, visited

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import contentment, rates_by_matter, rates_by_rank
from yingsheng.processes.followups.rules import Rate, in_quiet_hours, visit_duty, visit_shortfall
from yingsheng.processes.followups.services import arrange_visit, exempt_visit, record_visit


def owed(cast: Cast, **fields: object) -> FollowUp:
    return FollowUp.objects.get(case=handled(cast, **fields))


@pytest.mark.rule("F-01", "C-72")
def test_example_f01_done_on_the_third_is_due_on_the_sixth(cast: Cast):
    follow_up = owed(cast)
    assert follow_up.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S") == "03-06 23:59:59"
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert (promise.rule, promise.due_at) == ("F-01", follow_up.due_at)


@pytest.mark.rule("F-01")
def test_a_regulation_without_a_time_owes_no_visit(cast: Cast):
    adopt_preset(site=cast.site, preset="F/001-E", active_from=NINE, reason="试行", by=cast.head, at=NINE)
    handled(cast)
    assert not FollowUp.objects.exists()


@pytest.mark.rule("F-08")
@pytest.mark.parametrize("visitors", [["area_admin"], ["front", "assistant"]])
def test_two_people_go_and_one_is_the_area_administrator(cast: Cast, visitors: list[str]):
    with pytest.raises(Refused) as refused:
        record_visit(
            follow_up=owed(cast), by=cast.front, at=later(20), visitors=[cast.staff[name] for name in visitors],
            mode="phone", quality=4, effect=4, satisfaction=4, satisfied=True,
        )  # fmt: skip
    assert (refused.value.field, refused.value.rule) == ("visitor_two", "F-08")


@pytest.mark.rule("F-13")
def test_example_of_loss_both_heads_go_together(cast: Cast):
    follow_up = owed(cast, loss_fen=600_000)
    assert follow_up.heads_needed
    common = {"mode": "phone", "quality": 4, "effect": 4, "satisfaction": 4, "satisfied": True}
    with pytest.raises(Refused) as refused:
        record_visit(
            follow_up=follow_up, by=cast.front, at=later(20), visitors=[cast.area_admin, cast.head], **common
        )
    assert refused.value.rule == "F-13"
    done = record_visit(
        follow_up=follow_up,
        by=cast.head,
        at=later(20),
        visitors=[cast.head, cast.department_manager],
        **common,
    )
    assert done.state == "satisfied"


@pytest.mark.rule("F-13")
def test_the_preset_may_ask_for_both_heads_after_every_complaint(cast: Cast):
    override_parameter(
        site=cast.site,
        path="F-13.every_complaint",
        value=True,
        active_from=NINE,
        reason="试行",
        by=cast.head,
        at=NINE,
    )
    assert owed(cast).heads_needed


@pytest.mark.rule("F-09", "F-10", "F-20")
def test_the_five_evaluations_and_the_signature_are_kept(cast: Cast):
    follow_up = visited(cast, replied(cast))
    assert (follow_up.quality, follow_up.effect, follow_up.satisfaction) == (4, 4, 4)
    assert follow_up.signed_by == "钱女士"
    assert Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk).state == "met"


@pytest.mark.rule("F-10")
def test_a_visit_without_signature_is_refused(cast: Cast):
    with pytest.raises(Refused) as refused:
        record_visit(
            follow_up=owed(cast), by=cast.front, at=later(20), visitors=[cast.area_admin, cast.assistant],
            mode="visit", quality=4, effect=4, satisfaction=4, satisfied=True,
        )  # fmt: skip
    assert refused.value.field == "signature"


@pytest.mark.rule("F-09", "F-11")
def test_dissatisfaction_says_what_is_wrong(cast: Cast):
    with pytest.raises(Refused) as refused:
        record_visit(
            follow_up=owed(cast), by=cast.front, at=later(20), visitors=[cast.area_admin, cast.assistant],
            mode="phone", quality=1, effect=1, satisfaction=1, satisfied=False,
        )  # fmt: skip
    assert refused.value.field == "shortcomings"


@pytest.mark.rule("F-14", "F-23")
def test_an_appointment_suits_the_household_and_respects_the_night(cast: Cast):
    follow_up = owed(cast)
    evening = datetime(2025, 3, 4, 22, 0, tzinfo=SHANGHAI)
    with pytest.raises(Refused) as refused:
        arrange_visit(
            follow_up=follow_up,
            by=cast.supervisor,
            at=later(6),
            appointment_at=evening,
            assigned=cast.area_admin,
        )
    assert refused.value.rule == "F-23"
    noon = datetime(2025, 3, 4, 12, 30, tzinfo=SHANGHAI)
    arranged = arrange_visit(
        follow_up=follow_up,
        by=cast.supervisor,
        at=later(6),
        appointment_at=noon,
        assigned=cast.area_admin,
        note="午休前",
    )
    assert (arranged.state, arranged.appointment_at) == ("scheduled", noon)
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert promise.responsible_staff == cast.area_admin
    with pytest.raises(Conflict):
        arrange_visit(
            follow_up=follow_up,
            by=cast.supervisor,
            at=later(7),
            appointment_at=noon,
            assigned=cast.area_admin,
            seen=1,
        )


@pytest.mark.rule("F-23")
def test_an_appointment_lies_in_the_future(cast: Cast):
    with pytest.raises(Refused):
        arrange_visit(
            follow_up=owed(cast),
            by=cast.supervisor,
            at=later(8),
            appointment_at=later(7),
            assigned=cast.area_admin,
        )


@pytest.mark.rule("F-07")
def test_an_exemption_is_an_exemption_and_no_visit(cast: Cast):
    follow_up = owed(cast)
    with pytest.raises(Refused):
        exempt_visit(follow_up=follow_up, by=cast.supervisor, at=later(9), reason=" ")
    exempt_visit(follow_up=follow_up, by=cast.supervisor, at=later(9), reason="住户长期在外，书面同意免访")
    rate = rates_by_matter(site=cast.site, start=later(-1), end=later(100))["complaints"]
    assert (rate.done, rate.base, rate.still_needed) == (0, 1, 1)
    assert Complaint.objects.get(case=follow_up.case).follow_up == "exempt"
    with pytest.raises(Refused) as refused:
        exempt_visit(follow_up=follow_up, by=cast.supervisor, at=later(9), reason="再来一次")
    assert refused.value.code == "illegal_step"


@pytest.mark.rule("F-13")
def test_a_loss_case_is_never_exempted(cast: Cast):
    with pytest.raises(Refused) as refused:
        exempt_visit(follow_up=owed(cast, loss_fen=600_000), by=cast.supervisor, at=later(9), reason="免")
    assert refused.value.rule == "F-13"


@pytest.mark.rule("F-07", "F-12", "F-24")
def test_rates_count_cases_once_and_ranks_by_who_went(cast: Cast):
    first = replied(cast)
    visited(cast, first)
    handled(cast, home=1)
    span = {"site": cast.site, "start": later(-1), "end": later(100)}
    rate = rates_by_matter(**span)["complaints"]
    assert (rate.done, rate.base, rate.target, rate.still_needed) == (1, 2, 100, 1)
    ranks = rates_by_rank(**span)
    assert {role: (rate.done, rate.base, rate.target) for role, rate in ranks.items()} == {
        "CS_SUP": (0, 2, 95),
        "DEPT_MGR": (0, 2, 25),
        "SITE_HEAD": (0, 2, 10),
    }
    found = contentment(**span)
    assert (found.satisfied, found.visited) == (1, 1)


@given(done=st.integers(0, 500), more=st.integers(0, 500), target=st.integers(0, 100))
@pytest.mark.rule("F-07", "F-12")
def test_what_is_still_needed_reaches_the_target_and_no_less_does(done: int, more: int, target: int):
    rate = Rate(done=done, base=done + more, target=target)
    reached = Rate(done=done + rate.still_needed, base=rate.base, target=target)
    assert reached.reached
    if rate.still_needed:
        assert not Rate(done=done + rate.still_needed - 1, base=rate.base, target=target).reached
    assert rate.reached == (rate.still_needed == 0)


@pytest.mark.rule("F-23")
@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (3, True), (8, False), (12, False)]
)
def test_quiet_hours_span_midnight(hour: int, quiet: bool):
    at = datetime(2025, 3, 4, hour, 0, tzinfo=SHANGHAI)
    assert in_quiet_hours(at=at, quiet_from="21:00", quiet_until="08:00") is quiet
    assert in_quiet_hours(at=at, quiet_from="12:00", quiet_until="13:00") is (hour == 12)


@pytest.mark.rule("F-08", "F-13")
def test_who_must_go():
    duty = visit_duty(persons=2, role="AREA_ADMIN", head_roles=["SITE_HEAD", "DEPT_MGR"], heads_needed=False)
    assert visit_shortfall(duty=duty, visitor_roles=[{"AREA_ADMIN"}, {"FRONT_DESK"}]) is None
    heads = visit_duty(persons=2, role="AREA_ADMIN", head_roles=["SITE_HEAD", "DEPT_MGR"], heads_needed=True)
    short = visit_shortfall(duty=heads, visitor_roles=[{"SITE_HEAD", "DEPT_MGR"}])
    assert short is not None
    assert short.what == "heads"
