"""Writing the outbox and emptying it: lease, send, mark; a dead worker's lease runs out and is taken again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import F

from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.notify import channels
from yingsheng.kernel.notify.models import Message, Notice
from yingsheng.kernel.org.models import Staff

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
BACK_OFF = (1, 5, 15, 60, 240)  # minutes before the second, third … try; then the message is dead


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message about to be queued. Exactly one of `to_staff`, `to_household`, `to_name` says to whom."""

    text: str
    dedup_key: str
    params: Mapping[str, object] = field(default_factory=dict)
    to_staff: Staff | None = None
    to_household: Household | None = None
    to_name: str = ""
    rule: str = ""
    tone: str = "plain"
    not_before: datetime | None = None  # a reminder waits in the outbox until its hour


def queue(*, site_id: int, subject: models.Model, drafts: Iterable[Draft], at: datetime) -> None:
    """Put messages into the outbox in the running transaction; one already queued is not queued again."""
    queue_all(letters=[(site_id, subject, draft) for draft in drafts], at=at)


def queue_all(*, letters: Iterable[tuple[int, models.Model, Draft]], at: datetime) -> None:
    """The same for messages about several records: (site id, subject, draft), in one statement."""
    rows = [
        Message(
            site_id=site_id,
            channel=channels.BELL if draft.to_staff is not None else channels.COUNTER,
            to_staff=draft.to_staff,
            to_household=draft.to_household,
            to_name=draft.to_name,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            text=draft.text,
            params=dict(draft.params),
            rule=draft.rule,
            tone=draft.tone,
            dedup_key=draft.dedup_key,
            queued_at=at,
            next_try_at=at if draft.not_before is None else max(at, draft.not_before),
        )
        for site_id, subject, draft in letters
    ]
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)


def withdraw(*, subject: models.Model, key: str) -> int:
    """Take back messages about a record, by the beginning of their key, that nobody sent yet; returns how many."""
    waiting = Message.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        dedup_key__startswith=key,
        state=Message.State.QUEUED,
        attempts=0,
    )
    return waiting.delete()[0]


def lease(*, now: datetime) -> Message | None:
    """Take the next waiting message for a while, so that no other worker sends it; None when all is sent."""
    with transaction.atomic():
        waiting = Message.objects.filter(next_try_at__lte=now).order_by("next_try_at")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, no_key=True)
        message = waiting.first()
        if message is None:
            return None
        taken = Message.objects.filter(
            pk=message.pk, attempts=message.attempts, state=Message.State.QUEUED
        ).update(attempts=F("attempts") + 1, next_try_at=now + LEASE)
        if not taken:
            return None
    message.attempts += 1
    return message


def mark_sent(*, message: Message, now: datetime) -> None:
    """The channel took it."""
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.SENT, sent_at=now, next_try_at=None, last_error=""
    )


def mark_failed(*, message: Message, error: str, now: datetime) -> None:
    """The channel did not: try again later, or give up after the last wait."""
    tries = message.attempts
    if tries > len(BACK_OFF):
        change: dict[str, object] = {"state": Message.State.DEAD, "next_try_at": None}
    else:
        change = {"next_try_at": now + timedelta(minutes=BACK_OFF[tries - 1])}
    Message.objects.filter(pk=message.pk).update(last_error=error[:300], **change)


def send_waiting(*, now: datetime, limit: int = 500) -> int:
    """Send what waits, at most `limit` messages; returns how many were sent."""
    sent = 0
    for _ in range(limit):
        message = lease(now=now)
        if message is None:
            break
        try:
            with transaction.atomic():
                channels.get_channel(name=message.channel)(message, now)
                mark_sent(message=message, now=now)
        except Exception as error:  # one bad message must not hold up the rest
            log.warning("message %s not sent: %s", message.pk, error)
            mark_failed(message=message, error=f"{type(error).__name__}: {error}", now=now)
        else:
            sent += 1
    return sent


@transaction.atomic
def mark_read(*, staff: Staff, notice_ids: Iterable[int], at: datetime) -> int:
    """Somebody read these notices of his own; returns how many were new to him."""
    return Notice.objects.filter(staff=staff, pk__in=list(notice_ids), read_at__isnull=True).update(
        read_at=at
    )
