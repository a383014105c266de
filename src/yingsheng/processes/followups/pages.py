"""回访: the worklist of visits owed, recording a visit, and the rates so far."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import FormSpec
from yingsheng.base.process import processes
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.process import ARRANGE, EXEMPT, VISIT
from yingsheng.processes.followups.queries import (
    OWED,
    contentment,
    find_follow_up,
    list_owed,
    rates_by_matter,
    rates_by_rank,
)
from yingsheng.processes.followups.services import arrange_visit, exempt_visit, record_visit
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words
from yingsheng.ui.parts import Cell, Column, Empty, Fact, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

app_name = "followups"
LINES = 100
SPECS: dict[str, tuple[FormSpec, str]] = {
    "arrange": (ARRANGE, "followups.arrange"),
    "visit": (VISIT, "followups.visit"),
    "exempt": (EXEMPT, "followups.arrange"),
}


def month_start(*, now: datetime) -> datetime:
    """The first moment of the local month."""
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@require_GET
@desk("followups.see")
def follow_ups(request: DeskRequest) -> HttpResponse:
    """Visits owed, earliest first, with the rates of this month and what is still needed."""
    owed = list(list_owed(actor=request.actor)[:LINES])
    rows = [
        Row(
            name=row.case.number,
            url=reverse("followups:visit", args=[row.pk]),
            cells=[
                Cell(
                    text=_("已超时") if row.due_at < request.now else _("待回访"),
                    tone="late" if row.due_at < request.now else "soon",
                ),
                row.due_at,
                Cell(text=row.case.number, url=reverse("ui:case", args=[row.case.key])),
                row.case.title,
                row.case.room.label if row.case.room else row.case.caller_name,
                row.appointment_at,
                row.assigned.name if row.assigned else "",
                _("两位负责人同访") if row.heads_needed else "",
            ],
        )
        for row in owed
    ]
    context = {
        "columns": [
            Column(label=_("状态")),
            Column(label=_("应在此前"), kind="moment"),
            Column(label=_("事项"), kind="code"),
            Column(label=_("事由"), kind="long"),
            Column(label=_("房号")),
            Column(label=_("约定时间"), kind="moment"),
            Column(label=_("谁去")),
            Column(label=_("要求")),
        ],
        "rows": rows,
        "caption": _("回访"),
        "figures": _figures(request) if request.actor.may("followups.quota") else [],
        "empty": Empty(text=_("没有待回访的事项。"), sign="circle-check"),
    }
    return render(request, "followups/list.html", context)


def _figures(request: DeskRequest) -> list[Figure]:
    site, start = request.actor.site, month_start(now=request.now)
    end = request.now + timedelta(seconds=1)
    names = {"CS_SUP": _("客服主管"), "DEPT_MGR": _("物业部经理"), "SITE_HEAD": _("管理处主任")}
    figures = []
    for matter, rate in rates_by_matter(site=site, start=start, end=end).items():
        title = _(processes.get(matter).title) if matter in processes else matter
        figures.append(_rate_figure(label=_("%(matter)s回访率") % {"matter": title}, rate=rate, rule="F-07"))
    for role, rate in rates_by_rank(site=site, start=start, end=end).items():
        figures.append(
            _rate_figure(label=_("%(rank)s走访率") % {"rank": names.get(role, role)}, rate=rate, rule="F-12")
        )
    content = contentment(site=site, start=start, end=end)
    figures.append(
        Figure(
            label=_("回访满意"),
            value=round(content.satisfied * 100 / content.visited) if content.visited else "—",
            unit="%" if content.visited else "",
            numerator=content.satisfied,
            denominator=content.visited,
            rule="F-09",
            rule_url=reverse("ui:rule", args=["F-09"]),
        )
    )
    return figures


def _rate_figure(*, label: str, rate: Any, rule: str) -> Figure:
    return Figure(
        label=label,
        value=round(rate.percent) if rate.percent is not None else "—",
        unit="%" if rate.percent is not None else "",
        target=rate.target,
        numerator=rate.done,
        denominator=rate.base,
        tone="met" if rate.reached else "soon",
        word=_("已达标") if rate.reached else _("还需%(count)s件") % {"count": rate.still_needed},
        rule=rule,
        rule_url=reverse("ui:rule", args=[rule]),
    )


def _get(request: DeskRequest, pk: int) -> FollowUp:
    found = find_follow_up(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    return found


@require_GET
@desk("followups.see")
def visit(request: DeskRequest, pk: int) -> HttpResponse:
    """One visit: what is owed, and the forms to arrange, record or exempt it."""
    return _show(request, _get(request, pk))


@require_http_methods(["POST"])
@desk("followups.see")
def visit_step(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Arrange, record or exempt."""
    if code not in SPECS:
        raise Http404
    spec, permission = SPECS[code]
    demand(actor=request.actor, permission=permission)
    follow_up = _get(request, pk)
    form = build_form(spec=spec, actor=request.actor)(request.POST, request.FILES, prefix=code)
    seen = request.POST.get("seen", "")

    def run() -> str:
        _do(request, follow_up, code, form, int(seen) if seen.isdigit() else None)
        return f"{reverse('followups:visit', args=[pk])}?did={code}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, _get(request, pk), tried=(code, form))


def _do(request: DeskRequest, follow_up: FollowUp, code: str, form: SpecForm, seen: int | None) -> None:
    values = dict(form.cleaned_data)
    common: dict[str, Any] = {
        "follow_up": follow_up,
        "by": request.actor.staff,
        "at": request.now,
        "seen": seen,
    }
    if code == "arrange":
        arrange_visit(**common, **values)
    elif code == "exempt":
        exempt_visit(**common, **values)
    else:
        visitors = [one for one in (values.pop("visitor_one"), values.pop("visitor_two")) if one is not None]
        for name in ("quality", "effect", "satisfaction"):
            values[name] = int(values[name])
        record_visit(**common, visitors=visitors, **{**values, "satisfied": values["satisfied"] == "yes"})


def _show(
    request: DeskRequest, follow_up: FollowUp, tried: tuple[str, SpecForm] | None = None
) -> HttpResponse:
    panels = []
    if follow_up.state in OWED:
        for code, (spec, permission) in SPECS.items():
            if not request.actor.may(permission):
                continue
            form = (
                tried[1]
                if tried and tried[0] == code
                else build_form(spec=spec, actor=request.actor)(
                    prefix=code,
                    initial={
                        "visitor_one": request.actor.staff.pk,
                        "assigned": request.actor.staff.pk,
                        "mode": "visit",
                    },
                )
            )
            panels.append(
                {
                    "code": code,
                    "form": form,
                    "verb": _(spec.verb),
                    "label": _(spec.title),
                    "url": reverse("followups:visit_step", args=[follow_up.pk, code]),
                    "hidden": (("seen", follow_up.version),),
                    "form_id": f"{code}-{follow_up.pk}",
                    "open": (tried[0] == code) if tried else code == "visit",
                }
            )
    did = request.GET.get("did", "")
    spec_done = SPECS.get(did)
    context = {
        "follow_up": follow_up,
        "case": follow_up.case,
        "facts": _facts(follow_up),
        "panels": panels,
        "running": [
            (row, milestone_words(code=row.milestone)) for row in list_obligations(subject=follow_up)
        ],
        "now": request.now,
        "result": Result(
            text=_("已办：%(step)s") % {"step": _(spec_done[0].title)},
            number=follow_up.case.number,
            url=reverse("ui:case", args=[follow_up.case.key]),
        )
        if spec_done
        else None,
    }
    return render(
        request, "followups/visit.html", context, status=status_of(form=tried[1] if tried else None)
    )


def _facts(follow_up: FollowUp) -> list[Fact]:
    case = follow_up.case
    facts = [
        Fact(label=_("房号"), value=case.room.label if case.room else case.caller_name),
        Fact(label=_("处理结果"), value=getattr(getattr(case, "complaint", None), "result", ""), wide=True),
        Fact(label=_("办结时间"), value=follow_up.handled_at, number=True),
        Fact(label=_("第几次"), value=follow_up.round),
        Fact(label=_("状态"), value=_(follow_up.get_state_display())),
    ]
    if follow_up.appointment_at:
        facts.append(Fact(label=_("约定时间"), value=follow_up.appointment_at, number=True))
    if follow_up.visited_at:
        names = "、".join(visit.staff.name for visit in follow_up.visits.select_related("staff"))
        facts += [
            Fact(label=_("回访人"), value=names),
            Fact(
                label=_("评价"),
                value=f"{follow_up.quality} / {follow_up.effect} / {follow_up.satisfaction}",
                note=_("质量 / 效果 / 满意，4为最好"),
            ),
            Fact(label=_("缺点与不足"), value=follow_up.shortcomings, wide=True),
            Fact(label=_("业主建议"), value=follow_up.suggestions, wide=True),
            Fact(label=_("小结"), value=follow_up.summary, wide=True),
            Fact(label=_("签名人"), value=follow_up.signed_by),
        ]
    if follow_up.exempt_reason:
        facts.append(Fact(label=_("免访原因"), value=follow_up.exempt_reason, wide=True))
    return [fact for fact in facts if fact.value != ""]


urlpatterns = [
    path("followups/", follow_ups, name="list"),
    path("followups/<int:pk>/", visit, name="visit"),
    path("followups/<int:pk>/<slug:code>/", visit_step, name="visit_step"),
]
