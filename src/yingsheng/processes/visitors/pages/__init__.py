"""来访、放行与寄存 on the screen: registers, sheets, the week and the month, the gate on a phone."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.visitors.pages import gate, month, papers, registers, week

app_name = "visitors"
urlpatterns = [
    path("passes/<int:pk>/sheet/", papers.release_pass, name="pass_sheet"),
    path("deposits/<int:pk>/sheet/", papers.receipt, name="receipt_sheet"),
    path("visitor-book/", papers.book, name="book_sheet"),
    path("passes/<int:pk>/files/<slug:key>/", papers.file, name="file"),
    path("pass-week/", week.week, name="week"),
    path("gate-month/", month.month, name="month"),
    path("gate-month/export/", month.month_export, name="month_export"),
    path("work/gate/", gate.home, name="gate"),
    path("work/gate/<slug:verb>/", gate.verb, name="gate_verb"),
    *(url for pages in registers.ALL for url in pages.urls()),
]
