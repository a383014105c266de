"""Reading the book: timelines, and the proof that nobody touched it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from yingsheng.kernel.events import chain
from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.events.services import content_of


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One place where the book does not hold: the page number and what is wrong with it."""

    seq: int
    problem: str  # missing, altered, reordered, truncated


def list_events(*, subject: models.Model) -> models.QuerySet[Event]:
    """The timeline of one record, newest first, with the actors."""
    return (
        Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        .select_related("by")
        .order_by("-seq")
    )


def verify_chain(*, site_id: int) -> Iterator[Flaw]:
    """Read a site's whole book and yield every flaw: missing, altered, reordered or cut-off lines."""
    previous = chain.GENESIS
    expected = 1
    for event in Event.objects.filter(site_id=site_id).order_by("seq").iterator(chunk_size=2000):
        while expected < event.seq:
            yield Flaw(seq=expected, problem="missing")
            expected += 1
            previous = event.previous_hash
        if event.previous_hash != previous:
            yield Flaw(seq=event.seq, problem="reordered")
        if chain.link_hash(previous=event.previous_hash, content=content_of(event=event)) != event.hash:
            yield Flaw(seq=event.seq, problem="altered")
        previous = event.hash
        expected = event.seq + 1
    head = ChainHead.objects.get(site_id=site_id)
    if head.seq != expected - 1 or (head.seq and head.hash != previous):
        yield Flaw(seq=head.seq, problem="truncated")
