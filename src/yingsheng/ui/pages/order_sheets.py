"""派工单 on paper (FM-25): its copies on one A4 to be cut, or one original on 241 mm paper with plies (R-01, R-02)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.money import format_fen
from yingsheng.base.process import Sheet
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.charges.queries import accepted_fen
from yingsheng.kernel.orders.manners import manners_for
from yingsheng.kernel.orders.models import Trade, WorkOrder
from yingsheng.kernel.orders.queries import find_order
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.orders import holder
from yingsheng.ui.pages.sheets import PAGE, PDF, Paper, show_paper

DESTINATIONS = {
    "front_desk": N("存根"),
    "executing_unit": N("执行单位"),
    "household": N("住户"),
    "accounts": N("财务"),
}
# how the adopted regulation calls the form (CF-34)
TITLES = {"three_copy": N("派工单"), "repair_sheet": N("维修单"), "work_sheet": N("维修工作单")}
ON_A4, ON_PLIES = "order", "order_241"


def _paper(request: DeskRequest, *, key: str, code: str) -> Paper:
    order = find_order(actor=request.actor, key=key)
    if order is None or code not in (ON_A4, ON_PLIES):
        raise Http404
    order.case.site = request.actor.site
    layout = figure(path="R-01.form_layout", site=request.actor.site, at=request.now)
    labels = _copies(request)
    declared = Sheet(
        code=code,
        title=TITLES[str(layout or "three_copy")],
        form_number="FM-25",
        template="ui/sheets/order.html" if code == ON_A4 else "ui/sheets/order_241.html",
        build=lambda subject: (
            _content(subject, labels)
            | {
                "css_data": f"data:text/css;base64,{b64encode(paper_css(request).encode()).decode()}",
                "paper_words": _("纸张宽 241 毫米，页边距用默认值，不缩放；高度和边距在规程 R-02 里调。")
                if code == ON_PLIES
                else "",
            }
        ),
    )
    return Paper(
        declared=declared,
        case=order.case,
        subject=order,
        mark=f"{code}:{order.pk}",
        page_url=reverse("ui:order_sheet", args=[key, code]),
        pdf_url=reverse("ui:order_sheet_pdf", args=[key, code]),
        number=order.number,
        address=reverse("ui:order", args=[key]),
        # plies are written through at once: one original carries the names of all
        copies=labels if code == ON_A4 else (),
    )


def _copies(request: DeskRequest) -> tuple[str, ...]:
    """The labels of the copies: as many as R-01 asks for, going where R-02 says."""
    site, at = request.actor.site, request.now
    count = int(figure(path="R-01.copies", site=site, at=at) or 1)
    named = str(figure(path="R-02.copy_destinations", site=site, at=at) or "").split(",")
    known = [DESTINATIONS.get(name.strip(), name.strip()) for name in named if name.strip()]
    words = [
        _("第%(number)s联 %(where)s") % {"number": place + 1, "where": _(name)}
        for place, name in enumerate(known)
    ]
    extra = [_("第%(number)s联") % {"number": place + 1} for place in range(len(words), count)]
    return tuple((words + extra)[:count])


def _content(order: WorkOrder, labels: tuple[str, ...]) -> dict[str, Any]:
    agreed = accepted_fen(case=order.case)
    return {
        "order": order,
        "trade": _(Trade(order.trade).label),
        "holder": holder(order=order) if order.worker_id or order.outside else "",
        "manners": [_(item.text) for item in manners_for(outdoor=order.outdoor)],
        "agreed": format_fen(fen=agreed) if agreed else "",
        "plies": "　".join(labels),
        "css_url": reverse("ui:order_paper_css"),
    }


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_ORDERS)
def order_sheet(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The order as a page that prints; a POST prints it and is counted."""
    return show_paper(request, paper=_paper(request, key=key, code=code), medium=PAGE)


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_ORDERS)
def order_sheet_pdf(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The same as PDF."""
    return show_paper(request, paper=_paper(request, key=key, code=code), medium=PDF)


def paper_css(request: DeskRequest) -> str:
    """The page of the 241 mm paper as the site's printer feeds it: height and margins in whole millimetres (R-02)."""
    height, left, top = (
        int(figure(path=path, site=request.actor.site, at=request.now) or 0)
        for path in ("R-02.paper_height_mm", "R-02.margin_left_mm", "R-02.margin_top_mm")
    )
    height = height or 93  # a third of the usual sheet, where nobody says how high
    return f"@page {{ size: 241mm {height}mm; margin: {top}mm 14mm 4mm {left}mm; @bottom-center {{ content: none; }} }}"


@require_GET
@desk(Allow.SEE_ORDERS)
def order_paper_css(request: DeskRequest) -> HttpResponse:
    """The style sheet of that page."""
    return HttpResponse(paper_css(request), content_type="text/css; charset=utf-8")
