"""Recurring work: opened once per site and period, handed in frozen, corrected by a new version only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE, Cast, make_cast

from yingsheng.base.process import Periodic, processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.policies.services import override_parameter
from yingsheng.kernel.timers.models import Filing, Obligation, Period
from yingsheng.kernel.timers.periods import (
    count_done,
    file_period,
    hold_period,
    is_unchanged,
    list_owed,
    open_period,
    open_periods,
    period_name,
)
from yingsheng.kernel.timers.rules import calendar_for, day_in_month, first_of, last_of, periods_between
from yingsheng.kernel.timers.tick import tick
from yingsheng.kernel.worktime.models import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2098, 12, 31))
KINDS = st.sampled_from(["day", "month"])


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def promises(code: str) -> list[Obligation]:
    periods = Period.objects.filter(code=code).values("pk")
    return list(
        Obligation.objects.filter(subject_type="timers.period", subject_id__in=periods).order_by("due_at")
    )


@given(KINDS, DAYS)
def test_every_day_lies_in_exactly_one_period(every: str, day: date):
    first = first_of(every=every, day=day)
    assert first <= day <= last_of(every=every, first=first)
    assert first_of(every=every, day=last_of(every=every, first=first)) == first


@given(KINDS, DAYS, st.integers(0, 90))
def test_no_period_is_left_out_and_none_opened_twice(every: str, day: date, later: int):
    until = day + timedelta(days=later)
    opened = [
        first_of(every=every, day=day),
        *periods_between(every=every, after=first_of(every=every, day=day), until=until),
    ]
    assert len(set(opened)) == len(opened)
    for before, after in pairwise(opened):
        assert last_of(every=every, first=before) + timedelta(days=1) == after
    assert opened[-1] == first_of(every=every, day=until)
    assert periods_between(every=every, after=None, until=until) == [first_of(every=every, day=until)]


@given(st.integers(2001, 2098), st.integers(1, 12), st.integers(1, 31))
@pytest.mark.rule("Y-12")
def test_a_day_the_month_does_not_have_is_its_last(year: int, month: int, day: int):
    found = day_in_month(first=date(year, month, 1), day=day)
    assert (found.year, found.month) == (year, month)
    assert found.day == day or (found + timedelta(days=1)).day == 1


def test_working_days_are_those_of_the_office_and_hours_those_of_the_desk():
    assert calendar_for(unit="working_days") == "office"
    assert {calendar_for(unit=unit) for unit in ("hours", "working_hours", "same_day", "calendar_days")} == {
        "service"
    }


@pytest.mark.rule("C-69", "C-73", "C-74", "C-75", "C-76", "C-77", "F-22", "B-13")
def test_each_period_is_opened_once_with_its_promises_and_one_event(cast: Cast):
    codes = {item.code for process in processes for item in process.periodics}
    assert open_periods(now=MONDAY_NINE) == len(codes)
    assert set(Period.objects.values_list("code", flat=True)) == codes
    assert open_periods(now=MONDAY_NINE) == 0
    assert open_periods(now=MONDAY_NINE + timedelta(hours=5)) == 0
    assert Event.objects.filter(kind="timers.period_opened").count() == len(codes)
    daily = sum(item.every == "day" for process in processes for item in process.periodics)
    assert open_periods(now=MONDAY_NINE + timedelta(days=1)) == daily


@pytest.mark.rule("C-73", "C-74", "C-75", "Y-01", "Y-06")
def test_the_month_is_due_on_the_days_of_the_rule_book(cast: Cast):
    open_periods(now=MONDAY_NINE)
    due = {row.milestone: row.due_at.astimezone(ZONE) for code in ("complaint_statistics", "complaint_report")
           for row in promises(code)}  # fmt: skip
    assert due == {
        "statistics": datetime(2025, 3, 27, 23, 59, 59, tzinfo=ZONE),
        "statistics_report": datetime(2025, 3, 28, 23, 59, 59, tzinfo=ZONE),
        "rates": datetime(2025, 3, 28, 23, 59, 59, tzinfo=ZONE),
        "month_report": datetime(2025, 4, 5, 23, 59, 59, tzinfo=ZONE),
    }
    owed = {row.milestone: (row.rule, row.responsible_role) for row in promises("complaint_report")}
    assert owed == {"month_report": ("C-75", "SITE_HEAD")}


@pytest.mark.rule("C-69")
def test_the_days_list_runs_from_its_hour(cast: Cast):
    open_periods(now=MONDAY_NINE)
    (row,) = promises("complaint_unanswered")
    assert row.starts_at.astimezone(ZONE) == datetime(2025, 3, 3, 9, 0, tzinfo=ZONE)
    assert row.due_at.astimezone(ZONE) == datetime(2025, 3, 3, 12, 0, tzinfo=ZONE)
    assert (row.rule, row.responsible_role) == ("C-69", "CS_SUP")


def test_days_on_which_nobody_worked_are_opened_afterwards(cast: Cast):
    open_periods(now=MONDAY_NINE)
    open_periods(now=MONDAY_NINE + timedelta(days=4))
    days = (
        Period.objects.filter(code="complaint_unanswered").order_by("first").values_list("first", flat=True)
    )
    assert list(days) == [date(2025, 3, 3) + timedelta(days=number) for number in range(5)]


def test_where_the_regulation_is_silent_nothing_is_owed(cast: Cast):
    override_parameter(
        site=cast.site, path="C-75.monthly_report_day", value="silent", active_from=MONDAY_NINE, reason="另有规定",
        by=cast.head, at=MONDAY_NINE,
    )  # fmt: skip
    open_periods(now=MONDAY_NINE)
    assert not Period.objects.filter(code="complaint_report").exists()
    assert Period.objects.filter(code="complaint_statistics").exists()


def test_a_day_on_which_the_desk_is_closed_owes_no_list(cast: Cast):
    Calendar.objects.filter(site=cast.site, code="service").update(
        weekly_windows=[[], *Calendar.objects.get(site=cast.site, code="service").weekly_windows[1:]],
        revision=99,
    )
    open_periods(now=MONDAY_NINE)
    assert not Period.objects.filter(code="complaint_unanswered").exists()
    assert Period.objects.filter(code="complaint_report").exists()


def test_two_workers_open_a_period_once(cast: Cast):
    periodic: Periodic = processes.periodic("complaint_report")
    first = date(2025, 3, 1)
    assert open_period(site=cast.site, periodic=periodic, first=first, at=MONDAY_NINE) is not None
    assert open_period(site=cast.site, periodic=periodic, first=first, at=MONDAY_NINE) is None
    assert Period.objects.filter(code="complaint_report").count() == 1
    assert len(promises("complaint_report")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(site=cast.site, code="complaint_report", first=first, last=date(2025, 3, 31))


def test_a_month_nobody_hands_in_rings_the_post_that_owes_it(cast: Cast):
    open_periods(now=MONDAY_NINE)
    tick(now=datetime(2025, 4, 6, 0, 1, tzinfo=ZONE))
    late = Event.objects.filter(kind="timers.overdue", rule="C-75")
    assert late.count() == 1
    assert Message.objects.filter(to_staff=cast.head, rule="C-75", tone="late").exists()


@pytest.mark.rule("C-75")
def test_what_was_handed_in_stays_and_a_correction_needs_its_reason(cast: Cast):
    def hand_in(content: dict[str, int], reason: str = "", at: datetime = MONDAY_NINE) -> Filing:
        with transaction.atomic():
            period = hold_period(site=cast.site, code="complaint_report", first=date(2025, 3, 1), at=at)
            return file_period(
                period=period, content=content, definition="x/1", by=cast.head, at=at, reason=reason
            )

    first = hand_in({"accepted": 3})
    with pytest.raises(Refused) as refused:
        hand_in({"accepted": 4})
    assert refused.value.field == "reason"
    second = hand_in({"accepted": 4}, "漏了一件", MONDAY_NINE + timedelta(days=40))
    first.refresh_from_db()
    assert (first.version, second.version, first.content) == (1, 2, {"accepted": 3})
    assert first.digest != second.digest
    assert is_unchanged(filing=first)
    (promise,) = promises("complaint_report")
    assert promise.state == "met"  # the correction came late, the report did not
    first.content = {"accepted": 2}
    assert not is_unchanged(filing=first)


def test_a_month_before_the_site_counted_was_never_owed_and_opens_none_since(cast: Cast):
    with transaction.atomic():
        old = hold_period(site=cast.site, code="complaint_report", first=date(2024, 11, 1), at=MONDAY_NINE)
        file_period(period=old, content={}, definition="x/1", by=cast.head, at=MONDAY_NINE)
    assert not Obligation.objects.filter(subject_type="timers.period", subject_id=old.pk).exists()
    open_periods(now=MONDAY_NINE)
    months = Period.objects.filter(code="complaint_report").order_by("first")
    assert [period_name(period=period) for period in months] == ["2024-11", "2025-03"]
    assert [row.state for row in promises("complaint_report")] == ["armed"]


def test_nothing_is_handed_in_before_its_time_has_begun(cast: Cast):
    open_periods(now=MONDAY_NINE)
    with pytest.raises(Refused) as refused, transaction.atomic():
        hold_period(site=cast.site, code="complaint_report", first=date(2099, 12, 1), at=MONDAY_NINE)
    assert refused.value.code == "too_early"
    Period.objects.create(
        site=cast.site, code="complaint_report", first=date(2099, 12, 1), last=date(2099, 12, 31)
    )
    open_periods(now=MONDAY_NINE + timedelta(days=35))
    assert Period.objects.filter(code="complaint_report", first=date(2025, 4, 1)).exists()


def test_a_rule_that_comes_back_owes_nothing_for_the_days_it_was_silent(cast: Cast):
    def signed_within(value: object, at: datetime) -> None:
        override_parameter(
            site=cast.site, path="C-69.signed_within", value=value, active_from=at, reason="试行",
            by=cast.head, at=at,
        )  # fmt: skip

    open_periods(now=MONDAY_NINE)
    signed_within("silent", MONDAY_NINE + timedelta(hours=1))
    back = MONDAY_NINE + timedelta(days=40)
    signed_within(4, back)
    open_periods(now=back + timedelta(hours=1))
    owed = [row.first_due_at.date() for row in promises("complaint_unanswered")]
    assert owed == [MONDAY_NINE.date(), back.date()]
    open_periods(now=back + timedelta(days=1))
    assert len(promises("complaint_unanswered")) == 3


def test_handed_in_late_is_late(cast: Cast):
    open_periods(now=MONDAY_NINE)
    at = datetime(2025, 4, 7, 9, 0, tzinfo=ZONE)
    with transaction.atomic():
        period = hold_period(site=cast.site, code="complaint_report", first=date(2025, 3, 1), at=at)
        file_period(period=period, content={}, definition="x/1", by=cast.head, at=at)
    assert [row.state for row in promises("complaint_report")] == ["late"]
    assert period_name(period=period) == "2025-03"


@pytest.mark.rule("C-76")
def test_counted_work_is_kept_once_it_was_done_often_enough(cast: Cast):
    open_periods(now=MONDAY_NINE)
    for number in range(4):
        assert promises("complaint_record_checks")[0].state == "armed"
        with transaction.atomic():
            period = count_done(
                site=cast.site,
                code="complaint_record_checks",
                by=cast.head,
                at=MONDAY_NINE + timedelta(days=number),
            )
    assert (period.done, period.needed) == (4, 4)
    assert promises("complaint_record_checks")[0].state == "met"


def test_a_post_sees_what_it_owes_earliest_first(cast: Cast):
    open_periods(now=MONDAY_NINE)
    owed = list_owed(site=cast.site, roles=frozenset({"CS_SUP"}))
    assert owed[0][0].code == "complaint_unanswered"
    dues = [row.due_at for _period, row in owed]
    assert dues == sorted(dues)
    assert list_owed(site=cast.site, roles=frozenset()) == []


@pytest.mark.rule("R-06")
def test_work_that_may_begin_on_a_day_of_the_month_is_owed_from_that_day(cast: Cast):
    open_periods(now=MONDAY_NINE)
    row = Obligation.objects.get(milestone="repair_analysis")
    zone = ZoneInfo("Asia/Shanghai")
    starts, due = row.starts_at.astimezone(zone), row.due_at.astimezone(zone)
    assert (starts.day, starts.hour, due.day) == (25, 0, 27)
