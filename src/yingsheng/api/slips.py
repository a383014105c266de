"""告知单: what waits to be handed to households on paper, counting its prints, and who got it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StrictInt

from yingsheng.api.fields import BIGGEST_ID, MomentOut, Shape, text_of
from yingsheng.api.obligations import RowId
from yingsheng.api.paging import PageQuery, page_newest
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.schemas import Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.shapes import RoomOut, room_out
from yingsheng.api.words import fill_words
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.queries import visible_slips
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.notify.slips import MOST_SLIPS, hand_over, print_slips
from yingsheng.kernel.org.permissions import Allow


class SlipOut(Shape):
    """A slip: for whom, what it says, how often it was printed, who got it."""

    id: int
    text: str
    household: int | None
    room: RoomOut | None
    to_name: str
    rule: str
    queued_at: MomentOut
    printed: int
    handed_over_at: MomentOut | None
    handed_over_to: str


class SlipPage(Shape):
    """A page of slips nobody got yet, newest first."""

    items: list[SlipOut]
    next: str | None


class SlipList(Shape):
    """The slips just printed, in the order asked for."""

    items: list[SlipOut]


class PrintIn(Body):
    """Which slips are printed."""

    ids: Annotated[
        list[Annotated[StrictInt, Field(ge=1, le=BIGGEST_ID)]], Field(min_length=1, max_length=MOST_SLIPS)
    ]


class HandOverIn(Body):
    """Who got it."""

    to: text_of(limit=60, required=True)  # type: ignore[valid-type]


def list_slips(request: ApiRequest, page: Query[PageQuery]) -> SlipPage:
    """What lies on the counter for households."""
    session = request.auth
    session.demand(Allow.HAND_OVER)
    found, following = page_newest(rows=visible_slips(actor=session.actor), field="queued_at", query=page)
    return SlipPage(items=[_slip(row) for row in found], next=following)


def print_chosen(request: ApiRequest) -> HttpResponse:
    """Count the printing of slips and answer with what stands on them."""
    session = request.auth
    session.demand(Allow.HAND_OVER)
    sent = read_body(request=request, model=PrintIn)
    rows = visible_slips(actor=session.actor).in_bulk(sent.ids)
    missing = next((place for place, pk in enumerate(sent.ids) if pk not in rows), None)
    if missing is not None:
        raise unknown(field=f"ids.{missing}", text=N("没有这份告知单，或者已经交付"))

    def run() -> Reply:
        printed = print_slips(actor=session.actor, messages=[rows[pk] for pk in sent.ids], at=session.now)
        return Reply(body=SlipList(items=[_slip(row) for row in printed]))

    return accept(request=request, run=run)


def hand_over_one(request: ApiRequest, id: RowId) -> HttpResponse:
    """The slip was given to somebody, by name (C-81)."""
    session = request.auth
    session.demand(Allow.HAND_OVER)
    message = visible_slips(actor=session.actor).filter(pk=id).first()
    if message is None:
        raise not_found()
    sent = read_body(request=request, model=HandOverIn)

    def run() -> Reply:
        done = hand_over(actor=session.actor, message=message, to=sent.to, at=session.now)
        return Reply(body=_slip(done))

    return accept(request=request, run=run)


def slip_router() -> Router:
    """The operations on slips."""
    router = Router(tags=["slips"])
    router.get("/slips", response=SlipPage, operation_id="list_slips")(list_slips)
    router.post(
        "/slips/print", response=SlipList, operation_id="print_slips", openapi_extra=body_doc(PrintIn)
    )(print_chosen)
    router.post(
        "/slips/{int:id}/hand-over",
        response=SlipOut,
        operation_id="hand_over_slip",
        openapi_extra=body_doc(HandOverIn),
    )(hand_over_one)
    return router


def _slip(row: Message) -> SlipOut:
    return SlipOut(
        id=row.pk,
        text=fill_words(text=row.text, values=row.params),
        household=row.to_household_id,
        room=room_out(room=row.to_household.room) if row.to_household is not None else None,
        to_name=row.to_name,
        rule=row.rule,
        queued_at=row.queued_at,
        printed=row.print_count,
        handed_over_at=row.handed_over_at,
        handed_over_to=row.handed_over_to,
    )
