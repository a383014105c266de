"""Addresses of the pages that serve every process."""

from __future__ import annotations

from django.urls import path

from yingsheng.ui import login
from yingsheng.ui.pages import cases, households, inbox, rules, settings, sheets, today

app_name = "ui"
urlpatterns = [
    path("", today.today, name="today"),
    path("login/", login.log_in, name="login"),
    path("login/token/", login.token, name="token"),
    path("logout/", login.log_out, name="logout"),
    path("account/", login.account, name="account"),
    path("preferences/", login.preferences, name="preferences"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("search/", inbox.search, name="search"),
    path("cases/<slug:key>/", cases.case_page, name="case"),
    path("cases/<slug:key>/steps/<slug:code>/", cases.case_step, name="case_step"),
    path("cases/<slug:key>/sheets/<slug:code>/", sheets.sheet, name="sheet"),
    path("cases/<slug:key>/sheets/<slug:code>.pdf", sheets.sheet_pdf, name="sheet_pdf"),
    path("files/<slug:key>/", sheets.file, name="file"),
    path("households/", households.households, name="households"),
    path("households/<int:pk>/", households.household, name="household"),
    path("rules/", rules.rules, name="rules"),
    path("rules/adopt/", rules.adopt, name="adopt"),
    path("rules/<str:rule_id>/", rules.rule, name="rule"),
    path("settings/", settings.settings, name="settings"),
]
