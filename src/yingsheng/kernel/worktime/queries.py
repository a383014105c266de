"""Reading calendars."""

from __future__ import annotations

from types import MappingProxyType

from yingsheng.kernel.worktime.arithmetic import WorkCalendar
from yingsheng.kernel.worktime.models import Calendar, CalendarDay, CalendarYear
from yingsheng.kernel.worktime.windows import read_windows

# (site, code) -> the revision read and the calendar made of it; one entry per calendar, so it cannot grow.
_read: dict[tuple[int, str], tuple[int, WorkCalendar]] = {}


def get_calendar(*, site_id: int, code: str = "service") -> WorkCalendar:
    """The calendar of a site, ready for arithmetic.

    One query, unless the calendar was edited since this process last read it. Raises Calendar.DoesNotExist
    for a code the site does not use.
    """
    row = Calendar.objects.get(site_id=site_id, code=code, active=True)
    kept = _read.get((site_id, code))
    if kept is not None and kept[0] == row.revision:
        return kept[1]
    # The revision was read before the days: days edited in between are read again at the next call, never
    # missed.
    calendar = load_calendar(row=row)
    _read[site_id, code] = (row.revision, calendar)
    return calendar


def load_calendar(*, row: Calendar) -> WorkCalendar:
    """A calendar as it stands in the database now, in two queries."""
    days = CalendarDay.objects.filter(calendar=row).values_list("date", "windows")
    years = CalendarYear.objects.filter(calendar=row).values_list("year", flat=True)
    return WorkCalendar(
        weekly=tuple(read_windows(value=windows) for windows in row.weekly_windows),
        overrides=MappingProxyType({day: read_windows(value=windows) for day, windows in days}),
        loaded_years=frozenset(years),
        follows_holidays=row.follows_holidays,
    )


def missing_years_key(*, site_id: int) -> str:
    """Where the interfaces remember for some minutes which years lack their holidays; dropped when one is loaded."""
    return f"missing-years:{site_id}"
