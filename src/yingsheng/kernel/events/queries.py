"""Reading the book: timelines, and the proof that nobody touched it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import chain
from yingsheng.kernel.events.models import ChainHead, Event
from yingsheng.kernel.events.services import content_of

PROBLEMS: Mapping[str, str] = {
    "missing": gettext_noop("缺少这一条"),
    "altered": gettext_noop("内容被改动"),
    "reordered": gettext_noop("与前一条接不上"),
    "truncated": gettext_noop("末尾被截断"),
}


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


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What reading a part of a book found. `next_seq` is where to go on, None once the end was reached."""

    count: int
    flaws: tuple[Flaw, ...]
    next_seq: int | None
    last_seq: int
    head: str


def verify_part(*, site_id: int, from_seq: int = 1, limit: int = 20_000) -> Checked:
    """Read at most `limit` lines of a site's book from a line on, so that no request reads for minutes.

    Every line is checked against the one before it, also across parts; whoever reads all parts has read the
    whole book. `last_seq` and `head` are the book's end as it was found. Raises ChainHead.DoesNotExist for a
    site without a book.
    """
    rows = Event.objects.filter(site_id=site_id)
    # the last line is looked up before the head: a line and the head move together, so a head that lies behind
    # a line seen earlier was put back, while lines written meanwhile are no flaw
    last = rows.order_by("-seq").values_list("seq", flat=True).first() or 0
    head = ChainHead.objects.get(site_id=site_id)
    end = max(last, head.seq)
    expected = max(1, min(from_seq, end + 1))
    flaws: list[Flaw] = []
    previous = chain.GENESIS
    if expected > 1:
        found = rows.filter(seq=expected - 1).values_list("hash", flat=True).first()
        previous = found or ""
        if found is None:
            flaws.append(Flaw(seq=expected - 1, problem="missing"))
    count = 0
    for event in (
        rows.filter(seq__gte=expected, seq__lte=end).order_by("seq")[:limit].iterator(chunk_size=2000)
    ):
        count += 1
        for seq in range(expected, event.seq):
            flaws.append(Flaw(seq=seq, problem="missing"))
            previous = ""
        if previous and event.previous_hash != previous:  # nothing to compare with after a gap
            flaws.append(Flaw(seq=event.seq, problem="reordered"))
        if chain.link_hash(previous=event.previous_hash, content=content_of(event=event)) != event.hash:
            flaws.append(Flaw(seq=event.seq, problem="altered"))
        previous, expected = event.hash, event.seq + 1
    ended = count < limit or expected > end
    if ended and (head.seq != expected - 1 or (head.seq and previous and head.hash != previous)):
        flaws.append(Flaw(seq=head.seq, problem="truncated"))
    return Checked(
        count=count,
        flaws=tuple(flaws),
        next_seq=None if ended else expected,
        last_seq=head.seq,
        head=head.hash,
    )


def verify_chain(*, site_id: int) -> Iterator[Flaw]:
    """Read a site's whole book and yield every flaw: missing, altered, reordered or cut-off lines."""
    start: int | None = 1
    while start is not None:
        part = verify_part(site_id=site_id, from_seq=start)
        yield from part.flaws
        start = part.next_seq
