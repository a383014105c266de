"""Bringing in articles that were kept elsewhere: all lines or none, each a draft that has to be approved (B-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.services.articles import write_article

MOST = 500
LONGEST = {"title": 120, "title_en": 200, "body": 2000, "body_en": 2000, "keywords": 200}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the file, its codes already read; `number` is where it stands."""

    number: int
    kind: str
    title: str
    body: str
    title_en: str
    body_en: str
    category: str
    situation: str
    mood: str
    part: str
    line: str
    keywords: str


@transaction.atomic
def bring_in_articles(*, actor: Actor, lines: Sequence[Line], at: datetime) -> list[Article]:
    """Write every line; Refused naming the first that cannot be, and then none is written (B-09)."""
    demand(actor=actor, permission="knowledge.write")
    if not lines:
        raise Refused(gettext_noop("文件里没有条目"), field="table", rule="B-09")
    if len(lines) > MOST:
        raise Refused(gettext_noop("一次最多导入%(most)s条"), field="table", most=MOST)
    made = []
    for line in lines:
        if line.kind not in Article.Kind.values or not line.title or not line.body:
            raise _refused(line, gettext_noop("种类、标题或内容不对"))
        if any(len(getattr(line, name)) > most for name, most in LONGEST.items()):
            raise _refused(line, gettext_noop("有一格太长"))
        try:
            made.append(
                write_article(
                    actor=actor, at=at, kind=line.kind, title=line.title, body=line.body, title_en=line.title_en,
                    body_en=line.body_en, category=line.category, situation=line.situation, mood=line.mood,
                    part=line.part, line=line.line, keywords=line.keywords,
                )
            )  # fmt: skip
        except Refused as refusal:
            raise _refused(line, gettext(refusal.text) % refusal.params) from refusal
    return made


def _refused(line: Line, why: str) -> Refused:
    return Refused(
        gettext_noop("第%(line)s行（%(title)s）：%(why)s"), field="table", rule="B-09", line=line.number,
        title=line.title[:20], why=gettext(why),
    )  # fmt: skip
