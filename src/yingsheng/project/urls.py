"""Addresses of the whole program."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from yingsheng.api.imports import import_router
from yingsheng.api.urls import api_urls, build_api
from yingsheng.ops import pages as imports
from yingsheng.ops.imports import jobs as import_office
from yingsheng.processes.complaints import endpoints as complaint_endpoints
from yingsheng.processes.complaints import pages as complaints
from yingsheng.processes.duty import endpoints as duty_endpoints
from yingsheng.processes.duty import pages as duty
from yingsheng.processes.emergencies import endpoints as emergency_endpoints
from yingsheng.processes.emergencies import pages as emergencies
from yingsheng.processes.enquiries import endpoints as enquiry_endpoints
from yingsheng.processes.enquiries import pages as enquiries
from yingsheng.processes.fees import endpoints as fee_endpoints
from yingsheng.processes.fees import pages as fees
from yingsheng.processes.followups import endpoints as follow_up_endpoints
from yingsheng.processes.followups import pages as followups
from yingsheng.processes.keys import endpoints as key_endpoints
from yingsheng.processes.keys import pages as keys
from yingsheng.processes.knowledge import endpoints as knowledge_endpoints
from yingsheng.processes.knowledge import pages as knowledge
from yingsheng.processes.mail import endpoints as mail_endpoints
from yingsheng.processes.mail import pages as mail
from yingsheng.processes.notices import endpoints as notice_endpoints
from yingsheng.processes.notices import pages as notices
from yingsheng.processes.patrols import endpoints as patrol_endpoints
from yingsheng.processes.patrols import pages as patrols
from yingsheng.processes.phone import endpoints as phone_endpoints
from yingsheng.processes.phone import pages as phone
from yingsheng.processes.prepaid import endpoints as prepaid_endpoints
from yingsheng.processes.prepaid import pages as prepaid
from yingsheng.processes.registers import endpoints as register_endpoints
from yingsheng.processes.registers import pages as registers
from yingsheng.processes.repairs import endpoints as repair_endpoints
from yingsheng.processes.repairs import pages as repairs
from yingsheng.processes.salesdesk import endpoints as sales_endpoints
from yingsheng.processes.salesdesk import pages as salesdesk
from yingsheng.processes.services import endpoints as service_endpoints
from yingsheng.processes.services import pages as services
from yingsheng.processes.turns import endpoints as turn_endpoints
from yingsheng.processes.turns import pages as turns
from yingsheng.processes.visitors import endpoints as visitor_endpoints
from yingsheng.processes.visitors import pages as visitors

_PAGES = (
    (enquiries, "enquiries"),
    (complaints, "complaints"),
    (repairs, "repairs"),
    (followups, "followups"),
    (services, "services"),
    (emergencies, "emergencies"),
    (notices, "notices"),
    (registers, "registers"),
    (duty, "duty"),
    (phone, "phone"),
    (turns, "turns"),
    (knowledge, "knowledge"),
    (patrols, "patrols"),
    (prepaid, "prepaid"),
    (fees, "fees"),
    (visitors, "visitors"),
    (keys, "keys"),
    (mail, "mail"),
    (salesdesk, "salesdesk"),
    (imports, "imports"),
)
_API = build_api(
    routers=[
        ("", complaint_endpoints.router),
        ("/followups", follow_up_endpoints.router),
        ("/services", service_endpoints.router),
        ("/emergencies", emergency_endpoints.router),
        ("/repairs", repair_endpoints.router),
        ("/contacts", enquiry_endpoints.router),
        ("", notice_endpoints.router),
        ("", register_endpoints.router),
        ("/duty", duty_endpoints.router),
        ("/phone", phone_endpoints.router),
        ("", turn_endpoints.router),
        ("", knowledge_endpoints.router),
        ("", patrol_endpoints.router),
        ("", prepaid_endpoints.router),
        ("", fee_endpoints.router),
        ("", visitor_endpoints.router),
        ("", key_endpoints.router),
        ("", mail_endpoints.router),
        ("", sales_endpoints.router),
        ("", import_router(office=import_office)),
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
