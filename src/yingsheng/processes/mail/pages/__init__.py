"""代管 · 邮件 on the screen: taking in one after the other, the registers, the papers, the month."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.queries import moves_of, shown_id
from yingsheng.kernel.files.models import Attachment
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.mail.models import Batch
from yingsheng.processes.mail.pages import intake, month, papers
from yingsheng.processes.mail.process.books import BATCHES, ITEMS, TAKE_IN
from yingsheng.processes.mail.process.forms import ID_KINDS
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages

app_name = "mail"


def _item(request: DeskRequest, row: Item) -> dict[str, Any]:
    """The papers of an item, its pictures, and every hand-over with what was shown and signed."""
    kinds = dict(ID_KINDS)
    pictures = list_attachments(subject=row)
    return {
        "links": [
            Link(label=_("通知单"), url=reverse("mail:notice", args=[row.pk])),
            Link(label=_("标签"), url=reverse("mail:label", args=[row.pk])),
        ],
        "files": [
            Link(
                label=f"{_('签名') if one.purpose == Attachment.Purpose.SIGNATURE else _('照片')} {one.note}".strip(),
                url=reverse("mail:file", args=[row.pk, one.key]),
            )
            for one in pictures
        ],
        "moves": [
            {
                "row": one,
                "paper": _(kinds[one.id_kind]) if one.id_kind in kinds else "",
                "number": shown_id(move=one),
            }
            for one in moves_of(item=row)
        ],
    }


def _batch(request: DeskRequest, row: Batch) -> dict[str, Any]:
    """The signature under a batch."""
    return {
        "files": [
            Link(label=f"{_('签名')} {one.note}", url=reverse("mail:batch_file", args=[row.pk, one.key]))
            for one in list_attachments(subject=row)
        ]
    }


def _item_links(request: DeskRequest) -> dict[str, Any]:
    links = [Link(label=_("打印登记表"), url=reverse("mail:register_sheet"))]
    if request.actor.may(TAKE_IN):
        links.insert(0, Link(label=_("连续收件"), url=reverse("mail:intake")))
    return {"exports": links}


def _batch_links(_request: DeskRequest) -> dict[str, Any]:
    return {"exports": [Link(label=_("打印收发记录表"), url=reverse("mail:batch_sheet"))]}


urlpatterns = [
    path("mail/intake/", intake.intake, name="intake"),
    path("mail/month/", month.month, name="month"),
    path("mail/month/export/", month.export, name="month_export"),
    path("mail/register/", papers.register, name="register_sheet"),
    path("mail/batches/sheet/", papers.batches, name="batch_sheet"),
    path("mail-items/<int:pk>/notice/sheet/", papers.notice, name="notice"),
    path("mail-items/<int:pk>/label/sheet/", papers.label, name="label"),
    path("mail-items/<int:pk>/files/<slug:key>/", papers.item_file, name="file"),
    path("mail-batches/<int:pk>/files/<slug:key>/", papers.batch_file, name="batch_file"),
    *RecordPages(
        book=ITEMS, namespace="mail", template="mail/item.html", more=_item, list_more=_item_links
    ).urls(),
    *RecordPages(book=BATCHES, namespace="mail", more=_batch, list_more=_batch_links).urls(),
]
