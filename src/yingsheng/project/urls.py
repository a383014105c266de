"""Addresses of the whole program."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yingsheng.api.urls import api_urls, build_api
from yingsheng.processes.complaints import endpoints as complaint_endpoints
from yingsheng.processes.complaints import pages as complaints
from yingsheng.processes.enquiries import endpoints as enquiry_endpoints
from yingsheng.processes.enquiries import pages as enquiries
from yingsheng.processes.followups import endpoints as follow_up_endpoints
from yingsheng.processes.followups import pages as followups

_PAGES = ((enquiries, "enquiries"), (complaints, "complaints"), (followups, "followups"))
_API = build_api(
    routers=[
        ("", complaint_endpoints.router),
        ("/followups", follow_up_endpoints.router),
        ("/contacts", enquiry_endpoints.router),
    ]
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api_urls(api=_API)),
    *(path("", include((module.urlpatterns, name))) for module, name in _PAGES),
    path("", include("yingsheng.ui.urls")),
]

handler400 = "yingsheng.ui.errors.bad_request"
handler403 = "yingsheng.ui.errors.forbidden"
handler404 = "yingsheng.ui.errors.not_found"
handler500 = "yingsheng.ui.errors.server_error"
