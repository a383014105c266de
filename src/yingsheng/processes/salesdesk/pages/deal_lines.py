"""A line of the statement as a row of a table: day, deal, what for, rule and article, amount."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.salesdesk.models import CommissionLine
from yingsheng.processes.salesdesk.queries.allow import SET
from yingsheng.processes.salesdesk.rules.money import Sort
from yingsheng.ui.parts import Cell, Column, Row

SORTS: Mapping[str, str] = {
    Sort.COMMISSION: N("佣金"), Sort.BONUS: N("团购奖金"), Sort.CANCELLED: N("取消的佣金"), Sort.FINE: N("罚款"),
}  # fmt: skip


def whose_words(*, line: CommissionLine) -> str:
    """Whose line it is; nobody's is the company's."""
    return line.agent.name if line.agent is not None else _("公司")


def what_words(*, line: CommissionLine) -> str:
    """What a line is for, and that it takes another back."""
    words = str(_(SORTS[line.sort]))
    return _("冲回%(what)s") % {"what": words} if line.takes_back_id else words


def line_columns(*, whose: bool) -> list[Column]:
    """The columns of a statement; with whose it is where several stand in one table."""
    return [
        *([Column(label=_("业务员"))] if whose else []),
        Column(label=_("日期"), kind="code"), Column(label=_("成交或奖金"), kind="code"), Column(label=_("事由")),
        Column(label=_("规程"), kind="code"), Column(label=_("条款")), Column(label=_("金额（元）"), kind="number"),
    ]  # fmt: skip


def line_row(*, line: CommissionLine, whose: bool, actor: Actor) -> Row:
    """One line; it leads to its deal, or to its bonus for whoever may open that."""
    if line.deal is not None:
        name, url = line.deal.number, reverse("salesdesk:sales_deals_one", args=[line.deal_id])
    else:
        assert line.bonus is not None
        name = line.bonus.number
        url = reverse("salesdesk:sales_bonuses_one", args=[line.bonus_id]) if actor.may(SET) else ""
    cells: list[object] = [
        *([whose_words(line=line)] if whose else []),
        str(line.day), Cell(text=name, url=url),
        Cell(text=what_words(line=line), tone="late") if line.fen < 0 else what_words(line=line),
        Cell(text=line.rule, url=reverse("ui:rule", args=[line.rule])), line.article, format_fen(fen=line.fen),
    ]  # fmt: skip
    return Row(name=name, url=url, cells=cells)
