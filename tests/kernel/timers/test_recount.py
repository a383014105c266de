"""An edited calendar moves the open promises that count by it, and nothing that is over or agreed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.factories.cast import MONDAY_NINE, Cast, make_cast
from tests.processes.story import registered

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.policies.queries import resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers import tick as ticking
from yingsheng.kernel.timers.models import AlarmFired, Obligation
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at
from yingsheng.kernel.worktime.models import Calendar, CalendarDay
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.kernel.worktime.services import change_day, change_week, clear_day

NOW = MONDAY_NINE
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = date(2025, 3, 4), date(2025, 3, 5)
MORNING = ((time(8, 30), time(12)),)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(homes=1)


def office(cast: Cast) -> Calendar:
    return Calendar.objects.get(site=cast.site, code="office")


def promised(
    cast: Cast,
    case: Case,
    *,
    amount: int = 3,
    unit: str = "working_days",
    calendar: str = "office",
    milestone: str = "plan",
    due: datetime | None = None,
    starts_at: datetime = NOW,
    **more: Any,
) -> Obligation:
    """A promise about a case; its due time by the calendar as it stands unless another was agreed."""
    reckoned = due_at(
        start=starts_at, amount=amount, unit=unit, calendar=get_calendar(site_id=cast.site.pk, code=calendar)
    ).at
    return timers.arm(
        site_id=cast.site.pk,
        subject=case,
        at=starts_at,
        promises=[
            Promise(
                milestone=milestone,
                resolved=resolve(rule_id="C-35", site=cast.site, at=starts_at),
                amount=amount,
                unit=unit,
                starts_at=starts_at,
                due_at=due or reckoned,
                responsible_role="CS_SUP",
                calendar=calendar,
                **more,
            )
        ],
    )[0]


def close(cast: Cast, day: date = TUESDAY, at: datetime = NOW) -> CalendarDay:
    return change_day(
        calendar=office(cast), date=day, windows=(), kind="holiday", name="停电", by=cast.head, at=at
    )


def fresh(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


def test_a_new_holiday_moves_what_counts_working_time_and_says_so_once(cast: Cast) -> None:
    case = registered(cast)
    days = promised(cast, case)
    hours = promised(cast, case, amount=12, unit="working_hours", milestone="handle")
    before = Event.objects.count()
    close(cast)
    assert Event.objects.count() == before + 1
    event = Event.objects.latest("pk")
    assert event.kind == "worktime.day_changed"
    assert event.data["moved_count"] == 2
    assert event.data["moved"][0] == [days.pk, days.due_at.isoformat(), fresh(days).due_at.isoformat()]
    assert fresh(days).due_at == days.due_at + DAY
    assert fresh(hours).due_at == hours.due_at + DAY
    assert fresh(days).first_due_at == days.first_due_at
    assert fresh(days).reason


def test_the_case_shows_the_new_moment_and_the_alarm_rings_by_it(cast: Cast) -> None:
    case = registered(cast)
    timers.void(subject=case, by=cast.front, at=NOW, reason="test")
    row = promised(cast, case, warn_percent=50)
    close(cast)
    case.refresh_from_db()
    assert case.next_due_at == fresh(row).due_at
    assert row.next_alarm_at is not None
    ticking.tick(now=row.due_at + timedelta(minutes=1))
    assert list(AlarmFired.objects.filter(obligation=row).values_list("kind", flat=True)) == ["warn"]
    ticking.tick(now=fresh(row).due_at + timedelta(minutes=1))
    assert AlarmFired.objects.filter(obligation=row, kind="overdue").count() == 1


def test_cleared_again_everything_is_as_it_was(cast: Cast) -> None:
    row = promised(cast, registered(cast))
    close(cast)
    clear_day(calendar=office(cast), date=TUESDAY, by=cast.head, at=NOW)
    assert fresh(row).due_at == row.due_at
    assert Event.objects.filter(kind="worktime.day_cleared").count() == 1
    with pytest.raises(Refused):
        clear_day(calendar=office(cast), date=TUESDAY, by=cast.head, at=NOW)


def test_shorter_days_move_promises_of_working_hours(cast: Cast) -> None:
    row = promised(cast, registered(cast), amount=12, unit="working_hours")
    change_week(calendar=office(cast), weekly=(*(MORNING,) * 5, (), ()), by=cast.head, at=NOW)
    # three hours on Monday from nine, three and a half on each day after: the last at eleven on Thursday
    assert fresh(row).due_at == NOW.replace(day=6, hour=10, minute=30)


@pytest.mark.parametrize(
    ("unit", "calendar"), [("hours", "office"), ("calendar_days", "office"), ("working_days", "service")]
)
def test_what_does_not_count_by_this_calendar_stays(cast: Cast, unit: str, calendar: str) -> None:
    row = promised(cast, registered(cast), amount=2, unit=unit, calendar=calendar)
    close(cast)
    assert fresh(row).due_at == row.due_at


def test_a_moment_agreed_or_extended_by_hand_stays(cast: Cast) -> None:
    case = registered(cast)
    agreed = promised(cast, case, due=NOW + 2 * DAY)
    extended = promised(cast, case, milestone="solve")
    timers.extend(
        subject=case, milestone="solve", due_at=NOW + 9 * DAY, by=cast.head, at=NOW, reason="等配件"
    )
    close(cast)
    assert fresh(agreed).due_at == agreed.due_at
    assert fresh(extended).due_at == NOW + 9 * DAY


def test_what_is_over_stays_over(cast: Cast) -> None:
    case = registered(cast)
    kept = promised(cast, case, milestone="plan")
    timers.meet(subject=case, milestones=["plan"], by=cast.front, at=NOW)
    late = promised(cast, case, amount=1, milestone="handle")
    close(cast, at=late.due_at + timedelta(hours=1))
    assert fresh(kept).due_at == kept.due_at
    assert fresh(late).due_at == late.due_at


def test_nobody_is_late_backwards(cast: Cast) -> None:
    close(cast)
    row = promised(cast, registered(cast), amount=1)
    assert row.due_at.date() == WEDNESDAY
    clear_day(calendar=office(cast), date=TUESDAY, by=cast.head, at=NOW + 2 * DAY)
    assert fresh(row).due_at == row.due_at


def test_a_promise_that_stands_still_keeps_what_was_left(cast: Cast) -> None:
    case = registered(cast)
    row = promised(cast, case)
    timers.pause(subject=case, by=cast.front, at=NOW + timedelta(hours=1), reason="住户出差")
    close(cast, at=NOW + timedelta(hours=2))
    assert fresh(row).due_at == row.due_at + DAY
    assert fresh(row).next_alarm_at is None
    timers.resume(subject=case, at=NOW + timedelta(hours=2))
    assert fresh(row).due_at > row.due_at + DAY
    close(cast, day=WEDNESDAY, at=NOW + timedelta(hours=3))
    assert fresh(row).due_at > row.due_at + 2 * DAY


def test_another_site_is_left_alone(cast: Cast) -> None:
    other = make_cast(code="other", homes=1)
    row = promised(other, registered(other))
    close(cast)
    assert fresh(row).due_at == row.due_at


def test_a_week_without_hours_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change_week(calendar=office(cast), weekly=((),) * 7, by=cast.head, at=NOW)
    assert refused.value.field == "day0"
    overlapping = ((time(8), time(12)), (time(11), time(13)))
    with pytest.raises(Refused) as refused:
        change_week(calendar=office(cast), weekly=((), overlapping, *((),) * 5), by=cast.head, at=NOW)
    assert refused.value.field == "day1"
    same = tuple(get_calendar(site_id=cast.site.pk, code="office").weekly)
    with pytest.raises(Refused):
        change_week(calendar=office(cast), weekly=same, by=cast.head, at=NOW)
    assert not Event.objects.filter(kind="worktime.week_changed").exists()


class AnyEdits(TestCase):
    """Whatever is edited in whatever order, an open promise is due when the calendar says."""

    @hypothesis_settings(max_examples=15, deadline=None)
    @given(
        days=st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=5),
        amount=st.integers(1, 6),
        unit=st.sampled_from(["working_days", "working_hours"]),
    )
    def test_due_is_what_the_calendar_gives(
        self, days: list[tuple[int, bool]], amount: int, unit: str
    ) -> None:
        cast = make_cast(homes=1)
        row = promised(cast, registered(cast), amount=amount, unit=unit)
        for offset, is_open in days:
            change_day(
                calendar=office(cast),
                date=NOW.date() + timedelta(days=offset + 1),
                windows=MORNING if is_open else (),
                kind="special" if is_open else "holiday",
                name="试验",
                by=cast.head,
                at=NOW,
            )
        calendar = get_calendar(site_id=cast.site.pk, code="office")
        assert fresh(row).due_at == due_at(start=NOW, amount=amount, unit=unit, calendar=calendar).at
        assert fresh(row).first_due_at == row.first_due_at
