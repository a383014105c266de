"""Opening hours and public holidays."""

from __future__ import annotations

from datetime import time

import pytest

from yingsheng.kernel.worktime.holidays import known_years, public_days
from yingsheng.kernel.worktime.windows import (
    WHOLE_DAY,
    BadWindows,
    check_windows,
    read_windows,
    write_windows,
)

from .calendars import DESK, OFFICE, day


@pytest.mark.parametrize("windows", [(), DESK, OFFICE, WHOLE_DAY, ((time(20), time(0)),)])
def test_hours_are_stored_and_read_back(windows: tuple[tuple[time, time], ...]) -> None:
    assert read_windows(value=write_windows(windows=windows)) == windows


def test_midnight_is_written_as_the_end_of_its_day() -> None:
    assert write_windows(windows=WHOLE_DAY) == [["00:00", "24:00"]]
    check_windows(windows=((time(8), time(12)), (time(12), time(0))))  # two may touch


@pytest.mark.parametrize(
    "value",
    [
        None,
        "08:00-12:00",
        [["08:00"]],
        ["08:00"],
        [["08:00", None]],
        [["08:00", "25:00"]],
        [["08:00", "24:30"]],
        [["12:00", "08:00"]],
        [["08:00", "08:00"]],
        [["20:00", "07:30"]],
        [["08:00", "12:00"], ["11:00", "13:00"]],
        [["08:00", "24:00"], ["23:00", "23:30"]],
        [["13:00", "14:00"], ["08:00", "12:00"]],
    ],
)
def test_impossible_hours(value: object) -> None:
    with pytest.raises(BadWindows):
        read_windows(value=value)


def test_the_holidays_of_2026() -> None:
    days = {found.date: found for found in public_days(year=2026)}
    assert days[day("2026-10-01")].name == "国庆节"
    assert not days[day("2026-10-01")].is_open
    assert days[day("2026-10-10")].is_open
    assert days[day("2026-02-14")].is_open
    assert day("2026-03-02") not in days
    assert list(days) == sorted(days)
    assert {found.year for found in days} == {2026}


def test_a_holiday_without_a_name_of_ours() -> None:
    assert {found.name for found in public_days(year=2015)} >= {"法定节假日", "国庆节"}


def test_an_unknown_year_is_not_guessed() -> None:
    assert 2026 in known_years()
    unknown = max(known_years()) + 1
    with pytest.raises(ValueError, match=str(unknown)):
        public_days(year=unknown)
