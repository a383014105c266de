"""Paging by key: a page starts behind the last line seen; none is skipped or shown twice, and each costs the same."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from pydantic import Field

from yingsheng.api.fields import BIGGEST_ID, Shape
from yingsheng.api.problems import ApiProblem
from yingsheng.base.words import gettext_noop as N

M = TypeVar("M", bound=Model)
CURSOR_LIMIT = 200


class PageQuery(Shape):
    """What every list takes: where to go on, and how many lines."""

    cursor: str = Field(
        "", max_length=CURSOR_LIMIT, description="`next` of the page before; empty for the first page"
    )
    limit: int = Field(50, ge=1, le=100)


@dataclass(frozen=True, kw_only=True)
class Place:
    """The last line of a page: its moment (None for a line without one) and its id."""

    at: datetime | None
    id: int


def write_cursor(*, place: Place) -> str:
    """A place as an opaque text."""
    text = json.dumps([place.at.isoformat() if place.at else None, place.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(*, text: str) -> Place | None:
    """The place of a cursor, None for the first page; raises ApiProblem for one that we never gave."""
    if not text:
        return None
    try:
        moment, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        at = datetime.fromisoformat(moment) if moment is not None else None
        if not isinstance(pk, int) or not 0 <= pk <= BIGGEST_ID or (at is not None and at.tzinfo is None):
            raise ValueError("no cursor of ours")
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise ApiProblem(
            status=422, code="bad_cursor", text=N("cursor不是上一页给出的值"), field="cursor"
        ) from error
    return Place(at=at, id=pk)


def page_newest(*, rows: QuerySet[M], field: str, query: PageQuery) -> tuple[list[M], str | None]:
    """One page, newest first by a column that is never empty, and the cursor of the next."""
    place = read_cursor(text=query.cursor)
    if place is not None and place.at is not None:
        same = Q(**{field: place.at, "pk__lt": place.id})
        rows = rows.filter(Q(**{f"{field}__lt": place.at}) | same, **{f"{field}__lte": place.at})
    found = list(rows.order_by(f"-{field}", "-pk")[: query.limit + 1])
    return _cut(found=found, limit=query.limit, place_of=lambda row: Place(at=getattr(row, field), id=row.pk))


def page_earliest(*, rows: QuerySet[M], field: str, query: PageQuery) -> tuple[list[M], str | None]:
    """One page, earliest first, lines without the moment at the end; at most two statements.

    The two kinds are asked for one after the other, so that an ordinary index serves both on either database.
    """
    place = read_cursor(text=query.cursor)
    found: list[M] = []
    if place is None or place.at is not None:
        dated = rows.filter(**{f"{field}__isnull": False})
        if place is not None:
            same = Q(**{field: place.at, "pk__gt": place.id})
            dated = dated.filter(Q(**{f"{field}__gt": place.at}) | same, **{f"{field}__gte": place.at})
        found = list(dated.order_by(field, "pk")[: query.limit + 1])
    if len(found) <= query.limit:
        bare = rows.filter(**{f"{field}__isnull": True})
        if place is not None and place.at is None:
            bare = bare.filter(pk__gt=place.id)
        found += list(bare.order_by("pk")[: query.limit + 1 - len(found)])
    return _cut(found=found, limit=query.limit, place_of=lambda row: Place(at=getattr(row, field), id=row.pk))


def page_by_number(
    *, rows: Sequence[Any], number: Callable[[Any], int], limit: int
) -> tuple[list[Any], str | None]:
    """One page of rows already cut behind the cursor and ordered by a number; give one row more than the limit."""
    return _cut(found=list(rows), limit=limit, place_of=lambda row: Place(at=None, id=number(row)))


def _cut(*, found: list[M], limit: int, place_of: Callable[[Any], Place]) -> tuple[list[M], str | None]:
    if len(found) <= limit:
        return found, None
    shown = found[:limit]
    return shown, write_cursor(place=place_of(shown[-1]))
