"""Matters without a process of their own: registered, a sample visited, put right and visited again, ended."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Count
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import SHANGHAI, Cast, make_home
from tests.processes.story import AWAY, NINE, later

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries import rates_by_matter
from yingsheng.processes.followups.rules import mid_day, sample_of
from yingsheng.processes.followups.services import (
    exempt_visit,
    note_rectified,
    record_visit,
    register_matter,
    withdraw_matter,
)

LAST_OF_FEBRUARY = date(2025, 2, 28)


def homes(cast: Cast, number: int) -> str:
    """So many more homes, as a list of rooms pasted from elsewhere."""
    return "\n".join(make_home(site=cast.site, number=200 + place).room.label for place in range(number))


def registered(cast: Cast, *, kind: str, **fields: Any) -> Case:
    fields.setdefault("caller", Caller(name="居委会"))
    fields.setdefault("finished_date", LAST_OF_FEBRUARY)
    return register_matter(
        site=cast.site, by=cast.supervisor, at=fields.pop("at", NINE), kind=kind, title="元宵灯会", **fields
    )


def visited(
    cast: Cast, follow_up: FollowUp, *, hours: float = 1, happy: bool = True, by: Staff | None = None
) -> FollowUp:
    return record_visit(
        follow_up=follow_up, by=by or cast.assistant, at=later(hours), visitors=[by or cast.assistant], mode="phone",
        no_visit_reason=AWAY, quality=3, effect=3, satisfaction=3 if happy else 1, satisfied=happy,
        shortcomings="" if happy else "场地太小",
    )  # fmt: skip


def owed(case: Case) -> list[FollowUp]:
    return list(FollowUp.objects.filter(case=case, state="due").order_by("pk"))


@pytest.mark.example("T-F07")
@pytest.mark.rule("F-05", "F-07", "E-03")
def test_example_f07_of_forty_at_an_event_at_least_twenty_eight_are_visited(cast: Cast):
    case = registered(cast, kind="event", rooms=homes(cast, 40))
    assert (len(owed(case)), FollowUp.objects.filter(case=case, state="reserve").count()) == (28, 12)
    assert case.number.startswith("HF")
    promise = Obligation.objects.filter(subject_type="followups.followup", subject_id=owed(case)[0].pk).get()
    assert promise.rule == "F-05"
    assert promise.due_at.astimezone(SHANGHAI).date() == date(2025, 3, 28)  # a month after the event
    span = {"site": cast.site, "start": later(-24 * 10), "end": later(24)}
    rate = rates_by_matter(**span)["events"]
    assert (rate.done, rate.base, rate.target, rate.still_needed) == (0, 40, 70, 28)
    for follow_up in owed(case):
        visited(cast, follow_up)
    rate = rates_by_matter(**span)["events"]
    assert (rate.done, rate.reached) == (28, True)
    case.refresh_from_db()
    assert (case.state, case.satisfied) == ("closed", True)
    assert Event.objects.filter(subject_id=case.pk, kind="followups.registered").count() == 1


@pytest.mark.rule("F-07")
def test_a_home_that_stood_by_takes_the_place_of_an_exempted_one(cast: Cast):
    case = registered(cast, kind="event", rooms=homes(cast, 10))
    first = owed(case)[0]
    exempt_visit(follow_up=first, by=cast.supervisor, at=later(1), reason="已搬走")
    assert len(owed(case)) == 7
    assert FollowUp.objects.filter(case=case, state="reserve").count() == 2
    assert Obligation.objects.filter(subject_type="followups.followup", state="armed").count() == 7
    first.refresh_from_db()
    assert (first.state, first.visited_at) == ("exempt", None)


@pytest.mark.rule("F-07")
@given(count=st.integers(0, 300), percent=st.integers(0, 100))
def test_a_sample_is_as_large_as_the_rate_asks_and_spread_over_the_list(count: int, percent: int):
    chosen = sorted(sample_of(count=count, percent=percent))
    assert len(chosen) * 100 >= count * percent > (len(chosen) - 1) * 100 or not chosen
    assert all(0 <= place < count for place in chosen)
    gaps = {later - earlier for earlier, later in pairwise(chosen)}
    assert not gaps or max(gaps) - min(gaps) <= 1


@pytest.mark.rule("F-06")
def test_another_service_is_visited_within_a_week(cast: Cast):
    case = registered(cast, kind="other", caller=cast.caller(), finished_date=NINE.date())
    (follow_up,) = owed(case)
    assert follow_up.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S") == "03-10 23:59:59"
    assert (follow_up.matter, follow_up.place) == ("other", "3栋2单元1802")


@pytest.mark.rule("F-07")
def test_how_many_of_another_service_are_visited_is_said_case_by_case(cast: Cast):
    case = registered(cast, kind="other", rooms=homes(cast, 10), percent=30)
    assert len(owed(case)) == 3


@pytest.mark.example("T-F16")
@pytest.mark.rule("F-19", "F-11", "Q-11", "Q-14")
def test_example_f16_six_dissatisfied_homes_are_visited_until_all_are_satisfied(cast: Cast):
    case = registered(
        cast, kind="survey_dissatisfied", rooms=homes(cast, 6), department=cast.department("engineering")
    )
    assert case.channel == "survey"
    visits = owed(case)
    assert len(visits) == 6
    posts = Obligation.objects.filter(subject_type="followups.followup").values_list(
        "responsible_role", flat=True
    )
    assert set(posts) == {"CS_ASSIST"}
    for follow_up in visits:
        visited(cast, follow_up, happy=follow_up != visits[0])
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("rectifying", None)
    told = Message.objects.filter(dedup_key__contains=":unhappy:")
    assert {message.to_staff for message in told} == {cast.engineering_head}
    case = note_rectified(case=case, by=cast.supervisor, at=later(5), rectified="扩大了场地")
    (again,) = owed(case)
    assert (again.household, again.round, again.limited) == (visits[0].household, 2, True)
    assert again.due_at.astimezone(SHANGHAI).strftime("%m-%d") == "03-06"
    visited(cast, again, hours=6, happy=False)
    case = note_rectified(
        case=Case.objects.get(pk=case.pk), by=cast.supervisor, at=later(7), rectified="又换了场地"
    )
    visited(cast, owed(case)[0], hours=8)
    case.refresh_from_db()
    assert case.state == "closed"
    rate = rates_by_matter(site=cast.site, start=later(-24 * 10), end=later(24))["survey"]
    assert (rate.done, rate.base, rate.target) == (6, 6, 100)


@pytest.mark.rule("F-19", "F-25")
@pytest.mark.parametrize(
    ("kind", "wrong", "right", "rule"),
    [
        ("survey_dissatisfied", "area_admin", "assistant", "F-19"),
        ("key_customer", "assistant", "supervisor", "F-25"),
    ],
)
def test_the_rule_says_who_visits(cast: Cast, kind: str, wrong: str, right: str, rule: str):
    case = registered(cast, kind=kind, caller=cast.caller())
    with pytest.raises(Refused) as refused:
        visited(cast, owed(case)[0], by=cast.staff[wrong])
    assert refused.value.rule == rule
    assert visited(cast, owed(case)[0], by=cast.staff[right]).state == "satisfied"


@pytest.mark.rule("F-25")
def test_who_organises_the_key_customers_is_a_figure(cast: Cast):
    override_parameter(
        site=cast.site, path="F-25.organised_by", value="SITE_HEAD", active_from=NINE, reason="主任亲自", by=cast.head,
        at=NINE,
    )  # fmt: skip
    case = registered(cast, kind="key_customer", caller=cast.caller())
    promise = Obligation.objects.get(subject_type="followups.followup")
    assert promise.responsible_role == "SITE_HEAD"
    assert rates_by_matter(site=cast.site, start=later(-24 * 10), end=later(24))["key"].base == 1
    assert visited(cast, owed(case)[0], by=cast.head).matter == "key"


@pytest.mark.rule("F-05")
def test_what_cannot_be_registered(cast: Cast):
    with pytest.raises(Refused) as refused:
        registered(cast, kind="event", rooms="3栋2单元1802\n9栋1单元101")
    assert (refused.value.field, refused.value.params["rooms"]) == ("rooms", "9栋1单元101")
    with pytest.raises(Refused) as refused:
        registered(cast, kind="event", caller=Caller())
    assert refused.value.field == "rooms"
    with pytest.raises(Refused) as refused:
        registered(cast, kind="event", finished_date=NINE.date() + timedelta(days=1))
    assert refused.value.field == "finished_date"
    assert not Case.objects.filter(process="followups").exists()


@pytest.mark.rule("F-05")
def test_a_room_listed_twice_is_one_home(cast: Cast):
    case = registered(cast, kind="event", rooms="3栋2单元1802，3-2-1802")
    assert FollowUp.objects.filter(case=case).count() == 1


@pytest.mark.rule("F-07")
def test_what_was_registered_by_mistake_is_withdrawn_and_counts_nowhere(cast: Cast):
    case = registered(cast, kind="event", rooms=homes(cast, 5))
    with pytest.raises(Refused):
        withdraw_matter(case=case, by=cast.supervisor, at=later(1), reason=" ")
    case = withdraw_matter(case=case, by=cast.supervisor, at=later(1), reason="登记了两次")
    assert (case.state, case.closed_at) == ("withdrawn", later(1))
    states = FollowUp.objects.filter(case=case).values_list("state").annotate(Count("pk"))
    assert list(states) == [("void", 5)]
    assert not Obligation.objects.filter(subject_type="followups.followup", state="armed").exists()
    assert rates_by_matter(site=cast.site, start=later(-24 * 10), end=later(24)) == {}


@pytest.mark.rule("F-11")
def test_what_was_put_right_is_said_and_only_when_somebody_was_unhappy(cast: Cast):
    case = registered(cast, kind="other", caller=cast.caller())
    with pytest.raises(Refused) as refused:
        note_rectified(case=case, by=cast.supervisor, at=later(1), rectified="改好")
    assert refused.value.code == "illegal_step"
    visited(cast, owed(case)[0], happy=False)
    with pytest.raises(Refused) as refused:
        note_rectified(case=case, by=cast.supervisor, at=later(2), rectified=" ")
    assert refused.value.field == "rectified"
    with pytest.raises(Conflict):
        note_rectified(case=case, by=cast.supervisor, at=later(2), rectified="改好", seen=1)


@pytest.mark.example("T-F04")
@pytest.mark.rule("F-04")
def test_example_f04_a_service_of_march_is_visited_about_the_sixteenth():
    found = mid_day(first=date(2025, 3, 1), last=date(2025, 3, 31), percent=50)
    assert found == date(2025, 3, 16)


@pytest.mark.rule("F-04")
@given(days=st.integers(0, 400), percent=st.integers(0, 100))
def test_the_middle_lies_within_the_service(days: int, percent: int):
    first = date(2025, 3, 1)
    found = mid_day(first=first, last=first + timedelta(days=days), percent=percent)
    assert found is None if days == 0 else found is not None and 0 <= (found - first).days <= days
