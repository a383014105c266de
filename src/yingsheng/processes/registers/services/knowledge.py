"""Ready answers: written, approved, reviewed on time, used and counted; questions that nobody could answer (B-09)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.periods import owed_role
from yingsheng.processes.registers.models import Knowledge, KnowledgeVersion
from yingsheng.processes.registers.queries import letters_of
from yingsheng.processes.registers.rules import keywords_of
from yingsheng.processes.registers.services.holding import change, demand_post, hold, tell

REVIEW, RESOLVE = "review_knowledge", "answer_open"
NOT_HIS = gettext_noop("知识条目由规程指定的岗位审批")


@transaction.atomic
def write_knowledge(
    *, actor: Actor, at: datetime, question: str, answer: str, category: str, keywords: str = "",
    owner: Staff | None = None,
) -> Knowledge:  # fmt: skip
    """A new entry; usable once it is approved. Its owner is whoever writes it, if nobody is named (B-09)."""
    demand(actor=actor, permission="registers.write_knowledge")
    words = keywords_of(text=keywords)
    row = Knowledge.objects.create(
        site=actor.site, question=question.strip(), answer=answer.strip(), keywords=words, category=category,
        initials=letters_of(question=question, keywords=words), owner=owner or actor.staff, written_at=at,
        written_by=actor.staff,
    )  # fmt: skip
    _keep(row=row, by=actor.staff, at=at)
    tell(record=row, kind="registers.knowledge_written", actor=actor, at=at, rule="B-09", title=row.question)
    return row


@transaction.atomic
def rewrite_knowledge(
    *, actor: Actor, record: Knowledge, at: datetime, question: str, answer: str, category: str, keywords: str = "",
    owner: Staff | None = None, seen: int | None = None,
) -> Knowledge:  # fmt: skip
    """Answer an open question or word an entry anew; the earlier wording is kept, approval is asked again (B-09)."""
    row = hold(
        actor=actor, record=record, permission="registers.write_knowledge", seen=seen,
        states=("open", "draft", "approved"),
    )  # fmt: skip
    words = keywords_of(text=keywords)
    change(
        record=row, question=question.strip(), answer=answer.strip(), keywords=words, category=category,
        initials=letters_of(question=question, keywords=words), owner=owner or row.owner or actor.staff, state="draft",
    )  # fmt: skip
    _keep(row=row, by=actor.staff, at=at)
    timers.meet(subject=row, milestones=[RESOLVE], by=actor.staff, at=at)
    tell(
        record=row, kind="registers.knowledge_rewritten", actor=actor, at=at, rule="B-09", title=row.question
    )
    return row


@transaction.atomic
def approve_knowledge(*, actor: Actor, record: Knowledge, at: datetime, seen: int | None = None) -> Knowledge:
    """Let the desk use it; its owner owes the next review (B-09)."""
    row = hold(actor=actor, record=record, permission="registers.approve", seen=seen, states=("draft",))
    demand_post(actor=actor, path="B-09.approved_by", at=at, text=NOT_HIS)
    timers.meet(subject=row, milestones=[REVIEW], by=actor.staff, at=at)
    due = _owe_review(actor=actor, row=row, at=at)
    change(record=row, state="approved", approved_at=at, approved_by=actor.staff, review_at=due)
    tell(record=row, kind="registers.knowledge_approved", actor=actor, at=at, rule="B-09", title=row.question)
    return row


@transaction.atomic
def review_knowledge(
    *, actor: Actor, record: Knowledge, at: datetime, note: str = "", seen: int | None = None
) -> Knowledge:
    """It was looked at and still holds; the next review is owed (B-09)."""
    row = hold(
        actor=actor, record=record, permission="registers.write_knowledge", seen=seen, states=("approved",)
    )
    timers.meet(subject=row, milestones=[REVIEW], by=actor.staff, at=at)
    change(record=row, review_at=_owe_review(actor=actor, row=row, at=at))
    tell(record=row, kind="registers.knowledge_reviewed", actor=actor, at=at, rule="B-09", note=note)
    return row


@transaction.atomic
def retire_knowledge(
    *, actor: Actor, record: Knowledge, at: datetime, reason: str, seen: int | None = None
) -> Knowledge:
    """It holds no longer, or need not be answered (B-09)."""
    row = hold(
        actor=actor, record=record, permission="registers.write_knowledge", seen=seen,
        states=("open", "draft", "approved"),
    )  # fmt: skip
    change(record=row, state="retired", review_at=None)
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("条目已停用"))
    tell(record=row, kind="registers.knowledge_retired", actor=actor, at=at, rule="B-09", reason=reason)
    return row


@transaction.atomic
def use_knowledge(*, actor: Actor, pk: int, at: datetime) -> Knowledge | None:
    """The desk takes the answer; the use is counted. None for an entry that is not in use (B-09)."""
    demand(actor=actor, permission="registers.see")
    rows = Knowledge.objects.filter(pk=pk, site=actor.site, state=Knowledge.State.APPROVED)
    if not rows.update(use_count=F("use_count") + 1):
        return None
    row = rows.get()
    tell(record=row, kind="registers.knowledge_used", actor=actor, at=at, rule="B-09", title=row.question)
    return row


def leave_question(*, case: Case, by: Staff, at: datetime) -> Knowledge:
    """A question that the desk could not answer at once waits for somebody to write the answer (B-09).

    Runs in the transaction of the enquiry; whoever approves entries answers for it.
    """
    role = owed_role(path="B-09.approved_by", site=case.site, at=at)
    people = list_holders_or_above(site_id=case.site_id, role=role, at=at)
    owner = people[0] if people else None
    row = Knowledge.objects.create(
        site=case.site, question=case.title[:120], category="other", owner=owner, asked_in=case,
        initials=letters_of(question=case.title, keywords=[]), state=Knowledge.State.OPEN, written_at=at, written_by=by,
    )  # fmt: skip
    owe(
        site=case.site,
        subject=row,
        milestone=RESOLVE,
        path="B-09.answer_within",
        role=role,
        staff=owner,
        at=at,
    )
    events.record(
        site_id=case.site_id, kind="registers.question_left", subject=row, by=by, at=at, rule="B-09",
        data={"title": row.question, "number": case.number},
    )  # fmt: skip
    return row


def _keep(*, row: Knowledge, by: Staff, at: datetime) -> None:
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    KnowledgeVersion.objects.create(
        entry=row, number=last + 1, question=row.question, answer=row.answer, keywords=row.keywords, at=at, by=by
    )  # fmt: skip


def _owe_review(*, actor: Actor, row: Knowledge, at: datetime) -> datetime | None:
    return owe(
        site=actor.site,
        subject=row,
        milestone=REVIEW,
        path="B-09.review_every",
        role="CS_SUP",
        staff=row.owner,
        at=at,
    )
