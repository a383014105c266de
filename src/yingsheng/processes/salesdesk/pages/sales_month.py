"""业绩月报: what everybody earned in a month, line by line with its article; an agent sees his own (J-20 … J-26)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.money import format_fen
from yingsheng.base.months import Window
from yingsheng.base.numbering import whole_number
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.salesdesk.models import Deal
from yingsheng.processes.salesdesk.pages.deal_lines import SORTS, line_columns, line_row
from yingsheng.processes.salesdesk.process.deal_books import DEALS
from yingsheng.processes.salesdesk.queries.allow import REPORT, SEE
from yingsheng.processes.salesdesk.queries.month import (
    COMPANY,
    MonthFigures,
    Statement,
    closed_deals,
    list_lines,
    month_figures,
    window_of,
)
from yingsheng.processes.salesdesk.rules.money import Sort
from yingsheng.processes.salesdesk.services.statements import export_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row

PAGE = 100
MOST_DEALS = 200


@require_GET
@desk(SEE)
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month, who has how much, the deals behind them, and every line with its article."""
    year, number = chosen_month(request)
    window, base = window_of(year=year, month=number), month_query(year=year, month=number)
    figures = month_figures(actor=request.actor, window=window)
    page = Paginator(_lines(request, window), PAGE).get_page(request.GET.get("page"))
    whose = request.actor.may(REPORT)
    context: dict[str, Any] = {
        "figures": _figures(figures, base), "statements": _statements(figures, base, whose=whose),
        "chart": Chart(
            id="by-agent", title=_("各人合计"), kind="bar",
            labels=[_name(one) for one in figures.statements],
            series=[(_("金额"), [one.total_fen / 100 for one in figures.statements])], unit=_("元"),
        ),
        "deals": _deals(request, window), "window": window, "year": year, "number": number, "query": base,
        "columns": line_columns(whose=whose),
        "rows": [line_row(line=one, whose=whose, actor=request.actor) for one in page],
        "paging": page, "caption": _("明细"), "whose": whose, "chosen": _chosen(request, figures),
        "empty": Empty(text=_("这个月没有佣金和奖金。"), hint=_("成交、归属和佣金标准都定了，这里就有明细。")),
        "may_export": request.actor.may(Allow.EXPORT), "now": request.now,
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
    }  # fmt: skip
    return render(request, "salesdesk/deals/month.html", context)


@require_POST
@desk(SEE)
def month_export(request: DeskRequest) -> HttpResponse:
    """The lines as Excel, as far as one sees them; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number)
    rows = list(_lines(request, window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("业绩明细"), columns=line_columns(whose=True),
        rows=[line_row(line=one, whose=True, actor=request.actor) for one in rows], reason=reason,
        name=f"sales-{window.first}-{window.last}",
    )  # fmt: skip


def _lines(request: DeskRequest, window: Window) -> Any:
    """The lines asked for: of one agent (0 is the company), of one sort."""
    rows = list_lines(actor=request.actor, window=window)
    sort = request.GET.get("sort", "")
    if sort in SORTS:
        # a cancelled commission is commission too, it only goes to somebody else
        rows = rows.filter(sort__in=(sort, Sort.CANCELLED) if sort == Sort.COMMISSION else (sort,))
    agent = whole_number(text=request.GET.get("agent", ""))
    if agent is None:
        return rows
    return rows.filter(agent__isnull=True) if agent == COMPANY else rows.filter(agent_id=agent)


def _chosen(request: DeskRequest, figures: MonthFigures) -> str:
    """What the lines are narrowed to, in words; "" for all of them."""
    agent = whole_number(text=request.GET.get("agent", ""))
    said = [_name(one) for one in figures.statements if one.key == agent]
    sort = request.GET.get("sort", "")
    return " · ".join([*said, *([str(_(SORTS[sort]))] if sort in SORTS else [])])


def _name(one: Statement) -> str:
    return one.agent.name if one.agent is not None else _("公司")


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def of(label: str, value: object, rule: str, more: str, **rest: Any) -> Figure:
        return Figure(
            label=label, value=value, rule=rule, rule_url=reverse("ui:rule", args=[rule]), url=f"{base}{more}", **rest
        )  # fmt: skip

    yuan = _("元")
    return [
        of(
            _("成交"), figures.closed, "J-24", "&show=closed#deals", unit=_("套"),
            note=_("%(count)s 套没有佣金标准") % {"count": figures.unrated} if figures.unrated else "",
            tone="late" if figures.unrated else "",
        ),
        of(_("佣金"), format_fen(fen=figures.commission_fen), "J-11", "&sort=commission#lines", unit=yuan),
        of(_("团购奖金"), format_fen(fen=figures.bonus_fen), "J-26", "&sort=group_bonus#lines", unit=yuan),
        of(
            _("罚款"), format_fen(fen=figures.fine_fen), "J-20", "&sort=fine#lines", unit=yuan,
            tone="late" if figures.fine_fen else "",
        ),
        of(
            _("待裁定"), figures.waiting, "J-28", "&show=waiting#deals", unit=_("套"),
            tone="soon" if figures.waiting else "",
        ),
        of(_("合计"), format_fen(fen=figures.total_fen), "J-29", "#lines", unit=yuan),
    ]  # fmt: skip


def _statements(figures: MonthFigures, base: str, *, whose: bool) -> dict[str, Any]:
    """Who has how much; the company stands last."""
    rows = []
    for one in figures.statements:
        sheet = reverse("salesdesk:statement_sheet", args=[one.key])
        rows.append(
            Row(
                name=_name(one), url=f"{base}&agent={one.key}#lines",
                cells=[
                    Cell(text=_name(one), url=f"{base}&agent={one.key}#lines"), one.lines,
                    format_fen(fen=one.commission_fen), format_fen(fen=one.bonus_fen), format_fen(fen=one.fine_fen),
                    format_fen(fen=one.total_fen), Cell(text=_("结单"), url=f"{sheet}{base}"),
                ],
            )
        )  # fmt: skip
    numbers = (_("笔数"), _("佣金（元）"), _("奖金（元）"), _("罚款（元）"), _("合计（元）"))
    return {
        "columns": [
            Column(label=_("业务员")), *(Column(label=label, kind="number") for label in numbers),
            Column(label=_("打印")),
        ],
        "rows": rows, "caption": _("各人业绩") if whose else _("我的业绩"),
        "empty": Empty(text=_("这个月没有佣金和奖金。")),
    }  # fmt: skip


def _deals(request: DeskRequest, window: Window) -> dict[str, Any]:
    """The deals closed in the month, or those of them that wait for a ruling."""
    found = closed_deals(actor=request.actor, window=window)
    waiting = request.GET.get("show") == "waiting"
    if waiting:
        found = found.filter(needs_ruling=True)
    return {
        "columns": [
            Column(label=_("编号"), kind="code"), Column(label=_("房号")), Column(label=_("成交日期"), kind="code"),
            Column(label=_("成交人")), Column(label=_("客户归属")), Column(label=_("依据条款"), kind="code"),
            Column(label=_("佣金（元）"), kind="number"), Column(label=_("状态"), kind="chip"),
        ],
        "rows": [_deal_row(one) for one in found[:MOST_DEALS]],
        "caption": _("待裁定的成交") if waiting else _("成交"), "empty": Empty(text=_("这个月没有成交。")),
    }  # fmt: skip


def _deal_row(deal: Deal) -> Row:
    url = reverse("salesdesk:sales_deals_one", args=[deal.pk])
    state = DEALS.state(deal.state)
    word, tone = _(state.label), state.tone
    if deal.needs_ruling:
        word, tone = _("待裁定"), "soon"
    elif deal.rate_id is None:
        word, tone = _("佣金标准未定"), "late"
    rule = Cell(text=deal.rule, url=reverse("ui:rule", args=[deal.rule])) if deal.rule else ""
    return Row(
        name=deal.number, url=url,
        cells=[
            Cell(text=deal.number, url=url), deal.unit, str(deal.closed_day), deal.closer.name,
            deal.owner.name if deal.owner else "", rule,
            "" if deal.commission_fen is None else format_fen(fen=deal.commission_fen),
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )  # fmt: skip
