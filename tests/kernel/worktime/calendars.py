"""Calendars and moments for the tests of working time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from yingsheng.kernel.worktime.arithmetic import WorkCalendar
from yingsheng.kernel.worktime.holidays import public_days
from yingsheng.kernel.worktime.windows import WHOLE_DAY, Window

ZONE = ZoneInfo("Asia/Shanghai")
DESK: tuple[Window, ...] = ((time(7, 30), time(20)),)
OFFICE: tuple[Window, ...] = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))

SERVICE = WorkCalendar(weekly=(DESK,) * 7, follows_holidays=False)
ALWAYS = WorkCalendar(weekly=(WHOLE_DAY,) * 7, follows_holidays=False)


def office(*, years: Iterable[int]) -> WorkCalendar:
    """Office hours on working days, with the public holidays of these years."""
    known = list(years)
    return WorkCalendar(
        weekly=(*(OFFICE,) * 5, (), ()),
        overrides={
            day.date: OFFICE if day.is_open else () for year in known for day in public_days(year=year)
        },
        loaded_years=frozenset(known),
    )


def local(text: str) -> datetime:
    """A moment of the zone: "2026-10-01 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def shown(moment: datetime) -> str:
    """A moment as the zone's clock shows it, seconds only if there are any."""
    assert moment.utcoffset() is not None
    assert str(moment.tzinfo) == "UTC"
    there = moment.astimezone(ZONE)
    return f"{there:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def day(text: str) -> date:
    """A day: "2026-10-01"."""
    return date.fromisoformat(text)
