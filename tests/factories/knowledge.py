"""Articles and gaps of a test site, made by the services themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast

from yingsheng.processes.knowledge.models import Article, Gap
from yingsheng.processes.knowledge.services.articles import approve_article, write_article
from yingsheng.processes.knowledge.services.gaps import note_gap


def make_article(cast: Cast, *, at: datetime = MONDAY_NINE, approved: bool = True, **fields: Any) -> Article:
    """A ready answer in use."""
    values: dict[str, Any] = {
        "kind": "answer", "title": "门禁卡丢了怎么补", "body": "带证件到前台挂失补办。", "category": "access",
        "keywords": "门禁卡 补办",
    }  # fmt: skip
    row = write_article(actor=cast.actor("assistant"), at=at, **{**values, **fields})
    return approve_article(actor=cast.actor("supervisor"), record=row, at=at) if approved else row


def make_script(cast: Cast, *, at: datetime = MONDAY_NINE, approved: bool = True, **fields: Any) -> Article:
    """A line to say, with the person's form of address in it."""
    values: dict[str, Any] = {
        "kind": "script", "title": "接起电话", "body": "{称呼}您好，这里是{项目}。", "title_en": "Answering",
        "body_en": "Good day, {address}, this is {site}.", "situation": "phone_in", "mood": "calm", "line": "A1",
        "category": "",
    }  # fmt: skip
    return make_article(cast, at=at, approved=approved, **{**values, **fields})


def make_gap(cast: Cast, *, at: datetime = MONDAY_NINE, words: str = "游泳池几点关门") -> Gap:
    """Words for which somebody found nothing."""
    return note_gap(actor=cast.actor("front"), at=at, words=words)
