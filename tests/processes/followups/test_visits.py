"""Visits after handling: due, agreed, made by the right people, repeated, exempted, counted."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import SHANGHAI, Cast
from tests.processes.story import AWAY, NINE, handled, later, replied, visited

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.notify.services import send_waiting
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.complaints.models import Complaint
from yingsheng.processes.complaints.services import answering
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import contentment, is_overdue, rates_by_matter, rates_by_rank
from yingsheng.processes.followups.rules import (
    Rate,
    answering_post,
    in_quiet_hours,
    visit_duty,
    visit_shortfall,
)
from yingsheng.processes.followups.services import arrange_visit, exempt_visit, record_visit


def owed(cast: Cast, **fields: object) -> FollowUp:
    return FollowUp.objects.get(case=handled(cast, **fields))


@pytest.mark.example("T-F01")
@pytest.mark.rule("F-01", "C-72")
def test_example_f01_done_on_the_third_is_due_on_the_sixth(cast: Cast):
    follow_up = owed(cast)
    assert follow_up.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S") == "03-06 23:59:59"
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert (promise.rule, promise.due_at) == ("F-01", follow_up.due_at)


def adopt(cast: Cast, preset: str) -> None:
    adopt_preset(site=cast.site, preset=preset, active_from=NINE, reason="试行", by=cast.head, at=NINE)


@pytest.mark.rule("F-01", "C-72")
@pytest.mark.parametrize("preset", ["F/001-E", "F/001-H", "F/001-A", "F/003-1"])
def test_a_regulation_without_a_time_owes_the_visit_all_the_same(cast: Cast, preset: str):
    adopt(cast, preset)
    follow_up = owed(cast)
    assert (follow_up.state, follow_up.limited) == ("due", False)
    assert not Obligation.objects.filter(subject_type="followups.followup").exists()
    assert not is_overdue(row=follow_up, now=later(24 * 60))


@pytest.mark.rule("C-72", "C-70", "F-08")
def test_under_a_regulation_without_a_time_one_person_visits_and_the_complaint_can_be_archived(cast: Cast):
    adopt(cast, "F/001-E")
    case = answering.record_opinion(
        case=replied(cast), by=cast.front, at=later(7), satisfied=True, opinion="满意"
    )
    record_visit(
        follow_up=FollowUp.objects.get(case=case), by=cast.front, at=later(20), visitors=[cast.front], mode="phone",
        quality=4, effect=4, satisfaction=4, satisfied=True,
    )  # fmt: skip
    case.refresh_from_db()
    assert answering.close_complaint(case=case, by=cast.front, at=later(21)).state == "closed"


@pytest.mark.rule("F-16", "F-18", "C-72")
@pytest.mark.parametrize(("preset", "rule"), [("F/003-9", "F-16"), ("F/004-3", "F-18")])
def test_where_yesterdays_matters_are_revisited_the_visit_is_due_on_the_next_working_day(
    cast: Cast, preset: str, rule: str
):
    adopt(cast, preset)
    follow_up = owed(cast)
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert promise.rule == rule
    assert follow_up.due_at.astimezone(SHANGHAI).strftime("%m-%d") == "03-04"


@pytest.mark.example("T-F13")
@pytest.mark.rule("F-16", "C-72", "F-07")
def test_example_f13_in_a_mall_whoever_is_on_duty_calls_on_the_next_working_day(cast: Cast):
    adopt(cast, "F/003-9")
    follow_up = owed(cast)
    promise = Obligation.objects.get(subject_type="followups.followup", subject_id=follow_up.pk)
    assert (promise.rule, promise.responsible_role) == ("F-16", "DUTY")
    assert promise.due_at.astimezone(SHANGHAI).strftime("%m-%d") == "03-04"  # handled on Monday
    done = record_visit(
        follow_up=follow_up, by=cast.front, at=later(25), visitors=[cast.front], mode="phone", quality=4, effect=4,
        satisfaction=4, satisfied=True,
    )  # fmt: skip
    assert done.state == "satisfied"
    promise.refresh_from_db()
    assert promise.state == "met"
    rate = rates_by_matter(site=cast.site, start=later(-1), end=later(100))
    assert (rate["complaints"].done, rate["complaints"].base) == (1, 1)


@pytest.mark.example("T-F13")
@pytest.mark.rule("F-16")
@pytest.mark.parametrize(("preset", "state"), [("F/003-9", "void"), ("F/composite", "due")])
def test_example_f13_what_a_colleague_raised_is_exempt_in_a_mall(cast: Cast, preset: str, state: str):
    if preset != "F/composite":
        adopt(cast, preset)
    cast.lobby.phone = "13711112222"
    cast.lobby.save(update_fields=["phone"])
    case = handled(cast, caller=Caller(name=cast.lobby.name, phone=cast.lobby.phone))
    assert FollowUp.objects.get(case=case).state == state
    assert Complaint.objects.get(case=case).follow_up == ("exempt" if state == "void" else "")
    base = rates_by_matter(site=cast.site, start=later(-1), end=later(100))
    assert ("complaints" in base) == (state == "due")


@pytest.mark.rule("F-13")
def test_the_regulation_of_the_heads_sends_both_after_every_complaint(cast: Cast):
    adopt(cast, "F/001-A")
    assert owed(cast).heads_needed


@pytest.mark.rule("F-13", "F-14")
@given(
    heads=st.lists(st.sampled_from(["SITE_HEAD", "DEPT_MGR"]), max_size=2),
    visitor=st.sampled_from([None, "AREA_ADMIN"]),
)
def test_somebody_always_answers_for_a_visit(heads: list[str], visitor: str | None):
    post = answering_post(heads=heads, visitor=visitor, arranger="CS_SUP")
    assert post == (heads[0] if heads else visitor or "CS_SUP")


@pytest.mark.rule("F-08")
@pytest.mark.parametrize("visitors", [["area_admin"], ["front", "assistant"]])
def test_two_people_go_and_one_is_the_area_administrator(cast: Cast, visitors: list[str]):
    with pytest.raises(Refused) as refused:
        record_visit(
            follow_up=owed(cast), by=cast.front, at=later(20), visitors=[cast.staff[name] for name in visitors],
            mode="phone", no_visit_reason=AWAY, quality=4, effect=4, satisfaction=4, satisfied=True,
        )  # fmt: skip
    assert (refused.value.field, refused.value.rule) == ("visitor_two", "F-08")


@pytest.mark.rule("F-13")
def test_example_of_loss_both_heads_go_together(cast: Cast):
    follow_up = owed(cast, loss_fen=600_000)
    assert follow_up.heads_needed
    common = {
        "mode": "phone",
        "no_visit_reason": AWAY,
        "quality": 4,
        "effect": 4,
        "satisfaction": 4,
        "satisfied": True,
    }
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
            mode="phone", no_visit_reason=AWAY, quality=1, effect=1, satisfaction=1, satisfied=False,
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


def arranged(cast: Cast, follow_up: FollowUp, *, at: datetime, when: datetime) -> FollowUp:
    return arrange_visit(
        follow_up=follow_up, by=cast.supervisor, at=at, appointment_at=when, assigned=cast.area_admin
    )


def reminders(cast: Cast) -> list[datetime | None]:
    rows = Message.objects.filter(to_staff=cast.area_admin, rule="F-23").order_by("pk")
    return [row.next_try_at for row in rows]


@pytest.mark.rule("F-23")
def test_the_household_hears_of_the_appointment_and_whoever_goes_is_reminded_before_it(cast: Cast):
    follow_up = arranged(cast, owed(cast), at=later(6), when=later(27.5))
    notice = Message.objects.get(to_household=cast.homes[0], rule="F-23")
    assert (notice.params["who"], notice.params["when"]) == (cast.area_admin.name, later(27.5).isoformat())
    assert reminders(cast) == [later(27.5, minutes=-10)]
    send_waiting(now=later(27))
    assert not Notice.objects.filter(staff=cast.area_admin, message__text__contains="约好").exists()
    follow_up = arranged(cast, follow_up, at=later(27.1), when=later(29))
    assert reminders(cast) == [later(29, minutes=-10)]
    send_waiting(now=later(29))
    assert Notice.objects.filter(staff=cast.area_admin, message__text__contains="约好").count() == 1


@pytest.mark.rule("F-23")
def test_a_visit_that_was_made_or_exempted_needs_no_reminder(cast: Cast):
    follow_up = arranged(cast, owed(cast), at=later(6), when=later(50))
    visited(cast, follow_up.case, at=later(20))
    assert reminders(cast) == []


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
