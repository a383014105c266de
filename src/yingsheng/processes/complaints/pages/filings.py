"""报送: the months with what is owed for them; handing one in; one as it was frozen, on paper and as Excel."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from openpyxl import Workbook

from yingsheng.base.months import Window, may_file
from yingsheng.base.process import processes
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.periods import is_unchanged, period_name
from yingsheng.processes.complaints.pages.figures import chosen_month_and_kind
from yingsheng.processes.complaints.pages.paper import print_counts
from yingsheng.processes.complaints.process.more_forms import FILE_MONTH
from yingsheng.processes.complaints.queries.filings import MonthLine, find_filing, list_months
from yingsheng.processes.complaints.queries.month import REPORT, month_figures, window_of
from yingsheng.processes.complaints.services.checks import export_month
from yingsheng.processes.complaints.services.filing import figures_content, file_month
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.months import EXCEL, export_mark, safe_cell
from yingsheng.ui.pages.words import choice_words, milestone_words
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Result, Row, Sheet
from yingsheng.ui.submit import status_of, take_form


@require_GET
@desk("complaints.report")
def filings(request: DeskRequest) -> HttpResponse:
    """The months of statistics and company report: what is owed, until when, what was handed in."""
    context = {
        "lines": [_line(request, line) for line in list_months(site=request.actor.site)],
        "now": request.now,
        "empty": Empty(
            text=_("还没有到期要报送的月份。"), hint=_("提醒服务运行后，本月的统计和月报会列在这里。"),
            url=reverse("complaints:month"), label=_("看本月数字"),
        ),
    }  # fmt: skip
    return render(request, "complaints/filings.html", context)


def _line(request: DeskRequest, line: MonthLine) -> dict[str, Any]:
    year, month = line.period.first.year, line.period.first.month
    query = f"?year={year}&month={month}&kind={line.kind}"
    window = _window(request, year, month, line.kind)
    today = timezone.localtime(request.now).date()
    return {
        "name": period_name(period=line.period),
        "title": _(processes.periodic(line.period.code).label),
        "promises": [(row, milestone_words(code=row.milestone)) for row in line.promises],
        "filings": line.filings,
        "look_url": reverse("complaints:month") + query,
        "file_url": reverse("complaints:file_month") + query,
        "ready": may_file(window=window, whole=line.kind == REPORT, today=today),
        "may_file": request.actor.may("complaints.file"),
    }


def _window(request: DeskRequest, year: int, month: int, kind: str) -> Window:
    return window_of(kind=kind, year=year, month=month, site=request.actor.site, at=request.now)


@require_http_methods(["GET", "POST"])
@desk("complaints.file")
def file_one(request: DeskRequest) -> HttpResponse:
    """Hand in one month: the figures as they stand now are shown before they are frozen."""
    year, number, kind = chosen_month_and_kind(request)
    form = build_form(spec=FILE_MONTH, actor=request.actor)(
        request.POST if request.method == "POST" else None
    )
    if request.method == "POST":

        def run() -> str:
            made = file_month(
                actor=request.actor, kind=kind, year=year, month=number, at=request.now, **form.cleaned_data
            )
            return f"{reverse('complaints:filing', args=[made.pk])}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show_month(request, form, year, number, kind)


def _show_month(request: DeskRequest, form: SpecForm, year: int, number: int, kind: str) -> HttpResponse:
    window = _window(request, year, number, kind)
    figures = month_figures(site=request.actor.site, window=window, now=request.now)
    period = date(year, number, 1)
    earlier = next(
        (
            line.filings
            for line in list_months(site=request.actor.site)
            if line.kind == kind and line.period.first == period
        ),
        [],
    )
    context = {
        "form": form,
        "verb": _(FILE_MONTH.verb),
        "title": _title(kind),
        "name": f"{year}-{number:02d}",
        "window": window,
        "figures": _figures(figures_content(figures=figures)),
        "earlier": earlier,
        "action": f"?year={year}&month={number}&kind={kind}",
        "rule": "C-75" if kind == REPORT else "C-73",
    }
    tried = form if request.method == "POST" else None
    return render(request, "complaints/file_month.html", context, status=status_of(form=tried))


def _title(kind: str) -> str:
    return _("部门客户投诉工作月报") if kind == REPORT else _("投诉统计")


def _figures(content: dict[str, Any]) -> list[Figure]:
    def share(label: str, part: list[int], rule: str) -> Figure:
        count, base = part
        percent = f"{count * 100 / base:.1f}" if base else "—"
        return Figure(
            label=label, value=percent, unit="%" if base else "", numerator=count, denominator=base, rule=rule,
            rule_url=reverse("ui:rule", args=[rule]),
        )  # fmt: skip

    accepted = Figure(
        label=_("受理"),
        value=content["accepted"],
        unit=_("件"),
        rule="C-75",
        rule_url=reverse("ui:rule", args=["C-75"]),
    )
    return [
        accepted,
        share(_("投诉有效率"), content["valid"], "C-74"),
        share(_("处理及时率"), content["timely"], "C-74"),
        share(_("结果满意"), content["satisfied"], "C-77"),
    ]


def _get(request: DeskRequest, pk: int) -> Filing:
    found = find_filing(site=request.actor.site, pk=pk)
    if found is None:
        raise Http404
    return found


@require_GET
@desk("complaints.report")
def filing(request: DeskRequest, pk: int) -> HttpResponse:
    """A month exactly as it was handed in, whatever happened to its complaints since."""
    found = _get(request, pk)
    kind = found.content["kind"]
    context = {
        "filing": found,
        "title": _title(kind),
        "name": period_name(period=found.period),
        "window": [date.fromisoformat(text) for text in found.content["window"]],
        "figures": _figures(found.content["figures"]),
        "columns": frozen_columns(),
        "rows": [_row(row) for row in found.content["rows"]],
        "caption": _("投诉明细"),
        "empty": Empty(text=_("这一期没有投诉。")),
        "unchanged": is_unchanged(filing=found),
        "may_export": request.actor.may(Allow.EXPORT),
        "result": Result(text=_("已报送"), number=period_name(period=found.period))
        if request.GET.get("did")
        else None,
    }
    return render(request, "complaints/filing.html", context)


def frozen_columns() -> list[Column]:
    """The columns of the register as the rules want them (C-10, C-73)."""
    return [
        Column(label=_("日期时间"), kind="moment"),
        Column(label=_("编号"), kind="code"),
        Column(label=_("投诉人")),
        Column(label=_("事由"), kind="long"),
        Column(label=_("类别")),
        Column(label=_("责任部门")),
        Column(label=_("处理人")),
        Column(label=_("处理方式")),
        Column(label=_("处理结果"), kind="long"),
        Column(label=_("住户对结果")),
        Column(label=_("受理人")),
        Column(label=_("状态")),
    ]


def _row(row: dict[str, Any]) -> Row:
    process = processes.get("complaints")
    state = process.state(row["state"])
    content = {True: _("满意"), False: _("不满意"), None: ""}[row["satisfied"]]
    return Row(
        name=row["number"],
        cells=[
            datetime.fromisoformat(row["received_at"]),
            row["number"],
            _("涉密") if row["sealed"] else row["complainant"],
            row["title"],
            choice_words(process=process, field="category", code=row["category"]),
            row["department"],
            row["handler"],
            row["method"],
            row["result"],
            content,
            row["receiver"],
            Cell(text=_(state.label), tone=state.tone),  # type: ignore[arg-type]
        ],
    )


@require_http_methods(["GET", "POST"])
@desk("complaints.report")
def filing_sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """部门客户投诉工作月报 (FM-21) as it was handed in, on paper; a POST prints it and is counted."""
    found = _get(request, pk)
    name = period_name(period=found.period)
    reprints, words = print_counts(request, mark=f"filing:{found.pk}")
    context = {
        **words,
        "sheet": Sheet(
            reprint_count=reprints,
            site_name=request.actor.site.name,
            form_name=_title(found.content["kind"]),
            form_code="FM-21",
            number=f"{name} v{found.version}",
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "filing": found,
        "window": [date.fromisoformat(text) for text in found.content["window"]],
        "figures": _figures(found.content["figures"]),
        "columns": frozen_columns(),
        "rows": [_row(row) for row in found.content["rows"]],
    }
    return render(request, "complaints/sheets/filing.html", context)


@require_http_methods(["POST"])
@desk("complaints.report")
def filing_export(request: DeskRequest, pk: int) -> HttpResponse:
    """The frozen rows as Excel, with the reason in the file and in the log."""
    demand(actor=request.actor, permission=Allow.EXPORT)
    found = _get(request, pk)
    first, last, due = (date.fromisoformat(text) for text in found.content["window"])
    window = Window(first=first, last=last, due=due)
    rows = found.content["rows"]
    reason = request.POST.get("reason", "").strip()[:200]
    export_month(actor=request.actor, window=window, count=len(rows), reason=reason, at=request.now)
    book = Workbook(write_only=True)
    page = book.create_sheet(_("投诉明细"))
    page.append([safe_cell(export_mark(request, reason))])
    page.append([column.label for column in frozen_columns()])
    for row in rows:
        cells = _row(row).cells
        page.append([safe_cell(cell.text if isinstance(cell, Cell) else cell) for cell in cells])
    body = io.BytesIO()
    book.save(body)
    response = HttpResponse(body.getvalue(), content_type=EXCEL)
    name = f"{found.period.code}-{period_name(period=found.period)}-v{found.version}"
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
