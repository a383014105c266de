"""The worker's tick: every due alarm goes off exactly once, whoever dies in between.

One row at a time, in one transaction:
1. claim the earliest due row (row lock where the database has it, compare-and-set everywhere);
2. work out from its own figures when the alarm should be; if that is later, store it and go on;
3. record the event, note the alarm as fired (unique), put messages into the outbox, set the next rung;
4. commit. A crash before leaves the row due; a crash after leaves nothing to do.
A row whose alarm raises is rolled back alone, pushed a little and keeps the error.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers.models import AlarmFired, Heartbeat, Obligation
from yingsheng.kernel.timers.rules import OVERDUE, WARN, Alarm, next_alarm
from yingsheng.kernel.timers.services import alarm_moment, plan_of

log = logging.getLogger(__name__)

PUSH = timedelta(minutes=5)
TEXTS = {
    WARN: gettext_noop("即将到期：%(milestone)s，%(due)s前（%(rule)s）"),
    OVERDUE: gettext_noop("已超时：%(milestone)s，应于%(due)s前完成（%(rule)s）"),
}
ESCALATED = gettext_noop("超时升级：%(milestone)s，应于%(due)s前完成，请督办（%(rule)s）")


def tick(*, now: datetime, limit: int = 1000) -> int:
    """Fire what is due before `now`, at most `limit` rows; returns how many rows were looked at."""
    done = 0
    while done < limit and _one(now=now):
        done += 1
    return done


def beat(*, name: str, now: datetime) -> None:
    """Leave a sign of life."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})


def _one(*, now: datetime) -> bool:
    row: Obligation | None = None
    try:
        with transaction.atomic():
            row = _claim(now=now)
            if row is not None:
                _fire(row=row, now=now)
    except Exception as error:  # one bad row must not stop the others
        if row is None:
            raise
        log.exception("alarm of obligation %s failed", row.pk)
        _push(row=row, error=error, now=now)
    return row is not None


def _claim(*, now: datetime) -> Obligation | None:
    due = Obligation.objects.filter(next_alarm_at__lt=now).order_by("next_alarm_at")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, no_key=True)
    return due.first()


def _fire(*, row: Obligation, now: datetime) -> None:
    right_moment = alarm_moment(obligation=row)
    if right_moment is None or right_moment >= now:
        Obligation.objects.filter(pk=row.pk, alarm_no=row.alarm_no).update(next_alarm_at=right_moment)
        return
    plan = plan_of(obligation=row)
    alarm = next_alarm(plan=plan, fired_count=row.alarm_no)
    assert alarm is not None
    following = next_alarm(plan=plan, fired_count=row.alarm_no + 1)
    claimed = Obligation.objects.filter(
        pk=row.pk, state=Obligation.State.ARMED, alarm_no=row.alarm_no, next_alarm_at=row.next_alarm_at
    ).update(
        alarm_no=F("alarm_no") + 1,
        next_alarm_at=following.at if following else None,
        error_count=0,
        last_error="",
    )
    if not claimed:
        return  # another worker was first
    AlarmFired.objects.create(obligation=row, number=alarm.number, kind=alarm.kind, at=now)
    people = _recipients(row=row, alarm=alarm, now=now)
    events.record(
        site_id=row.site_id,
        kind=f"timers.{alarm.kind}",
        subject=row,
        by=None,
        at=now,
        rule=row.rule,
        data={
            "milestone": row.milestone,
            "due": row.due_at.isoformat(),
            "alarm": alarm.number,
            "about": [row.subject_type, row.subject_id],
            "told": [staff.pk for staff in people],
        },
    )
    _tell(row=row, alarm=alarm, people=people, now=now)


def _recipients(*, row: Obligation, alarm: Alarm, now: datetime) -> list[Staff]:
    """The person or post that answers, and the roles of this rung; nobody there means the post above."""
    people: dict[int, Staff] = {}
    if alarm.kind in (WARN, OVERDUE):
        if row.responsible_staff is not None:
            people[row.responsible_staff.pk] = row.responsible_staff
        else:
            for staff in list_holders_or_above(site_id=row.site_id, role=row.responsible_role, at=now):
                people[staff.pk] = staff
    for role in alarm.roles:
        for staff in list_holders_or_above(site_id=row.site_id, role=role, at=now):
            people[staff.pk] = staff
    return list(people.values())


def _tell(*, row: Obligation, alarm: Alarm, people: Sequence[Staff], now: datetime) -> None:
    text = TEXTS.get(alarm.kind, ESCALATED)
    queue(
        site_id=row.site_id,
        subject=row,
        at=now,
        drafts=[
            Draft(
                text=text,
                params={"milestone": row.milestone, "due": row.due_at.isoformat(), "rule": row.rule},
                to_staff=staff,
                rule=row.rule,
                tone="soon" if alarm.kind == WARN else "late",
                dedup_key=f"alarm:{row.pk}:{alarm.number}:{staff.pk}",
            )
            for staff in people
        ],
    )


def _push(*, row: Obligation, error: Exception, now: datetime) -> None:
    Obligation.objects.filter(pk=row.pk, alarm_no=row.alarm_no, next_alarm_at__isnull=False).update(
        next_alarm_at=now + PUSH,
        error_count=F("error_count") + 1,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
