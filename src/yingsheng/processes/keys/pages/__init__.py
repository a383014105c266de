"""钥匙 on the screen: registers, labels and sheets, the month, lists in and out, the label that was scanned."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.custody.models import Item, StockLine
from yingsheng.kernel.custody.rules import OUT
from yingsheng.kernel.org.permissions import Allow
from yingsheng.processes.keys.models import Loan
from yingsheng.processes.keys.pages import files, month, papers
from yingsheng.processes.keys.process.books import ACTS, COUNT, KEEP, KEYS, LOANS, SEE, STOCKTAKES
from yingsheng.processes.keys.process.forms import PAPERS
from yingsheng.processes.keys.queries import find_labelled, open_stocktake
from yingsheng.processes.keys.rules import ENTRUSTED, OF_A_HOME
from yingsheng.ui.custody import ItemPages, StocktakePages
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

app_name = "keys"


def _key(_request: DeskRequest, row: Item) -> dict[str, Any]:
    links = [Link(label=_("打印标签"), url=f"{reverse('keys:labels')}?key={row.pk}")]
    if row.kind in OF_A_HOME:
        links.append(Link(label=_("领取记录"), url=reverse("keys:receipt", args=[row.pk])))
    if row.kind == ENTRUSTED:
        links.append(Link(label=_("托管承诺书"), url=reverse("keys:pledge", args=[row.pk])))
    return {"links": links}


def _loan(_request: DeskRequest, row: Loan) -> dict[str, Any]:
    label = f"{row.item.number} {row.item.name}"
    return {"links": [Link(label=label, url=reverse("keys:keys_one", args=[row.item_id]))]}


def _key_list(request: DeskRequest) -> dict[str, Any]:
    links = [Link(label=_("打印标签"), url=reverse("keys:labels"))]
    if request.actor.may(KEEP):
        links.append(Link(label=_("导入钥匙"), url=reverse("keys:import")))
    if request.actor.may(Allow.EXPORT):
        links.append(Link(label=_("导出钥匙"), url=reverse("keys:export")))
    return {"exports": links}


def _loan_list(_request: DeskRequest) -> dict[str, Any]:
    return {"exports": [Link(label=_("打印登记表"), url=reverse("keys:loan_sheet"))]}


@require_GET
@desk(SEE)
def scanned(request: DeskRequest, key: str) -> HttpResponse:
    """The key whose label was scanned: its page, or, while the keys are counted, one press that says it is there."""
    item = find_labelled(actor=request.actor, key=key)
    if item is None:
        raise Http404
    counting = open_stocktake(site=request.actor.site) if request.actor.may(COUNT) else None
    here = reverse("keys:keys_one", args=[item.pk])
    if counting is None:
        return HttpResponseRedirect(here)
    line = StockLine.objects.filter(stocktake=counting, item=item).first()
    context = {
        "item": item,
        "url": here,
        "is_out": item.state == OUT,
        "was_seen": line is not None and line.seen_at is not None,
        "scan_url": reverse("keys:keys_stocktakes_step", args=[counting.pk, "scan"]),
        "count_url": reverse("keys:keys_stocktakes_one", args=[counting.pk]),
    }
    return render(request, "keys/scanned.html", context)


urlpatterns = [
    path("keys/k/<slug:key>/", scanned, name="scanned"),
    path("keys/labels/", papers.labels, name="labels"),
    path("keys/month/", month.month, name="month"),
    path("keys/month/export/", month.month_export, name="month_export"),
    path("keys/month/sheet/", papers.count_report, name="count_sheet"),
    path("keys/import/", files.bring_in, name="import"),
    path("keys/export/", files.export, name="export"),
    path("keys/<int:pk>/receipt/", papers.receipt, name="receipt"),
    path("keys/<int:pk>/pledge/", papers.pledge, name="pledge"),
    path("key-loans/sheet/", papers.loans, name="loan_sheet"),
    *ItemPages(
        book=KEYS, namespace="keys", acts=ACTS, papers=dict(PAPERS), more=_key, list_more=_key_list
    ).urls(),
    *RecordPages(book=LOANS, namespace="keys", more=_loan, list_more=_loan_list).urls(),
    *StocktakePages(
        book=STOCKTAKES, namespace="keys", item_url=lambda item: reverse("keys:keys_one", args=[item.pk])
    ).urls(),
]
