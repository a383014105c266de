"""代管 · 邮件 on the screen: taking in one after the other, the registers, the papers, the month, the label scanned."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.custody.models import Item, StockLine
from yingsheng.kernel.custody.rules import OUT
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.mail.models import Batch
from yingsheng.processes.mail.pages import area, intake, month, papers
from yingsheng.processes.mail.process.books import ACTS, BATCHES, HAND_OUT, ITEMS, SEE, STOCKTAKES, TAKE_IN
from yingsheng.processes.mail.process.forms import ID_KINDS
from yingsheng.processes.mail.queries.items import area_hours, find_labelled, open_stocktake
from yingsheng.ui.custody import ItemPages, StocktakePages
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

app_name = "mail"


def _item(request: DeskRequest, row: Item) -> dict[str, Any]:
    """The papers of an item, and the way to its household."""
    links = [
        Link(label=_("通知单"), url=reverse("mail:notice", args=[row.pk])),
        Link(label=_("打印标签"), url=f"{reverse('mail:labels')}?item={row.pk}"),
    ]
    if row.household_id is not None and request.actor.may("estate.see"):
        links.append(Link(label=_("住户档案"), url=reverse("ui:household", args=[row.household_id])))
    return {"links": links}


def _batch(_request: DeskRequest, row: Batch) -> dict[str, Any]:
    """The signature under a batch."""
    return {
        "files": [
            Link(label=f"{_('签名')} {one.note}", url=reverse("mail:batch_file", args=[row.pk, one.key]))
            for one in list_attachments(subject=row)
        ]
    }


def _item_links(request: DeskRequest) -> dict[str, Any]:
    links = [
        Link(label=_("打印登记表"), url=reverse("mail:register_sheet")),
        Link(label=_("今天的标签"), url=reverse("mail:labels")),
    ]
    if request.actor.may(TAKE_IN):
        links.insert(0, Link(label=_("连续收件"), url=reverse("mail:intake")))
        if area_hours(site=request.actor.site, at=request.now) is not None:
            links.append(Link(label=_("管理员来取"), url=reverse("mail:area")))
    return {"exports": links}


def _batch_links(_request: DeskRequest) -> dict[str, Any]:
    return {"exports": [Link(label=_("打印收发记录表"), url=reverse("mail:batch_sheet"))]}


@require_GET
@desk(SEE)
def scanned(request: DeskRequest, key: str) -> HttpResponse:
    """The item whose label was scanned: its page, or, while the shelf is counted, one press that says it is there."""
    item = find_labelled(actor=request.actor, key=key)
    if item is None:
        raise Http404
    counting = open_stocktake(site=request.actor.site) if request.actor.may(HAND_OUT) else None
    here = reverse("mail:mail_items_one", args=[item.pk])
    if counting is None:
        return HttpResponseRedirect(here)
    line = StockLine.objects.filter(stocktake=counting, item=item).first()
    context = {
        "item": item,
        "url": here,
        "is_out": item.state == OUT,
        "was_seen": line is not None and line.seen_at is not None,
        "scan_url": reverse("mail:mail_stocktakes_step", args=[counting.pk, "scan"]),
        "count_url": reverse("mail:mail_stocktakes_one", args=[counting.pk]),
    }
    return render(request, "mail/scanned.html", context)


urlpatterns = [
    path("mail/m/<slug:key>/", scanned, name="scanned"),
    path("mail/intake/", intake.intake, name="intake"),
    path("mail/area/", area.area, name="area"),
    path("mail/labels/", papers.labels, name="labels"),
    path("mail/month/", month.month, name="month"),
    path("mail/month/export/", month.export, name="month_export"),
    path("mail/register/", papers.register, name="register_sheet"),
    path("mail/batches/sheet/", papers.batches, name="batch_sheet"),
    path("mail-items/<int:pk>/notice/sheet/", papers.notice, name="notice"),
    path("mail-batches/<int:pk>/files/<slug:key>/", papers.batch_file, name="batch_file"),
    *ItemPages(
        book=ITEMS, namespace="mail", acts=ACTS, papers=dict(ID_KINDS), more=_item, list_more=_item_links
    ).urls(),
    *RecordPages(book=BATCHES, namespace="mail", more=_batch, list_more=_batch_links).urls(),
    *StocktakePages(
        book=STOCKTAKES,
        namespace="mail",
        item_url=lambda item: reverse("mail:mail_items_one", args=[item.pk]),
    ).urls(),
]
