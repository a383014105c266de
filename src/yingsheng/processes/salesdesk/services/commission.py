"""The lines of a deal on the statement of the month: written by its decision, taken back when that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from yingsheng.base.words import gettext_noop
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.salesdesk.models import CommissionLine, Deal, Ruling
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.decision import ARTICLES, Decision
from yingsheng.processes.salesdesk.rules.money import (
    Line,
    deal_lines,
    line_day,
    snatching_lines,
    split_commission,
)

FORMALITIES = "sales_formalities"
# what makes two lines the same: whose, what for, how much, by which rule and article
Mark = tuple[int | None, str, int, str, str]


def write_lines(*, deal: Deal, decision: Decision, ruling: Ruling | None, by: Staff, at: datetime) -> None:
    """Bring the lines of a deal and who sees to its formalities in agreement with its decision.

    A line that no longer holds is taken back by a further one of the day of the change; nothing is written where
    nothing changed. A deal with shares has lines of exactly its commission, fines apart. Inside the caller's
    transaction, which holds the deal and tells the event. Rules: J-11, J-12, J-18 … J-20, J-23, J-34.
    """
    _follow_formalities(deal=deal, decision=decision, at=at)
    today = local_day(at=at)
    wanted = due_lines(deal=deal, decision=decision, ruling=ruling, today=today)
    # the deal is held, and nothing else writes its lines
    stands = list(deal.lines.filter(takes_back__isnull=True, taken_back_by__isnull=True).order_by("pk"))
    articles = [_article(line=line, decision=decision) for line in wanted]
    missing = Counter(_mark_of(line, article) for line, article in zip(wanted, articles, strict=True))
    gone: list[CommissionLine] = []
    for row in stands:
        mark = (row.agent_id, row.sort, row.fen, row.rule, row.article)
        if missing[mark]:
            missing[mark] -= 1
        else:
            gone.append(row)
    is_first = not deal.lines.exists()
    take_back(lines=gone, by=by, at=at)
    for line, article in zip(wanted, articles, strict=True):
        mark = _mark_of(line, article)
        if missing[mark]:
            missing[mark] -= 1
            CommissionLine.objects.create(
                site_id=deal.site_id, deal=deal, agent_id=mark[0], day=line.day if is_first else today,
                sort=line.sort.value, fen=line.fen, rule=line.rule, article=article, at=at, by=by,
            )  # fmt: skip


def due_lines(*, deal: Deal, decision: Decision, ruling: Ruling | None, today: date) -> Sequence[Line]:
    """The lines a deal has by its decision: none before it closed, without a rate, or while a ruling is due.

    Snatching has its fine and the cancelled commission only by a ruling that sets them (J-20, J-34).
    """
    closed, fen = deal.closed_day, deal.commission_fen
    if deal.state != Deal.State.CLOSED or closed is None or fen is None or decision.needs_ruling:
        return ()
    day = line_day(closed=closed, today=today)
    if decision.penalty is not None and ruling is not None and ruling.fine_fen is not None:
        return snatching_lines(
            penalty=decision.penalty, commission_fen=fen, fine_fen=ruling.fine_fen, day=day, matter=deal.number,
            heir=str(ruling.heir_id or ""),
        )  # fmt: skip
    if not decision.shares:
        return ()
    amounts = [one for one in split_commission(fen=fen, shares=decision.shares) if one.fen]
    return deal_lines(amounts=amounts, day=day, matter=deal.number, rule=decision.rule)


def take_back(*, lines: Iterable[CommissionLine], by: Staff, at: datetime) -> None:
    """Take lines back by further ones of today: what stood stays readable."""
    for row in lines:
        CommissionLine.objects.create(
            site_id=row.site_id, deal_id=row.deal_id, bonus_id=row.bonus_id, agent_id=row.agent_id,
            day=local_day(at=at), sort=row.sort, fen=-row.fen, rule=row.rule, article=row.article, takes_back=row,
            at=at, by=by,
        )  # fmt: skip


def _mark_of(line: Line, article: str) -> Mark:
    return (int(line.agent) if line.agent else None, line.sort.value, line.fen, line.rule, article)


def _article(*, line: Line, decision: Decision) -> str:
    """The article a line stands by: that of the decision, or of its own rule for a fine and what was cancelled."""
    return decision.article if line.rule == decision.rule else ARTICLES[line.rule]


def _follow_formalities(*, deal: Deal, decision: Decision, at: datetime) -> None:
    """A closed deal's formalities are those of whose customer it is, promised in time (J-11, J-12, J-18)."""
    if deal.state != Deal.State.CLOSED or deal.formalities_done_at is not None:
        return
    agent = int(decision.formalities) if decision.formalities and not decision.needs_ruling else None
    is_running = timers.running(subject=deal, milestones=[FORMALITIES]).exists()
    if deal.formalities_id != agent:
        deal.formalities_id = agent
        deal.save(update_fields=["formalities"])
    if agent is None:
        if is_running:
            timers.void(
                subject=deal, milestones=[FORMALITIES], by=None, at=at, reason=gettext_noop("归属未定，手续待裁定")
            )  # fmt: skip
        return
    person = Staff.objects.get(pk=agent)
    if is_running:
        timers.assign(subject=deal, staff=person, milestones=[FORMALITIES])
        return
    owe(
        site=deal.site, subject=deal, milestone=FORMALITIES, path="J-18.formalities_within",
        role=owed_role(path="J-04.registered_by", site=deal.site, at=at), at=at, staff=person, climbs=True,
    )  # fmt: skip
