"""Asking the index."""

from __future__ import annotations

from yingsheng.kernel.search import fulltext
from yingsheng.kernel.search.services import scope_token
from yingsheng.kernel.search.tokens import phrases_of


def find_ids(*, site_id: int, subject_type: str, query: str, limit: int = 50) -> list[int]:
    """Ids of the records of this kind at this site that hold every word of the query, newest first."""
    phrases = phrases_of(query=query)
    if not phrases:
        return []
    scope = [scope_token(site_id=site_id, subject_type=subject_type)]
    return [subject_id for _, subject_id in fulltext.match(phrases=[scope, *phrases], limit=limit)]
