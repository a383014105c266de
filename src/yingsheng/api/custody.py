"""The hand-overs of a thing in our hands, over the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Path, Router

from yingsheng.api.fields import BIGGEST_ID, MomentOut, Shape
from yingsheng.api.problems import not_found
from yingsheng.api.sessions import ApiRequest
from yingsheng.base.records import RecordBook
from yingsheng.kernel.custody.queries import moves_of, shown_id

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]


class MoveOut(Shape):
    """One hand-over; an ID number that was shown is masked."""

    serial: int
    at: MomentOut
    act: str
    act_label: str
    giver: str
    taker: str
    organisation: str
    id_kind: str
    id_number: str
    signed_by: str
    state_after: str
    due_at: MomentOut | None
    reason: str
    by: str


class MovesOut(Shape):
    """The story of a thing, its latest line first."""

    items: list[MoveOut]


def add_moves(*, router: Router, book: RecordBook, acts: Mapping[str, str]) -> None:
    """Offer `/<book>/{id}/moves`; `acts` are the words of the acts."""
    where = "/" + book.code.replace("_", "-")

    @router.get(
        where + "/{id}/moves", response=MovesOut, operation_id=f"list_{book.code}_moves", summary=book.title
    )
    def listing(request: ApiRequest, id: RowId) -> MovesOut:
        """Every hand-over with its two sides."""
        session = request.auth
        session.demand(book.see)
        item = book.find(actor=session.actor, pk=id)
        if item is None:
            raise not_found()
        return MovesOut(
            items=[
                MoveOut(
                    serial=one.serial, at=one.at, act=one.act, act_label=str(_(acts.get(one.act, one.act))),
                    giver=one.giver_name, taker=one.taker_name, organisation=one.organisation, id_kind=one.id_kind,
                    id_number=shown_id(move=one), signed_by=one.signed_by, state_after=one.state_after,
                    due_at=one.due_at, reason=one.reason, by=one.by.name,
                )
                for one in moves_of(item=item)
            ]
        )  # fmt: skip
