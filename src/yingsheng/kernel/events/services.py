"""Writing events. No other module writes these two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models, transaction

from yingsheng.kernel.events import chain, kinds
from yingsheng.kernel.events.models import ChainHead, Event


class NotInTransaction(RuntimeError):
    """An event must commit or vanish together with what it tells of."""


def content_of(*, event: Event) -> dict[str, object]:
    """The part of an event that the chain protects, as JSON values."""
    return {
        "site": event.site_id,
        "seq": event.seq,
        "at": chain.moment_text(at=event.at),
        "device_at": chain.moment_text(at=event.device_at) if event.device_at else None,
        "by": event.by_id,
        "kind": event.kind,
        "subject": [event.subject_type, event.subject_id],
        "rule": event.rule,
        "data": event.data,
    }


def open_chain(*, site_id: int) -> None:
    """Start the book of a new site."""
    ChainHead.objects.create(site_id=site_id, seq=0, hash=chain.GENESIS)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An event about to be written. `data` holds JSON values only (moments as text)."""

    kind: str
    subject: models.Model
    by: models.Model | None
    at: datetime
    data: Mapping[str, object]
    rule: str = ""
    device_at: datetime | None = None


# Part of every write; building these two from parts would cost several times what running them does.
HEAD = "SELECT seq, hash FROM events_chainhead WHERE site_id = %s"
MOVE_HEAD = "UPDATE events_chainhead SET seq = %s, hash = %s WHERE site_id = %s"


def record(
    *,
    site_id: int,
    kind: str,
    subject: models.Model,
    by: models.Model | None,
    at: datetime,
    data: Mapping[str, object],
    rule: str = "",
    device_at: datetime | None = None,
) -> Event:
    """Write one event at the end of the site's book and run the declared reactions.

    `data` holds JSON values only (moments as text). Three statements: lock the head, insert, move the head.
    Raises NotInTransaction outside a transaction, KeyError for an undeclared kind.
    """
    entry = Entry(kind=kind, subject=subject, by=by, at=at, data=data, rule=rule, device_at=device_at)
    return record_all(site_id=site_id, entries=[entry])[0]


def record_all(*, site_id: int, entries: Sequence[Entry]) -> list[Event]:
    """Write events one behind the other at the end of the site's book, in three statements however many.

    The reactions run afterwards, in the order of the events. Raises as `record` does.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(", ".join(entry.kind for entry in entries))
    seq, digest = _take_head(site_id=site_id)
    rows = []
    for entry in entries:
        kinds.get_kind(code=entry.kind)
        event = Event(
            site_id=site_id,
            seq=seq + 1,
            at=entry.at,
            device_at=entry.device_at,
            # the person at hand, so that no reaction reads him again; this app knows no staff
            by=entry.by,  # type: ignore[misc]
            kind=entry.kind,
            subject_type=entry.subject._meta.label_lower,
            subject_id=entry.subject.pk,
            rule=entry.rule,
            data=dict(entry.data),
            previous_hash=digest,
        )
        event.hash = chain.link_hash(previous=digest, content=content_of(event=event))
        seq, digest = event.seq, event.hash
        rows.append(event)
    made = Event.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_HEAD, [seq, digest, site_id])
    for event in made:
        for reaction in kinds.reactions_to(code=event.kind):
            reaction.run(event)
    return made


def _take_head(*, site_id: int) -> tuple[int, str]:
    """Number and hash of the last event of a site's book, held until the transaction ends.

    Raises ChainHead.DoesNotExist for a site without a book.
    """
    held = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(HEAD + held, [site_id])
        found = cursor.fetchone()
    if found is None:
        raise ChainHead.DoesNotExist(site_id)
    return int(found[0]), str(found[1])
