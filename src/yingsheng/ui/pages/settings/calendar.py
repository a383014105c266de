"""工作日历: the year at a glance, single days that differ, the weekly hours; promises follow every change."""

from __future__ import annotations

from calendar import Calendar as MonthCalendar
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.refusal import Refused
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.worktime import holidays
from yingsheng.kernel.worktime.models import Calendar, CalendarDay, CalendarYear
from yingsheng.kernel.worktime.queries import missing_years_key
from yingsheng.kernel.worktime.services import (
    BAD_WINDOWS,
    change_day,
    change_week,
    clear_day,
    seed_year,
)
from yingsheng.kernel.worktime.windows import BadWindows, Window, parse_windows, read_windows, windows_text
from yingsheng.ui.clocks import weekday_words
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.settings import forms
from yingsheng.ui.pages.settings.area import draw
from yingsheng.ui.pages.words import event_words
from yingsheng.ui.parts import Tab
from yingsheng.ui.submit import take_form

HERE = "ui:calendar"
FIRST_YEAR, LAST_YEAR = 2000, 2099
SIGNS = {"holiday": "休", "workday": "班", "special": "特"}
MOVED_SHOWN = 100


def _get_calendar(request: DeskRequest, code: str) -> Calendar:
    found = Calendar.objects.filter(site=request.actor.site, code=code, active=True).first()
    if found is None:
        raise Http404
    return found


def _year_of(request: DeskRequest) -> int:
    text = request.GET.get("year", "")
    wanted = (
        int(text)
        if text.isascii() and text.isdigit() and len(text) == 4
        else timezone.localtime(request.now).year
    )
    return min(max(wanted, FIRST_YEAR), LAST_YEAR)


def _here(*, calendar: Calendar, year: int, did: str = "") -> str:
    tail = f"&did={did}" if did else ""
    return f"{reverse('ui:calendar')}?calendar={calendar.code}&year={year}{tail}"


@require_GET
@desk(Allow.EDIT_CALENDAR)
def calendar(request: DeskRequest) -> HttpResponse:
    """Twelve months of one calendar; each day leads to where it is changed."""
    site = request.actor.site
    every = list(Calendar.objects.filter(site=site, active=True).order_by("pk"))
    wanted = request.GET.get("calendar", "")
    # the calendar that knows holidays is the one that needs care
    chosen = next((one for one in every if one.code == wanted), None) or next(
        (one for one in every if one.follows_holidays), every[0] if every else None
    )
    if chosen is None:
        raise Http404
    year = _year_of(request)
    loaded = CalendarYear.objects.filter(calendar=chosen, year=year).first()
    history = [_history_line(event) for event in list_events(subject=chosen)[:20]]
    context = {
        "calendar": chosen,
        "year": year,
        "calendars": [
            Tab(label=_(one.name), url=_here(calendar=one, year=year), active=one.pk == chosen.pk)
            for one in every
        ],
        "before_url": _here(calendar=chosen, year=year - 1),
        "after_url": _here(calendar=chosen, year=year + 1),
        "months": _months(calendar=chosen, year=year, today=timezone.localtime(request.now).date()),
        "week": [
            (_(label), windows_text(windows=read_windows(value=windows)) or _("不上班"))
            for label, windows in zip(forms.WEEKDAYS, chosen.weekly_windows, strict=True)
        ],
        "weekdays": [weekday_words(moment=datetime(2024, 1, day)) for day in range(1, 8)],  # a Monday first
        "loaded": loaded,
        "is_missing": chosen.follows_holidays and loaded is None,
        "is_known": year in holidays.known_years(),
        "history": history,
    }
    return draw(
        request,
        here=HERE,
        template="ui/settings/calendar.html",
        context=context,
        done=_moved_words(history[0]["event"]) if history and request.GET.get("did") else "",
    )


def _history_line(event: Event) -> dict[str, Any]:
    moved = event.data.get("moved", [])
    return {
        "event": event,
        "text": event_words(event=event),
        "moved_count": len(moved),
        "moved": [row[0] for row in moved[:MOVED_SHOWN]],
    }


def _moved_words(event: Event) -> str:
    count = int(event.data.get("moved_count", 0))
    if not count:
        return _("日历已改；没有进行中的承诺受影响")
    return ngettext(
        "日历已改；%(count)s项进行中的承诺随之移动",
        "日历已改；%(count)s项进行中的承诺随之移动",
        count,
    ) % {"count": count}


def _months(*, calendar: Calendar, year: int, today: date) -> list[dict[str, Any]]:
    """Twelve months as weeks of days; a day knows its hours, its sign and where it is changed."""
    days = {day.date: day for day in CalendarDay.objects.filter(calendar=calendar, date__year=year)}
    weekly = [windows_text(windows=read_windows(value=windows)) for windows in calendar.weekly_windows]
    base = reverse("ui:calendar_day", args=[calendar.code, "2000-01-01"]).removesuffix("2000-01-01/")

    def cell(day: date) -> dict[str, Any]:
        own = days.get(day)
        hours = windows_text(windows=read_windows(value=own.windows)) if own else weekly[day.weekday()]
        return {
            "day": day,
            "url": f"{base}{day.isoformat()}/",
            "sign": _(SIGNS[own.kind]) if own else "",
            "kind": own.kind if own else ("open" if hours else "closed"),
            "is_edited": own is not None and own.origin == CalendarDay.Origin.EDITED,
            "words": "，".join(filter(None, [str(_(own.name)) if own else "", hours or _("不上班")])),
            "is_today": day == today,
        }

    return [
        {
            "number": month,
            "weeks": [
                [cell(day) if day.month == month else None for day in week]
                for week in MonthCalendar().monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _read_hours(*, text: str, field: str) -> tuple[Window, ...]:
    try:
        return parse_windows(text=text)
    except BadWindows as error:
        raise Refused(BAD_WINDOWS, field=field) from error


@require_http_methods(["GET", "POST"])
@desk(Allow.EDIT_CALENDAR)
def calendar_day(request: DeskRequest, code: str, day: str) -> HttpResponse:
    """One day: what it is, and what it shall be; or back to what its weekday has."""
    chosen = _get_calendar(request, code)
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise Http404
    own = CalendarDay.objects.filter(calendar=chosen, date=when).select_related("edited_by").first()
    usual = read_windows(value=chosen.weekly_windows[when.weekday()])
    clearing = request.POST.get("verb") == "clear"
    spec = forms.CLEAR_DAY if clearing else forms.DAY_FORM
    form = build_form(spec=spec, actor=request.actor)(
        request.POST if request.method == "POST" else None,
        initial={
            "kind": own.kind if own else ("workday" if usual else "holiday"),
            "windows": windows_text(windows=read_windows(value=own.windows) if own else usual),
            "name": _(own.name) if own else "",
        },
    )

    def run() -> str:
        if clearing:
            clear_day(calendar=chosen, date=when, by=request.actor.staff, at=request.now)
        else:
            change_day(
                calendar=chosen,
                date=when,
                windows=_read_hours(text=form.cleaned_data["windows"], field="windows"),
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"],
                by=request.actor.staff,
                at=request.now,
            )
        return _here(calendar=chosen, year=when.year, did="day")

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {
        "calendar": chosen,
        "day": when,
        "weekday": weekday_words(moment=datetime(when.year, when.month, when.day)),
        "own": own,
        "usual": windows_text(windows=usual) or _("不上班"),
        "now_hours": windows_text(windows=read_windows(value=own.windows)) if own else "",
        "verb": _(form.spec.verb),
        "back_url": _here(calendar=chosen, year=when.year),
    }
    return draw(request, here=HERE, template="ui/settings/day.html", context=context, form=form)


@require_http_methods(["GET", "POST"])
@desk(Allow.EDIT_CALENDAR)
def calendar_week(request: DeskRequest, code: str) -> HttpResponse:
    """The hours of every weekday."""
    chosen = _get_calendar(request, code)
    initial = {
        f"day{number}": windows_text(windows=read_windows(value=windows))
        for number, windows in enumerate(chosen.weekly_windows)
    }
    made = build_form(spec=forms.WEEK_FORM, actor=request.actor)
    form = made(request.POST if request.method == "POST" else None, initial=initial)

    def run() -> str:
        weekly = [
            _read_hours(text=form.cleaned_data[f"day{number}"], field=f"day{number}") for number in range(7)
        ]
        change_week(calendar=chosen, weekly=weekly, by=request.actor.staff, at=request.now)
        return _here(calendar=chosen, year=timezone.localtime(request.now).year, did="week")

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        return done
    context = {
        "title": f"{_(chosen.name)} · {_(form.spec.title)}",
        "verb": _(form.spec.verb),
        "intro": _("进行中、按工作时间计算的承诺会随之移动；已经到期的不变。"),
        "cancel_url": _here(calendar=chosen, year=timezone.localtime(request.now).year),
    }
    return draw(request, here=HERE, template="ui/settings/form.html", context=context, form=form)


@require_POST
@desk(Allow.EDIT_CALENDAR)
def calendar_load(request: DeskRequest, code: str) -> HttpResponse:
    """Load the public holidays and make-up days of a year."""
    chosen = _get_calendar(request, code)
    form: SpecForm = build_form(spec=forms.LOAD_YEAR, actor=request.actor)(request.POST)

    def run() -> str:
        year = form.cleaned_data["year"]
        seed_year(calendar=chosen, year=year, at=request.now, by=request.actor.staff)
        cache.delete(missing_years_key(site_id=request.actor.site.pk))
        return _here(calendar=chosen, year=year, did="year")

    done = take_form(request=request, form=form, run=run)
    if done is not None:
        return done
    context = {
        "title": f"{_(chosen.name)} · {_(form.spec.title)}",
        "verb": _(form.spec.verb),
        "cancel_url": _here(calendar=chosen, year=timezone.localtime(request.now).year),
    }
    return draw(request, here=HERE, template="ui/settings/form.html", context=context, form=form)
