"""投诉 on the screen: worklist, unanswered, groups, rules tried out, months, measures, spot checks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yingsheng.processes.complaints.pages import (
    checks,
    explain,
    figures,
    filings,
    groups,
    house_forms,
    improvements,
    unanswered,
)
from yingsheng.ui.pages.worklists import process_list


def complaint_list(request: HttpRequest) -> HttpResponse:
    """The worklist of complaints."""
    return process_list(request, code="complaints", permission="complaints.see")


urlpatterns = [
    path("complaints/", complaint_list, name="list"),
    path("complaints/unanswered/", unanswered.unanswered, name="unanswered"),
    path("complaints/month/", figures.month, name="month"),
    path("complaints/month/export/", figures.month_export, name="month_export"),
    path("complaints/month/sheet/", figures.month_sheet, name="month_sheet"),
    path("complaints/filings/", filings.filings, name="filings"),
    path("complaints/filings/new/", filings.file_one, name="file_month"),
    path("complaints/filings/<int:pk>/", filings.filing, name="filing"),
    path("complaints/filings/<int:pk>/sheet/", filings.filing_sheet, name="filing_sheet"),
    path("complaints/filings/<int:pk>/export/", filings.filing_export, name="filing_export"),
    path("complaints/improvements/", improvements.improvements, name="improvements"),
    path("complaints/improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path(
        "complaints/improvements/<int:pk>/<slug:code>/",
        improvements.improvement_step,
        name="improvement_step",
    ),
    path("complaints/spot-checks/", checks.spot_checks, name="spot_checks"),
    path("complaints/group/<slug:key>/", groups.group, name="group"),
    path("complaints/<slug:key>/sheets/<slug:code>/", house_forms.house_form, name="sheet"),
    path("complaints/<slug:key>/sheets/<slug:code>.pdf", house_forms.house_form_pdf, name="sheet_pdf"),
    path("rules/explain/", explain.explain, name="explain"),
]
