"""The library and its gaps over the API, and what it offers beside a form."""

from __future__ import annotations

from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import Shape
from yingsheng.api.records import record_router
from yingsheng.api.sessions import ApiRequest
from yingsheng.base.shown import OnTheLine
from yingsheng.processes.knowledge.process import BOOKS, SEE, suggest_for

router = Router()


class SpokenQuery(Shape):
    """The form that is being filled, the words typed so far, and who is on the line, as far as that is known."""

    process: str = Field("", max_length=20, description="code of the process whose form is being filled")
    text: str = Field("", max_length=300, description="the words typed so far")
    category: str = Field("", max_length=20)
    name: str = Field("", max_length=60, description="name of the person on the line")
    call_as: str = Field("", max_length=40, description="the form of address the person asked for")
    room: str = Field("", max_length=40)


class SaidOut(Shape):
    """A text with its braces filled in."""

    id: int
    kind: str
    title: str
    text: str
    line: str
    takes: bool = Field(description="whether it may be taken over as the answer")


class SpokenOut(Shape):
    """How the person is addressed, and what to say and to mind; an empty address means nothing is known."""

    address: str
    items: list[SaidOut]


@router.get(
    "/knowledge-offer",
    response=SpokenOut,
    operation_id="offer_knowledge",
    summary="Words for a form",
    tags=["knowledge"],
)
def offer(request: ApiRequest, asked: Query[SpokenQuery]) -> SpokenOut:
    """What fits a form and the words typed so far, with the form of address filled in (W-24, W-34)."""
    session = request.auth
    session.demand(SEE)
    found = suggest_for(
        actor=session.actor, text=asked.text, now=session.now, process=asked.process, category=asked.category,
        who=OnTheLine(name=asked.name, call_as=asked.call_as, room=asked.room),
    )  # fmt: skip
    return SpokenOut(
        address=found.address,
        items=[
            SaidOut(
                id=one.id, kind=one.word, title=one.question, text=one.answer, line=one.line, takes=one.takes
            )
            for one in found.rows
        ],
    )


for _book in BOOKS:
    router.add_router("", record_router(book=_book))
