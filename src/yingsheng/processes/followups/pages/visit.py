"""One visit: what is owed, the words to say, and the forms to arrange, record or exempt it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.formspec import FormSpec
from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.pages.worklist import RANKS, matter_words
from yingsheng.processes.followups.process.forms import ARRANGE, EXEMPT, VISIT
from yingsheng.processes.followups.process.sheets import sheets_for
from yingsheng.processes.followups.queries import OWED, done_words, find_follow_up
from yingsheng.processes.followups.services import (
    arrange_visit,
    exempt_visit,
    phone_needs_reason,
    record_visit,
)
from yingsheng.ui.callers import caller_facts, home_fact
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import PDF, Paper, show_paper
from yingsheng.ui.pages.words import milestone_words
from yingsheng.ui.parts import Fact, Result
from yingsheng.ui.submit import status_of, take_form
from yingsheng.ui.tips import tips_for

SPECS: dict[str, tuple[FormSpec, str]] = {
    "arrange": (ARRANGE, "followups.arrange"),
    "visit": (VISIT, "followups.visit"),
    "exempt": (EXEMPT, "followups.arrange"),
}


def _spec(request: DeskRequest, follow_up: FollowUp, code: str) -> FormSpec:
    """The form as the adopted regulation asks it (F-10)."""
    spec = SPECS[code][0]
    if code == "visit" and not phone_needs_reason(follow_up=follow_up, at=request.now):
        return spec.without({"no_visit_reason"})
    return spec


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
    demand(actor=request.actor, permission=SPECS[code][1])
    follow_up = _get(request, pk)
    form = build_form(spec=_spec(request, follow_up, code), actor=request.actor)(
        request.POST, request.FILES, prefix=code
    )
    seen = request.POST.get("seen", "")

    def run() -> str:
        _do(request, follow_up, code, form, whole_number(text=seen))
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
    preferred = figure(path="F-10.preferred_mode", site=request.actor.site, at=request.now) or "visit"
    if follow_up.state in OWED:
        for code, (spec, permission) in SPECS.items():
            if not request.actor.may(permission):
                continue
            form = (
                tried[1]
                if tried and tried[0] == code
                else build_form(spec=_spec(request, follow_up, code), actor=request.actor)(
                    prefix=code,
                    initial={
                        "visitor_one": request.actor.staff.pk,
                        "assigned": request.actor.staff.pk,
                        "mode": preferred,
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
        "facts": [*_homes(request, follow_up), *_facts(follow_up)],
        "tips": tips_for(process="followups", about=follow_up.matter) if follow_up.state in OWED else [],
        "matter": matter_words(matter=follow_up.matter, part=follow_up.part),
        "key_customer": follow_up.home is not None and follow_up.home.is_key_customer,
        "panels": panels,
        "running": [
            (row, milestone_words(code=row.milestone)) for row in list_obligations(subject=follow_up)
        ],
        "sheets": [(_(sheet.title), sheet) for sheet in sheets_for(matter=follow_up.matter)],
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


def _homes(request: DeskRequest, follow_up: FollowUp) -> list[Fact]:
    """Who is visited: the home that was listed, else whoever raised the matter."""
    if follow_up.household is not None:
        return [home_fact(actor=request.actor, household=follow_up.household)]
    return caller_facts(actor=request.actor, case=follow_up.case)


def _grades(follow_up: FollowUp) -> str:
    """The three grades; none for a head's own visit, which asks for contentment alone (F-24)."""
    if follow_up.quality is None:
        return ""
    return f"{follow_up.quality} / {follow_up.effect} / {follow_up.satisfaction}"


def _facts(follow_up: FollowUp) -> list[Fact]:
    facts = [
        Fact(label=_("处理结果"), value=done_words(follow_up=follow_up), wide=True),
        Fact(label=_("办结时间"), value=follow_up.handled_at, number=True),
        Fact(label=_("第几次"), value=follow_up.round),
        Fact(label=_("状态"), value=_(follow_up.get_state_display())),
    ]
    if follow_up.planned_day:
        ranks = "、".join(_(RANKS.get(role, role)) for role in follow_up.planned_roles)
        facts.append(
            Fact(label=_("计划日"), value=follow_up.planned_day.isoformat(), note=ranks, number=True)
        )
    if follow_up.appointment_at:
        facts.append(Fact(label=_("约定时间"), value=follow_up.appointment_at, number=True))
    if follow_up.visited_at:
        names = "、".join(visit.staff.name for visit in follow_up.visits.select_related("staff"))
        facts += [
            Fact(label=_("回访人"), value=names),
            Fact(label=_("没有上门的原因"), value=follow_up.no_visit_reason, wide=True),
            Fact(label=_("评价"), value=_grades(follow_up), note=_("质量 / 效果 / 满意，4为最好")),
            Fact(label=_("缺点与不足"), value=follow_up.shortcomings, wide=True),
            Fact(label=_("业主建议"), value=follow_up.suggestions, wide=True),
            Fact(label=_("小结"), value=follow_up.summary, wide=True),
            Fact(label=_("签名人"), value=follow_up.signed_by),
        ]
    if follow_up.exempt_reason:
        facts.append(Fact(label=_("免访原因"), value=follow_up.exempt_reason, wide=True))
    return [fact for fact in facts if fact.value != ""]


def _visit_paper(request: DeskRequest, pk: int, code: str) -> Paper:
    follow_up = _get(request, pk)
    declared = next((one for one in sheets_for(matter=follow_up.matter) if one.code == code), None)
    if declared is None:
        raise Http404
    return Paper(
        declared=declared,
        case=follow_up.case,
        subject=follow_up,
        mark=f"{code}:{pk}",
        page_url=reverse("followups:sheet", args=[pk, code]),
        pdf_url=reverse("followups:sheet_pdf", args=[pk, code]),
    )


@require_http_methods(["GET", "POST"])
@desk("followups.see")
def visit_sheet(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """回访记录 FM-28 or 业户访问记录 FM-18 of one visit, filled in or for the pen."""
    return show_paper(request, paper=_visit_paper(request, pk, code))


@require_http_methods(["GET", "POST"])
@desk("followups.see")
def visit_sheet_pdf(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """The same as PDF."""
    return show_paper(request, paper=_visit_paper(request, pk, code), medium=PDF)
