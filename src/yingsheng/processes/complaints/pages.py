"""投诉: worklist with group proposals, month figures with drill-down and Excel, rules tried out, spot checks."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook

from yingsheng.base.process import processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.queries import find_case, visible_cases
from yingsheng.kernel.forms.build import words_of
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.complaints.month import (
    REPORT,
    STATISTICS,
    MonthFigures,
    list_month,
    month_figures,
    window_of,
)
from yingsheng.processes.complaints.process import words as w
from yingsheng.processes.complaints.services.checks import export_month, record_spot_check, spot_check_figures
from yingsheng.processes.complaints.services.grouping import merge_group, suspected_group
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.cases import process_list
from yingsheng.ui.pages.words import choice_words, state_badge
from yingsheng.ui.parts import Cell, Chart, Column, Empty, Figure, Row, Sheet, Tab

app_name = "complaints"
PAGE = 50


def complaint_list(request: HttpRequest) -> HttpResponse:
    """The worklist of complaints."""
    return process_list(request, code="complaints", permission="complaints.see")


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
            id="by-category", title=_("按类别"), kind="bar", labels=[str(_(label)) for _code, label in w.CATEGORIES],
            series=[(_("件数"), [figures.by_category.get(code, 0) for code, _label in w.CATEGORIES])], unit=_("件"),
        ),
        "drill": [
            {"label": _(label), "count": figures.by_category.get(code, 0), "url": f"{base}&category={code}"}
            for code, label in w.CATEGORIES
        ],
        "window": window, "year": year, "number": number, "kind": kind,
        "tabs": [
            Tab(label=_("27日统计"), url=f"?year={year}&month={number}&kind={STATISTICS}", active=kind == STATISTICS),
            Tab(label=_("公司月报（自然月）"), url=f"?year={year}&month={number}&kind={REPORT}", active=kind == REPORT),
        ],
        "columns": _month_columns(), "rows": [_month_row(case) for case in page], "paging": page,
        "caption": _("投诉明细"), "empty": Empty(text=_("这段时间没有投诉。")),
        "may_export": request.actor.may(Allow.EXPORT),
        "before": _step(year, number, -1, kind), "after": _step(year, number, 1, kind),
    }  # fmt: skip
    return render(request, "complaints/month.html", context)


def _step(year: int, number: int, by: int, kind: str) -> str:
    total = year * 12 + number - 1 + by
    return f"?year={total // 12}&month={total % 12 + 1}&kind={kind}"


def _figures(figures: MonthFigures, base: str) -> list[Figure]:
    def share(label: str, part: Any, rule: str, url: str = "") -> Figure:
        percent = part.percent
        return Figure(
            label=label, value=f"{percent:.1f}" if percent is not None else "—", unit="%" if percent is not None else "",
            numerator=part.count, denominator=part.base, rule=rule, rule_url=reverse("ui:rule", args=[rule]), url=url,
        )  # fmt: skip

    return [
        Figure(label=_("受理"), value=figures.accepted, unit=_("件"), rule="C-73", rule_url=reverse("ui:rule", args=["C-73"]), url=base),
        share(_("投诉有效率"), figures.valid, "C-74", f"{base}&validity=valid"),
        share(_("处理及时率"), figures.timely, "C-74"),
        share(_("结果满意"), figures.satisfied, "C-77"),
        Figure(label=_("重大"), value=figures.by_severity.get("major", 0), unit=_("件"), url=f"{base}&severity=major",
               rule="C-21", rule_url=reverse("ui:rule", args=["C-21"])),
    ]  # fmt: skip


def _month_columns() -> list[Column]:
    return [
        Column(label=_("日期时间"), kind="moment"), Column(label=_("编号"), kind="code"), Column(label=_("投诉人")),
        Column(label=_("事由"), kind="long"), Column(label=_("类别")), Column(label=_("处理人")), Column(label=_("处理方式")),
        Column(label=_("处理结果"), kind="long"), Column(label=_("住户对结果")), Column(label=_("受理人")), Column(label=_("状态")),
    ]  # fmt: skip


def _content_words(case: Any) -> str:
    return {True: _("满意"), False: _("不满意"), None: ""}[case.satisfied]


def _month_row(case: Any) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    process = processes.get("complaints")
    return Row(
        url=url, name=case.number,
        cells=[
            case.received_at, Cell(text=case.number, url=url), f"{case.room.label if case.room else ''} {case.caller_name}",
            case.title, choice_words(process=process, field="category", code=case.category),
            case.handler.name if case.handler else "", case.complaint.method, case.complaint.result[:60],
            _content_words(case), case.received_by.name if case.received_by else "", Cell(text=word, tone=tone),  # type: ignore[arg-type]
        ],
    )  # fmt: skip


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
        "who": request.actor.staff.name, "when": timezone.localtime(request.now).strftime("%Y-%m-%d %H:%M"), "why": reason,
    }  # fmt: skip
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
            site_name=site.name, form_name=_("部门客户投诉工作月报"), form_code="FM-21", number=f"{year}-{number:02d}",
            printed_at=request.now, printed_by=request.actor.staff.name,
        ),
        "figures": month_figures(site=site, window=window, now=request.now),
        "categories": w.CATEGORIES, "validities": w.VALIDITIES, "severities": w.SEVERITIES,
        "window": window,
        "rows": [_month_row(case) for case in list_month(actor=request.actor, window=window)],
    }  # fmt: skip
    return render(request, "complaints/sheets/month.html", context)


@require_http_methods(["GET", "POST"])
@desk("complaints.group")
def group(request: DeskRequest, key: str) -> HttpResponse:
    """Complaints that look like one matter: merge the chosen ones under one parent."""
    case = find_case(actor=request.actor, key=key)
    if case is None or case.process != "complaints":
        raise Http404
    ids = suspected_group(case=case, at=request.now)
    near = visible_cases(actor=request.actor).filter(
        process="complaints",
        closed_at__isnull=True,
        group__isnull=True,
        category=case.category,
        complaint__is_group=False,
    )
    candidates = list(near.select_related("room").order_by("-received_at")[:60])
    refusal = ""
    if request.method == "POST":
        chosen = [one for one in candidates if one.key in request.POST.getlist("chosen")]
        try:
            parent = merge_group(
                cases=chosen, title=request.POST.get("title", ""), by=request.actor.staff, at=request.now
            )
        except Refused as error:
            refusal = words_of(error)
        else:
            return HttpResponseRedirect(reverse("ui:case", args=[parent.key]), status=303)
    picked = set(request.POST.getlist("chosen")) or {one.key for one in candidates if one.pk in ids} | {
        case.key
    }
    context = {
        "case": case, "candidates": [(one, one.key in picked) for one in candidates], "refusal": refusal,
        "suspected": len(ids), "title": request.POST.get("title", case.title),
    }  # fmt: skip
    return render(request, "complaints/group.html", context, status=422 if refusal else 200)


class SpotCheckForm(forms.Form):
    """A check of the records or a talk with a complainant."""

    kind = forms.ChoiceField(
        label=gettext_lazy("查什么"),
        choices=[("records", gettext_lazy("记录抽查")), ("complainant", gettext_lazy("走访投诉人"))],
    )
    number = forms.CharField(label=gettext_lazy("投诉编号"), max_length=40, required=False)
    found_count = forms.IntegerField(
        label=gettext_lazy("走访中听到的投诉件数"), min_value=0, max_value=999, initial=0
    )
    recorded_count = forms.IntegerField(
        label=gettext_lazy("其中已有记录的件数"), min_value=0, max_value=999, initial=0
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("对结果"), required=False,
        choices=[("", gettext_lazy("未问")), ("yes", gettext_lazy("满意")), ("no", gettext_lazy("不满意"))],
    )  # fmt: skip
    finding = forms.CharField(
        label=gettext_lazy("发现"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@desk("complaints.spot_check")
def spot_checks(request: DeskRequest) -> HttpResponse:
    """Spot checks of the records and visits to complainants (C-76, C-77), with this month's counts."""
    form = SpotCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        case = visible_cases(actor=request.actor).filter(number__iexact=values.pop("number") or "-").first()
        try:
            record_spot_check(
                site=request.actor.site, by=request.actor.staff, at=request.now, case=case,
                satisfied={"yes": True, "no": False}.get(values.pop("satisfied")), **values,
            )  # fmt: skip
        except Refused as error:
            form.add_error(error.field or None, words_of(error))
        else:
            return HttpResponseRedirect(f"{reverse('complaints:spot_checks')}?did=1", status=303)
    checks, targets = spot_check_figures(site=request.actor.site, now=request.now)
    context = {
        "form": form, "checks": checks, "targets": targets,
        "result": {"text": _("已记录"), "tone": "met"} if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "complaints/spot_checks.html", context, status=422 if form.errors else 200)


urlpatterns = [
    path("complaints/", complaint_list, name="list"),
    path("complaints/month/", month, name="month"),
    path("complaints/month/export/", month_export, name="month_export"),
    path("complaints/month/sheet/", month_sheet, name="month_sheet"),
    path("complaints/spot-checks/", spot_checks, name="spot_checks"),
    path("complaints/group/<slug:key>/", group, name="group"),
]
