"""Keeping the index in step with the records: called by the service that writes the record."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from yingsheng.kernel.search.models import Entry
from yingsheng.kernel.search.tokens import endings_of, tokens_of


def scope_token(*, site_id: int, subject_type: str) -> str:
    """The token that stands for "of this site and kind"; stored with every entry and asked with every query."""
    return f"scope{site_id}{subject_type.replace('.', '').replace('_', '')}"


def entry_for(*, site_id: int, subject: models.Model, texts: Iterable[str]) -> Entry:
    """An unsaved entry, for writing many at once."""
    subject_type = subject._meta.label_lower
    words = [scope_token(site_id=site_id, subject_type=subject_type)]
    endings: list[str] = []
    for text in texts:
        words.extend(tokens_of(text=text))
        endings.extend(endings_of(text=text))
    words.extend(endings)  # behind the rest, so that they part no phrase
    return Entry(site_id=site_id, subject_type=subject_type, subject_id=subject.pk, tokens=" ".join(words))


def index(*, site_id: int, subject: models.Model, texts: Iterable[str]) -> None:
    """Make a new record findable by these texts; one statement."""
    entry_for(site_id=site_id, subject=subject, texts=texts).save(force_insert=True)


def reindex(*, site_id: int, subject: models.Model, texts: Iterable[str]) -> None:
    """Change by what an existing record is found."""
    fresh = entry_for(site_id=site_id, subject=subject, texts=texts)
    Entry.objects.update_or_create(
        subject_type=fresh.subject_type,
        subject_id=fresh.subject_id,
        defaults={"site_id": site_id, "tokens": fresh.tokens},
    )
