"""The worker's tick: every due alarm goes off exactly once, whoever dies in between.

A few rows at a time, in one transaction:
1. claim the earliest due rows (row locks where the database has them, compare-and-set everywhere);
2. work out from each row's own figures when its alarm should be; if that is later, store it and go on;
3. set the next rung, note the alarm as fired (unique), record the event, put messages into the outbox;
4. commit. A crash before leaves the rows due; a crash after leaves nothing to do.
If one of them raises, all are rolled back and each is taken alone; the bad one is pushed a little and keeps the error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue_all
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers.models import AlarmFired, Heartbeat, Obligation
from yingsheng.kernel.timers.rules import OVERDUE, WARN, Alarm, next_alarm
from yingsheng.kernel.timers.services import alarm_moment, plan_of

log = logging.getLogger(__name__)

BATCH = (
    50  # rows in one transaction: long enough to be cheap, short enough that nobody at a desk waits for it
)
PUSH = timedelta(minutes=5)
TEXTS = {
    WARN: gettext_noop("即将到期：%(milestone)s，%(due)s前（%(rule)s）"),
    OVERDUE: gettext_noop("已超时：%(milestone)s，应于%(due)s前完成（%(rule)s）"),
}
ESCALATED = gettext_noop("超时升级：%(milestone)s，应于%(due)s前完成，请督办（%(rule)s）")


def tick(*, now: datetime, limit: int = 1000) -> int:
    """Fire what is due before `now`, at most `limit` rows; returns how many rows were looked at."""
    done = 0
    while done < limit:
        taken = _take(now=now, size=min(BATCH, limit - done))
        if not taken:
            break
        done += taken
    return done


def beat(*, name: str, now: datetime) -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})


def _take(*, now: datetime, size: int) -> int:
    """Fire the earliest due rows together; if that fails, each of them alone. Returns how many were looked at."""
    rows: list[Obligation] = []
    try:
        with transaction.atomic():
            rows = _claim(now=now, size=size)
            if rows:
                _fire(rows=rows, now=now)
    except Exception as error:  # one bad row must not stop the others
        if not rows:
            raise
        if len(rows) > 1:
            return sum(_take(now=now, size=1) for _ in rows)
        if isinstance(error, TakenByAnother):
            return 1
        log.exception("alarm of obligation %s failed", rows[0].pk)
        _push(row=rows[0], error=error, now=now)
    return len(rows)


def _claim(*, now: datetime, size: int) -> list[Obligation]:
    due = Obligation.objects.filter(next_alarm_at__lt=now).order_by("next_alarm_at")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, no_key=True)
    return list(due[:size])


def _fire(*, rows: Sequence[Obligation], now: datetime) -> None:
    firing: list[tuple[Obligation, Alarm]] = []
    changes = []
    for row in rows:
        right_moment = alarm_moment(obligation=row)
        if right_moment is None or right_moment >= now:
            Obligation.objects.filter(pk=row.pk, alarm_no=row.alarm_no).update(next_alarm_at=right_moment)
            continue
        plan = plan_of(obligation=row)
        alarm = next_alarm(plan=plan, fired_count=row.alarm_no)
        assert alarm is not None
        following = next_alarm(plan=plan, fired_count=row.alarm_no + 1)
        firing.append((row, alarm))
        changes.append((row, following.at if following else None))
    if not firing:
        return
    _climb(changes=changes)
    AlarmFired.objects.bulk_create(
        AlarmFired(obligation=row, number=alarm.number, kind=alarm.kind, at=now) for row, alarm in firing
    )
    posts = Posts(now=now)
    told = [(row, alarm, _recipients(row=row, alarm=alarm, posts=posts)) for row, alarm in firing]
    _record(told=told, now=now)
    queue_all(letters=[letter for one in told for letter in _letters(*one)], at=now)


class TakenByAnother(RuntimeError):
    """A row that was claimed has moved on; on a database with row locks this cannot happen."""


def _climb(*, changes: Sequence[tuple[Obligation, datetime | None]]) -> None:
    """Move the rows to their next rung, each only if it still stands where it was read."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE timers_obligation SET alarm_no = alarm_no + 1, next_alarm_at = %s, error_count = 0, "
            "last_error = '' WHERE id = %s AND alarm_no = %s AND next_alarm_at = %s AND state = 'armed'",
            [(adapt(at), row.pk, row.alarm_no, adapt(row.next_alarm_at)) for row, at in changes],
        )
        if cursor.rowcount != len(changes):
            raise TakenByAnother


class Posts:
    """Who holds which post, asked once a batch however many alarms name it."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._holders: dict[tuple[int, str], list[Staff]] = {}

    def holders(self, *, site_id: int, role: str) -> list[Staff]:
        """Those who answer for the role at the site; nobody there means the post above."""
        if (site_id, role) not in self._holders:
            self._holders[site_id, role] = list_holders_or_above(site_id=site_id, role=role, at=self.now)
        return self._holders[site_id, role]


def _recipients(*, row: Obligation, alarm: Alarm, posts: Posts) -> list[Staff]:
    """The person or post that answers, and the roles of this rung."""
    people: dict[int, Staff] = {}
    if alarm.kind in (WARN, OVERDUE):
        if row.responsible_staff_id is not None:
            people[row.responsible_staff_id] = Staff(pk=row.responsible_staff_id)
        else:
            people |= {
                staff.pk: staff for staff in posts.holders(site_id=row.site_id, role=row.responsible_role)
            }
    for role in alarm.roles:
        people |= {staff.pk: staff for staff in posts.holders(site_id=row.site_id, role=role)}
    return list(people.values())


Told = tuple[Obligation, Alarm, list[Staff]]


def _record(*, told: Sequence[Told], now: datetime) -> None:
    """One event an alarm, site by site in the order of their numbers, so that two workers never wait in a ring."""
    entries: dict[int, list[events.Entry]] = {}
    for row, alarm, people in told:
        data = {
            "milestone": row.milestone,
            "due": row.due_at.isoformat(),
            "alarm": alarm.number,
            "about": [row.subject_type, row.subject_id],
            "told": [staff.pk for staff in people],
        }
        entry = events.Entry(
            kind=f"timers.{alarm.kind}", subject=row, by=None, at=now, rule=row.rule, data=data
        )
        entries.setdefault(row.site_id, []).append(entry)
    for site_id in sorted(entries):
        events.record_all(site_id=site_id, entries=entries[site_id])


def _letters(
    row: Obligation, alarm: Alarm, people: Sequence[Staff]
) -> Iterator[tuple[int, Obligation, Draft]]:
    for staff in people:
        draft = Draft(
            text=TEXTS.get(alarm.kind, ESCALATED),
            params={"milestone": row.milestone, "due": row.due_at.isoformat(), "rule": row.rule},
            to_staff=staff,
            rule=row.rule,
            tone="soon" if alarm.kind == WARN else "late",
            dedup_key=f"alarm:{row.pk}:{alarm.number}:{staff.pk}",
        )
        yield row.site_id, row, draft


def _push(*, row: Obligation, error: Exception, now: datetime) -> None:
    Obligation.objects.filter(pk=row.pk, alarm_no=row.alarm_no, next_alarm_at__isnull=False).update(
        next_alarm_at=now + PUSH,
        error_count=F("error_count") + 1,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
