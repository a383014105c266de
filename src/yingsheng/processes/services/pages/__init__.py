"""特约服务 on the screen: worklist, price list, the month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yingsheng.processes.services.pages import month, prices
from yingsheng.ui.pages.worklists import process_list

app_name = "services"


def service_list(request: HttpRequest) -> HttpResponse:
    """The worklist of special services."""
    return process_list(request, code="services", permission="services.see")


urlpatterns = [
    path("services/", service_list, name="list"),
    path("services/prices/", prices.prices, name="prices"),
    path("services/month/", month.month, name="month"),
    path("services/month/export/", month.month_export, name="month_export"),
    path("services/month/sheet/", month.month_sheet, name="month_sheet"),
    path("services/month/register/", month.register_sheet, name="register_sheet"),
]
