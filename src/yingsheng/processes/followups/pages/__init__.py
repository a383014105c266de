"""回访 on the screen: the worklist, one visit, the plan of the month, ordered calls, the analysis."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yingsheng.processes.followups.pages import analysis, orders, plan, visit, worklist
from yingsheng.processes.followups.pages.visit import SPECS
from yingsheng.ui.pages.worklists import process_list

__all__ = ["SPECS", "urlpatterns"]

app_name = "followups"


def matters(request: HttpRequest) -> HttpResponse:
    """The matters that are visited and have no process of their own, open and closed."""
    return process_list(request, code="followups", permission="followups.see")


urlpatterns = [
    path("followups/", worklist.follow_ups, name="list"),
    path("followups/matters/", matters, name="matters"),
    path("followups/plan/", plan.plan, name="plan"),
    path("followups/orders/", orders.orders, name="orders"),
    path("followups/orders/<int:pk>/", orders.order, name="order"),
    path("followups/analysis/", analysis.analysis, name="analysis"),
    path("followups/<int:pk>/", visit.visit, name="visit"),
    path("followups/<int:pk>/<slug:code>/", visit.visit_step, name="visit_step"),
    path("followups/<int:pk>/sheets/<slug:code>/", visit.visit_sheet, name="sheet"),
    path("followups/<int:pk>/sheets/<slug:code>.pdf", visit.visit_sheet_pdf, name="sheet_pdf"),
]
