"""突发事件 on the screen: the board with running minutes, callers, drills, the figures of a month."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.emergencies.pages import board, drills, figures

app_name = "emergencies"

urlpatterns = [
    path("emergencies/", board.board_page, name="list"),
    path("emergencies/month/", figures.month, name="month"),
    path("emergencies/month/export/", figures.month_export, name="month_export"),
    path("emergencies/drills/", drills.drill_list, name="drills"),
    path("emergencies/drills/<slug:code>/", drills.drill, name="drill"),
    path("emergencies/drills/<slug:code>/sheet/", drills.drill_sheet, name="drill_sheet"),
    path("emergencies/<slug:key>/callers/", board.join, name="join"),
]
