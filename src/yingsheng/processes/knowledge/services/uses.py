"""What the desk does with an article: takes it, says whether it helped; each counted with one event (W-34, W-26)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import hold, tell
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.rules.fitting import without_numbers
from yingsheng.processes.knowledge.services.gaps import count_gap


@transaction.atomic
def use_article(*, actor: Actor, pk: int, at: datetime) -> Article | None:
    """The desk takes the answer; the use is counted. None for an article that is not in use (B-09)."""
    demand(actor=actor, permission="knowledge.see")
    rows = Article.objects.filter(pk=pk, site=actor.site, state=Article.State.APPROVED)
    if not rows.update(use_count=F("use_count") + 1):
        return None
    row = rows.get()
    tell(record=row, kind="knowledge.used", actor=actor, at=at, rule="B-09", title=row.title)
    return row


@transaction.atomic
def mark_helped(
    *, actor: Actor, record: Article, at: datetime, words: str = "", seen: int | None = None
) -> Article:
    """It helped: one more use that was good (W-34)."""
    row = hold(actor=actor, record=record, permission="knowledge.see", seen=None, states=("approved",))
    Article.objects.filter(pk=row.pk).update(use_count=F("use_count") + 1, helped_count=F("helped_count") + 1)
    row.refresh_from_db()
    tell(
        record=row,
        kind="knowledge.helped",
        actor=actor,
        at=at,
        rule="W-34",
        title=row.title,
        words=without_numbers(text=words)[:120],
    )
    return row


@transaction.atomic
def mark_unhelpful(
    *, actor: Actor, record: Article, at: datetime, words: str = "", seen: int | None = None
) -> Article:
    """It did not help: what was looked for is a gap that somebody has to fill (W-26)."""
    row = hold(actor=actor, record=record, permission="knowledge.see", seen=None, states=("approved",))
    Article.objects.filter(pk=row.pk).update(unhelpful_count=F("unhelpful_count") + 1)
    row.refresh_from_db()
    count_gap(
        site=actor.site, words=words or row.title, source=Gap.Source.UNHELPFUL, about=row, owner=row.owner,
        by=actor.staff, at=at,
    )  # fmt: skip
    tell(
        record=row, kind="knowledge.not_helped", actor=actor, at=at, rule="W-26", title=row.title,
        words=without_numbers(text=words)[:120],
    )  # fmt: skip
    return row
