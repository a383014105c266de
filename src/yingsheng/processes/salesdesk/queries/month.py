"""The month in money: the lines of everybody or of oneself, what they make, and the deals behind them (J-20 … J-26)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from yingsheng.base.months import Window, clamp
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.processes.salesdesk.models import CommissionLine, Deal
from yingsheng.processes.salesdesk.queries.allow import REPORT
from yingsheng.processes.salesdesk.queries.deals import list_deals, visible_deals
from yingsheng.processes.salesdesk.rules.money import Line, Sort, totals

COMPANY = 0  # the key of the company's own statement


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What the lines of a month make for one agent; nobody is the company."""

    agent: Staff | None
    lines: int
    commission_fen: int
    bonus_fen: int
    fine_fen: int
    total_fen: int

    @property
    def key(self) -> int:
        """By which it is asked for."""
        return self.agent.pk if self.agent is not None else COMPANY


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """Deals and money of a month, as far as somebody may see them."""

    closed: int
    unrated: int
    waiting: int
    commission_fen: int
    bonus_fen: int
    fine_fen: int
    total_fen: int
    statements: tuple[Statement, ...]


def window_of(*, year: int, month: int) -> Window:
    """A calendar month."""
    last = clamp(year=year, month=month, day=31)
    return Window(first=date(year, month, 1), last=last, due=last)


def list_lines(*, actor: Actor, window: Window) -> QuerySet[CommissionLine]:
    """The lines of a month by agent and day, the company last: everybody's with REPORT, else one's own."""
    rows = CommissionLine.objects.filter(site=actor.site, day__gte=window.first, day__lte=window.last)
    if not actor.may(REPORT):
        rows = rows.filter(agent=actor.staff)
    return rows.select_related("agent", "deal", "bonus", "takes_back").order_by(
        F("agent__name").asc(nulls_last=True), "agent_id", "day", "pk"
    )


def closed_deals(*, actor: Actor, window: Window) -> QuerySet[Deal]:
    """The deals closed in a month that somebody may see."""
    rows = list_deals(actor=actor).filter(
        state=Deal.State.CLOSED, closed_day__gte=window.first, closed_day__lte=window.last
    )
    return rows.order_by("closed_day", "pk")


def as_lines(*, rows: Iterable[CommissionLine]) -> list[Line]:
    """Lines as the rules take them."""
    return [
        Line(
            agent=str(one.agent_id or ""), day=one.day, matter=matter_of(line=one), sort=Sort(one.sort), fen=one.fen,
            rule=one.rule,
        )
        for one in rows
    ]  # fmt: skip


def matter_of(*, line: CommissionLine) -> str:
    """The number of the deal or bonus a line belongs to."""
    if line.deal is not None:
        return line.deal.number
    assert line.bonus is not None
    return line.bonus.number


def statements_of(*, rows: Iterable[CommissionLine]) -> tuple[Statement, ...]:
    """What lines make for each agent in their order, the company last; together exactly the sum of the lines."""
    mine: dict[int, list[CommissionLine]] = {}
    for row in rows:
        mine.setdefault(row.agent_id or COMPANY, []).append(row)
    people = sorted(mine, key=lambda key: key == COMPANY)
    return tuple(statement_of(agent=mine[key][0].agent, rows=mine[key]) for key in people)


def month_figures(*, actor: Actor, window: Window) -> MonthFigures:
    """The figures of a month: everybody's with REPORT, else one's own (J-20, J-24, J-26, J-28)."""
    rows = list(list_lines(actor=actor, window=window))
    deals = visible_deals(actor=actor).filter(
        state=Deal.State.CLOSED, closed_day__gte=window.first, closed_day__lte=window.last
    )
    counted = deals.aggregate(
        closed=Count("pk"), waiting=Count("pk", filter=Q(needs_ruling=True)),
        unrated=Count("pk", filter=Q(rate__isnull=True)),
    )  # fmt: skip
    statements = statements_of(rows=rows)
    return MonthFigures(
        closed=counted["closed"], unrated=counted["unrated"], waiting=counted["waiting"],
        commission_fen=sum(one.commission_fen for one in statements),
        bonus_fen=sum(one.bonus_fen for one in statements), fine_fen=sum(one.fine_fen for one in statements),
        total_fen=sum(one.fen for one in totals(lines=as_lines(rows=rows))), statements=statements,
    )  # fmt: skip


def statement_of(*, agent: Staff | None, rows: Sequence[CommissionLine]) -> Statement:
    """What the lines of one agent make; nobody is the company."""

    def of(*sorts: Sort) -> int:
        return sum(row.fen for row in rows if row.sort in sorts)

    return Statement(
        agent=agent, lines=len(rows), commission_fen=of(Sort.COMMISSION, Sort.CANCELLED),
        bonus_fen=of(Sort.BONUS), fine_fen=of(Sort.FINE), total_fen=of(*Sort),
    )  # fmt: skip
