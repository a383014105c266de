"""回访分析: what a month of visits shows, signed, and the way to a measure (F-20, F-22)."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.rules import first_after, first_of
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.process.forms import ANALYSE
from yingsheng.processes.followups.queries import DepartmentVisits, MonthOfVisits, month_of_visits
from yingsheng.processes.followups.services.analysis import ANALYSIS, file_analysis
from yingsheng.ui.days import day_from
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form


def _month(request: DeskRequest) -> date:
    asked = day_from(f"{request.GET.get('month', '')}-01") or timezone.localtime(request.now).date()
    return first_of(every="month", day=asked)


@require_http_methods(["GET", "POST"])
@desk("followups.quota")
def analysis(request: DeskRequest) -> HttpResponse:
    """Grades, unhappy households and remarks of one month, and the signature under what follows from them."""
    month = _month(request)
    tried: SpecForm | None = None
    if request.method == "POST":
        tried = build_form(spec=ANALYSE, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            file_analysis(actor=request.actor, month=month, at=request.now, **form.cleaned_data)
            return f"{reverse('followups:analysis')}?month={month:%Y-%m}&did=1"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    found = month_of_visits(site=request.actor.site, month=month)
    before = first_of(every="month", day=date.fromordinal(month.toordinal() - 1))
    context = {
        "name": f"{month:%Y-%m}",
        "figures": _figures(found),
        "columns": [
            Column(label=_("时间"), kind="moment"),
            Column(label=_("编号"), kind="code"),
            Column(label=_("房号")),
            Column(label=_("结果"), kind="chip"),
            Column(label=_("缺点与不足"), kind="long"),
            Column(label=_("业主建议"), kind="long"),
        ],
        "department_columns": [
            Column(label=_("部门")),
            Column(label=_("回访"), kind="number"),
            Column(label=_("满意"), kind="number"),
            Column(label=_("满意率"), kind="number"),
            Column(label=_("平均满意程度"), kind="number"),
        ],
        "department_rows": [_department(one) for one in found.departments],
        "rows": [_row(row) for row in found.remarks],
        "caption": _("住户怎么说"),
        "empty": Empty(text=_("这个月没有不满意，也没有缺点和建议。")),
        "signed": Filing.objects.filter(
            period__site=request.actor.site, period__code=ANALYSIS, period__first=month
        )
        .select_related("by")
        .order_by("-version"),
        "form": tried or build_form(spec=ANALYSE, actor=request.actor)(),
        "verb": _(ANALYSE.verb),
        "before": f"?month={before:%Y-%m}",
        "after": f"?month={first_after(every='month', first=month):%Y-%m}",
        "action": f"?month={month:%Y-%m}",
        "result": Result(text=_("已签认")) if request.GET.get("did") else None,
    }
    return render(request, "followups/analysis.html", context, status=status_of(form=tried))


def _figures(found: MonthOfVisits) -> list[Figure]:
    rule_url = reverse("ui:rule", args=["F-20"])
    share = round(found.satisfied * 100 / found.visited) if found.visited else "—"
    return [
        Figure(
            label=_("回访满意"), value=share, unit="%" if found.visited else "", numerator=found.satisfied,
            denominator=found.visited, rule="F-20", rule_url=rule_url,
        ),
        *(
            Figure(
                label=label, value="—" if value is None else value, note=_("4为最好"), rule="F-20", rule_url=rule_url
            )
            for label, value in (
                (_("质量"), found.quality), (_("效果"), found.effect), (_("满意程度"), found.satisfaction),
            )
        ),
    ]  # fmt: skip


def _department(found: DepartmentVisits) -> Row:
    name = found.name or _("没有责任部门")
    share = f"{round(found.satisfied * 100 / found.visited)} %"
    grade = "" if found.grade is None else found.grade
    return Row(name=name, cells=[name, found.visited, found.satisfied, share, grade])


def _row(row: FollowUp) -> Row:
    happy = row.state == FollowUp.State.SATISFIED
    url = reverse("ui:case", args=[row.case.key])
    return Row(
        name=row.case.number,
        url=url,
        cells=[
            row.visited_at,
            Cell(text=row.case.number, url=url),
            row.place,
            Cell(text=_("满意") if happy else _("不满意"), tone="met" if happy else "late"),
            row.shortcomings,
            row.suggestions,
        ],
    )
