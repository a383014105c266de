"""放行条对账: a week of passes, the slips of the gate against them, a word for each that needs one (V-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.formspec import Field, Fieldset, FormSpec, Kind
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.timers.periods import period_name
from yingsheng.processes.visitors.models import Pass
from yingsheng.processes.visitors.process.asides import short_list
from yingsheng.processes.visitors.process.books import TONES, second_use_words
from yingsheng.processes.visitors.process.forms import SLIPS, WEEK_NOTE, WEEK_REASON
from yingsheng.processes.visitors.queries.passes import local_day
from yingsheng.processes.visitors.queries.weeks import Week, list_weeks, monday_of, week_of
from yingsheng.processes.visitors.services.weeks import reconcile_week
from yingsheng.processes.visitors.services.writing import REPORT
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

WHY = "why_"


def week_form(*, week: Week) -> FormSpec:
    """The form of a week: the slips, and a line for every pass that needs a word."""
    lines = tuple(
        Field(
            name=f"{WHY}{row.pk}", kind=Kind.LINE, max_length=200, rules=("V-02",),
            label=f"{row.number} {row.household.room.label}",
        )
        for row in week.rows
        if row.pk in week.to_explain
    )  # fmt: skip
    groups = [Fieldset(legend="", fields=(SLIPS, WEEK_NOTE, WEEK_REASON))]
    if lines:
        groups.append(Fieldset(legend=N("逐张写明原因"), fields=lines))
    return FormSpec(name="pass_week", title=N("对账上报"), verb=N("对账无误，上报"), fieldsets=tuple(groups))


def _asked_monday(request: DeskRequest) -> date:
    """The Monday of the week asked for; of the last whole week where none is."""
    try:
        asked = parse_date(request.GET.get("first", ""))
    except ValueError:
        asked = None
    if asked is None or not 2000 <= asked.year < 2100:
        asked = local_day(at=request.now) - timedelta(days=7)
    return monday_of(asked)


@require_http_methods(["GET", "POST"])
@desk(REPORT)
def week(request: DeskRequest) -> HttpResponse:
    """A week; sent in, it is reconciled as it stands now."""
    first = _asked_monday(request)
    found = week_of(actor=request.actor, first=first)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=week_form(week=found), actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            told = values.cleaned_data
            words = {int(name[len(WHY) :]): text for name, text in told.items() if name.startswith(WHY)}
            reconcile_week(
                actor=request.actor, at=request.now, first=first, slips=told["slips"], words=words,
                note=told["note"], reason=told["correction"],
            )  # fmt: skip
            return f"{reverse('visitors:week')}?first={first}&did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, found, tried=form)


def _show(request: DeskRequest, found: Week, *, tried: SpecForm | None) -> HttpResponse:
    spec = week_form(week=found)
    context: dict[str, Any] = {
        "week": found,
        "before": f"?first={found.first - timedelta(days=7)}",
        "after": f"?first={found.first + timedelta(days=7)}",
        "figures": _figures(found),
        "columns": [
            Column(label=_("编号"), kind="code"), Column(label=_("房号")), Column(label=_("物品"), kind="long"),
            Column(label=_("状态"), kind="chip"), Column(label=_("有效到"), kind="moment"),
            Column(label=_("核验时间"), kind="moment"), Column(label=_("要说明的"), kind="long"),
        ],
        "rows": [_row(row, found) for row in found.rows],
        "caption": _("这一周的放行条"),
        "empty": Empty(text=_("这一周没有开出放行条。")),
        "filings": [(one, period_name(period=one.period)) for one in list_weeks(site=request.actor.site)],
        "form": tried or build_form(spec=spec, actor=request.actor)(),
        "verb": _(spec.verb),
        "form_action": f"{reverse('visitors:week')}?first={found.first}",
        "now": request.now,
        "result": Result(text=_("这一周已对账上报")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "visitors/week.html", context, status=status_of(form=tried))


def _figures(found: Week) -> list[Figure]:
    link, count = reverse("ui:rule", args=["V-02"]), found.count
    told = (
        (_("开出"), count.issued), (_("放行"), count.released), (_("未放行"), count.not_released),
        (_("过期未用"), count.expired), (_("撤销"), count.revoked), (_("换新条"), count.replaced),
        (_("还没用"), count.open), (_("不能用了又放行"), count.second_uses),
    )  # fmt: skip
    return [
        Figure(label=label, value=value, unit=_("张"), rule="V-02", rule_url=link) for label, value in told
    ]


def _row(row: Pass, found: Week) -> Row:
    url = reverse("visitors:passes_one", args=[row.pk])
    why = ""
    if row.pk in found.to_explain:
        why = second_use_words(row) or _("要写明原因")
    return Row(
        url=url,
        name=row.number,
        cells=[
            Cell(text=row.number, url=url),
            row.household.room.label,
            short_list(row),
            Cell(text=_(Pass.State(row.state).label), tone=TONES[row.state]),  # type: ignore[arg-type]
            row.valid_until,
            row.gate_at,
            why,
        ],
    )
