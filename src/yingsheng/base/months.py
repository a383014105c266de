"""Which days a month's figures are counted from, and when they are due (C-73, C-75, R-06, S-07, Y-12)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Window:
    """Days from `first` to `last`, both included, and the day the figures are due."""

    first: date
    last: date
    due: date


def clamp(*, year: int, month: int, day: int) -> date:
    """The day of that month, or the month's last day if it is shorter (Y-12)."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_month(*, year: int, month: int) -> tuple[int, int]:
    """The month after."""
    return (year + 1, 1) if month == 12 else (year, month + 1)


def previous_month(*, year: int, month: int) -> tuple[int, int]:
    """The month before."""
    return (year - 1, 12) if month == 1 else (year, month - 1)


def statistics_window(*, year: int, month: int, from_day: int, to_day: int, report_day: int) -> Window:
    """The window of the statistics made in a month: from a day of the month before to a day of this one (C-73)."""
    before = previous_month(year=year, month=month)
    return Window(
        first=clamp(year=before[0], month=before[1], day=from_day),
        last=clamp(year=year, month=month, day=to_day),
        due=clamp(year=year, month=month, day=report_day),
    )


def window_up_to(*, year: int, month: int, to_day: int, report_day: int) -> Window:
    """The window from after the last one up to a day of this month (P-06, R-06, S-07).

    It begins the day after the last one ended, so that no day of a short February counts twice or not at all.
    """
    before = previous_month(year=year, month=month)
    return Window(
        first=clamp(year=before[0], month=before[1], day=to_day) + timedelta(days=1),
        last=clamp(year=year, month=month, day=to_day),
        due=clamp(year=year, month=month, day=report_day),
    )


def report_window(*, year: int, month: int, report_day: int) -> Window:
    """The calendar month of the company report, due on a day of the next month (C-75)."""
    after = next_month(year=year, month=month)
    return Window(
        first=date(year, month, 1),
        last=clamp(year=year, month=month, day=31),
        due=clamp(year=after[0], month=after[1], day=report_day),
    )


def statistics_month_of(*, day: date, to_day: int) -> tuple[int, int]:
    """The month in whose statistics a complaint of this day is counted: the next one once the window closed."""
    if day <= clamp(year=day.year, month=day.month, day=to_day):
        return day.year, day.month
    return next_month(year=day.year, month=day.month)


def may_file(*, window: Window, whole: bool, today: date) -> bool:
    """Whether a month may be handed in yet: on its last day, or, where it must hold every complaint, after it."""
    return today > window.last if whole else today >= window.last
