"""巡访 on the screen: registers, sheets, coverage, standards, and the pages of a phone."""

from __future__ import annotations

from django.urls import path

from yingsheng.processes.patrols.pages import office, papers, phone, registers

app_name = "patrols"
urlpatterns = [
    path("visit-coverage/", office.coverage, name="coverage"),
    path("visit-arrangements/", office.arrange, name="arrange"),
    path("standards/", office.standards, name="standards"),
    path("patrol-files/<slug:kind>/<int:pk>/<slug:key>/", papers.file, name="file"),
    path("patrol-routes/<int:pk>/posters/", papers.posters, name="posters"),
    path("patrol-reports/<int:pk>/sheet/", papers.report, name="report_sheet"),
    path("household-visits/<int:pk>/sheet/", papers.visit, name="visit_sheet"),
    path("household-visits/day/", papers.day_round, name="round_sheet"),
    path("work-diary/day/", papers.diary, name="diary_sheet"),
    path("work/patrols/", phone.home, name="phone"),
    path("work/patrols/routes/<int:pk>/", phone.route, name="phone_route"),
    path("work/patrols/routes/<int:pk>/<slug:verb>/", phone.route_verb, name="phone_route_verb"),
    path("work/patrols/points/<slug:key>/", phone.point, name="phone_point"),
    path("work/patrols/homes/<int:pk>/", phone.house, name="phone_home"),
    path("work/patrols/homes/<int:pk>/<slug:verb>/", phone.house_verb, name="phone_home_verb"),
    *(url for pages in registers.ALL for url in pages.urls()),
]
