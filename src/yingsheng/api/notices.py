"""The bell of the member of staff the token acts as."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, MomentOut, Shape
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.words import fill_words
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.kernel.notify.models import Notice
from yingsheng.kernel.notify.queries import list_notices
from yingsheng.kernel.notify.services import mark_read

MOST_AT_ONCE = 200


class NoticeOut(Shape):
    """A message in the bell; `case` is the key of the case it is about, empty if it names none."""

    id: int
    text: str
    rule: str
    tone: str
    case: str
    arrived_at: MomentOut
    read_at: MomentOut | None


class NoticePage(Shape):
    """A page of the bell, newest first."""

    items: list[NoticeOut]
    next: str | None


class NoticeFilters(PageQuery):
    """Which notices."""

    unread: bool = False


class ReadIn(Body):
    """The notices that were read."""

    ids: Annotated[
        list[Annotated[StrictInt, Field(ge=1, le=BIGGEST_ID)]], Field(min_length=1, max_length=MOST_AT_ONCE)
    ]


class ReadOut(Shape):
    """How many were new."""

    read: int


def show_bell(request: ApiRequest, filters: Query[NoticeFilters]) -> NoticePage:
    """The notices of the person the token acts as, about the site of the token."""
    session = request.auth
    rows = list_notices(staff=session.actor.staff).filter(message__site=session.actor.site)
    if filters.unread:
        rows = rows.filter(read_at__isnull=True)
    found, following = page_newest(rows=rows, field="arrived_at", query=filters)
    return NoticePage(items=[_out(notice) for notice in found], next=following)


def read_notices(request: ApiRequest) -> HttpResponse:
    """Mark notices as read; those of other people are left alone."""
    session = request.auth
    sent = read_body(request=request, model=ReadIn)

    def run() -> Reply:
        count = mark_read(staff=session.actor.staff, notice_ids=sent.ids, at=session.now)
        return Reply(body=ReadOut(read=count))

    return accept(request=request, run=run)


def notice_router() -> Router:
    """The operations on the bell."""
    router = Router(tags=["notices"])
    router.get("/notices", response=NoticePage, operation_id="list_notices")(show_bell)
    router.post(
        "/notices/read", response=ReadOut, operation_id="read_notices", openapi_extra=body_doc(ReadIn)
    )(read_notices)
    return router


def _out(notice: Notice) -> NoticeOut:
    message = notice.message
    return NoticeOut(
        id=notice.pk,
        text=fill_words(text=message.text, values=message.params),
        rule=message.rule,
        tone=message.tone,
        case=str(message.params.get("key", "")),
        arrived_at=notice.arrived_at,
        read_at=notice.read_at,
    )
