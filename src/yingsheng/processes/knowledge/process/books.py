"""The library and the list of its gaps as declared: what is shown of a record and what may be done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yingsheng.base.process import State
from yingsheng.base.records import Attr, Filter, RecordBook, Verb
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.knowledge import queries
from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.process import forms
from yingsheng.processes.knowledge.process.saying import title_of
from yingsheng.processes.knowledge.services import articles, gaps, uses

SEE, WRITE, APPROVE = "knowledge.see", "knowledge.write", "knowledge.approve"


def _join(words: list[str]) -> str:
    return str(_("、")).join(words)


def _start(*, actor: Actor, asked: str, at: datetime) -> dict[str, Any]:
    """What the form of a new article begins with: the words of a gap, or a kind, or a part somebody misses."""
    if asked.startswith("gap-") and asked.removeprefix("gap-").isdecimal():
        gap = queries.find_gap(actor=actor, pk=int(asked.removeprefix("gap-")[:18]))
        if gap is not None:
            return {"kind": Article.Kind.ANSWER, "title": gap.words, "gap": gap.pk}
    if asked in Article.Kind.values:
        return {"kind": asked}
    if asked in Article.Part.values:
        kind = {"phrase": "phrase", "tip": "tip"}.get(asked.partition("_")[0], "standard")
        return {"kind": kind, "part": asked}
    return {}


def _filled(row: Article) -> dict[str, Any]:
    names = (
        "kind", "title", "body", "title_en", "body_en", "category", "situation", "mood", "part", "line"
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "keywords": " ".join(row.keywords),
        "owner": row.owner_id,
    }


ARTICLES = RecordBook(
    code="knowledge", title=N("知识库"), icon="book",
    hint=N("答客问、话术、贴士、用语和规范要点；接待时边打字边提示，称呼自己填好。"),
    rules=("W-34", "B-09"), see=SEE,
    states=(
        State(code="approved", label=N("可用"), tone="met"),
        State(code="draft", label=N("待审批"), tone="soon"),
        State(code="retired", label=N("已停用"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=title_of,
    filters=(
        Filter(name="kind", label=N("种类"), choices=forms.KINDS),
        Filter(name="situation", label=N("场合"), choices=forms.SITUATIONS),
        Filter(name="mood", label=N("对方的情绪"), choices=forms.MOODS),
        Filter(name="part", label=N("分类"), choices=forms.PARTS),
    ),
    attrs=(
        Attr(name="kind", label=N("种类"), value=lambda row: row.kind, words=dict(forms.KINDS), listed=True),
        Attr(name="body", label=N("怎么说、怎么做"), value=lambda row: row.body, wide=True),
        Attr(name="title_en", label=N("英文标题"), value=lambda row: row.title_en, wide=True),
        Attr(name="body_en", label=N("英文内容"), value=lambda row: row.body_en, wide=True),
        Attr(name="category", label=N("类别"), value=lambda row: row.category, words=dict(forms.CATEGORIES)),
        Attr(
            name="situation", label=N("场合"), value=lambda row: row.situation, words=dict(forms.SITUATIONS),
            listed=True,
        ),
        Attr(name="mood", label=N("对方的情绪"), value=lambda row: row.mood, words=dict(forms.MOODS), listed=True),
        Attr(name="part", label=N("分类"), value=lambda row: row.part, words=dict(forms.PARTS), listed=True),
        Attr(name="line", label=N("对话编号"), value=lambda row: row.line, kind="code", listed=True),
        Attr(name="keywords", label=N("关键词"), value=lambda row: _join(row.keywords), wide=True),
        Attr(name="rule", label=N("服务的规程"), value=lambda row: row.rule, kind="code"),
        Attr(name="owner", label=N("负责人"), value=lambda row: row.owner.name, listed=True),
        Attr(name="use_count", label=N("使用次数"), value=lambda row: row.use_count, kind="number", listed=True),
        Attr(name="helped_count", label=N("有帮助"), value=lambda row: row.helped_count, kind="number"),
        Attr(name="unhelpful_count", label=N("没帮上"), value=lambda row: row.unhelpful_count, kind="number"),
        Attr(name="review_at", label=N("下次复审"), value=lambda row: row.review_at, kind="moment"),
        Attr(name="written_by", label=N("写的人"), value=lambda row: row.written_by.name),
        Attr(name="written_at", label=N("写的时间"), value=lambda row: row.written_at, kind="moment"),
        Attr(name="approved_by", label=N("批准人"), value=lambda row: row.approved_by.name if row.approved_by else ""),
        Attr(name="approved_at", label=N("批准时间"), value=lambda row: row.approved_at, kind="moment"),
    ),
    rows=queries.list_articles, find=queries.find_article, newest_by="written_at",
    verbs=(
        Verb(
            code="approve", form=forms.APPROVE, permission=APPROVE, run=articles.approve_article, sources=("draft",),
        ),
        Verb(code="helped", form=forms.HELPED, permission=SEE, run=uses.mark_helped, sources=("approved",)),
        Verb(
            code="not_helped", form=forms.NOT_HELPED, permission=SEE, run=uses.mark_unhelpful, sources=("approved",),
        ),
        Verb(
            code="rewrite", form=forms.REWRITE, permission=WRITE, run=articles.rewrite_article,
            sources=("draft", "approved"), fill=_filled,
        ),
        Verb(code="review", form=forms.REVIEW, permission=WRITE, run=articles.review_article, sources=("approved",)),
        Verb(
            code="retire", form=forms.RETIRE, permission=WRITE, run=articles.retire_article,
            sources=("draft", "approved"),
        ),
    ),
    create=forms.ARTICLE, create_permission=WRITE, make=articles.write_article, start=_start,
)  # fmt: skip

GAPS = RecordBook(
    code="gaps", title=N("知识缺口"), icon="help",
    hint=N("找过却没有、用了却没帮上、约了再答复的；一样的词记在一起，写好批准就补上。"),
    rules=("W-26", "B-09"), see=SEE,
    states=(
        State(code="open", label=N("待写"), tone="late"),
        State(code="written", label=N("已写待批"), tone="soon"),
        State(code="closed", label=N("已补上"), tone="met", final=True),
        State(code="dismissed", label=N("不用写"), tone="waiting", final=True),
    ),
    state_of=lambda row: str(row.state), name=lambda row: str(row.words),
    filters=(Filter(name="source", label=N("怎么来的"), choices=forms.SOURCES),),
    attrs=(
        Attr(
            name="source", label=N("怎么来的"), value=lambda row: row.source, words=dict(forms.SOURCES), listed=True,
        ),
        Attr(name="count", label=N("次数"), value=lambda row: row.count, kind="number", listed=True),
        Attr(name="last_at", label=N("最近一次"), value=lambda row: row.last_at, kind="moment", listed=True),
        Attr(name="last_by", label=N("谁找的"), value=lambda row: row.last_by.name, listed=True),
        Attr(name="owner", label=N("谁来写"), value=lambda row: row.owner.name if row.owner else "", listed=True),
        Attr(name="asked_in", label=N("谁问起的"), value=lambda row: row.asked_in.number if row.asked_in else ""),
        Attr(name="about", label=N("没帮上的条目"), value=lambda row: title_of(row.about) if row.about else ""),
        Attr(name="article", label=N("补上的条目"), value=lambda row: title_of(row.article) if row.article else ""),
        Attr(name="first_at", label=N("第一次"), value=lambda row: row.first_at, kind="moment"),
    ),
    rows=queries.list_gaps, find=queries.find_gap, newest_by="first_at",
    verbs=(
        Verb(code="dismiss", form=forms.DISMISS, permission=WRITE, run=gaps.dismiss_gap, sources=("open",)),
    ),
    create=forms.GAP, create_permission=SEE, make=gaps.note_gap,
)  # fmt: skip

BOOKS = (ARTICLES, GAPS)
OPEN_GAP, PROMISED = Gap.State.OPEN, Gap.Source.PROMISED
