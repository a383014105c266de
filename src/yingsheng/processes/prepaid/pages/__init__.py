"""代购电气与代办 on the screen: registers, sheets, the month."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.prepaid.pages import month, papers, registers

app_name = "prepaid"
urlpatterns = [
    path("prepaid/month/", month.month, name="month"),
    path("prepaid/month/export/", month.month_export, name="month_export"),
    path("prepaid/month/register/<slug:kind>/", papers.register, name="register_sheet"),
    path("prepaid-orders/<int:pk>/slip/", papers.custody, name="custody_sheet"),
    path("prepaid-batches/<int:pk>/sheet/", papers.handover, name="handover_sheet"),
    *registers.URLS,
]
