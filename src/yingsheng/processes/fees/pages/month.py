"""代收统计: what the desk took in a month, what it handed over and how late; rows, chart, Excel (O-03, O-06)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.money import format_fen
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.fees.models import Handover, Taking
from yingsheng.processes.fees.pages.registers import taking_columns, taking_row
from yingsheng.processes.fees.process import REPORT
from yingsheng.processes.fees.process.books import HANDOVERS
from yingsheng.processes.fees.process.words import WHAT
from yingsheng.processes.fees.queries import (
    MonthFigures,
    bounds,
    list_handovers,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.fees.services.cashbox import export_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row

PAGE = 50
MOST_BAGS = 100


@require_GET
@desk(REPORT)
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month, its takings and its handovers, the late ones marked."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number)
    figures = month_figures(actor=request.actor, window=window)
    base = month_query(year=year, month=number)
    rows = list_month(actor=request.actor, window=window)
    if request.GET.get("what") in WHAT:
        rows = rows.filter(what=request.GET["what"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    start, end = bounds(window=window)
    bags = list_handovers(actor=request.actor).filter(opened_at__gte=start, opened_at__lt=end)
    if request.GET.get("late"):
        bags = bags.filter(is_late=True)
    words = {code: _(label) for code, label in WHAT.items()}
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-what", title=_("按款项"), kind="bar",
            labels=[words.get(what, what) for what, _count, _fen in figures.by_what],
            series=[(_("金额"), [fen / 100 for _what, _count, fen in figures.by_what])], unit=_("元"),
        ),
        "drill": [
            {
                "label": words.get(what, what), "count": count, "fen": format_fen(fen=fen),
                "url": f"{base}&what={what}",
            }
            for what, count, fen in figures.by_what
        ],
        "window": window, "year": year, "number": number, "query": base,
        "columns": _columns(), "rows": [_row(one) for one in page], "paging": page, "caption": _("收款明细"),
        "empty": Empty(text=_("这个月没有代收。")),
        "bags": {
            "columns": _bag_columns(), "rows": [_bag_row(one) for one in bags[:MOST_BAGS]],
            "caption": _("移交记录"), "empty": Empty(text=_("这个月没有移交。")),
        },
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "now": request.now,
    }  # fmt: skip
    return render(request, "fees/month.html", context)


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def link(rule: str) -> str:
        return reverse("ui:rule", args=[rule])

    return [
        Figure(
            label=_("收款"), value=format_fen(fen=figures.taken_fen), unit=_("元"), rule="O-06",
            rule_url=link("O-06"), url=base, note=_("%(count)s 笔") % {"count": figures.takings},
        ),
        Figure(
            label=_("收银员已收"), value=format_fen(fen=figures.received_fen), unit=_("元"), rule="O-03",
            rule_url=link("O-03"), note=_("移交 %(count)s 次") % {"count": figures.handovers},
        ),
        Figure(
            label=_("迟交"), value=figures.late, unit=_("次"), rule="O-03", rule_url=link("O-03"),
            url=f"{base}&late=1", tone="late" if figures.late else "",
        ),
        Figure(label=_("还没移交"), value=figures.waiting, unit=_("次"), rule="O-03", rule_url=link("O-03")),
        Figure(label=_("清点有差额"), value=figures.different, unit=_("次"), rule="O-06", rule_url=link("O-06")),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [*taking_columns(), Column(label=_("移交批次"), kind="code"), Column(label=_("移交状态"))]


def _row(row: Taking) -> Row:
    found = taking_row(row)
    bag, state = row.handover, HANDOVERS.state(row.handover.state)
    url = reverse("fees:cashier_handovers_one", args=[bag.pk])
    cells: list[object] = [
        *found.cells, Cell(text=bag.number, url=url), Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
    ]  # fmt: skip
    return Row(name=found.name, url=found.url, cells=cells)


def _bag_columns() -> list[Column]:
    return [
        Column(label=_("编号"), kind="code"), Column(label=_("账面（元）"), kind="number"),
        Column(label=_("实点（元）"), kind="number"), Column(label=_("移交期限"), kind="moment"),
        Column(label=_("签收时间"), kind="moment"), Column(label=_("收银员")), Column(label=_("状态")),
        Column(label=_("迟交")),
    ]  # fmt: skip


def _bag_row(bag: Handover) -> Row:
    url, state = reverse("fees:cashier_handovers_one", args=[bag.pk]), HANDOVERS.state(bag.state)
    return Row(
        name=bag.number,
        url=url,
        cells=[
            Cell(text=bag.number, url=url), format_fen(fen=bag.fen),
            "" if bag.counted_fen is None else format_fen(fen=bag.counted_fen), bag.due_at, bag.received_at,
            bag.cashier.name if bag.cashier else "", Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
            Cell(text=_("迟交"), tone="late") if bag.is_late else "",
        ],
    )  # fmt: skip


@require_POST
@desk(REPORT)
def month_export(request: DeskRequest) -> HttpResponse:
    """The takings as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("收款明细"), columns=_columns(), rows=[_row(one) for one in rows], reason=reason,
        name=f"fees-{window.first}-{window.last}",
    )  # fmt: skip
