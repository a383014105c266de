"""接待 on the screen: the reception desk, the register of contacts, the worklist of enquiries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from yingsheng.processes.enquiries.pages import desk, kinds, ready, reception, register, tidy
from yingsheng.ui.pages.worklists import process_list

app_name = "enquiries"


def enquiry_list(request: HttpRequest) -> HttpResponse:
    """Enquiries, suggestions, calls for help and praise that wait, and those answered; narrowed to one kind."""
    return process_list(request, code="enquiries", permission="enquiries.see")


urlpatterns = [
    path("reception/", reception.reception, name="reception"),
    path("reception/day/", desk.day, name="day"),
    path("reception/officer/", desk.officer, name="officer"),
    path("reception/tidy/", tidy.tidy, name="tidy"),
    path("reception/ready/", ready.ready, name="ready"),
    path("reception/ready/<int:pk>/", ready.take_answer, name="take_answer"),
    path("reception/<slug:code>/", reception.start, name="start"),
    path("contacts/", register.contacts, name="contacts"),
    path("contacts/sheet/", register.register_sheet, name="register_sheet"),
    path("enquiries/", enquiry_list, name="list"),
    path("enquiries/month/", kinds.month, name="month"),
]
