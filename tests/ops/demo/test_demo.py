"""The demonstration site: invented people, stories told by the real verbs, in order, without a refusal."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from yingsheng.base.phones import PhoneKind, read_phone
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import ApiClient, Delegation, Role, Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ops.demo import PASSWORD, SITE_CODE, build_demo
from yingsheng.ops.demo.cast import CAST
from yingsheng.ops.demo.texts import texts
from yingsheng.ops.demo.timeline import DESK_CLOSES, DESK_OPENS, ZONE, Story, Timeline, arrivals
from yingsheng.ops.models import ImportJob
from yingsheng.processes.complaints.models import Complaint

NOW = datetime(2025, 3, 12, 3, 0, tzinfo=UTC)  # a Wednesday morning at the desk
UNASSIGNED = ("154", "160", "161", "163", "164", "168", "169")  # no operator has given these numbers out


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOW, NOW.replace(hour=19), NOW + timedelta(days=4, hours=5)])
def test_a_small_demonstration_hangs_together(now: datetime) -> None:
    demo = build_demo(now=now, complaint_count=24, enquiry_count=20, repair_count=30)
    assert [str(refusal) for refusal in demo.refusals] == []
    assert demo.site.code == SITE_CODE
    assert demo.site.is_drill

    assert Room.objects.exclude(use="shop").count() == 300
    assert 680 <= demo.people_count <= 820
    assert Vehicle.objects.count() > 100
    deciding = Counter(
        Member.objects.filter(decides=True, active_to__isnull=True).values_list("household", flat=True)
    )
    assert set(deciding.values()) == {1}
    assert len(deciding) == Household.objects.filter(active_to__isnull=True).count()
    assert {number[:3] for number in Phone.objects.values_list("number", flat=True)} <= set(UNASSIGNED)
    assert {read_phone(text=number).kind for number in Phone.objects.values_list("number", flat=True)} == {
        PhoneKind.MOBILE
    }
    assert not Person.objects.exclude(id_number_sealed="").exists()

    staff = Staff.objects.get(username="front")
    assert staff.check_password(PASSWORD)
    assert {role for _, _, role, _ in CAST} == set(Role.objects.values_list("code", flat=True))

    events = list(Event.objects.order_by("seq").values_list("at", "kind"))
    assert [at for at, _ in events] == sorted(at for at, _ in events)
    assert events[-1][0] <= now
    assert list(verify_chain(site_id=demo.site.pk)) == []
    kinds = {kind for _, kind in events}
    assert {
        "complaints.merged",
        "complaints.closed",
        "enquiries.answered_at_once",
        "followups.satisfied",
    } <= kinds
    assert {"met", "late", "void"} <= set(Obligation.objects.values_list("state", flat=True))
    # no page of the office is empty
    assert {
        "complaints.month_filed",
        "complaints.unanswered_signed",
        "complaints.improvement_started",
        "complaints.improvement_evaluated",
        "complaints.improvement_adjusted",
        "enquiries.day_reported",
        "enquiries.officer_named",
        "followups.analysed",
        "followups.call_ordered",
        "followups.call_tried",
        "followups.call_reported",
        "notify.slips_printed",
        "notify.handed_over",
        "cases.view_kept",
    } <= kinds
    assert list(ImportJob.objects.values_list("state", flat=True)) == ["done"]
    assert Delegation.objects.count() == ApiClient.objects.count() == 1
    assert Household.objects.exclude(reminder_codes=[]).exists()
    assert Complaint.objects.filter(night=True).exists()
    # what was told long ago does not ring again
    assert not Message.objects.filter(state="queued", queued_at__lt=now - timedelta(days=1)).exists()
    assert Case.objects.filter(process="complaints", received_at__gt=now).count() == 0

    with pytest.raises(Refused, match="已经建好"):
        build_demo(now=now)


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_stories() -> None:
    def told() -> list[tuple[object, ...]]:
        return list(Event.objects.order_by("seq").values_list("at", "kind", "by__username"))

    from django.db import transaction

    runs = []
    for _ in range(2):
        with transaction.atomic():
            build_demo(now=NOW, seed=7, complaint_count=6, enquiry_count=6, repair_count=8)
            runs.append(told())
            transaction.set_rollback(True)
    assert runs[0] == runs[1]


def test_the_words_are_many_and_in_our_categories() -> None:
    complaints = texts("complaints")
    assert len({row["body"] for row in complaints["complaint"]}) >= 60
    categories = {row["category"] for row in complaints["complaint"]}
    assert {row["category"] for row in complaints["work"]} == categories
    assert {row["cause"] for row in complaints["help"]} == {"developer", "environment", "outside_area"}


def test_arrivals_follow_the_week_and_the_hours_of_a_desk() -> None:
    start = datetime(2025, 1, 6, tzinfo=ZONE)
    found = arrivals(start=start, end=start + timedelta(days=91), number=4000, rng=Random(1))
    assert found == sorted(found)
    hours = Counter(at.hour for at in found)
    assert hours[9] > hours[13]
    assert sum(hours[hour] for hour in (21, 22, 23, 6)) < len(found) * 0.08
    days = Counter(at.weekday() for at in found)
    assert days[0] > days[2]


def test_stories_go_on_in_the_order_of_time_and_stop_at_now() -> None:
    line = Timeline(now=NOW, rng=Random(1))
    told: list[str] = []

    def story(name: str, *hours: int) -> Story:
        for hour in hours:
            yield NOW + timedelta(hours=hour)
            told.append(f"{name}{hour}")

    def refused() -> Story:
        yield NOW - timedelta(hours=4)
        raise Refused("不行")

    for one in (story("a", -5, -1, 1), story("b", -6, -2, 0), refused()):
        line.start(story=one)
    line.play()
    assert told == ["b-6", "a-5", "b-2", "a-1", "b0"]
    assert [str(refusal) for refusal in line.refusals] == ["不行"]
    assert line.played_count == 6


def test_nobody_works_at_night() -> None:
    line = Timeline(now=NOW, rng=Random(1))
    for hour in range(24):
        at = datetime(2025, 3, 3, hour, 10, tzinfo=ZONE)
        moved = line.in_hours(at=at)
        assert DESK_OPENS <= moved.astimezone(ZONE).time() < DESK_CLOSES
        assert timedelta(0) <= moved - at < timedelta(hours=13)
