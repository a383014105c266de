"""The paper of FM-03, FM-17 and FM-22: looked at, printed and as PDF like every other sheet of a case."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yingsheng.kernel.cases.queries import find_case
from yingsheng.processes.complaints.process.house_forms import HOUSE_FORMS
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.sheets import PDF, Paper, show_paper


def _paper(request: DeskRequest, key: str, code: str) -> Paper:
    case = find_case(actor=request.actor, key=key)
    declared = next((one for one in HOUSE_FORMS if one.code == code), None)
    if case is None or case.process != "complaints" or declared is None:
        raise Http404
    return Paper(
        declared=declared,
        case=case,
        subject=case,
        mark=code,
        page_url=reverse("complaints:sheet", args=[key, code]),
        pdf_url=reverse("complaints:sheet_pdf", args=[key, code]),
    )


@require_http_methods(["GET", "POST"])
@desk("complaints.see")
def house_form(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The form as a page that prints."""
    return show_paper(request, paper=_paper(request, key, code))


@require_http_methods(["GET", "POST"])
@desk("complaints.see")
def house_form_pdf(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The same as PDF."""
    return show_paper(request, paper=_paper(request, key, code), medium=PDF)
