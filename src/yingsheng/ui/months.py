"""What every page of month figures needs: the month asked for, its neighbours, and rows as Excel."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Cell, Column, Row

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def chosen_month(request: DeskRequest) -> tuple[int, int]:
    """(year, month) asked for; the present month when nothing sensible is."""
    today = timezone.localtime(request.now).date()
    try:
        year, month = int(request.GET.get("year", today.year)), int(request.GET.get("month", today.month))
    except ValueError:
        return today.year, today.month
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        return today.year, today.month
    return year, month


def month_query(*, year: int, month: int, by: int = 0) -> str:
    """The query of the page of a month, `by` months later."""
    total = year * 12 + month - 1 + by
    return f"?year={total // 12}&month={total % 12 + 1}"


def safe_cell(value: object) -> object:
    """A value for a spreadsheet cell that can never be read as a formula."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def export_mark(request: DeskRequest, reason: str) -> str:
    """Who takes a list out of the house, when and why, as it stands on top of the file."""
    return _("导出：%(who)s %(when)s 理由：%(why)s") % {
        "who": request.actor.staff.name,
        "when": timezone.localtime(request.now).strftime("%Y-%m-%d %H:%M"),
        "why": reason,
    }


def excel_response(
    request: DeskRequest,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    reason: str,
    name: str,
) -> HttpResponse:
    """The lines of a register as an Excel file that says who took it out and why."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    page.append([safe_cell(export_mark(request, reason))])
    page.append([column.label for column in columns])
    for row in rows:
        page.append([safe_cell(cell.text if isinstance(cell, Cell) else cell) for cell in row.cells])
    body = io.BytesIO()
    book.save(body)
    response = HttpResponse(body.getvalue(), content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
