"""Around the reception desk: its duties, its greeting, who receives, and the day told to the superiors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.process import processes
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.models import Filing
from yingsheng.processes.enquiries.pages.caller import CALLER, GOING_ALONG
from yingsheng.processes.enquiries.process import DAY_REPORT, OFFICER
from yingsheng.processes.enquiries.queries import desk_day, reception_officer
from yingsheng.processes.enquiries.services.passing import appoint_officer
from yingsheng.processes.enquiries.services.reporting import DAY, report_day
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Empty, Figure, Link, Result
from yingsheng.ui.submit import status_of, take_form

LAST_DAYS = 14


def duties_of(request: DeskRequest) -> list[str] | None:
    """The front desk's duties as the site adopted them; None where the regulation names none: all are its (B-01)."""
    found = figure(path="B-01.duties", site=request.actor.site, at=request.now)
    return None if found is None else [one.strip() for one in str(found).split(",")]


def starts(request: DeskRequest, *, asked: Callable[[DeskRequest, str], str]) -> list[dict[str, Any]]:
    """What can be started at the desk: every process that takes matters in and carries one of its duties (B-01)."""
    keep: dict[str, str | int] = {
        name: asked(request, name)
        for name in ("household", "person", *CALLER, *GOING_ALONG)
        if asked(request, name)
    }
    if "household" not in keep:
        keep["stranger"] = 1
    tail = urlencode(keep)
    duties = duties_of(request)
    return [
        {
            "label": _(process.title),
            "url": f"?start={process.code}&{tail}",
            "key": process.hotkey,
            "code": process.code,
            "urgent": process.urgent,
        }
        for process in processes
        if process.intake is not None
        and request.actor.may(process.intake_permission)
        and (process.urgent or duties is None or any(duty.code in duties for duty in process.desk_duties))
    ]


def desk_words(request: DeskRequest) -> dict[str, Any]:
    """What stands on the desk whoever calls: greeting (B-14), inside line (B-11), who receives (B-05), duties."""
    site = request.actor.site
    greeting = figure(path="B-14.greeting", site=site, at=request.now)
    duties = duties_of(request)
    links = [
        Link(label=_(duty.label), url=reverse(duty.url_name))
        for process in processes
        for duty in process.desk_duties
        if (duties is None or duty.code in duties) and request.actor.may(duty.permission)
    ]
    named = reception_officer(site=site)
    return {
        "greeting": f"{greeting}" if greeting else "",
        "inside_line": site.service_hotline,
        "officer": named.staff.name if named is not None else "",
        "may_appoint": request.actor.may("enquiries.appoint"),
        "duties": links,
    }


@require_http_methods(["GET", "POST"])
@desk("enquiries.appoint")
def officer(request: DeskRequest) -> HttpResponse:
    """Who receives at this site, named by the post that the rule says (B-05)."""
    form = build_form(spec=OFFICER, actor=request.actor)(request.POST if request.method == "POST" else None)
    if request.method == "POST":

        def run() -> str:
            appoint_officer(actor=request.actor, at=request.now, **form.cleaned_data)
            return f"{reverse('enquiries:officer')}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    context = {
        "form": form,
        "verb": _(OFFICER.verb),
        "named": reception_officer(site=request.actor.site),
        "result": Result(text=_("已指定")) if request.GET.get("did") else None,
    }
    tried = form if request.method == "POST" else None
    return render(request, "enquiries/officer.html", context, status=status_of(form=tried))


@require_http_methods(["GET", "POST"])
@desk("enquiries.report")
def day(request: DeskRequest) -> HttpResponse:
    """前台日报: today's numbers, the report upwards, and the days before (B-13, B-15)."""
    tried: SpecForm | None = None
    if request.method == "POST":
        tried = build_form(spec=DAY_REPORT, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            report_day(actor=request.actor, at=request.now, **form.cleaned_data)
            return f"{reverse('enquiries:day')}?did=1"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    today = timezone.localtime(request.now).date()
    reported = list(
        Filing.objects.filter(period__site=request.actor.site, period__code=DAY)
        .select_related("by", "period")
        .order_by("-at", "-pk")[:LAST_DAYS]
    )
    content = desk_day(site=request.actor.site, day=today).content()
    context = {
        "today": today,
        "figures": _figures(content),
        "major": content["major"],
        "reported": reported,
        "reported_today": next((one for one in reported if one.period.first == today), None),
        "form": tried or build_form(spec=DAY_REPORT, actor=request.actor)(),
        "verb": _(DAY_REPORT.verb),
        "empty": Empty(text=_("还没有上报过。")),
        "result": Result(text=_("已上报")) if request.GET.get("did") else None,
    }
    return render(request, "enquiries/day.html", context, status=status_of(form=tried))


def _figures(content: dict[str, Any]) -> list[Figure]:
    rows = (
        (_("来电来访"), content["contacts"], _("次"), "B-04"),
        (_("当场答复"), content["first_contact"], _("次"), "B-02"),
        (_("新投诉"), content["complaints"], _("件"), "B-13"),
        (_("新咨询建议"), content["enquiries"], _("件"), "B-13"),
        (_("待答复的咨询建议"), content["unanswered"], _("件"), "B-02"),
        (_("重大"), len(content["major"]), _("件"), "B-15"),
    )
    return [
        Figure(label=label, value=value, unit=unit, rule=rule, rule_url=reverse("ui:rule", args=[rule]))
        for label, value, unit, rule in rows
    ]
