"""通知 on the screen: the register, one notice, and its poster."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.processes.notices.models import Notice
from yingsheng.processes.notices.process import BOOK, KINDS, time_words, where_words
from yingsheng.processes.notices.queries import count_poster_prints, find_notice
from yingsheng.processes.notices.services import record_poster_print
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import pdf_response
from yingsheng.ui.parts import Link, Sheet
from yingsheng.ui.records import RecordPages

app_name = "notices"


def _starts(_request: DeskRequest) -> dict[str, Any]:
    """The kinds whose words a new notice may begin with."""
    links = [
        Link(label=_(label), url=f"{reverse('notices:bulletins_new', args=[code])}#new")
        for code, label in KINDS
    ]
    return {"starts": links}


def _links(_request: DeskRequest, notice: Notice) -> dict[str, Any]:
    """The poster, once there is something to put up."""
    if notice.state != Notice.State.PUBLISHED:
        return {}
    return {"links": [Link(label=_("海报"), url=reverse("notices:poster", args=[notice.pk]))]}


@require_http_methods(["GET", "POST"])
@desk("notices.see")
def poster(request: DeskRequest, pk: int) -> HttpResponse:
    """The notice in large letters for the notice boards (A4); a POST prints it and is counted."""
    notice = find_notice(actor=request.actor, pk=pk)
    if notice is None:
        raise Http404
    count = None
    if request.method == "POST":
        count = record_poster_print(actor=request.actor, notice=notice, at=request.now)
    site = request.actor.site
    here = reverse("notices:poster", args=[pk])
    context = {
        "sheet": Sheet(
            site_name=site.name,
            form_name=notice.title,
            number=f"{notice.reported_at:%Y%m%d}-{notice.pk}",
            reprint_count=count - 1 if count else 0,
            printed_at=request.now,
            printed_by=request.actor.staff.name,
        ),
        "notice": notice,
        "kind": _(Notice.Kind(notice.kind).label),
        "when": time_words(notice),
        "where": where_words(notice),
        "phone": site.duty_phone,
        "call": f"tel:{site.duty_phone}" if site.duty_phone else "",
        "print_url": here,
        "pdf_url": f"{here}?as=pdf",
        "preview": count is None,
        "printed": count_poster_prints(notice=notice),
    }
    template = "notices/poster.html"
    if request.GET.get("as") != "pdf":
        return render(request, template, context)
    html = render_to_string(template, {**context, "for_pdf": True}, request=request)
    return pdf_response(request, html=html, name=f"notice-{pk}")


urlpatterns = [
    path("bulletins/<int:pk>/poster/", poster, name="poster"),
    *RecordPages(book=BOOK, namespace="notices", more=_links, list_more=_starts).urls(),
]
