"""预购统计: the month by kind, its rows, a chart, an Excel file, and what was handed in on the 28th (P-06)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yingsheng.base.money import format_fen
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.periods import period_name
from yingsheng.processes.prepaid.models import Kind, Order
from yingsheng.processes.prepaid.process.books import ORDERS
from yingsheng.processes.prepaid.process.forms import FILE_MONTH
from yingsheng.processes.prepaid.queries import (
    MonthFigures,
    list_filings,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.prepaid.services.filing import REPORT, export_month, file_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

PAGE = 50


@require_http_methods(["GET", "POST"])
@desk(REPORT)
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month; sent in, they are handed in as they stand now."""
    year, number = chosen_month(request)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=FILE_MONTH, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            file_month(actor=request.actor, year=year, month=number, at=request.now, **values.cleaned_data)
            return f"{reverse('prepaid:month')}{month_query(year=year, month=number)}&did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, year=year, number=number, tried=form)


def _show(request: DeskRequest, *, year: int, number: int, tried: SpecForm | None) -> HttpResponse:
    site = request.actor.site
    window = window_of(year=year, month=number, site=site, at=request.now)
    figures = month_figures(actor=request.actor, window=window)
    base = month_query(year=year, month=number)
    rows = list_month(actor=request.actor, window=window)
    if request.GET.get("kind") in Kind.values:
        rows = rows.filter(kind=request.GET["kind"])
    if request.GET.get("state") in Order.State.values:
        rows = rows.filter(state=request.GET["state"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    words = dict(Kind.choices)
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-kind", title=_("按种类"), kind="bar", labels=[_(words[one.code]) for one in figures.kinds],
            series=[(_("户次"), [one.count for one in figures.kinds])], unit=_("户"),
        ),
        "drill": [
            {
                "label": _(words[one.code]), "count": one.count, "paid": format_fen(fen=one.prepaid_fen),
                "bought": format_fen(fen=one.bought_fen), "change": format_fen(fen=one.change_fen),
                "quantity": one.quantity, "url": f"{base}&kind={one.code}",
                "sheet": f"{reverse('prepaid:register_sheet', args=[one.code])}{base}",
                "form": "FM-44" if one.code == Kind.GAS else "FM-43",
            }
            for one in figures.kinds
        ],
        "window": window, "year": year, "number": number, "query": base,
        "columns": _columns(), "rows": [_row(row) for row in page], "paging": page,
        "caption": _("预购明细"), "empty": Empty(text=_("这段时间没有预购。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "filings": [(one, period_name(period=one.period)) for one in list_filings(site=site)],
        "form": tried or build_form(spec=FILE_MONTH, actor=request.actor)(), "verb": _(FILE_MONTH.verb),
        "now": request.now,
        "result": Result(text=_("统计已上报")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "prepaid/month.html", context, status=status_of(form=tried))


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def link(rule: str) -> str:
        return reverse("ui:rule", args=[rule])

    return [
        Figure(label=_("预购"), value=figures.count, unit=_("户"), rule="P-06", rule_url=link("P-06"), url=base),
        Figure(
            label=_("预交"), value=format_fen(fen=figures.prepaid_fen), unit=_("元"), rule="P-07",
            rule_url=link("P-07"),
            note=_("购买 %(bought)s 元，找零 %(change)s 元")
            % {"bought": format_fen(fen=figures.bought_fen), "change": format_fen(fen=figures.change_fen)},
        ),
        Figure(
            label=_("已领取"), value=figures.collected, unit=_("户"), rule="P-05", rule_url=link("P-05"),
            url=f"{base}&state=collected", note=_("还在办 %(count)s 户") % {"count": figures.waiting},
        ),
        Figure(label=_("集中购买"), value=figures.batches, unit=_("次"), rule="P-03", rule_url=link("P-03")),
        Figure(label=_("代办"), value=figures.requests, unit=_("件"), rule="P-01", rule_url=link("P-01")),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(label=_("登记时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("房号")),
        Column(label=_("买什么")), Column(label=_("预交（元）"), kind="number"), Column(label=_("设备编号")),
        Column(label=_("购买金额（元）"), kind="number"), Column(label=_("收据号")),
        Column(label=_("找零（元）"), kind="number"), Column(label=_("领取人")), Column(label=_("状态")),
    ]  # fmt: skip


def _row(row: Order) -> Row:
    url, state = reverse("prepaid:prepaid_orders_one", args=[row.pk]), ORDERS.state(row.state)
    return Row(
        url=url,
        name=row.number,
        cells=[
            row.ordered_at, Cell(text=row.number, url=url), row.household.room.label, _(row.get_kind_display()),
            format_fen(fen=row.cash_fen), row.device, format_fen(fen=row.bought_fen) if row.bought_fen else "",
            row.receipt, format_fen(fen=row.change_fen) if row.bought_fen else "", row.collector,
            Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
        ],
    )  # fmt: skip


@require_POST
@desk(REPORT)
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number, site=request.actor.site, at=request.now)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("预购明细"), columns=_columns(), rows=[_row(row) for row in rows], reason=reason,
        name=f"prepaid-{window.first}-{window.last}",
    )  # fmt: skip
