"""The mail over the API: both registers with their verbs, and the month."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router
from pydantic import Field

from yingsheng.api.custody import add_moves
from yingsheng.api.fields import Shape
from yingsheng.api.records import record_router
from yingsheng.api.sessions import ApiRequest
from yingsheng.processes.mail.process import BOOKS
from yingsheng.processes.mail.process.books import ACTS, ITEMS, REPORT
from yingsheng.processes.mail.queries.month import Counts, mail_month

router = Router()
add_moves(router=router, book=ITEMS, acts=ACTS)
for _book in BOOKS:
    router.add_router("", record_router(book=_book))
month_router = Router(tags=["mail"])


class MailMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class MailCountsOut(Shape):
    """What became of the items of one kind in a month; `kind` is "" for all."""

    kind: str
    received: int
    collected: int
    by_family: int
    returned: int
    overdue: int
    damaged: int
    lost: int


class MailMonthOut(Shape):
    """A month of mail; `told` of `owed` households were told in time."""

    first: date
    last: date
    told: int
    owed: int
    batches: int
    pieces: int
    total: MailCountsOut
    kinds: list[MailCountsOut]


@month_router.get("/mail/month", response=MailMonthOut, operation_id="show_mail_month")
def show_month(request: ApiRequest, asked: Query[MailMonthIn]) -> MailMonthOut:
    """The mail of a month by kind."""
    session = request.auth
    session.demand(REPORT)
    found = mail_month(site=session.actor.site, year=asked.year, month=asked.month, at=session.now)
    return MailMonthOut(
        first=found.first, last=found.last, told=found.told, owed=found.owed, batches=found.batches,
        pieces=found.pieces, total=_counts("", found.total),
        kinds=[_counts(kind, counts) for kind, counts in found.kinds],
    )  # fmt: skip


def _counts(kind: str, counts: Counts) -> MailCountsOut:
    return MailCountsOut(
        kind=kind, received=counts.received, collected=counts.collected, by_family=counts.by_family,
        returned=counts.returned, overdue=counts.overdue, damaged=counts.damaged, lost=counts.lost,
    )  # fmt: skip


router.add_router("", month_router)
