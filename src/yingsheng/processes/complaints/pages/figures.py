"""投诉月报: month figures with drill-down, chart, paper and Excel (C-73 … C-75)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook

from yingsheng.base.process import processes
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.complaints.process import words as w
from yingsheng.processes.complaints.queries.month import (
    REPORT,
    STATISTICS,
    MonthFigures,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.complaints.services.checks import export_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import choice_words, state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row, Sheet, Tab

PAGE = 50


def _chosen_month(request: DeskRequest) -> tuple[int, int, str]:
    """(year, month, kind) asked for; the present month's statistics when nothing sensible is."""
    today = timezone.localtime(request.now).date()
    try:
        year, month = int(request.GET.get("year", today.year)), int(request.GET.get("month", today.month))
    except ValueError:
        year, month = today.year, today.month
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        year, month = today.year, today.month
    kind = REPORT if request.GET.get("kind") == REPORT else STATISTICS
    return year, month, kind


@require_GET
@desk("complaints.report")
def month(request: DeskRequest) -> HttpResponse:
    """投诉月报: figures that open the rows behind them, chart, print and Excel."""
    year, number, kind = _chosen_month(request)
    site = request.actor.site
    window = window_of(kind=kind, year=year, month=number, site=site, at=request.now)
    figures = month_figures(site=site, window=window, now=request.now)
    rows = list_month(actor=request.actor, window=window)
    for name in ("category", "validity", "severity"):
        if request.GET.get(name):
            rows = rows.filter(**{name: request.GET[name][:20]})
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    base = f"?year={year}&month={number}&kind={kind}"
    context = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-category",
            title=_("按类别"),
            kind="bar",
            labels=[str(_(label)) for _code, label in w.CATEGORIES],
            series=[(_("件数"), [figures.by_category.get(code, 0) for code, _label in w.CATEGORIES])],
            unit=_("件"),
        ),
        "drill": [
            {"label": _(label), "count": figures.by_category.get(code, 0), "url": f"{base}&category={code}"}
            for code, label in w.CATEGORIES
        ],
        "window": window,
        "year": year,
        "number": number,
        "kind": kind,
        "tabs": [
            Tab(
                label=_("27日统计"),
                url=f"?year={year}&month={number}&kind={STATISTICS}",
                active=kind == STATISTICS,
            ),
            Tab(
                label=_("公司月报（自然月）"),
                url=f"?year={year}&month={number}&kind={REPORT}",
                active=kind == REPORT,
            ),
        ],
        "columns": _month_columns(),
        "rows": [_month_row(case) for case in page],
        "paging": page,
        "caption": _("投诉明细"),
        "empty": Empty(text=_("这段时间没有投诉。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": _step(year, number, -1, kind),
        "after": _step(year, number, 1, kind),
    }
    return render(request, "complaints/month.html", context)


def _step(year: int, number: int, by: int, kind: str) -> str:
    total = year * 12 + number - 1 + by
    return f"?year={total // 12}&month={total % 12 + 1}&kind={kind}"


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def share(label: str, part: Any, rule: str, url: str = "") -> Figure:
        percent = part.percent
        return Figure(
            label=label,
            value=f"{percent:.1f}" if percent is not None else "—",
            unit="%" if percent is not None else "",
            numerator=part.count,
            denominator=part.base,
            rule=rule,
            rule_url=reverse("ui:rule", args=[rule]),
            url=url,
        )

    return [
        Figure(
            label=_("受理"),
            value=figures.accepted,
            unit=_("件"),
            rule="C-73",
            rule_url=reverse("ui:rule", args=["C-73"]),
            url=base,
        ),
        share(_("投诉有效率"), figures.valid, "C-74", f"{base}&validity=valid"),
        share(_("处理及时率"), figures.timely, "C-74"),
        share(_("结果满意"), figures.satisfied, "C-77"),
        Figure(
            label=_("重大"),
            value=figures.by_severity.get("major", 0),
            unit=_("件"),
            url=f"{base}&severity=major",
            rule="C-21",
            rule_url=reverse("ui:rule", args=["C-21"]),
        ),
    ]


def _month_columns() -> list[Column]:
    return [
        Column(label=_("日期时间"), kind="moment"),
        Column(label=_("编号"), kind="code"),
        Column(label=_("投诉人")),
        Column(label=_("事由"), kind="long"),
        Column(label=_("类别")),
        Column(label=_("处理人")),
        Column(label=_("处理方式")),
        Column(label=_("处理结果"), kind="long"),
        Column(label=_("住户对结果")),
        Column(label=_("受理人")),
        Column(label=_("状态")),
    ]


def _content_words(case: Any) -> str:
    return {True: _("满意"), False: _("不满意"), None: ""}[case.satisfied]


def _month_row(case: Any) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    process = processes.get("complaints")
    return Row(
        url=url,
        name=case.number,
        cells=[
            case.received_at,
            Cell(text=case.number, url=url),
            f"{case.room.label if case.room else ''} {case.caller_name}",
            case.title,
            choice_words(process=process, field="category", code=case.category),
            case.handler.name if case.handler else "",
            case.complaint.method,
            case.complaint.result[:60],
            _content_words(case),
            case.received_by.name if case.received_by else "",
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )


def safe_cell(value: object) -> object:
    """A value for a spreadsheet cell that can never be read as a formula."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


@require_http_methods(["POST"])
@desk("complaints.report")
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    year, number, kind = _chosen_month(request)
    window = window_of(kind=kind, year=year, month=number, site=request.actor.site, at=request.now)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    book = Workbook(write_only=True)
    page = book.create_sheet(_("投诉明细"))
    mark = _("导出：%(who)s %(when)s 理由：%(why)s") % {
        "who": request.actor.staff.name,
        "when": timezone.localtime(request.now).strftime("%Y-%m-%d %H:%M"),
        "why": reason,
    }
    page.append([safe_cell(mark)])
    page.append([column.label for column in _month_columns()])
    for case in rows:
        page.append(
            [safe_cell(cell.text if isinstance(cell, Cell) else cell) for cell in _month_row(case).cells]
        )
    body = io.BytesIO()
    book.save(body)
    response = HttpResponse(
        body.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="complaints-{window.first}-{window.last}.xlsx"'
    return response


@require_GET
@desk("complaints.report")
def month_sheet(request: DeskRequest) -> HttpResponse:
    """部门客户投诉工作月报 on paper (FM-21)."""
    year, number, kind = _chosen_month(request)
    site = request.actor.site
    window = window_of(kind=kind, year=year, month=number, site=site, at=request.now)
    context = {
        "sheet": Sheet(
            site_name=site.name,
            form_name=_("部门客户投诉工作月报"),
            form_code="FM-21",
            number=f"{year}-{number:02d}",
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "figures": month_figures(site=site, window=window, now=request.now),
        "categories": w.CATEGORIES,
        "validities": w.VALIDITIES,
        "severities": w.SEVERITIES,
        "window": window,
        "rows": [_month_row(case) for case in list_month(actor=request.actor, window=window)],
    }
    return render(request, "complaints/sheets/month.html", context)
