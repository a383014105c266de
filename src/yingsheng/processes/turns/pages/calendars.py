"""Turns as iCalendar: one's own, the whole site's, and a feed for the calendar of a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET
from icalendar import Calendar
from icalendar import Event as CalendarEntry

from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Assignment, Roster
from yingsheng.kernel.rosters.queries import list_assignments
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.pages.grid import chosen_month
from yingsheng.processes.turns.queries import PLAN, SEE
from yingsheng.ui.desk import DeskRequest, desk

SALT = "turns.feed"
KEPT = timedelta(days=62)  # how far back a feed goes
UID = re.compile(r"(\d{4}-\d\d-\d\d)\+([^+@]+)\+([^@]+)@(.+)\.turns")
TYPE = "text/calendar; charset=utf-8"


def uid_of(turn: Assignment) -> str:
    """What a turn is called in every calendar: its day, shift and person, so that it is found again."""
    return f"{turn.day}+{turn.shift.code}+{turn.staff.username}@{turn.site_id}.turns"


def calendar_of(turns: Iterable[Assignment], *, name: str, named: bool, at: datetime) -> bytes:
    """Turns as a calendar; with `named` each says whose it is."""
    calendar = Calendar()
    calendar.add("prodid", "-//Yingsheng//turns//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for turn in turns:
        event = CalendarEntry()
        words = f"{own_name(turn.shift.post)} {own_name(turn.shift)}"
        event.add("uid", uid_of(turn))
        event.add("summary", f"{words} {turn.staff.name}" if named else words)
        event.add("dtstamp", at)
        event.add("dtstart", timezone.localtime(turn.starts_at))
        event.add("dtend", timezone.localtime(turn.ends_at))
        event.add("categories", [turn.shift.code])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _own(staff: Staff, now: datetime) -> list[Assignment]:
    rows = Assignment.objects.filter(
        staff=staff, active=True, roster__state=Roster.State.PUBLISHED, ends_at__gt=now - KEPT
    )
    return list(rows.select_related("shift__post", "staff").order_by("starts_at", "pk"))


def _answer(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_GET
@desk(SEE)
def own_calendar(request: DeskRequest) -> HttpResponse:
    """One's own turns as a file."""
    staff = request.actor.staff
    body = calendar_of(_own(staff, request.now), name=staff.name, named=False, at=request.now)
    return _answer(body, "turns")


@require_GET
@desk(PLAN)
def site_calendar(request: DeskRequest) -> HttpResponse:
    """Everybody's turns of a month as a file."""
    month = chosen_month(request)
    first, last = month_days(month=month)
    turns = list_assignments(site=request.actor.site, first=first, last=last, drafts=True)
    body = calendar_of(turns, name=request.actor.site.name, named=True, at=request.now)
    return _answer(body, f"turns-{month:%Y-%m}")


def feed_address(request: DeskRequest) -> str:
    """The address that a telephone may follow; it ends with the person's sessions, by a new password for instance."""
    staff = request.actor.staff
    key = signing.dumps([staff.pk, staff.session_epoch], salt=SALT)
    return request.build_absolute_uri(f"{reverse('turns:feed')}?key={key}")


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The turns of whoever the key was given to; a telephone logs in nowhere, so the key is all it has."""
    try:
        pk, epoch = signing.loads(request.GET.get("key", ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    staff = Staff.objects.filter(pk=pk, session_epoch=epoch, is_active=True).first()
    if staff is None:
        raise Http404
    now = timezone.now()
    with override(staff.language):
        return _answer(calendar_of(_own(staff, now), name=staff.name, named=False, at=now), "turns")


def read_calendar(body: bytes, *, codes: Mapping[str, str]) -> list[tuple[int, str, date, str]]:
    """(number, user name or name, day, shift code) of each event; by its UID, else by category and summary.

    `codes` are the codes of the shifts by their name in small letters. ValueError for what is no calendar.
    """
    found = []
    events = Calendar.from_ical(body).walk("VEVENT")
    for number, event in enumerate(events, start=1):
        known = UID.fullmatch(str(event.get("uid", "")))
        if known:
            found.append((number, known[3], date.fromisoformat(known[1]), known[2]))
            continue
        summary = str(event.get("summary", "")).split()
        begins = event.decoded("dtstart", None)
        if not summary or begins is None:
            continue
        day = timezone.localtime(begins).date() if isinstance(begins, datetime) and begins.tzinfo else begins
        day = day.date() if isinstance(day, datetime) else day
        code = next((codes[word.lower()] for word in summary if word.lower() in codes), "")
        found.append((number, summary[-1], day, code))
    return found
