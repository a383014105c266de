"""Working calendars: weekly hours, days that differ, years whose holidays are loaded; promises follow each edit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.core.cache import cache
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import Shape, read_date, text_of
from yingsheng.api.problems import not_found
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.worktime.models import Calendar, CalendarDay, CalendarYear
from yingsheng.kernel.worktime.queries import missing_years_key
from yingsheng.kernel.worktime.services import (
    BAD_WINDOWS,
    change_day,
    change_week,
    clear_day,
    seed_year,
)
from yingsheng.kernel.worktime.windows import BadWindows, Window, read_windows

Clock = Annotated[str, Field(pattern=r"^([01]?\d|2[0-4]):[0-5]\d$")]
Hours = list[tuple[Clock, Clock]]


class CalendarOut(Shape):
    """A calendar: `weekly` from Monday to Sunday, each a list of [opens, closes]."""

    code: str
    name: str
    weekly: list[Hours]
    follows_holidays: bool
    years: list[int]


class CalendarList(Shape):
    """The calendars of the site."""

    items: list[CalendarOut]


class DayOut(Shape):
    """A day whose hours differ from its weekday."""

    date: date
    kind: str
    windows: Hours
    name: str
    edited: bool


class DayList(Shape):
    """The days of a year that differ; `loaded` says whether its holidays are known."""

    year: int
    loaded: bool
    items: list[DayOut]


class EditOut(Shape):
    """What an edit moved: the open promises (ids of /obligations) that count working time by this calendar."""

    calendar: CalendarOut
    moved: list[int]


class YearQuery(Shape):
    """Which year."""

    year: int = Field(ge=2000, le=2099)


class DayIn(Body):
    """What a day shall be, and why."""

    kind: Literal["workday", "holiday", "special"]
    windows: Hours = []
    name: text_of(limit=60, required=True)  # type: ignore[valid-type]


class WeekIn(Body):
    """The hours of every weekday, Monday first."""

    weekly: Annotated[list[Hours], Field(min_length=7, max_length=7)]


class YearIn(Body):
    """The year whose public holidays are to be loaded."""

    year: Annotated[StrictInt, Field(ge=2000, le=2099)]


class NothingIn(Body):
    """An empty object."""


def list_calendars(request: ApiRequest) -> CalendarList:
    """The calendars of the site; any token may read them."""
    rows = Calendar.objects.filter(site=request.auth.actor.site, active=True).order_by("pk")
    return CalendarList(items=[_out(row) for row in rows])


def list_days(request: ApiRequest, code: str, filters: Query[YearQuery]) -> DayList:
    """The days of a year that differ from their weekday."""
    chosen = _calendar(request, code)
    days = CalendarDay.objects.filter(calendar=chosen, date__year=filters.year).order_by("date")
    return DayList(
        year=filters.year,
        loaded=CalendarYear.objects.filter(calendar=chosen, year=filters.year).exists(),
        items=[
            DayOut(
                date=day.date,
                kind=day.kind,
                windows=[tuple(pair) for pair in day.windows],
                name=day.name,
                edited=day.origin == CalendarDay.Origin.EDITED,
            )
            for day in days
        ],
    )


def set_day(request: ApiRequest, code: str, day: str) -> HttpResponse:
    """Set the hours of one day."""
    chosen, when = _editable(request, code), _day(day)
    sent = read_body(request=request, model=DayIn)
    windows = _windows(sent.windows, field="windows")
    return _edit(request, chosen, change_day, date=when, windows=windows, kind=sent.kind, name=sent.name)


def reset_day(request: ApiRequest, code: str, day: str) -> HttpResponse:
    """Let a day have the hours of its weekday again."""
    chosen, when = _editable(request, code), _day(day)
    read_body(request=request, model=NothingIn)
    return _edit(request, chosen, clear_day, date=when)


def set_week(request: ApiRequest, code: str) -> HttpResponse:
    """Set the hours of every weekday."""
    chosen = _editable(request, code)
    sent = read_body(request=request, model=WeekIn)
    weekly = [_windows(hours, field=f"weekly.{number}") for number, hours in enumerate(sent.weekly)]
    return _edit(request, chosen, change_week, weekly=weekly)


def load_year(request: ApiRequest, code: str) -> HttpResponse:
    """Load the public holidays and make-up days of a year."""
    chosen = _editable(request, code)
    sent = read_body(request=request, model=YearIn)

    def seed(**given: Any) -> None:
        seed_year(**given)
        cache.delete(missing_years_key(site_id=request.auth.actor.site.pk))

    return _edit(request, chosen, seed, year=sent.year)


def calendar_router() -> Router:
    """The operations on calendars."""
    router = Router(tags=["calendars"])
    router.get("/calendars", response=CalendarList, operation_id="list_calendars")(list_calendars)
    router.get("/calendars/{code}/days", response=DayList, operation_id="list_calendar_days")(list_days)
    for where, name, model, operation in (
        ("days/{day}", "set_calendar_day", DayIn, set_day),
        ("days/{day}/clear", "clear_calendar_day", NothingIn, reset_day),
        ("week", "set_calendar_week", WeekIn, set_week),
        ("years", "load_calendar_year", YearIn, load_year),
    ):
        router.post(
            f"/calendars/{{code}}/{where}",
            response=EditOut,
            operation_id=name,
            openapi_extra=body_doc(model),
        )(operation)
    return router


def _edit(request: ApiRequest, chosen: Calendar, service: Any, **given: Any) -> HttpResponse:
    """Run one edit and answer with what it moved, as its event has it."""
    session = request.auth

    def run() -> Reply:
        service(calendar=chosen, by=session.actor.staff, at=session.now, **given)
        event = list_events(subject=chosen)[0]
        chosen.refresh_from_db()
        return Reply(body=EditOut(calendar=_out(chosen), moved=[row[0] for row in event.data["moved"]]))

    return accept(request=request, run=run)


def _calendar(request: ApiRequest, code: str) -> Calendar:
    found = Calendar.objects.filter(site=request.auth.actor.site, code=code, active=True).first()
    if found is None:
        raise not_found()
    return found


def _editable(request: ApiRequest, code: str) -> Calendar:
    request.auth.demand(Allow.EDIT_CALENDAR)
    return _calendar(request, code)


def _day(text: str) -> date:
    try:
        found = read_date(text)
    except ValueError as error:
        raise not_found() from error
    if found.year < 2000:
        raise not_found()
    return found


def _windows(hours: Hours, *, field: str) -> tuple[Window, ...]:
    try:
        return read_windows(value=[list(pair) for pair in hours])
    except BadWindows as error:
        raise Refused(BAD_WINDOWS, field=field) from error


def _out(row: Calendar) -> CalendarOut:
    years = CalendarYear.objects.filter(calendar=row).values_list("year", flat=True)
    return CalendarOut(
        code=row.code,
        name=row.name,
        weekly=[[tuple(pair) for pair in hours] for hours in row.weekly_windows],
        follows_holidays=row.follows_holidays,
        years=sorted(years),
    )
