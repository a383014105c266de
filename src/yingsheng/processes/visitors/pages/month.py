"""来访放行统计: a month at the gate with the passes behind each figure, chart and Excel (V-02, V-04, V-09)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.visitors.models import Pass
from yingsheng.processes.visitors.process.books import TONES, items_words
from yingsheng.processes.visitors.queries.weeks import MonthFigures, list_month, month_figures
from yingsheng.processes.visitors.services.weeks import export_month
from yingsheng.processes.visitors.services.writing import REPORT
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row

PAGE = 50


@require_GET
@desk(REPORT)
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month; each leads to its records."""
    year, number = chosen_month(request)
    figures = month_figures(site=request.actor.site, year=year, month=number)
    base, state = month_query(year=year, month=number), request.GET.get("state", "")
    page = Paginator(list_month(actor=request.actor, year=year, month=number, state=state), PAGE).get_page(
        request.GET.get("page")
    )
    states = [(code, str(_(label)), figures.passes.get(code, 0)) for code, label in Pass.State.choices]
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-state", title=_("放行条按结果"), kind="bar", labels=[label for _code, label, _count in states],
            series=[(_("张"), [count for _code, _label, count in states])], unit=_("张"),
        ),
        "drill": [
            {"label": label, "count": count, "url": f"{base}&state={code}", "active": code == state}
            for code, label, count in states
        ],
        "year": year, "number": number, "query": base,
        "columns": _columns(), "rows": [_row(row) for row in page], "paging": page, "caption": _("放行条明细"),
        "empty": Empty(text=_("这个月没有这样的放行条。")), "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "now": request.now,
    }  # fmt: skip
    return render(request, "visitors/month.html", context)


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def one(label: str, value: int, unit: str, rule: str, url: str) -> Figure:
        return Figure(
            label=label, value=value, unit=unit, rule=rule, rule_url=reverse("ui:rule", args=[rule]), url=url
        )

    visitors, deposits = reverse("visitors:visitors"), reverse("visitors:deposits")
    turned = figures.visitors.get("refused", 0)
    return [
        one(_("开出放行条"), figures.issued, _("张"), "V-02", base),
        one(_("放行"), figures.passes.get("released", 0), _("张"), "V-02", f"{base}&state=released"),
        one(_("不能用了又放行"), figures.second_uses, _("次"), "V-02", f"{base}&state=released"),
        one(_("来访"), figures.came, _("次"), "V-01", visitors),
        one(_("婉言谢绝"), turned, _("次"), "V-06", f"{visitors}?state=refused"),
        one(_("收下寄存和失物"), figures.taken_in, _("件"), "V-04", deposits),
        one(_("其中失物"), figures.lost, _("件"), "V-04", f"{deposits}?kind=lost"),
        one(_("领走或移交"), figures.collected, _("件"), "V-04", f"{deposits}?state=gone"),
    ]


def _columns() -> list[Column]:
    return [
        Column(label=_("开具时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("房号")),
        Column(label=_("与住户的关系")), Column(label=_("物品清单"), kind="long"), Column(label=_("业主同意")),
        Column(label=_("状态"), kind="chip"), Column(label=_("有效到"), kind="moment"),
        Column(label=_("核验时间"), kind="moment"), Column(label=_("门岗")), Column(label=_("开具人")),
    ]  # fmt: skip


def _row(row: Pass) -> Row:
    url = reverse("visitors:passes_one", args=[row.pk])
    return Row(
        url=url,
        name=row.number,
        cells=[
            row.issued_at,
            Cell(text=row.number, url=url),
            row.household.room.label,
            _(Pass.Relation(row.relation).label),
            items_words(row).replace("\n", _("、")),
            _(Pass.Consent(row.consent_way).label),
            Cell(text=_(Pass.State(row.state).label), tone=TONES[row.state]),  # type: ignore[arg-type]
            row.valid_until,
            row.gate_at,
            row.gate_by.name if row.gate_by else "",
            row.issued_by.name,
        ],
    )


@require_POST
@desk(REPORT)
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel, without names and plates; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    rows = list(list_month(actor=request.actor, year=year, month=number, state=request.GET.get("state", "")))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, year=year, month=number, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("放行条明细"), columns=_columns(), rows=[_row(row) for row in rows], reason=reason,
        name=f"passes-{year}-{number:02d}",
    )  # fmt: skip
