"""费用代收与钱箱 on the screen: registers, sheets, the month."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.fees.pages import month, papers, registers

app_name = "fees"
urlpatterns = [
    path("fees/month/", month.month, name="month"),
    path("fees/month/export/", month.month_export, name="month_export"),
    path("fee-receipts/<int:pk>/sheet/", papers.receipt, name="receipt_sheet"),
    path("cashier-handovers/<int:pk>/sheet/", papers.handover, name="handover_sheet"),
    *registers.URLS,
]
