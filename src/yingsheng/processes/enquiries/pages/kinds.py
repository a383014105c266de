"""The month by kind: how many came, how many were settled, how many in time (B-07, B-08, B-17), how soon answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.policies.queries import figure
from yingsheng.processes.enquiries.process import KINDS
from yingsheng.processes.enquiries.queries import answer_figures, kind_figures
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Row

FIRST_YEAR, LAST_YEAR = 2000, 2099
NO_LIMIT, ALL = 999, 100


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
        "figures": _answers(request, year=year, number=number),
    }
    return render(request, "enquiries/month.html", context)


def _answers(request: DeskRequest, *, year: int, number: int) -> list[Figure]:
    """Calls within the rings (KPI-11), e-mails within the hour (KPI-12), and whoever was missed."""
    site = request.actor.site
    zone = timezone.get_default_timezone()
    start = datetime(year, number, 1, tzinfo=zone)
    following = (start + timedelta(days=32)).replace(day=1)
    rings = figure(path="B-06.rings", site=site, at=request.now)
    hours = figure(path="B-06.email_within", site=site, at=request.now)
    found = answer_figures(
        site=site,
        start=start,
        end=following,
        ring_limit=int(rings or NO_LIMIT),
        mail_hours=int(hours or NO_LIMIT),
    )
    shown = []
    if rings is not None:
        label = _("%(limit)s声内接起") % {"limit": rings}
        shown.append(_rate(label, kept=found.calls_kept, of=found.calls))
    if hours is not None:
        label = _("邮件%(hours)s小时内回应") % {"hours": hours}
        shown.append(_rate(label, kept=found.mails_kept, of=found.mails))
    shown.append(
        Figure(
            label=_("漏接来电已回"), value=found.called_back, numerator=found.called_back, denominator=found.missed,
            rule="D-10", rule_url=reverse("ui:rule", args=["D-10"]),
        )
    )  # fmt: skip
    if found.hotline_out:
        shown.append(
            Figure(
                label=_("用热线打出去"), value=found.hotline_out, rule="D-10",
                rule_url=reverse("ui:rule", args=["D-10"]),
            )
        )  # fmt: skip
    return shown


def _rate(label: str, *, kept: int, of: int) -> Figure:
    """A rate in whole percent; a dash while there is nothing to count."""
    return Figure(
        label=label, value=round(ALL * kept / of) if of else "—", unit="%" if of else "", target=ALL,
        target_words=_("目标 100%"), numerator=kept, denominator=of, rule="B-06",
        rule_url=reverse("ui:rule", args=["B-06"]),
    )  # fmt: skip
