"""Public holidays and make-up working days of China, as far as the library knows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chinese_calendar import constants  # type: ignore[import-untyped]

from yingsheng.base.words import gettext_noop

SOURCE = "chinese_calendar"

_NAMES = {
    "New Year's Day": gettext_noop("元旦"),
    "Spring Festival": gettext_noop("春节"),
    "Tomb-sweeping Day": gettext_noop("清明节"),
    "Labour Day": gettext_noop("劳动节"),
    "Dragon Boat Festival": gettext_noop("端午节"),
    "National Day": gettext_noop("国庆节"),
    "Mid-autumn Festival": gettext_noop("中秋节"),
}
_OTHER = gettext_noop("法定节假日")


@dataclass(frozen=True, kw_only=True)
class PublicDay:
    """A day off, or a weekend on which the country works; `name` is the holiday (a message id)."""

    date: date
    is_open: bool
    name: str


def known_years() -> tuple[int, ...]:
    """The years whose holidays the library knows, in order."""
    # The first days of a year are announced with the year before; only a year with its National Day is whole.
    return tuple(sorted({day.year for day in constants.holidays if (day.month, day.day) == (10, 1)}))


def public_days(*, year: int) -> tuple[PublicDay, ...]:
    """The holidays and make-up days of a year in order; ValueError for a year that is not known."""
    if year not in known_years():
        raise ValueError(f"holidays of {year} are not known")
    closed = ((day, False, name) for day, name in constants.holidays.items())
    opened = ((day, True, name) for day, name in constants.workdays.items())
    return tuple(
        PublicDay(date=day, is_open=is_open, name=_NAMES.get(name, _OTHER))
        for day, is_open, name in sorted([*closed, *opened])
        if day.year == year
    )
