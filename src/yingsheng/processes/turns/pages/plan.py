"""The planner on the screen: ask for a proposal, see how good it is and what it could not do, accept it (D-01)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.formspec import Field, FormSpec, Kind
from yingsheng.base.numbering import whole_number
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.rosters.models import Shift
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.rosters.words import own_name
from yingsheng.processes.turns.models import PlanRun
from yingsheng.processes.turns.pages.grid import Put, chosen_month, days_of, month_url, people_lines
from yingsheng.processes.turns.process.forms import spec
from yingsheng.processes.turns.process.words import short_words
from yingsheng.processes.turns.queries import PLAN, find_run, latest_run, special_days
from yingsheng.processes.turns.rules import fairness
from yingsheng.processes.turns.rules.month import Month, Plan, month_from, plan_from
from yingsheng.processes.turns.services.planning import accept_plan, ask_plan
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

ASK: FormSpec = spec("plan_ask", N("自动排班"), N("开始计算"))
ACCEPT: FormSpec = spec(
    "plan_accept", N("采用方案"), N("采用所选"),
    Field(name="first", kind=Kind.DATE, label=N("从哪天"), rules=("D-01",)),
    Field(name="last", kind=Kind.DATE, label=N("到哪天"), rules=("D-01",)),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk(PLAN)
def plan_page(request: DeskRequest) -> HttpResponse:
    """The last proposal for a month; a POST asks for a new one."""
    month = chosen_month(request)
    tried: SpecForm | None = None
    if request.method == "POST":
        tried = build_form(spec=ASK, actor=request.actor)(request.POST)

        def run() -> str:
            ask_plan(actor=request.actor, at=request.now, month=month)
            return month_url("turns:plan", month)

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    return _show(request, month, latest_run(site=request.actor.site, month=month), tried=tried)


@require_http_methods(["POST"])
@desk(PLAN)
def accept(request: DeskRequest, pk: int) -> HttpResponse:
    """Put a proposal down, all of it or that of the ticked people and days."""
    found = find_run(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    form = build_form(spec=ACCEPT, actor=request.actor)(request.POST)
    ticked = [whole_number(text=value) for value in request.POST.getlist("person")]
    people = None if request.POST.get("all") else [one for one in ticked if one is not None]

    def run() -> str:
        accept_plan(
            actor=request.actor, at=request.now, run=found, people=people, first=form.cleaned_data["first"],
            last=form.cleaned_data["last"],
        )  # fmt: skip
        return month_url("turns:plan", found.month, did="accepted")

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, found.month, found, tried=form, ticked=people)


def _show(
    request: DeskRequest, month: date, run: PlanRun | None, *, tried: SpecForm | None = None,
    ticked: list[int] | None = None,
) -> HttpResponse:  # fmt: skip
    is_working = run is not None and run.state in (PlanRun.State.WAITING, PlanRun.State.RUNNING)
    accepted = request.GET.get("did") == "accepted"
    context: dict[str, Any] = {
        "month": month,
        "run": run,
        "is_working": is_working,
        "is_failed": run is not None and run.state == PlanRun.State.FAILED,
        "ask_form": tried if tried is not None and tried.spec is ASK else None,
        "ask_url": month_url("turns:plan", month),
        "month_url": month_url("turns:month", month),
        "empty": Empty(
            text=_("这个月还没有方案。"),
            hint=_("自动排班在几十秒内给出方案：不缺岗、不重班，夜班和周末尽量均匀；手工固定的班不动。"),
            sign="sparkles",
        ),
        "result": Result(text=_("方案已排入，可以再手工调整，然后发布。")) if accepted else None,
    }
    if run is not None and run.state == PlanRun.State.DONE:
        form = tried if tried is not None and tried.spec is ACCEPT else None
        context |= _proposal(request, run, form, ticked)
    return render(request, "turns/plan.html", context, status=status_of(form=tried))


def _proposal(
    request: DeskRequest, run: PlanRun, tried: SpecForm | None, ticked: list[int] | None
) -> dict[str, Any]:
    plan, told = plan_from(run.answer), month_from(run.asked)
    staff = {one.pk: one for one in Staff.objects.filter(pk__in=[one.id for one in told.people])}
    shifts = {one.pk: one for one in Shift.objects.filter(post__site=run.site_id).select_related("post")}
    first, last = month_days(month=run.month)
    today = timezone.localtime(request.now).date()
    days = days_of(
        month=run.month, special=special_days(site=request.actor.site, first=first, last=last), today=today
    )
    fixed = set(told.fixed)
    puts = [
        Put(staff=staff[person], shift=shifts[_shift(slot)], day=_date(slot), fixed=(slot, person) in fixed)
        for slot, person in plan.turns
        if person in staff and _shift(slot) in shifts
    ]
    names = {
        one.id: f"{_date(one.id):%m-%d} {own_name(shifts[_shift(one.id)].post)}{own_name(shifts[_shift(one.id)])}"
        for one in told.slots
        if _shift(one.id) in shifts
    }
    return {
        "plan": plan,
        "figures": _figures(plan),
        "problems": short_words(plan=plan, slots=names, staff=staff),
        "days": days,
        "lines": people_lines(days=days, puts=puts, people=staff.values()),
        "columns": [
            Column(label=_("姓名")),
            Column(label=_("夜班"), kind="number"),
            Column(label=_("周末和节假日"), kind="number"),
            Column(label=_("工时"), kind="number"),
        ],
        "rows": _loads(told, plan, staff),
        "caption": _("每个人分到多少"),
        "ticked": set(staff) if ticked is None else set(ticked),
        "accept_form": tried
        or build_form(spec=ACCEPT, actor=request.actor)(initial={"first": first, "last": last}),
        "accept_pk": run.pk,
    }


def _shift(slot: str) -> int:
    return int(slot.split("@")[0])


def _date(slot: str) -> date:
    return date.fromordinal(int(slot.split("@")[1]))


def _figures(plan: Plan) -> list[Figure]:
    """How good the proposal is: people lacking, fairness against the pencil, distance from the best, time."""
    return [
        Figure(
            label=_("缺人班次"), value=plan.missing, tone="late" if plan.missing else "met",
            word=_("有缺口") if plan.missing else _("都排满"),
            note=_("逐格排法缺%(count)s") % {"count": plan.greedy_missing},
        ),
        Figure(
            label=_("不均匀分"), value=plan.score,
            note=_("越小越公平；逐格排法%(score)s") % {"score": plan.greedy_score},
        ),
        Figure(
            label=_("离最优最多差"), value=f"{plan.gap:.1%}",
            note=_("已证明最优") if plan.status == "optimal" else _("下限%(bound)s") % {"bound": plan.bound},
        ),
        Figure(label=_("用时"), value=f"{plan.seconds:.1f}", unit=_("秒")),
    ]  # fmt: skip


def _loads(told: Month, plan: Plan, staff: dict[int, Staff]) -> list[Row]:
    """What each person gets, beside the share that would be even."""
    found = fairness.loads(month=told, turns=plan.turns)
    share = {measure: fairness.shares(month=told, measure=measure) for measure in fairness.MEASURES}
    scale = {"nights": 1.0, "weekends": 1.0, "hours": fairness.USUAL_MINUTES / 60}
    return [
        Row(
            name=one.name,
            cells=[
                one.name,
                *(
                    _("%(count)s（均分%(share)s）")
                    % {
                        "count": f"{found.carried[measure].get(one.pk, 0) * scale[measure] / fairness.TURN:.0f}",
                        "share": f"{share[measure].get(one.pk, 0) * scale[measure] / fairness.TURN:.1f}",
                    }
                    for measure in fairness.MEASURES
                ),
            ],
        )
        for one in sorted(staff.values(), key=lambda each: (each.name, each.pk))
    ]
