"""Addresses of the whole program."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yingsheng.processes.complaints import pages as complaints
from yingsheng.processes.enquiries import pages as enquiries
from yingsheng.processes.followups import pages as followups

_PAGES = ((enquiries, "enquiries"), (complaints, "complaints"), (followups, "followups"))

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include((module.urlpatterns, name))) for module, name in _PAGES),
    path("", include("yingsheng.ui.urls")),
]

handler400 = "yingsheng.ui.errors.bad_request"
handler403 = "yingsheng.ui.errors.forbidden"
handler404 = "yingsheng.ui.errors.not_found"
handler500 = "yingsheng.ui.errors.server_error"

