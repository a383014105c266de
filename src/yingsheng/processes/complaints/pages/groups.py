"""Complaints that look like one matter: merge the chosen ones under one parent."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.queries import find_case, visible_cases
from yingsheng.kernel.forms.build import words_of
from yingsheng.processes.complaints.services.grouping import merge_group, suspected_group
from yingsheng.ui.desk import DeskRequest, desk


@require_http_methods(["GET", "POST"])
@desk("complaints.group")
def group(request: DeskRequest, key: str) -> HttpResponse:
    """Complaints that look like one matter: merge the chosen ones under one parent."""
    case = find_case(actor=request.actor, key=key)
    if case is None or case.process != "complaints":
        raise Http404
    ids = suspected_group(case=case, at=request.now)
    near = visible_cases(actor=request.actor).filter(
        process="complaints",
        closed_at__isnull=True,
        group__isnull=True,
        category=case.category,
        complaint__is_group=False,
    )
    candidates = list(near.select_related("room").order_by("-received_at")[:60])
    refusal = ""
    if request.method == "POST":
        chosen = [one for one in candidates if one.key in request.POST.getlist("chosen")]
        try:
            parent = merge_group(
                cases=chosen, title=request.POST.get("title", ""), by=request.actor.staff, at=request.now
            )
        except Refused as error:
            refusal = words_of(error)
        else:
            return HttpResponseRedirect(reverse("ui:case", args=[parent.key]), status=303)
    picked = set(request.POST.getlist("chosen")) or {one.key for one in candidates if one.pk in ids} | {
        case.key
    }
    context = {
        "case": case, "candidates": [(one, one.key in picked) for one in candidates], "refusal": refusal,
        "suspected": len(ids), "title": request.POST.get("title", case.title),
    }  # fmt: skip
    return render(request, "complaints/group.html", context, status=422 if refusal else 200)
