"""Writing calendars: the usual three of a site, the weekly hours, the holidays of a year, a single day.

Whoever reckons with a calendar declares itself with `watch_calendar` and is asked within the same transaction,
before the one event is recorded: what it moved stands in the event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.revisions import new_revision
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.worktime import holidays
from yingsheng.kernel.worktime.arithmetic import WorkCalendar
from yingsheng.kernel.worktime.models import Calendar, CalendarDay, CalendarYear
from yingsheng.kernel.worktime.queries import load_calendar
from yingsheng.kernel.worktime.windows import (
    WHOLE_DAY,
    BadWindows,
    Window,
    check_windows,
    read_windows,
    write_windows,
)

BAD_WINDOWS = gettext_noop("时段要从早到晚排列，不能重叠；跨零点的请分成两天填写")
_ZONE = ZoneInfo("Asia/Shanghai")  # the zone whose holidays these are


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A calendar as it was and as it is from `at` on."""

    calendar: Calendar
    before: WorkCalendar
    after: WorkCalendar
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Something whose moment an edit of the calendar moved."""

    id: int
    before: datetime
    after: datetime


Watch = Callable[[Edit], Sequence[Moved]]
_watchers: list[Watch] = []


def watch_calendar(*, recount: Watch) -> None:
    """Declare who moves what it reckoned with a calendar when that is edited."""
    _watchers.append(recount)


@dataclass(frozen=True, kw_only=True)
class _Usual:
    """A calendar every new site gets."""

    code: str
    name: str
    weekly: tuple[tuple[Window, ...], ...]
    follows_holidays: bool


_DESK: tuple[Window, ...] = ((time(7, 30), time(20)),)
_OFFICE: tuple[Window, ...] = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
_USUAL = (
    _Usual(code="service", name=gettext_noop("客服前台"), weekly=(_DESK,) * 7, follows_holidays=False),
    _Usual(
        code="office", name=gettext_noop("办公时间"), weekly=(*(_OFFICE,) * 5, (), ()), follows_holidays=True
    ),
    _Usual(code="always", name=gettext_noop("全天候"), weekly=(WHOLE_DAY,) * 7, follows_holidays=False),
)


@transaction.atomic
def create_default_calendars(*, site: Site, at: datetime) -> tuple[Calendar, ...]:
    """Give a new site its calendars `service`, `office` and `always`.

    `office` starts with the holidays of last year, this year and later ones as far as they are known. One
    event.
    """
    made = tuple(
        Calendar.objects.create(
            site=site,
            code=usual.code,
            name=usual.name,
            weekly_windows=[write_windows(windows=windows) for windows in usual.weekly],
            follows_holidays=usual.follows_holidays,
        )
        for usual in _USUAL
    )
    years = [year for year in holidays.known_years() if year >= at.astimezone(_ZONE).year - 1]
    for calendar in made:
        if calendar.follows_holidays:
            for year in years:
                _write_year(calendar=calendar, year=year, at=at)
    events.record(
        site_id=site.pk,
        kind="worktime.calendars_created",
        subject=site,
        by=None,
        at=at,
        data={"codes": [calendar.code for calendar in made], "years": years},
    )
    return made


@transaction.atomic
def seed_year(*, calendar: Calendar, year: int, at: datetime, by: Staff | None = None) -> CalendarYear:
    """Enter the public holidays and make-up days of a year; days edited by hand stay as they are.

    May be run again when the library has learnt of a change. Refused for a calendar that does not follow the
    holidays, and for a year the library does not know: a year is never guessed.
    """
    locked = _lock(calendar=calendar)
    if not locked.follows_holidays:
        raise Refused(gettext_noop("“%(name)s”不随法定节假日变化，不需要载入"), name=locked.name)
    if year not in holidays.known_years():
        raise Refused(
            gettext_noop("还没有 %(year)s 年的放假安排，请更新软件后再载入，或逐日填写"),
            field="year",
            year=year,
        )
    before = load_calendar(row=locked)
    loaded = _write_year(calendar=locked, year=year, at=at)
    _finish(
        kind="year_seeded",
        calendar=locked,
        before=before,
        by=by,
        at=at,
        data={"year": year, "source": loaded.source},
    )
    return loaded


@transaction.atomic
def change_day(
    *,
    calendar: Calendar,
    date: date,
    windows: tuple[Window, ...],
    kind: str,
    name: str,
    by: Staff,
    at: datetime,
) -> CalendarDay:
    """Set the hours of one day by hand, with the reason in `name`; no later seeding changes it back.

    Refused for hours that overlap or cross midnight, a holiday with hours, a working day without, or no
    reason.
    """
    _check_day(windows=windows, kind=kind, name=name)
    locked = _lock(calendar=calendar)
    before = load_calendar(row=locked)
    stored = write_windows(windows=windows)
    day, _ = CalendarDay.objects.update_or_create(
        calendar=locked,
        date=date,
        defaults={
            "kind": kind,
            "windows": stored,
            "name": name.strip(),
            "origin": CalendarDay.Origin.EDITED,
            "edited_by": by,
            "edited_at": at,
        },
    )
    _finish(
        kind="day_changed",
        calendar=locked,
        before=before,
        by=by,
        at=at,
        data={"date": date.isoformat(), "kind": kind, "windows": stored, "name": day.name},
    )
    return day


@transaction.atomic
def clear_day(*, calendar: Calendar, date: date, by: Staff, at: datetime) -> None:
    """Let a day have the hours of its weekday again; Refused for a day that has them already.

    A public holiday cleared by hand comes back when the year is loaded again.
    """
    locked = _lock(calendar=calendar)
    before = load_calendar(row=locked)
    day = CalendarDay.objects.filter(calendar=locked, date=date).first()
    if day is None:
        raise Refused(gettext_noop("这一天本来就照平常的时间"), field="date")
    name = day.name
    day.delete()
    _finish(
        kind="day_cleared",
        calendar=locked,
        before=before,
        by=by,
        at=at,
        data={"date": date.isoformat(), "name": name},
    )


@transaction.atomic
def change_week(
    *, calendar: Calendar, weekly: Sequence[tuple[Window, ...]], by: Staff, at: datetime
) -> Calendar:
    """Set the hours of every weekday, Monday first; single days that differ stay as they are.

    Refused for hours that overlap or cross midnight, for a week without any hours, and if nothing changes.
    """
    if len(weekly) != 7:
        raise ValueError("a week has seven days")
    for number, windows in enumerate(weekly):
        try:
            check_windows(windows=windows)
        except BadWindows as error:
            raise Refused(BAD_WINDOWS, field=f"day{number}") from error
    if not any(weekly):
        raise Refused(gettext_noop("一周里至少要有一天上班"), field="day0")
    locked = _lock(calendar=calendar)
    stored = [write_windows(windows=windows) for windows in weekly]
    if stored == locked.weekly_windows:
        raise Refused(gettext_noop("没有改动"))
    before = load_calendar(row=locked)
    earlier = locked.weekly_windows
    locked.weekly_windows = stored
    locked.save(update_fields=["weekly_windows"])
    _finish(
        kind="week_changed",
        calendar=locked,
        before=before,
        by=by,
        at=at,
        data={"before": earlier, "after": stored},
    )
    return locked


def _finish(
    *,
    kind: str,
    calendar: Calendar,
    before: WorkCalendar,
    by: Staff | None,
    at: datetime,
    data: dict[str, object],
) -> None:
    """Make every process read the calendar again, let what was reckoned with it move, record the one event."""
    calendar.revision = new_revision()
    calendar.save(update_fields=["revision"])
    edit = Edit(calendar=calendar, before=before, after=load_calendar(row=calendar), at=at)
    moved = [one for recount in _watchers for one in recount(edit)]
    events.record(
        site_id=calendar.site_id,
        kind=f"worktime.{kind}",
        subject=calendar,
        by=by,
        at=at,
        data={
            "calendar": calendar.name,
            **data,
            "moved_count": len(moved),
            "moved": [[one.id, one.before.isoformat(), one.after.isoformat()] for one in moved],
        },
    )


def _check_day(*, windows: tuple[Window, ...], kind: str, name: str) -> None:
    try:
        check_windows(windows=windows)
    except BadWindows as error:
        raise Refused(BAD_WINDOWS, field="windows") from error
    if kind not in CalendarDay.Kind.values:
        raise Refused(gettext_noop("请选择这一天是上班、放假还是特别时间"), field="kind")
    if kind == CalendarDay.Kind.HOLIDAY and windows:
        raise Refused(gettext_noop("放假的一天没有工作时段；仍有人当班的请选“特别时间”"), field="windows")
    if kind != CalendarDay.Kind.HOLIDAY and not windows:
        raise Refused(gettext_noop("请填写工作时段；全天不上班的请选“放假”"), field="windows")
    if not name.strip():
        raise Refused(gettext_noop("请写明调整的原因"), field="name")


def _lock(*, calendar: Calendar) -> Calendar:
    """The calendar, held until the transaction ends, so that two edits do not interleave."""
    return Calendar.objects.select_for_update(no_key=True).get(pk=calendar.pk)


def _write_year(*, calendar: Calendar, year: int, at: datetime) -> CalendarYear:
    days = CalendarDay.objects.filter(calendar=calendar, date__year=year)
    days.filter(origin=CalendarDay.Origin.SEED).delete()
    edited = set(days.values_list("date", flat=True))
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=calendar,
            date=day.date,
            kind=CalendarDay.Kind.WORKDAY if day.is_open else CalendarDay.Kind.HOLIDAY,
            windows=_make_up_windows(calendar=calendar) if day.is_open else [],
            name=day.name,
            origin=CalendarDay.Origin.SEED,
        )
        for day in holidays.public_days(year=year)
        if day.date not in edited
    )
    loaded, _ = CalendarYear.objects.update_or_create(
        calendar=calendar, year=year, defaults={"loaded_at": at, "source": holidays.SOURCE}
    )
    return loaded


def _make_up_windows(*, calendar: Calendar) -> list[list[str]]:
    """The hours of the first working day of the week, also where Saturdays have hours of their own."""
    week = [read_windows(value=windows) for windows in calendar.weekly_windows]
    return write_windows(windows=next((windows for windows in week if windows), ()))
