"""投诉 on the screen: worklist, groups, rules tried out, month figures, spot checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yingsheng.processes.complaints.pages import checks, explain, figures, groups
from yingsheng.ui.pages.worklists import process_list


def complaint_list(request: HttpRequest) -> HttpResponse:
    """The worklist of complaints."""
    return process_list(request, code="complaints", permission="complaints.see")


urlpatterns = [
    path("complaints/", complaint_list, name="list"),
    path("complaints/month/", figures.month, name="month"),
    path("complaints/month/export/", figures.month_export, name="month_export"),
    path("complaints/month/sheet/", figures.month_sheet, name="month_sheet"),
    path("complaints/spot-checks/", checks.spot_checks, name="spot_checks"),
    path("complaints/group/<slug:key>/", groups.group, name="group"),
    path("rules/explain/", explain.explain, name="explain"),
]
