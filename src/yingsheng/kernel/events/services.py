"""Writing events. No other module writes these two tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction

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
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(kind)
    kinds.get_kind(code=kind)
    head = ChainHead.objects.select_for_update(no_key=True).get(site_id=site_id)
    event = Event(
        site_id=site_id,
        seq=head.seq + 1,
        at=at,
        device_at=device_at,
        by_id=by.pk if by is not None else None,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        rule=rule,
        data=dict(data),
        previous_hash=head.hash,
    )
    event.hash = chain.link_hash(previous=head.hash, content=content_of(event=event))
    event.save(force_insert=True)
    ChainHead.objects.filter(site_id=site_id).update(seq=event.seq, hash=event.hash)
    for reaction in kinds.reactions_to(code=kind):
        reaction.run(event)
    return event
