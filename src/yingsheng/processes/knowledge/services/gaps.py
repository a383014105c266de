"""Gaps: words that found nothing or nothing that helped, counted together, until an article fills them (B-09, W-26)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.rules.fitting import question_key, without_numbers

RESOLVE = "answer_open"


@transaction.atomic
def note_gap(*, actor: Actor, at: datetime, words: str) -> Gap:
    """Somebody looked for these words and found nothing; the same words are counted, not listed again (W-26)."""
    demand(actor=actor, permission="knowledge.see")
    row = count_gap(site=actor.site, words=words, source=Gap.Source.NOTHING, by=actor.staff, at=at)
    if row is None:
        raise Refused(gettext_noop("写下要找的词"), field="words", rule="W-26")
    tell(record=row, kind="knowledge.gap_noted", actor=actor, at=at, rule="W-26", words=row.words)
    return row


@transaction.atomic
def dismiss_gap(*, actor: Actor, record: Gap, at: datetime, reason: str, seen: int | None = None) -> Gap:
    """Nobody needs to write this, and why (W-26)."""
    row = hold(actor=actor, record=record, permission="knowledge.write", seen=seen, states=("open",))
    change(record=row, state="dismissed")
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("不用写"))
    tell(record=row, kind="knowledge.gap_dismissed", actor=actor, at=at, rule="W-26", reason=reason)
    return row


def count_gap(
    *, site: Site, words: str, source: str, by: Staff, at: datetime, about: Article | None = None,
    case: Case | None = None, owner: Staff | None = None,
) -> Gap | None:  # fmt: skip
    """The open gap of these words with one more in its count, or a new one; None for no words. Records no event."""
    words = without_numbers(text=words)
    key = question_key(text=words)
    if not key:
        return None
    open_one = (
        Gap.objects.select_for_update(no_key=True).filter(site=site, key=key, state=Gap.State.OPEN).first()
    )
    if open_one is None:
        return Gap.objects.create(
            site=site, key=key, words=words[:120], source=source, about=about, asked_in=case, owner=owner,
            first_at=at, last_at=at, last_by=by,
        )  # fmt: skip
    Gap.objects.filter(pk=open_one.pk).update(count=F("count") + 1, last_at=at, last_by=by)
    open_one.refresh_from_db()
    return open_one


def leave_question(*, case: Case, by: Staff, at: datetime) -> Gap | None:
    """A question that the desk could not answer at once waits for somebody to write the answer (B-09).

    Runs in the transaction of the enquiry; whoever approves articles answers for it.
    """
    role = owed_role(path="B-09.approved_by", site=case.site, at=at)
    people = list_holders_or_above(site_id=case.site_id, role=role, at=at)
    owner = people[0] if people else None
    row = count_gap(
        site=case.site, words=case.title, source=Gap.Source.PROMISED, by=by, at=at, case=case, owner=owner
    )
    if row is None:
        return None
    if row.count == 1:
        owe(
            site=case.site, subject=row, milestone=RESOLVE, path="B-09.answer_within", role=role, staff=owner, at=at
        )  # fmt: skip
    events.record(
        site_id=case.site_id, kind="knowledge.question_left", subject=row, by=by, at=at, rule="B-09",
        data={"title": row.words, "number": case.number},
    )  # fmt: skip
    return row


def fill_gap(*, actor: Actor, pk: int, article: Article, at: datetime) -> None:
    """An article is written for a gap: what was owed is kept. Refused for one that is not open (any more)."""
    row = Gap.objects.select_for_update(no_key=True).filter(
        pk=pk, site=actor.site, state=Gap.State.OPEN
    ).first()  # fmt: skip
    if row is None:
        raise Refused(gettext_noop("这个缺口已经有人写了，或者不用写"), field="gap", rule="W-26")
    change(record=row, state="written", article=article)
    timers.meet(subject=row, milestones=[RESOLVE], by=actor.staff, at=at)


def close_gaps(*, article: Article) -> None:
    """What was written is approved: its gaps are closed."""
    _move(article=article, source=Gap.State.WRITTEN, target=Gap.State.CLOSED)


def reopen_gaps(*, article: Article) -> None:
    """What was written is not used after all: its gaps are open again, but for words asked for anew meanwhile."""
    asked = Gap.objects.filter(site=article.site, state=Gap.State.OPEN).values("key")
    Gap.objects.filter(article=article, state=Gap.State.WRITTEN, key__in=asked).update(
        state=Gap.State.DISMISSED, version=F("version") + 1
    )
    _move(article=article, source=Gap.State.WRITTEN, target=Gap.State.OPEN)


def _move(*, article: Article, source: str, target: str) -> None:
    Gap.objects.filter(article=article, state=source).update(state=target, version=F("version") + 1)
