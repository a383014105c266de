"""Making, keeping, moving and ending promises. No other module writes these tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.policies.queries import Resolved
from yingsheng.kernel.policies.services import keep_versions
from yingsheng.kernel.timers.models import Obligation, Pause
from yingsheng.kernel.timers.rules import Alarm, Rung, alarm_plan, next_alarm, outcome
from yingsheng.kernel.worktime.arithmetic import shift_due
from yingsheng.kernel.worktime.queries import get_calendar

Watch = Callable[[int], None]
Lock = Callable[[Sequence[int]], None]
_watchers: dict[str, Watch] = {}
_locks: dict[str, Lock] = {}


def watch_subject(*, subject_type: str, refresh: Watch, lock: Lock | None = None) -> None:
    """Declare who keeps the "next due" of a kind of subject up to date; called with the subject's id.

    `lock` holds the subjects with these ids until the transaction ends: a step of a process locks its subject
    before its promises, so whoever starts from a promise must do the same or two of them wait for each other.
    """
    _watchers[subject_type] = refresh
    if lock is not None:
        _locks[subject_type] = lock


def lock_subjects(*, subject_type: str, ids: Sequence[int]) -> None:
    """Hold the subjects of promises, if their kind is watched so."""
    lock = _locks.get(subject_type)
    if lock is not None and ids:
        lock(ids)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What is to be armed: the clock as computed from a resolved rule, and who answers for it."""

    milestone: str
    resolved: Resolved
    amount: int
    unit: str
    starts_at: datetime
    due_at: datetime
    responsible_role: str
    responsible_staff: Staff | None = None
    ladder: Sequence[Rung] = ()
    warn_percent: int | None = None
    calendar: str = "service"
    round: int = 1


def arm(
    *, site_id: int, subject: models.Model, promises: Sequence[Promise], at: datetime
) -> list[Obligation]:
    """Make promises about a subject, in two statements however many; each keeps its rule version and clause."""
    if not promises:
        return []
    versions = keep_versions(resolved=[promise.resolved for promise in promises], at=at)
    rows = [
        Obligation(
            site_id=site_id,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            milestone=promise.milestone,
            round=promise.round,
            rule=promise.resolved.rule.id,
            version_id=versions[promise.resolved.rule.id, promise.resolved.digest],
            clause="; ".join(promise.resolved.rule.source)[:200],
            responsible_role=promise.responsible_role,
            responsible_staff=promise.responsible_staff,
            amount=promise.amount,
            unit=promise.unit,
            calendar=promise.calendar,
            starts_at=promise.starts_at,
            first_due_at=promise.due_at,
            due_at=promise.due_at,
            warn_percent=promise.warn_percent,
            ladder=[[rung.after_minutes, rung.role] for rung in promise.ladder],
        )
        for promise in promises
    ]
    for row in rows:
        row.next_alarm_at = alarm_moment(obligation=row)
    made = Obligation.objects.bulk_create(rows)
    refresh_subject(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return made


def alarm_moment(*, obligation: Obligation) -> datetime | None:
    """When the next alarm is due by the obligation's own figures; None when paused or the ladder is climbed."""
    if obligation.paused_at is not None or obligation.state != Obligation.State.ARMED:
        return None
    alarm = next_alarm(plan=plan_of(obligation=obligation), fired_count=obligation.alarm_no)
    return alarm.at if alarm else None


def plan_of(*, obligation: Obligation) -> tuple[Alarm, ...]:
    """The obligation's alarm plan."""
    return alarm_plan(
        starts_at=obligation.starts_at,
        due_at=obligation.due_at,
        warn_percent=obligation.warn_percent,
        ladder=[Rung(after_minutes=minutes, role=role) for minutes, role in obligation.ladder],
    )


def running(*, subject: models.Model, milestones: Iterable[str] | None = None) -> models.QuerySet[Obligation]:
    """The promises about a subject that are still open, locked for this transaction."""
    rows = Obligation.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, state=Obligation.State.ARMED
    )
    if milestones is not None:
        rows = rows.filter(milestone__in=list(milestones))
    return rows.select_for_update(no_key=True).order_by("pk")


def meet(
    *, subject: models.Model, milestones: Iterable[str], by: Staff | None, at: datetime
) -> list[Obligation]:
    """Close the open promises of these milestones: met if `at` is not after the due moment, else late."""
    closed = []
    for row in running(subject=subject, milestones=milestones):
        _end(row=row, state=outcome(due_at=row.due_at, met_at=at), by=by, at=at, reason="")
        closed.append(row)
    if closed:
        refresh_subject(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return closed


def void(
    *,
    subject: models.Model,
    by: Staff | None,
    at: datetime,
    reason: str,
    milestones: Iterable[str] | None = None,
    due_after: datetime | None = None,
) -> int:
    """Cancel open promises whose ground is gone (reclassified, merged); returns how many.

    With `due_after` only those that fall due after that moment: a promise already broken stays so.
    """
    count = 0
    for row in running(subject=subject, milestones=milestones):
        if due_after is not None and row.due_at <= due_after:
            continue
        _end(row=row, state=Obligation.State.VOID, by=by, at=at, reason=reason)
        count += 1
    if count:
        refresh_subject(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return count


@transaction.atomic
def waive(*, obligation: Obligation, by: Staff, at: datetime, reason: str) -> Obligation:
    """Release from a promise, by a named person with a reason; the promise stays on record as waived."""
    if not reason.strip():
        raise Refused(gettext_noop("免除一项承诺要写明原因"), field="reason")
    lock_subjects(subject_type=obligation.subject_type, ids=[obligation.subject_id])
    row = Obligation.objects.select_for_update(no_key=True).get(pk=obligation.pk)
    if row.state != Obligation.State.ARMED:
        raise Refused(gettext_noop("这项承诺已经结束，不能再免除"))
    _end(row=row, state=Obligation.State.WAIVED, by=by, at=at, reason=reason)
    events.record(
        site_id=row.site_id,
        kind="timers.waived",
        subject=row,
        by=by,
        at=at,
        rule=row.rule,
        data={"milestone": row.milestone, "reason": reason, "due": row.due_at.isoformat()},
    )
    refresh_subject(subject_type=row.subject_type, subject_id=row.subject_id)
    return row


def extend(
    *, subject: models.Model, milestone: str, due_at: datetime, by: Staff, at: datetime, reason: str
) -> Obligation:
    """Move an open promise to a later moment; the first promise stays readable. The caller records the event."""
    row = running(subject=subject, milestones=[milestone]).first()
    if row is None:
        raise Refused(gettext_noop("没有进行中的时限可以延长"))
    if due_at <= row.due_at:
        raise Refused(gettext_noop("新的时限要晚于原来的时限"), field="due_at")
    row.due_at = due_at
    row.reason = reason[:300]
    # the warning and the overdue alarm of the new date are still to come
    row.alarm_no = 0 if row.warn_percent is None else 1
    row.next_alarm_at = alarm_moment(obligation=row)
    row.save(update_fields=["due_at", "reason", "alarm_no", "next_alarm_at"])
    refresh_subject(subject_type=row.subject_type, subject_id=row.subject_id)
    return row


def pause(
    *, subject: models.Model, by: Staff, at: datetime, reason: str, milestones: Iterable[str] | None = None
) -> int:
    """Stop the running clocks of a subject, with a reason; returns how many stopped."""
    if not reason.strip():
        raise Refused(gettext_noop("暂停计时要写明原因"), field="reason")
    count = 0
    for row in running(subject=subject, milestones=milestones).filter(paused_at__isnull=True):
        Pause.objects.create(obligation=row, started_at=at, reason=reason, by=by)
        row.paused_at = at
        row.next_alarm_at = None
        row.save(update_fields=["paused_at", "next_alarm_at"])
        count += 1
    if count:
        refresh_subject(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return count


def resume(*, subject: models.Model, at: datetime) -> int:
    """Let stopped clocks run on; each due time moves by the time it stood still. Returns how many."""
    count = 0
    for row in running(subject=subject).filter(paused_at__isnull=False):
        assert row.paused_at is not None
        calendar = get_calendar(site_id=row.site_id, code=row.calendar)
        moved = shift_due(
            due=row.due_at,
            start=row.starts_at,
            pauses=[(row.paused_at, at)],
            unit=row.unit,
            calendar=calendar,
        )
        row.due_at = moved.at
        Pause.objects.filter(obligation=row, ended_at__isnull=True).update(ended_at=at)
        row.paused_at = None
        row.next_alarm_at = alarm_moment(obligation=row)
        row.save(update_fields=["due_at", "paused_at", "next_alarm_at"])
        count += 1
    if count:
        refresh_subject(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return count


def assign(*, subject: models.Model, staff: Staff | None, milestones: Iterable[str] | None = None) -> None:
    """Make a person answer for the open promises of a subject."""
    rows = Obligation.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, state=Obligation.State.ARMED
    )
    if milestones is not None:
        rows = rows.filter(milestone__in=list(milestones))
    rows.update(responsible_staff=staff)


def refresh_subject(*, subject_type: str, subject_id: int) -> None:
    """Tell whoever watches this kind of subject that its clocks changed."""
    watch = _watchers.get(subject_type)
    if watch is not None:
        watch(subject_id)


def _end(*, row: Obligation, state: str, by: Staff | None, at: datetime, reason: str) -> None:
    row.state = state
    row.ended_at = at
    row.ended_by = by
    row.next_alarm_at = None
    row.paused_at = None
    row.reason = reason[:300]
    row.save(update_fields=["state", "ended_at", "ended_by", "next_alarm_at", "paused_at", "reason"])
