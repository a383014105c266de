"""Promises that count working time follow their calendar when it is edited; the past does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.services import alarm_moment, lock_subjects, refresh_subject
from yingsheng.kernel.worktime.arithmetic import WORKING_UNITS, NeverOpens, WorkCalendar, due_at, shift_due
from yingsheng.kernel.worktime.services import Edit, Moved

BATCH = 500
FOLLOWED = gettext_noop("工作日历调整，时限随之移动")


def recount(edit: Edit) -> list[Moved]:
    """Reckon the open promises of a site again by the calendar as it now is; returns those that moved.

    A promise moves only if its present due time is what the calendar gave before the edit, pauses included: a
    moment agreed with a household and a limit extended by hand are no figures and stay. What was over by the
    moment of the edit stays over, and no promise is moved into the past, so nobody is late backwards. The first
    due time is kept, alarms that fired are not fired again. Refused if a promise could never fall due.
    """
    rows = _open_rows(edit)
    moved: list[Moved] = []
    changed: list[Obligation] = []
    for row in rows:
        after = _new_due(row=row, edit=edit)
        if after is not None:
            moved.append(Moved(id=row.pk, before=row.due_at, after=after))
            row.due_at = after
            row.reason = row.reason or FOLLOWED
            row.next_alarm_at = alarm_moment(obligation=row)
            changed.append(row)
    Obligation.objects.bulk_update(changed, ["due_at", "reason", "next_alarm_at"], batch_size=BATCH)
    for subject_type, subject_id in sorted({(row.subject_type, row.subject_id) for row in changed}):
        refresh_subject(subject_type=subject_type, subject_id=subject_id)
    return moved


def _open_rows(edit: Edit) -> Sequence[Obligation]:
    """The open promises that count working time by this calendar, held together with their subjects."""
    running = Obligation.objects.filter(
        site_id=edit.calendar.site_id,
        state=Obligation.State.ARMED,
        calendar=edit.calendar.code,
        unit__in=[unit.value for unit in WORKING_UNITS],
    )
    subjects = sorted(set(running.values_list("subject_type", "subject_id")))
    for subject_type, group in groupby(subjects, key=lambda subject: subject[0]):
        lock_subjects(subject_type=subject_type, ids=[pk for _, pk in group])
    return list(running.select_for_update(no_key=True).prefetch_related("pauses").order_by("pk"))


def _new_due(*, row: Obligation, edit: Edit) -> datetime | None:
    """When a promise falls due by the edited calendar; None if it stays where it is."""
    now = row.paused_at or edit.at
    if row.due_at <= now or row.due_at != _due(row=row, calendar=edit.before):
        return None
    after = _due(row=row, calendar=edit.after)
    if after is None:
        raise Refused(
            gettext_noop("这样改，以后两年都没有工作时间，正在计时的承诺就永远不会到期"), field="windows"
        )
    return after if after > now and after != row.due_at else None


def _due(*, row: Obligation, calendar: WorkCalendar) -> datetime | None:
    """What a calendar gives for a promise, moved by the pauses that are over; None if it never opens."""
    over = [(pause.started_at, pause.ended_at) for pause in row.pauses.all() if pause.ended_at is not None]
    try:
        first = due_at(start=row.starts_at, amount=row.amount, unit=row.unit, calendar=calendar).at
        return shift_due(due=first, start=row.starts_at, pauses=over, unit=row.unit, calendar=calendar).at
    except NeverOpens:
        return None
