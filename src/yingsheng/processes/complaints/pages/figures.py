"""投诉月报: month figures with drill-down, chart, paper and Excel (C-73 … C-75)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.process import processes
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.complaints.pages.paper import print_counts
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
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.pages.words import choice_words, state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row, Sheet, Tab

PAGE = 50


def chosen_month_and_kind(request: DeskRequest) -> tuple[int, int, str]:
    """(year, month, kind) asked for; the present month's statistics when nothing sensible is."""
    year, month = chosen_month(request)
    return year, month, REPORT if request.GET.get("kind") == REPORT else STATISTICS


@require_GET
@desk("complaints.report")
def month(request: DeskRequest) -> HttpResponse:
    """投诉月报: figures that open the rows behind them, chart, print and Excel."""
    year, number, kind = chosen_month_and_kind(request)
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
        "may_check": request.actor.may("complaints.spot_check"),
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
            {
                "label": _(label),
                "count": figures.by_category.get(code, 0),
                "url": f"{base}&category={code}",
                "code": code,
            }
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
        "may_improve": request.actor.may("complaints.improve"),
        "improve_month": f"{year}-{number:02d}",
        "before": _step(year, number, -1, kind),
        "after": _step(year, number, 1, kind),
    }
    return render(request, "complaints/month.html", context)


def _step(year: int, number: int, by: int, kind: str) -> str:
    return f"{month_query(year=year, month=number, by=by)}&kind={kind}"


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
        _first_contact(figures),
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


def _first_contact(figures: MonthFigures) -> Figure:
    """How many were settled at first contact, beside the target, and whether it is reached (C-36)."""
    percent, target = figures.first_contact.percent, figures.first_contact_target
    judged = percent is not None and target is not None
    reached = judged and percent >= target  # type: ignore[operator]
    return Figure(
        label=_("首次接触即解决"),
        value=f"{percent:.1f}" if percent is not None else "—",
        unit="%" if percent is not None else "",
        target=target,
        numerator=figures.first_contact.count,
        denominator=figures.first_contact.base,
        tone=("met" if reached else "soon") if judged else "",
        word=(_("已达标") if reached else _("未达标")) if judged else "",
        rule="C-36",
        rule_url=reverse("ui:rule", args=["C-36"]),
    )


def _month_columns() -> list[Column]:
    return [
        Column(label=_("日期时间"), kind="moment"),
        Column(label=_("编号"), kind="code"),
        Column(label=_("投诉人")),
        Column(label=_("事由"), kind="long"),
        Column(label=_("类别")),
        Column(label=_("责任部门")),  # the departments concerned belong to the register (C-10)
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
            case.department.name if case.department else "",
            case.handler.name if case.handler else "",
            case.complaint.method,
            case.complaint.result[:60],
            _content_words(case),
            case.received_by.name if case.received_by else "",
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )


@require_http_methods(["POST"])
@desk("complaints.report")
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    year, number, kind = chosen_month_and_kind(request)
    window = window_of(kind=kind, year=year, month=number, site=request.actor.site, at=request.now)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request,
        title=_("投诉明细"),
        columns=_month_columns(),
        rows=[_month_row(case) for case in rows],
        reason=reason,
        name=f"complaints-{window.first}-{window.last}",
    )


@require_http_methods(["GET", "POST"])
@desk("complaints.report")
def month_sheet(request: DeskRequest) -> HttpResponse:
    """部门客户投诉工作月报 on paper (FM-21), as the month stands now; a POST prints it and is counted."""
    year, number, kind = chosen_month_and_kind(request)
    site = request.actor.site
    window = window_of(kind=kind, year=year, month=number, site=site, at=request.now)
    reprints, words = print_counts(request, mark=f"{kind}:{year}-{number:02d}")
    context = {
        **words,
        "sheet": Sheet(
            reprint_count=reprints,
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
