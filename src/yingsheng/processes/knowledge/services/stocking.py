"""Bringing our own content into a site as its first wording; from then on the copy is the site's (W-11 … W-34)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.db import transaction

from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.search import services as search
from yingsheng.processes.knowledge.models import Article
from yingsheng.processes.knowledge.queries import texts_of
from yingsheng.processes.knowledge.services.articles import check_words, keep_version, owe_review

FILES = ("scripts", "tips", "phrases", "standards", "answers")


@dataclass(frozen=True, kw_only=True)
class Ready:
    """An article as it is delivered, in both languages."""

    code: str
    kind: str
    rule: str
    title: str
    body: str
    title_en: str
    body_en: str
    category: str = ""
    situation: str = ""
    mood: str = ""
    part: str = ""
    line: str = ""
    keywords: str = field(default="")


@lru_cache(maxsize=1)
def load_ready() -> tuple[Ready, ...]:
    """Everything delivered, in the order of the files."""
    return tuple(_read())


def _read() -> Iterator[Ready]:
    folder = resources.files("yingsheng.content").joinpath("knowledge")
    for name in FILES:
        content = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        for row in content["article"]:
            yield Ready(**{"kind": name.removesuffix("s"), **row})


@transaction.atomic
def stock_library(*, site: Site, owner: Staff, at: datetime) -> int:
    """Bring in what the site does not have yet, as approved first wordings owned by somebody; returns how many.

    What the site changed or retired is left alone.
    """
    had = set(Article.objects.filter(site=site).exclude(origin="").values_list("origin", flat=True))
    fresh = [ready for ready in load_ready() if ready.code not in had]
    for ready in fresh:
        _bring(ready=ready, site=site, owner=owner, at=at)
    return len(fresh)


@transaction.atomic
def restock(*, actor: Actor, at: datetime) -> int:
    """The same, asked for on the page of the library by whoever approves; he owns what comes (B-09)."""
    demand(actor=actor, permission="knowledge.approve")
    return stock_library(site=actor.site, owner=actor.staff, at=at)


def _bring(*, ready: Ready, site: Site, owner: Staff, at: datetime) -> None:
    words = check_words(
        kind=ready.kind, title=ready.title, body=ready.body, title_en=ready.title_en, body_en=ready.body_en,
        category=ready.category, situation=ready.situation, mood=ready.mood, part=ready.part, line=ready.line,
        keywords=ready.keywords,
    )  # fmt: skip
    row = Article.objects.create(
        site=site, owner=owner, rule=ready.rule, origin=ready.code, state=Article.State.APPROVED, written_at=at,
        written_by=owner, approved_at=at, approved_by=owner, **words,
    )  # fmt: skip
    keep_version(row=row, by=owner, at=at)
    search.index(site_id=site.pk, subject=row, texts=texts_of(row))
    row.review_at = owe_review(site=site, row=row, at=at)
    row.save(update_fields=["review_at"])
    events.record(
        site_id=site.pk, kind="knowledge.stocked", subject=row, by=owner, at=at, rule=ready.rule,
        data={"title": row.title},
    )  # fmt: skip
