"""Articles: written, approved before use, reviewed when due, worded anew with every wording kept (B-09, W-34)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.records import change, hold, tell
from yingsheng.kernel.search import services as search
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.knowledge.models import Article, ArticleVersion
from yingsheng.processes.knowledge.queries import letters_of, texts_of
from yingsheng.processes.knowledge.rules.fitting import keywords_of, missing_in
from yingsheng.processes.knowledge.rules.wording import unknown_places
from yingsheng.processes.knowledge.services.gaps import close_gaps, fill_gap, reopen_gaps

REVIEW = "review_article"
NOT_HIS = gettext_noop("知识条目由规程指定的岗位审批")
FIGURES = (
    "W-17.rings",
    "B-02.reply_within",
    "W-24.name_known_at_meeting",
)  # may stand in braces, so that a text follows the rule book
NEEDED = {
    "category": gettext_noop("答客问要选类别"),
    "situation": gettext_noop("话术要选场合"),
    "part": gettext_noop("用语、贴士和规范要点要选分类"),
}
UNFIT = {
    "part": gettext_noop("这个分类不属于所选的种类"),
    "line": gettext_noop("对话编号写一个大写字母、可再加一个小写字母，后面是数字，例如B3或Aa4"),
}


@transaction.atomic
def write_article(
    *, actor: Actor, at: datetime, kind: str, title: str, body: str, title_en: str = "", body_en: str = "",
    category: str = "", situation: str = "", mood: str = "", part: str = "", line: str = "", keywords: str = "",
    owner: Staff | None = None, gap: int | None = None,
) -> Article:  # fmt: skip
    """A new article; usable once it is approved. Its owner is whoever writes it, if nobody is named (B-09).

    With `gap` it fills one. Refused for what its kind lacks and for braces nobody can fill in.
    """
    demand(actor=actor, permission="knowledge.write")
    words = check_words(
        kind=kind, title=title, body=body, title_en=title_en, body_en=body_en, category=category,
        situation=situation, mood=mood, part=part, line=line, keywords=keywords,
    )  # fmt: skip
    row = Article.objects.create(
        site=actor.site, owner=owner or actor.staff, written_at=at, written_by=actor.staff, **words
    )
    keep_version(row=row, by=actor.staff, at=at)
    search.index(site_id=row.site_id, subject=row, texts=texts_of(row))
    if gap is not None:
        fill_gap(actor=actor, pk=gap, article=row, at=at)
    tell(record=row, kind="knowledge.written", actor=actor, at=at, rule="B-09", title=row.title)
    return row


@transaction.atomic
def rewrite_article(
    *, actor: Actor, record: Article, at: datetime, kind: str, title: str, body: str, title_en: str = "",
    body_en: str = "", category: str = "", situation: str = "", mood: str = "", part: str = "", line: str = "",
    keywords: str = "", owner: Staff | None = None, seen: int | None = None,
) -> Article:  # fmt: skip
    """Word an article anew; the earlier wording is kept, approval is asked again (B-09)."""
    row = hold(
        actor=actor, record=record, permission="knowledge.write", seen=seen, states=("draft", "approved")
    )
    words = check_words(
        kind=kind, title=title, body=body, title_en=title_en, body_en=body_en, category=category,
        situation=situation, mood=mood, part=part, line=line, keywords=keywords,
    )  # fmt: skip
    change(record=row, **words, owner=owner or row.owner, state="draft")
    keep_version(row=row, by=actor.staff, at=at)
    search.reindex(site_id=row.site_id, subject=row, texts=texts_of(row))
    tell(record=row, kind="knowledge.rewritten", actor=actor, at=at, rule="B-09", title=row.title)
    return row


@transaction.atomic
def approve_article(*, actor: Actor, record: Article, at: datetime, seen: int | None = None) -> Article:
    """Let the desk use it; its owner owes the next review, and the gaps it was written for are closed (B-09)."""
    row = hold(actor=actor, record=record, permission="knowledge.approve", seen=seen, states=("draft",))
    demand_post(actor=actor, path="B-09.approved_by", at=at, text=NOT_HIS)
    timers.meet(subject=row, milestones=[REVIEW], by=actor.staff, at=at)
    due = owe_review(site=actor.site, row=row, at=at)
    change(record=row, state="approved", approved_at=at, approved_by=actor.staff, review_at=due)
    close_gaps(article=row)
    tell(record=row, kind="knowledge.approved", actor=actor, at=at, rule="B-09", title=row.title)
    return row


@transaction.atomic
def review_article(
    *, actor: Actor, record: Article, at: datetime, note: str = "", seen: int | None = None
) -> Article:
    """It was looked at and still holds; the next review is owed (B-09)."""
    row = hold(actor=actor, record=record, permission="knowledge.write", seen=seen, states=("approved",))
    timers.meet(subject=row, milestones=[REVIEW], by=actor.staff, at=at)
    change(record=row, review_at=owe_review(site=actor.site, row=row, at=at))
    tell(record=row, kind="knowledge.reviewed", actor=actor, at=at, rule="B-09", note=note)
    return row


@transaction.atomic
def retire_article(
    *, actor: Actor, record: Article, at: datetime, reason: str, seen: int | None = None
) -> Article:
    """It holds no longer; a gap that waited for its approval is open again (B-09)."""
    row = hold(
        actor=actor, record=record, permission="knowledge.write", seen=seen, states=("draft", "approved")
    )
    change(record=row, state="retired", review_at=None)
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("条目已停用"))
    reopen_gaps(article=row)
    tell(record=row, kind="knowledge.retired", actor=actor, at=at, rule="B-09", reason=reason)
    return row


def check_words(
    *, kind: str, title: str, body: str, title_en: str, body_en: str, category: str, situation: str, mood: str,
    part: str, line: str, keywords: str,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a wording; Refused for what its kind lacks and for braces nobody can fill in (W-34, W-24)."""
    lacks = missing_in(kind=kind, category=category, situation=situation, part=part, line=line.strip())
    for field, what in lacks.items():
        text = (NEEDED if what == "needed" else UNFIT)[field]
        raise Refused(text, field=field, rule="W-34")
    for field, text in (("title", title), ("body", body), ("title_en", title_en), ("body_en", body_en)):
        unknown = unknown_places(text=text, figures=FIGURES)
        if unknown:
            raise Refused(
                gettext_noop("大括号里的“%(name)s”没有人会填，可以用：称呼、姓名、项目、单元、房号、工作人员、服务电话"),
                field=field, rule="W-24", name=unknown[0][:20],
            )  # fmt: skip
    words = keywords_of(text=keywords)
    return {
        "kind": kind, "title": title.strip(), "body": body.strip(), "title_en": title_en.strip(),
        "body_en": body_en.strip(), "category": category, "situation": situation, "mood": mood, "part": part,
        "line": line.strip(), "keywords": words, "initials": letters_of(title=title, keywords=words),
    }  # fmt: skip


def keep_version(*, row: Article, by: Staff, at: datetime) -> None:
    """Keep the present wording as the next version; versions are never changed (W-34)."""
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    ArticleVersion.objects.create(
        article=row, number=last + 1, title=row.title, body=row.body, title_en=row.title_en, body_en=row.body_en,
        at=at, by=by,
    )  # fmt: skip


def owe_review(*, site: Site, row: Article, at: datetime) -> datetime | None:
    """The owner looks at it again within the figure of B-09."""
    role = owed_role(path="B-09.approved_by", site=site, at=at)
    return owe(
        site=site, subject=row, milestone=REVIEW, path="B-09.review_every", role=role, staff=row.owner, at=at
    )
