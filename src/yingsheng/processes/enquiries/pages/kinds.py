"""The month by kind: how many came, how many were settled, how many in time (B-07, B-08, B-17)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.processes.enquiries.process import KINDS
from yingsheng.processes.enquiries.queries import kind_figures
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Row

FIRST_YEAR, LAST_YEAR = 2000, 2099


@require_GET
@desk("enquiries.see")
def month(request: DeskRequest) -> HttpResponse:
    """One month, each kind with its counts; a count opens the matters behind it."""
    today = timezone.localtime(request.now).date()
    try:
        year, number = (int(part) for part in request.GET.get("month", "").split("-"))
    except ValueError:
        year, number = today.year, today.month
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
        year, number = today.year, today.month
    found = kind_figures(actor=request.actor, year=year, month=number)
    labels = dict(KINDS)
    rows = [
        Row(
            name=_(labels[one.kind]),
            cells=[
                Cell(
                    text=_(labels[one.kind]),
                    url=f"{reverse('enquiries:list')}?"
                    + urlencode(
                        {"view": "all", "category": one.kind, "from": f"{one.first}", "to": f"{one.last}"}
                    ),
                ),
                one.settled_at_once,
                one.opened,
                one.closed,
                one.in_time,
                one.late,
            ],
        )
        for one in found
    ]
    context = {
        "month": f"{year}-{number:02d}",
        "columns": [
            Column(label=_("性质")),
            Column(label=_("当场答复"), kind="number"),
            Column(label=_("立为事项"), kind="number"),
            Column(label=_("其中已了结"), kind="number"),
            Column(label=_("按时"), kind="number"),
            Column(label=_("超时"), kind="number"),
        ],
        "rows": rows,
        "caption": _("咨询建议月表"),
        "empty": Empty(text=_("这个月还没有登记。")),
    }
    return render(request, "enquiries/month.html", context)
