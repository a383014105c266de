"""Calendars in the database: made, seeded, edited, read."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.services import hire, open_site
from yingsheng.kernel.worktime.arithmetic import Unit, due_at
from yingsheng.kernel.worktime.holidays import known_years
from yingsheng.kernel.worktime.models import Calendar, CalendarDay, CalendarYear
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.kernel.worktime.services import change_day, create_default_calendars, seed_year

from .calendars import DESK, OFFICE, day, local, shown

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def estate_site() -> Site:
    site = open_site(code="YS-W", name="应声花园", kind="residence", at=AT)
    create_default_calendars(site=site, at=AT)
    return site


@pytest.fixture
def head(estate_site: Site) -> Staff:
    return hire(site=estate_site, username="li", name="李主管", password=None, by=None, at=AT)


@pytest.fixture
def office_row(estate_site: Site) -> Calendar:
    return Calendar.objects.get(site=estate_site, code="office")


def change(calendar: Calendar, by: Staff, **given: Any) -> CalendarDay:
    usual: dict[str, Any] = {
        "date": day("2026-03-02"),
        "windows": ((time(9), time(12)),),
        "kind": "special",
        "name": "设备检修",
    }
    return change_day(calendar=calendar, by=by, at=AT, **(usual | given))


def test_a_new_site_gets_three_calendars_in_one_event(estate_site: Site) -> None:
    event = Event.objects.get(site=estate_site, kind="worktime.calendars_created")
    assert event.data["codes"] == ["service", "office", "always"]
    assert event.data["years"] == [year for year in known_years() if year >= 2025]
    start = local("2026-09-30 17:00")
    due = {
        code: shown(
            due_at(
                start=start,
                amount=4,
                unit=Unit.WORKING_HOURS,
                calendar=get_calendar(site_id=estate_site.pk, code=code),
            ).at
        )
        for code in ("service", "office", "always")
    }
    assert due == {
        "service": "2026-10-01 08:30",
        "office": "2026-10-08 12:00",
        "always": "2026-09-30 21:00",
    }


def test_the_service_calendar_is_the_usual_one(estate_site: Site) -> None:
    assert get_calendar(site_id=estate_site.pk).weekly == (DESK,) * 7


def test_a_calendar_the_site_does_not_use(estate_site: Site) -> None:
    Calendar.objects.filter(site=estate_site, code="always").update(active=False)
    with pytest.raises(Calendar.DoesNotExist):
        get_calendar(site_id=estate_site.pk, code="always")


def test_reading_twice_asks_once(estate_site: Site, django_assert_num_queries: Any) -> None:
    first = get_calendar(site_id=estate_site.pk, code="office")
    with django_assert_num_queries(1):
        assert get_calendar(site_id=estate_site.pk, code="office") is first


def test_an_edited_day_is_used_at_once(office_row: Calendar, head: Staff) -> None:
    assert get_calendar(site_id=office_row.site_id, code="office").overrides.get(day("2026-03-02")) is None
    changed = change(office_row, head)
    assert (changed.origin, changed.edited_by, changed.edited_at) == ("edited", head, AT)
    calendar = get_calendar(site_id=office_row.site_id, code="office")
    assert calendar.overrides[day("2026-03-02")] == ((time(9), time(12)),)
    event = Event.objects.get(kind="worktime.day_changed")
    assert event.by_id == head.pk
    assert event.data == {
        "calendar": "办公时间",
        "date": "2026-03-02",
        "kind": "special",
        "windows": [["09:00", "12:00"]],
        "name": "设备检修",
        "moved_count": 0,
        "moved": [],
    }


def test_a_day_may_be_edited_twice(office_row: Calendar, head: Staff) -> None:
    change(office_row, head)
    change(office_row, head, kind="holiday", windows=(), name="停电")
    assert list(CalendarDay.objects.filter(date=day("2026-03-02")).values_list("kind", "name")) == [
        ("holiday", "停电")
    ]


def change_read_and_fail(office_row: Calendar, head: Staff) -> None:
    with transaction.atomic():
        change(office_row, head)
        get_calendar(site_id=office_row.site_id, code="office")  # a reader inside keeps what will not be
        raise RuntimeError


def test_a_rolled_back_edit_leaves_nothing_behind(office_row: Calendar, head: Staff) -> None:
    before = get_calendar(site_id=office_row.site_id, code="office").overrides
    with pytest.raises(RuntimeError):
        change_read_and_fail(office_row, head)
    assert get_calendar(site_id=office_row.site_id, code="office").overrides == before
    change(office_row, head, windows=((time(10), time(11)),))
    after = get_calendar(site_id=office_row.site_id, code="office").overrides
    assert after[day("2026-03-02")] == ((time(10), time(11)),)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"windows": ((time(12), time(9)),)}, "windows"),
        ({"windows": (*OFFICE, *DESK)}, "windows"),
        ({"windows": ()}, "windows"),
        ({"kind": "holiday"}, "windows"),
        ({"kind": "feast"}, "kind"),
        ({"name": "  "}, "name"),
    ],
)
def test_days_that_are_refused(office_row: Calendar, head: Staff, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        change(office_row, head, **given)
    assert refused.value.field == field
    assert not Event.objects.filter(kind="worktime.day_changed").exists()


def test_seeding_keeps_what_was_edited_and_may_be_repeated(office_row: Calendar, head: Staff) -> None:
    change(office_row, head, date=day("2026-10-10"), kind="holiday", windows=(), name="本项目不补班")
    CalendarDay.objects.filter(
        calendar=office_row, date=day("2026-10-01")
    ).delete()  # the library learns of it later
    before = office_row.revision
    loaded = seed_year(calendar=office_row, year=2026, at=AT)
    assert (loaded.year, loaded.loaded_at) == (2026, AT)
    calendar = get_calendar(site_id=office_row.site_id, code="office")
    assert calendar.overrides[day("2026-10-10")] == ()
    assert calendar.overrides[day("2026-10-01")] == ()
    assert calendar.overrides[day("2026-02-14")] == OFFICE
    assert Event.objects.filter(kind="worktime.year_seeded").count() == 1
    office_row.refresh_from_db()
    assert office_row.revision != before


def test_a_year_not_seeded_is_warned_of(office_row: Calendar) -> None:
    CalendarYear.objects.filter(calendar=office_row, year=2026).delete()
    Calendar.objects.filter(pk=office_row.pk).update(revision=1)
    calendar = get_calendar(site_id=office_row.site_id, code="office")
    due = due_at(start=local("2026-03-02 09:00"), amount=1, unit=Unit.WORKING_DAYS, calendar=calendar)
    assert due.missing_years == (2026,)


def test_a_year_the_library_does_not_know_is_refused(office_row: Calendar) -> None:
    unknown = max(known_years()) + 1
    with pytest.raises(Refused) as refused:
        seed_year(calendar=office_row, year=unknown, at=AT)
    assert refused.value.field == "year"
    assert str(unknown) in str(refused.value)


def test_a_calendar_that_ignores_holidays_is_not_seeded(estate_site: Site) -> None:
    service = Calendar.objects.get(site=estate_site, code="service")
    with pytest.raises(Refused):
        seed_year(calendar=service, year=2026, at=AT)


def test_nothing_is_written_when_the_event_cannot_be(
    office_row: Calendar, head: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("yingsheng.kernel.events.services.record", fail)
    with pytest.raises(RuntimeError):
        change(office_row, head)
    assert not CalendarDay.objects.filter(date=day("2026-03-02")).exists()


def test_rows_read_well(office_row: Calendar) -> None:
    assert str(office_row) == "办公时间"
    assert str(CalendarDay.objects.get(calendar=office_row, date=day("2026-10-01"))) == "2026-10-01 国庆节"
    assert str(CalendarYear.objects.get(calendar=office_row, year=2026)) == "2026"
