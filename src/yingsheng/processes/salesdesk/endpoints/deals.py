"""Deals, rates, bonuses, applications and the month."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router
from pydantic import Field

from yingsheng.api.fields import Shape
from yingsheng.api.records import record_router
from yingsheng.api.sessions import ApiRequest
from yingsheng.processes.salesdesk.process.deal_books import BOOKS
from yingsheng.processes.salesdesk.queries.allow import SEE
from yingsheng.processes.salesdesk.queries.month import list_lines, matter_of, month_figures, window_of

router = Router(tags=["salesdesk"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))


class SalesMonthIn(Shape):
    """Which month."""

    year: int = Field(ge=2000, le=2100)
    month: int = Field(ge=1, le=12)


class SalesLineOut(Shape):
    """A line of the statement: whose (empty is the company), of which deal or bonus, by which rule and article."""

    agent: str
    agent_name: str
    day: date
    matter: str
    sort: str
    fen: int
    rule: str
    article: str
    takes_back: bool


class SalesStatementOut(Shape):
    """What the lines make for one agent; an empty user name is the company."""

    agent: str
    agent_name: str
    commission_fen: int
    bonus_fen: int
    fine_fen: int
    total_fen: int


class SalesMonthOut(Shape):
    """The month in money: everybody's for whoever may see it, else one's own."""

    first: date
    last: date
    closed: int
    waiting_for_ruling: int
    without_rate: int
    commission_fen: int
    bonus_fen: int
    fine_fen: int
    total_fen: int
    statements: list[SalesStatementOut]
    lines: list[SalesLineOut]


@router.get("/salesdesk/month", response=SalesMonthOut, operation_id="show_sales_month")
def show_month(request: ApiRequest, asked: Query[SalesMonthIn]) -> SalesMonthOut:
    """Deals, statements and lines of a month."""
    session = request.auth
    session.demand(SEE)
    window = window_of(year=asked.year, month=asked.month)
    found = month_figures(actor=session.actor, window=window)
    return SalesMonthOut(
        first=window.first, last=window.last, closed=found.closed, waiting_for_ruling=found.waiting,
        without_rate=found.unrated, commission_fen=found.commission_fen, bonus_fen=found.bonus_fen,
        fine_fen=found.fine_fen, total_fen=found.total_fen,
        statements=[
            SalesStatementOut(
                agent=one.agent.username if one.agent else "", agent_name=one.agent.name if one.agent else "",
                commission_fen=one.commission_fen, bonus_fen=one.bonus_fen, fine_fen=one.fine_fen,
                total_fen=one.total_fen,
            )
            for one in found.statements
        ],
        lines=[
            SalesLineOut(
                agent=one.agent.username if one.agent else "", agent_name=one.agent.name if one.agent else "",
                day=one.day, matter=matter_of(line=one), sort=one.sort, fen=one.fen, rule=one.rule,
                article=one.article, takes_back=one.takes_back_id is not None,
            )
            for one in list_lines(actor=session.actor, window=window)
        ],
    )  # fmt: skip
