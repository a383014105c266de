"""Recurring work: opening the periods in which it is owed, exactly once each, and keeping what was handed in."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from yingsheng.base.process import PeriodDue, Periodic, processes
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.book import load_book
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Filing, Obligation, Period
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.kernel.timers.rules import (
    DESK,
    Rung,
    calendar_for,
    day_in_month,
    first_after,
    first_of,
    last_of,
    periods_between,
)
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import NeverOpens, due_at
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar

log = logging.getLogger(__name__)

LAST_SECOND = time(23, 59, 59)
MOST_PERIODS = 62  # opened at once after the worker stood still; the rest follows in the next round


@dataclass(frozen=True, kw_only=True)
class _Span:
    """From when and until when one promise of a period runs, in whole minutes."""

    starts_at: datetime
    due_at: datetime
    amount: int
    unit: str
    calendar: str


def open_periods(*, now: datetime) -> int:
    """Open every period that has begun at every site where its rule applies; returns how many were opened.

    Each in a transaction of its own, found again by its unique row: two workers, or a worker that died, open it once.
    """
    count = 0
    for site in Site.objects.order_by("pk"):
        for process in processes:
            for periodic in process.periodics:
                try:
                    count += _open_due(site=site, periodic=periodic, now=now)
                except Exception:  # one site that cannot be counted must not stop the others
                    log.exception("periods of %s at site %s were not opened", periodic.code, site.pk)
    return count


def _open_due(*, site: Site, periodic: Periodic, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    known = Period.objects.filter(site=site, code=periodic.code, first__lte=today)
    last = known.aggregate(last=Max("first"))["last"]
    wanted = periods_between(every=periodic.every, after=last, until=today)[:MOST_PERIODS]
    present = first_of(every=periodic.every, day=today)
    count = 0
    for first in wanted:
        # a past period owes what was the rule when it began; one that owed nothing is noted and left behind
        asked_at = now if first == present else _midnight(first)
        if open_period(site=site, periodic=periodic, first=first, at=now, asked_at=asked_at) is not None:
            count += 1
        elif first != present:
            _note_bare(site=site, periodic=periodic, first=first)
    return count


def open_period(
    *, site: Site, periodic: Periodic, first: date, at: datetime, asked_at: datetime | None = None
) -> Period | None:
    """Owe the work of one period: its row, its promises, one event. None where nothing is asked or it is open.

    `asked_at` is the moment whose rules apply, the present if it is not given.
    """
    ruled = asked_at or at
    spans = {
        due.milestone: span
        for due in periodic.dues
        if (span := _span(site=site, periodic=periodic, due=due, first=first, at=ruled)) is not None
    }
    if not spans or (periodic.every == "day" and not is_desk_open(site=site, day=first)):
        return None
    needed = figure(path=periodic.count, site=site, at=ruled) if periodic.count else None
    if periodic.count and not needed:
        return None
    try:
        with transaction.atomic():
            period = Period.objects.create(
                site=site,
                code=periodic.code,
                first=first,
                last=last_of(every=periodic.every, first=first),
                needed=needed,
            )
            promises = [
                _promise(site=site, periodic=periodic, due=due, span=spans[due.milestone], at=ruled)
                for due in periodic.dues
                if due.milestone in spans
            ]
            timers.arm(site_id=site.pk, subject=period, promises=promises, at=at)
            events.record(
                site_id=site.pk,
                kind="timers.period_opened",
                subject=period,
                by=None,
                at=at,
                rule=periodic.dues[0].rule,
                data={
                    "code": periodic.code,
                    "milestone": promises[0].milestone,
                    "period": period_name(period=period),
                    "due": [promise.due_at.isoformat() for promise in promises],
                },
            )
    except IntegrityError:
        if Period.objects.filter(site=site, code=periodic.code, first=first).exists():
            return None  # another worker was first
        raise
    return period


def period_name(*, period: Period) -> str:
    """A period as people call it: 2026-11 for a month, 2026-11-22 for a day, 2026-11-23 – 11-29 for a week."""
    if period.first == period.last:
        return str(period.first)
    is_week = period.last - period.first == timedelta(days=6)
    return f"{period.first} – {period.last:%m-%d}" if is_week else f"{period.first:%Y-%m}"


def _span(*, site: Site, periodic: Periodic, due: PeriodDue, first: date, at: datetime) -> _Span | None:
    """When one promise runs; None where the rule is not in force or the adopted regulation is silent about it."""
    if not load_book().rules[due.rule].in_force:
        return None
    starts = _midnight(first)
    if due.starts:
        begins = figure(path=due.starts, site=site, at=at)
        if begins is None:
            return None
        # an hour of the first day, or a day of the month
        is_day = isinstance(begins, int)
        starts = (
            _midnight(day_in_month(first=first, day=begins))
            if is_day
            else _moment(first, time.fromisoformat(begins))
        )
    calendar = DESK
    if not due.due:
        ends = _moment(last_of(every=periodic.every, first=first), LAST_SECOND)
    else:
        rule_id, _, name = due.due.partition(".")
        value = figure(path=due.due, site=site, at=at)
        if value is None:
            return None
        unit = load_book().rules[rule_id].parameter(name).unit
        if unit == "day_of_month":
            month = first_after(every="month", first=first) if due.next_month else first
            ends = _moment(day_in_month(first=month, day=int(value)), LAST_SECOND)
        elif unit == "weekday":
            ends = _moment(first + timedelta(days=int(value) - 1), LAST_SECOND)
        elif unit == "time_of_day":
            ends = _moment(first, time.fromisoformat(value))
        elif due.before_end:
            ends = _moment(
                last_of(every=periodic.every, first=first) - timedelta(days=int(value)), LAST_SECOND
            )
        else:
            calendar = calendar_for(unit=unit)
            try:
                counted = get_calendar(site_id=site.pk, code=calendar)
            except Calendar.DoesNotExist:
                return None  # a site without hours owes nothing that is counted in them; the doctor says so
            ends = due_at(start=starts, amount=int(value), unit=unit, calendar=counted).at
            return _Span(starts_at=starts, due_at=ends, amount=int(value), unit=unit, calendar=calendar)
    minutes = int((ends - starts) / timedelta(minutes=1))
    return _Span(starts_at=starts, due_at=ends, amount=minutes, unit="minutes", calendar=calendar)


def _promise(*, site: Site, periodic: Periodic, due: PeriodDue, span: _Span, at: datetime) -> Promise:
    ladder = figure(path=periodic.ladder, site=site, at=at) or []
    return Promise(
        milestone=due.milestone,
        resolved=resolve(rule_id=due.rule, site=site, at=at),
        amount=span.amount,
        unit=span.unit,
        starts_at=span.starts_at,
        due_at=span.due_at,
        responsible_role=owed_role(path=periodic.role, site=site, at=at),
        ladder=[Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder],
        warn_percent=figure(path=periodic.warn, site=site, at=at),
        calendar=span.calendar,
    )


def is_desk_open(*, site: Site, day: date) -> bool:
    """Whether the desk is open on a day at all; a site without its calendar is open."""
    try:
        calendar = get_calendar(site_id=site.pk, code=DESK)
    except Calendar.DoesNotExist:
        return True
    try:
        closes = due_at(start=_midnight(day), amount=0, unit="working_days", calendar=calendar).at
    except NeverOpens:
        return False
    return closes.astimezone(ZoneInfo(settings.TIME_ZONE)).date() == day


def _midnight(day: date) -> datetime:
    return _moment(day, time.min)


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(settings.TIME_ZONE))


# -- what was done in a period -----------------------------------------------------------------------------


def hold_period(*, site: Site, code: str, first: date, at: datetime) -> Period:
    """The period, held until the transaction ends; opened now if the worker has not come by yet.

    Where the adopted regulation asks nothing, and for times before this site counted at all, a person may still
    hand it in: the row is made without promises, for nothing was owed.
    """
    periodic = processes.periodic(code)
    first = first_of(every=periodic.every, day=first)
    if first > at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        raise Refused(gettext_noop("这一期还没有开始"), code="too_early")
    opened = Period.objects.filter(site=site, code=code)
    if not opened.exists():
        _open_due(site=site, periodic=periodic, now=at)  # counting begins here
    if not opened.filter(first=first).exists():
        is_owed = not opened.filter(first__gt=first).exists()
        if not is_owed or open_period(site=site, periodic=periodic, first=first, at=at) is None:
            _note_bare(site=site, periodic=periodic, first=first)
    return Period.objects.select_for_update(no_key=True).get(site=site, code=code, first=first)


def _note_bare(*, site: Site, periodic: Periodic, first: date) -> None:
    """A period in which nothing was owed."""
    Period.objects.get_or_create(
        site=site,
        code=periodic.code,
        first=first,
        defaults={"last": last_of(every=periodic.every, first=first)},
    )


def is_over(*, every: str, first: date, at: datetime) -> bool:
    """Whether the last day of a period has come, so that it can be judged as a whole."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() >= last_of(every=every, first=first)


def file_period(
    *,
    period: Period,
    content: Mapping[str, Any],
    definition: str,
    by: Staff,
    at: datetime,
    note: str = "",
    reason: str = "",
) -> Filing:
    """Keep what a person hands in for a period he holds, and end its promises: met or late by this moment.

    A second version needs the reason why the first was wrong. The caller records the event.
    """
    last = Filing.objects.filter(period=period).order_by("-version").first()
    if last is not None and not reason.strip():
        raise Refused(gettext_noop("这一期已经报过，更正要写明原因"), code="filed", field="reason")
    filing = Filing.objects.create(
        period=period,
        version=last.version + 1 if last is not None else 1,
        definition=definition,
        content=dict(content),
        digest=content_digest(definition=definition, content=content),
        note=note,
        reason=reason.strip()[:200] if last is not None else "",
        at=at,
        by=by,
    )
    timers.meet(subject=period, milestones=_milestones(code=period.code), by=by, at=at)
    return filing


def count_done(*, site: Site, code: str, by: Staff, at: datetime) -> Period:
    """Count one more in the period that the moment lies in; its promises are kept when it was done often enough."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    period = hold_period(site=site, code=code, first=day, at=at)
    period.done += 1
    period.save(update_fields=["done"])
    if period.needed is not None and period.done >= period.needed:
        timers.meet(subject=period, milestones=_milestones(code=code), by=by, at=at)
    return period


def content_digest(*, definition: str, content: Mapping[str, Any]) -> str:
    """The fingerprint of what was handed in: 64 hex digits over definition and content in a fixed order."""
    text = json.dumps([definition, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_unchanged(*, filing: Filing) -> bool:
    """Whether the kept content still bears the fingerprint it was handed in with."""
    return content_digest(definition=filing.definition, content=filing.content) == filing.digest


def _milestones(*, code: str) -> list[str]:
    return [due.milestone for due in processes.periodic(code).dues]


def promises_of(*, periods: list[Period]) -> dict[int, list[Obligation]]:
    """The promises of many periods in one query, by period, in due order."""
    found: dict[int, list[Obligation]] = {period.pk: [] for period in periods}
    rows = Obligation.objects.filter(subject_type="timers.period", subject_id__in=list(found)).order_by(
        "due_at"
    )
    for row in rows:
        found[row.subject_id].append(row)
    return found


def list_owed(*, site: Site, roles: frozenset[str], limit: int = 20) -> list[tuple[Period, Obligation]]:
    """The recurring work that these posts owe now, earliest due first; two statements."""
    running = list(
        Obligation.objects.filter(
            site=site, state=Obligation.State.ARMED, subject_type="timers.period", responsible_role__in=roles
        ).order_by("due_at")[:limit]
    )
    periods = Period.objects.in_bulk([row.subject_id for row in running]) if running else {}
    return [(periods[row.subject_id], row) for row in running]
