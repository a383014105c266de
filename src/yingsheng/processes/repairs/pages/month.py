"""报修统计: the month's figures with the rows behind them, chart, Excel, and the analysis handed in (R-06)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.periods import period_name
from yingsheng.processes.repairs.process import words as w
from yingsheng.processes.repairs.process.forms import FILE_MONTH
from yingsheng.processes.repairs.queries.month import (
    AXES,
    MonthFigures,
    Share,
    list_filings,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.repairs.rules.clocks import ANALYSIS
from yingsheng.processes.repairs.services.filing import export_month, file_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.pages.words import choice_words, state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

PAGE = 50
AXIS_WORDS = {"kind": dict(w.KINDS), "trade": dict(w.TRADES), "part": dict(w.PARTS)}


@require_http_methods(["GET", "POST"])
@desk("repairs.report")
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month; sent in, its analysis is handed in as it stands now."""
    year, number = chosen_month(request)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=FILE_MONTH, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            file_month(actor=request.actor, year=year, month=number, at=request.now, **values.cleaned_data)
            return f"{reverse('repairs:month')}{month_query(year=year, month=number)}&did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, year=year, number=number, tried=form)


def _show(request: DeskRequest, *, year: int, number: int, tried: SpecForm | None) -> HttpResponse:
    site = request.actor.site
    window = window_of(year=year, month=number, site=site, at=request.now)
    figures = month_figures(site=site, window=window)
    base = month_query(year=year, month=number)
    rows = list_month(actor=request.actor, window=window)
    for axis in AXES:
        if request.GET.get(axis):
            rows = rows.filter(**{f"repair__{axis}": request.GET[axis][:20]})
    if request.GET.get("late"):
        rows = rows.filter(repair__in_limit=False)
    if request.GET.get("paid"):
        rows = rows.filter(repair__is_paid_work=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    trades = [(code, label) for code, label in w.TRADES if figures.by["trade"].get(code)]
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-trade", title=_("按工种"), kind="bar", labels=[_(label) for _code, label in trades],
            series=[(_("件数"), [figures.by["trade"][code] for code, _label in trades])], unit=_("件"),
        ),
        "drill": _drill(figures, base),
        "orders": figures.orders,
        "window": window, "year": year, "number": number, "query": base,
        "columns": _columns(), "rows": [_row(case) for case in page], "paging": page,
        "caption": _("报修明细"), "empty": Empty(text=_("这段时间没有报修。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "filings": [(one, period_name(period=one.period)) for one in list_filings(site=site, code=ANALYSIS)],
        "form": tried or build_form(spec=FILE_MONTH, actor=request.actor)(), "verb": _(FILE_MONTH.verb),
        "now": request.now,
        "result": Result(text=_("分析已上报")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "repairs/month.html", context, status=status_of(form=tried))


def _drill(figures: MonthFigures, base: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """What each axis counted, under its name; each leads to its rows."""
    names = {"kind": _("种类"), "trade": _("工种"), "part": _("谁的部位")}
    return [
        (
            names[axis],
            [
                {
                    "label": _(AXIS_WORDS[axis][code]) if code in AXIS_WORDS[axis] else _("未定"),
                    "count": count,
                    "url": f"{base}&{axis}={code}" if code else base,
                }
                for code, count in figures.by[axis].items()
            ],
        )
        for axis in AXES
        if figures.by[axis]
    ]


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def number(label: str, value: int, rule: str, url: str = "") -> Figure:
        return Figure(
            label=label,
            value=value,
            unit=_("件"),
            rule=rule,
            rule_url=reverse("ui:rule", args=[rule]),
            url=url,
        )

    def share(label: str, part: Share, rule: str, url: str = "") -> Figure:
        return Figure(
            label=label, value=f"{part.percent:.1f}" if part.percent is not None else "—",
            unit="%" if part.percent is not None else "", numerator=part.count, denominator=part.base, rule=rule,
            rule_url=reverse("ui:rule", args=[rule]), url=url,
        )  # fmt: skip

    return [
        number(_("报修"), figures.received, "R-06", base),
        share(_("维修及时率"), figures.in_limit, "R-03", f"{base}&late=1"),
        share(_("住户满意"), figures.satisfied, "R-04"),
        number(_("有偿维修"), figures.paid, "R-15", f"{base}&paid=1"),
        number(_("返工"), figures.reworked, "F-11"),
    ]


def _columns() -> list[Column]:
    return [
        Column(label=_("登记时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("房号")),
        Column(label=_("什么坏了"), kind="long"), Column(label=_("种类")), Column(label=_("工种")),
        Column(label=_("谁的部位")), Column(label=_("处理人")), Column(label=_("结果"), kind="long"),
        Column(label=_("按时")), Column(label=_("是否满意")), Column(label=_("状态")),
    ]  # fmt: skip


def _row(case: Case) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    process, repair = processes.get("repairs"), case.repair
    return Row(
        url=url,
        name=case.number,
        cells=[
            case.received_at,
            Cell(text=case.number, url=url),
            case.room.label if case.room else case.caller_name,
            case.title,
            choice_words(process=process, field="severity", code=repair.kind),
            choice_words(process=process, field="trade", code=repair.trade),
            choice_words(process=process, field="part", code=repair.part),
            case.handler.name if case.handler else "",
            repair.result[:60],
            {True: _("按时"), False: _("超时"), None: ""}[repair.in_limit],
            choice_words(process=process, field="satisfaction", code=repair.satisfaction),
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )


@require_POST
@desk("repairs.report")
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number, site=request.actor.site, at=request.now)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("报修明细"), columns=_columns(), rows=[_row(case) for case in rows], reason=reason,
        name=f"repairs-{window.first}-{window.last}",
    )  # fmt: skip
