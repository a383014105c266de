"""Promises: armed with their clause, alarmed in order, ended once, never rewritten."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.processes.story import clock, registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Appointment
from yingsheng.kernel.policies.models import RuleVersion
from yingsheng.kernel.timers import services
from yingsheng.kernel.timers import tick as ticking
from yingsheng.kernel.timers.models import AlarmFired, Heartbeat, Obligation
from yingsheng.kernel.timers.queries import silent_minutes
from yingsheng.kernel.timers.rules import Rung, alarm_plan, next_alarm, outcome

NINE = MONDAY_NINE


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=2)


def hours(count: float) -> datetime:
    return NINE + timedelta(hours=count)


def test_a_promise_keeps_the_rule_as_it_stood(cast: Cast):
    promise = clock(registered(cast), "contact")
    version = RuleVersion.objects.get(pk=promise.version_id)
    assert (version.rule, version.values["contact_within"]) == ("C-33", 2)
    assert "003 第12篇" in promise.clause


def test_warn_overdue_and_every_rung_in_order(cast: Cast):
    case = registered(cast)
    promise = clock(case, "contact")
    for moment in (1.6, 2.1, 6.1, 26.1, 50.1):
        ticking.tick(now=hours(moment))
    fired = list(
        AlarmFired.objects.filter(obligation=promise).order_by("number").values_list("number", "kind")
    )
    assert fired == [(0, "warn"), (1, "overdue"), (2, "escalate"), (3, "escalate"), (4, "escalate")]
    told = list(
        Message.objects.filter(dedup_key__startswith=f"alarm:{promise.pk}:4").values_list(
            "to_staff__name", flat=True
        )
    )
    assert told == ["杨总"]
    third = set(
        Message.objects.filter(dedup_key__startswith=f"alarm:{promise.pk}:3").values_list(
            "to_staff__name", flat=True
        )
    )
    assert third == {"韩副总", "朱中心"}


def test_after_an_outage_the_alarms_are_caught_up(cast: Cast):
    promise = clock(registered(cast), "contact")
    ticking.tick(now=hours(100))
    assert AlarmFired.objects.filter(obligation=promise).count() == 5
    promise.refresh_from_db()
    assert promise.next_alarm_at is None


def test_due_exactly_now_is_not_overdue(cast: Cast):
    promise = clock(registered(cast), "contact")
    ticking.tick(now=promise.due_at)
    assert not AlarmFired.objects.filter(obligation=promise, kind="overdue").exists()


def test_unassigned_work_alarms_the_post_above_an_empty_one(cast: Cast):
    Appointment.objects.filter(staff=cast.supervisor).update(active_to=NINE)
    promise = clock(registered(cast), "contact")
    ticking.tick(now=hours(1.6))
    told = Message.objects.get(dedup_key__startswith=f"alarm:{promise.pk}:0")
    assert told.to_staff in (cast.area_supervisor, cast.department_manager, cast.engineering_head)


def test_a_bad_row_is_pushed_and_the_others_go_on(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    bad = clock(registered(cast), "contact")
    clock(registered(cast, home=1), "contact")
    real = ticking._recipients

    def fails(*, row: Obligation, **kwargs: object) -> object:
        if row.pk == bad.pk:
            raise RuntimeError("broken")
        return real(row=row, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ticking, "_recipients", fails)
    ticking.tick(now=hours(1.6))
    bad.refresh_from_db()
    assert (bad.error_count, bad.alarm_no, bad.next_alarm_at) == (1, 0, hours(1.6) + ticking.PUSH)
    assert "broken" in bad.last_error
    assert AlarmFired.objects.count() == 5
    monkeypatch.undo()
    ticking.tick(now=hours(1.9))
    assert AlarmFired.objects.filter(obligation=bad).count() == 1


def test_a_waiver_has_a_name_and_a_reason(cast: Cast):
    promise = clock(registered(cast), "contact")
    with pytest.raises(Refused):
        services.waive(obligation=promise, by=cast.supervisor, at=hours(1), reason=" ")
    services.waive(obligation=promise, by=cast.supervisor, at=hours(1), reason="住户已在现场")
    promise.refresh_from_db()
    assert (promise.state, promise.ended_by, promise.reason) == ("waived", cast.supervisor, "住户已在现场")
    assert Event.objects.filter(kind="timers.waived", subject_id=promise.pk).count() == 1
    with pytest.raises(Refused):
        services.waive(obligation=promise, by=cast.supervisor, at=hours(1), reason="再来")


@pytest.mark.parametrize(
    "change",
    [
        {"state": "waived", "ended_at": NINE, "next_alarm_at": None},
        {"state": "met", "next_alarm_at": None},
        {"paused_at": NINE},
    ],
)
def test_the_database_has_the_last_word(cast: Cast, change: dict[str, object]):
    promise = clock(registered(cast), "contact")
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=promise.pk).update(**change)


def test_the_clock_of_the_case_follows_its_promises(cast: Cast):
    case = registered(cast)
    services.meet(subject=case, milestones=["contact", "assign", "verify"], by=cast.front, at=hours(1))
    case.refresh_from_db()
    assert case.next_due_at is None


def test_a_pause_needs_a_reason(cast: Cast):
    with pytest.raises(Refused):
        services.pause(subject=registered(cast), by=cast.front, at=hours(1), reason="")


def test_silence_of_the_worker_is_measured(db: None):
    assert silent_minutes(now=NINE) is None
    ticking.beat(name="worker", now=NINE)
    ticking.beat(name="worker", now=hours(0.1))
    assert Heartbeat.objects.count() == 1
    assert silent_minutes(now=hours(1)) == 54


def test_the_tick_finds_its_rows_by_the_index_alone(cast: Cast):
    registered(cast)
    asked = Obligation.objects.filter(next_alarm_at__lt=NINE).order_by("next_alarm_at")[:1]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "obligation_next_alarm" in asked.explain()


ladders = st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["A", "B", "C"])), max_size=6)


@given(minutes=st.integers(0, 100_000), warn=st.none() | st.integers(0, 100), ladder=ladders)
def test_alarms_come_in_order_and_none_is_lost(minutes: int, warn: int | None, ladder: list[tuple[int, str]]):
    start = datetime(2025, 3, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    due = start + timedelta(minutes=minutes)
    rungs = [Rung(after_minutes=after, role=role) for after, role in ladder]
    plan = alarm_plan(starts_at=start, due_at=due, warn_percent=warn, ladder=rungs)
    assert [alarm.number for alarm in plan] == list(range(len(plan)))
    assert [alarm.at for alarm in plan] == sorted(alarm.at for alarm in plan)
    assert sum(alarm.kind == "overdue" for alarm in plan) == 1
    assert {role for alarm in plan for role in alarm.roles} == {role for _, role in ladder}
    assert next_alarm(plan=plan, fired_count=len(plan)) is None
    assert next_alarm(plan=plan, fired_count=0) == plan[0]


@given(st.integers(-1000, 1000))
def test_kept_up_to_the_last_moment(minutes: int):
    met_at = NINE + timedelta(minutes=minutes)
    assert outcome(due_at=NINE, met_at=met_at) == ("met" if minutes <= 0 else "late")
