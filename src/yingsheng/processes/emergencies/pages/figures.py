"""突发事件统计: a month by kind, how quickly, reports on time (KPI-32), with the rows behind and Excel."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook

from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.emergencies.process.forms import KINDS
from yingsheng.processes.emergencies.queries import MonthSpan, courses_of, list_month, month_span
from yingsheng.processes.emergencies.rules.months import EmergencyFigures, minutes_between, month_figures
from yingsheng.processes.emergencies.services.drilling import export_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row

PAGE = 50
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chosen_span(request: DeskRequest) -> MonthSpan:
    """The month asked for as 2026-11; the present one when nothing sensible is."""
    text = request.GET.get("month", "")
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = timezone.localtime(request.now).date().replace(day=1)
    if not 2000 <= first.year <= 2100:
        first = timezone.localtime(request.now).date().replace(day=1)
    return month_span(first=first)


@require_GET
@desk("emergencies.report")
def month(request: DeskRequest) -> HttpResponse:
    """A month's emergencies: figures, by kind, the rows behind each."""
    span = chosen_span(request)
    everything = list(list_month(actor=request.actor, span=span))
    figures = month_figures(courses=courses_of(cases=everything), now=request.now)
    kind, only = request.GET.get("kind", ""), request.GET.get("only", "")
    rows = [case for case in everything if (not kind or case.category == kind) and _is_meant(case, only)]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    base = f"?month={span.name}"
    context = {
        "span": span,
        "figures": _figures(figures, base),
        "chart": Chart(
            id="by-kind",
            title=_("按种类"),
            kind="bar",
            labels=[str(_(label)) for _code, label in KINDS],
            series=[(_("件数"), [figures.by_kind.get(code, 0) for code, _label in KINDS])],
            unit=_("件"),
        ),
        "drill": [
            {"label": _(label), "count": figures.by_kind.get(code, 0), "url": f"{base}&kind={code}"}
            for code, label in KINDS
            if figures.by_kind.get(code, 0)
        ],
        "columns": _columns(),
        "rows": [_row(case) for case in page],
        "paging": page,
        "caption": _("突发事件明细"),
        "empty": Empty(text=_("这个月没有突发事件。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": _step(span.first, -1),
        "after": _step(span.first, 1),
    }
    return render(request, "emergencies/month.html", context)


def _is_meant(case: Any, only: str) -> bool:
    if only == "false_alarm":
        return bool(case.state == "false_alarm")
    if only == "reports":
        return case.report_state in ("met", "late", "armed")
    return True


def _step(first: date, by: int) -> str:
    total = first.year * 12 + first.month - 1 + by
    return f"?month={total // 12}-{total % 12 + 1:02d}"


def _figures(figures: EmergencyFigures, base: str) -> list[Figure]:
    def one(label: str, value: object, unit: str, rule: str, **more: Any) -> Figure:
        return Figure(
            label=label, value="—" if value is None else value, unit=unit if value is not None else "", rule=rule,
            rule_url=reverse("ui:rule", args=[rule]), **more,
        )  # fmt: skip

    due, kept = figures.reports_due, figures.reports_kept
    return [
        one(_("突发事件"), figures.total, _("件"), "X-01", url=base),
        one(_("误报"), figures.false_alarms, _("件"), "X-01", url=f"{base}&only=false_alarm"),
        one(_("平均接警"), figures.to_acknowledge, _("分钟"), "X-01"),
        one(_("平均到场"), figures.to_arrive, _("分钟"), "X-02"),
        one(_("平均处置"), figures.to_resolve, _("分钟"), "X-03"),
        one(
            _("报告及时率"), f"{100 * kept / due:.1f}" if due else None, "%", "X-07",
            numerator=kept, denominator=due, url=f"{base}&only=reports",
        ),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(label=_("登记时间"), kind="moment"),
        Column(label=_("编号"), kind="code"),
        Column(label=_("什么事"), kind="long"),
        Column(label=_("谁去")),
        Column(label=_("接警（分钟）"), kind="number"),
        Column(label=_("到场（分钟）"), kind="number"),
        Column(label=_("处置（分钟）"), kind="number"),
        Column(label=_("受伤"), kind="number"),
        Column(label=_("报告")),
        Column(label=_("状态")),
    ]


def _span(case: Any, end: datetime | None) -> object:
    return minutes_between(start=case.received_at, end=end) if end is not None else ""


def _report_word(case: Any) -> str:
    return {
        "met": _("按时"), "late": _("逾期写成"), "armed": _("还没写"), "waived": _("已免除"),
    }.get(case.report_state or "", "")  # fmt: skip


def _row(case: Any) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    emergency = case.emergency
    return Row(
        url=url,
        name=case.number,
        cells=[
            case.received_at,
            Cell(text=case.number, url=url),
            case.title,
            emergency.acknowledged_by.name if emergency.acknowledged_by else "",
            _span(case, emergency.acknowledged_at),
            _span(case, emergency.arrived_at),
            _span(case, case.handled_at),
            "" if emergency.injured is None else emergency.injured,
            _report_word(case),
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )


def _safe(value: object) -> object:
    """A value for a spreadsheet cell that can never be read as a formula."""
    if isinstance(value, Cell):
        value = value.text
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


@require_http_methods(["POST"])
@desk("emergencies.report")
def month_export(request: DeskRequest) -> HttpResponse:
    """The rows as Excel; the reason stands in the file and in the log."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    span = chosen_span(request)
    rows = list(list_month(actor=request.actor, span=span))
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, month=span.name, count=len(rows), reason=reason, at=request.now)
    book = Workbook(write_only=True)
    page = book.create_sheet(_("突发事件明细"))
    mark = _("导出：%(who)s %(when)s 理由：%(why)s") % {
        "who": request.actor.staff.name,
        "when": timezone.localtime(request.now).strftime("%Y-%m-%d %H:%M"),
        "why": reason,
    }
    page.append([_safe(mark)])
    page.append([column.label for column in _columns()])
    for case in rows:
        page.append([_safe(cell) for cell in _row(case).cells])
    body = io.BytesIO()
    book.save(body)
    response = HttpResponse(body.getvalue(), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="emergencies-{span.name}.xlsx"'
    return response
