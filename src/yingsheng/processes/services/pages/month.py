"""特约服务统计: the month by kind with its fees, rows, chart and paper, and its analysis handed in (S-06, S-07)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.money import format_fen
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.periods import period_name
from yingsheng.processes.services.models import Service
from yingsheng.processes.services.process.forms import FILE_MONTH
from yingsheng.processes.services.queries.month import (
    MonthFigures,
    list_filings,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.services.services.filing import export_month, file_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import chosen_month, excel_response, month_query
from yingsheng.ui.pages.words import state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Result, Row, Sheet
from yingsheng.ui.submit import status_of, take_form

PAGE = 50


@require_http_methods(["GET", "POST"])
@desk("services.report")
def month(request: DeskRequest) -> HttpResponse:
    """The figures of a month; sent in, they are handed in with the analysis as they stand now."""
    year, number = chosen_month(request)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=FILE_MONTH, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            file_month(actor=request.actor, year=year, month=number, at=request.now, **values.cleaned_data)
            return f"{reverse('services:month')}{month_query(year=year, month=number)}&did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, year=year, number=number, tried=form)


def _show(request: DeskRequest, *, year: int, number: int, tried: SpecForm | None) -> HttpResponse:
    site = request.actor.site
    window = window_of(year=year, month=number, site=site, at=request.now)
    figures = month_figures(site=site, window=window, at=request.now)
    base = month_query(year=year, month=number)
    rows = list_month(actor=request.actor, window=window)
    if request.GET.get("item"):
        rows = rows.filter(service__item_name=request.GET["item"][:60])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-kind", title=_("按服务项目"), kind="bar", labels=[one.name for one in figures.kinds],
            series=[(_("次数"), [one.count for one in figures.kinds])], unit=_("次"),
        ),
        "drill": [
            {
                "label": one.name, "count": one.count, "fee": format_fen(fen=one.fee_fen),
                "url": f"{base}&{urlencode({'item': one.name})}",
            }
            for one in figures.kinds
        ],
        "window": window, "year": year, "number": number, "query": base,
        "columns": _columns(), "rows": [_row(case) for case in page], "paging": page,
        "caption": _("特约服务明细"), "empty": Empty(text=_("这段时间没有特约服务。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": month_query(year=year, month=number, by=-1), "after": month_query(year=year, month=number, by=1),
        "filings": [(one, period_name(period=one.period)) for one in list_filings(site=site)],
        "form": tried or build_form(spec=FILE_MONTH, actor=request.actor)(), "verb": _(FILE_MONTH.verb),
        "now": request.now,
        "result": Result(text=_("分析已上报")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "services/month.html", context, status=status_of(form=tried))


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def link(rule: str) -> str:
        return reverse("ui:rule", args=[rule])

    share = round(figures.visited * 100 / figures.visits) if figures.visits else "—"
    return [
        Figure(label=_("特约服务"), value=figures.count, unit=_("次"), rule="S-06", rule_url=link("S-06"), url=base),
        Figure(
            label=_("费用"), value=format_fen(fen=figures.fee_fen), unit=_("元"), rule="S-06", rule_url=link("S-06"),
            note=_("已收 %(paid)s 元") % {"paid": format_fen(fen=figures.paid_fen)},
        ),
        Figure(
            label=_("特约服务回访率"), value=share, unit="%" if figures.visits else "", target=figures.target,
            numerator=figures.visited, denominator=figures.visits, rule="S-08", rule_url=link("S-08"),
        ),
        Figure(label=_("住户满意"), value=figures.satisfied, unit=_("次"), rule="S-10", rule_url=link("S-10")),
        Figure(label=_("谢绝或另行帮忙"), value=figures.declined, unit=_("次"), rule="S-11", rule_url=link("S-11")),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(label=_("登记时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("房号")),
        Column(label=_("服务项目"), kind="long"), Column(label=_("起止日期")),
        Column(label=_("费用（元）"), kind="number"), Column(label=_("付款签名")), Column(label=_("由谁提供")),
        Column(label=_("中期回访")),
        Column(label=_("结束回访")), Column(label=_("状态")),
    ]  # fmt: skip


def _row(case: Case) -> Row:
    word, tone = state_badge(case=case)
    url, service, visits = reverse("ui:case", args=[case.key]), case.service, dict(Service.Visit.choices)
    return Row(
        url=url,
        name=case.number,
        cells=[
            case.received_at,
            Cell(text=case.number, url=url),
            case.room.label if case.room else case.caller_name,
            service.item_name,
            f"{service.first_date:%m-%d} – {service.last_date:%m-%d}",
            format_fen(fen=service.fee_fen),
            service.signed_by,
            service.provider,
            _(visits[service.mid_visit]) if service.mid_visit else "",
            _(visits[service.end_visit]) if service.end_visit else "",
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )


@require_POST
@desk("services.report")
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number, site=request.actor.site, at=request.now)
    rows = list(list_month(actor=request.actor, window=window))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    return excel_response(
        request, title=_("特约服务明细"), columns=_columns(), rows=[_row(case) for case in rows], reason=reason,
        name=f"services-{window.first}-{window.last}",
    )  # fmt: skip


@require_GET
@desk("services.report")
def month_sheet(request: DeskRequest) -> HttpResponse:
    """月份特约服务统计表 FM-36 as the month stands now."""
    year, number = chosen_month(request)
    window = window_of(year=year, month=number, site=request.actor.site, at=request.now)
    figures = month_figures(site=request.actor.site, window=window, at=request.now)
    filings = list_filings(site=request.actor.site)
    context = {
        "sheet": _sheet(
            request, name=_("月份特约服务统计表"), code="FM-36", number=f"{year}-{number:02d}", layout=""
        ),
        "window": window,
        "figures": figures,
        "kinds": [(one, format_fen(fen=one.fee_fen)) for one in figures.kinds],
        "fee": format_fen(fen=figures.fee_fen),
        "paid": format_fen(fen=figures.paid_fen),
        "analysis": next((one for one in filings if one.period.first == date(year, number, 1)), None),
    }
    return render(request, "services/sheets/month.html", context)


@require_GET
@desk("services.report")
def register_sheet(request: DeskRequest) -> HttpResponse:
    """The register of the month, laid out as the adopted regulation names it (S-02)."""
    year, number = chosen_month(request)
    site = request.actor.site
    window = window_of(year=year, month=number, site=site, at=request.now)
    layout = figure(path="S-02.register_layout", site=site, at=request.now)
    record = layout == "special_service_record"
    name = _("特约服务记录表") if record else _("业主/住户特约服务登记表")
    context = {
        "sheet": _sheet(
            request,
            name=name,
            code="FM-35" if record else "FM-34",
            number=f"{year}-{number:02d}",
            layout="dense",
        ),
        "columns": _columns(),
        "rows": [_row(case) for case in list_month(actor=request.actor, window=window)],
        "now": request.now,
    }
    return render(request, "services/sheets/month_register.html", context)


def _sheet(request: DeskRequest, *, name: str, code: str, number: str, layout: Literal["", "dense"]) -> Sheet:
    return Sheet(
        site_name=request.actor.site.name,
        form_name=name,
        form_code=code,
        number=number,
        layout=layout,
        printed_at=request.now,
        printed_by=request.actor.staff.name,
    )
