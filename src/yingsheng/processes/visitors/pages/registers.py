"""The registers on the screen, with their papers, files, and the words said at the gate."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.processes.visitors.models import Pass, Visitor
from yingsheng.processes.visitors.process import BOOKS
from yingsheng.processes.visitors.process.books import PASSES
from yingsheng.processes.visitors.process.forms import ID_KINDS
from yingsheng.processes.visitors.process.key_book import GATE_KEYS
from yingsheng.processes.visitors.process.more_books import ACTS, DEPOSIT_BOOK, VISITORS
from yingsheng.processes.visitors.services.writing import GATE, REPORT
from yingsheng.ui.custody import ItemPages
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages
from yingsheng.ui.tips import tips_for

SPACE = "visitors"


def files_of(row: Pass) -> list[Link]:
    """The letters of consent of a pass."""
    return [
        Link(label=one.name, url=reverse("visitors:file", args=[row.pk, one.key]))
        for one in list_attachments(subject=row)
    ]


def _pass(_request: DeskRequest, row: Pass) -> dict[str, Any]:
    links = []
    if row.code:
        links.append(Link(label=_("打印"), url=reverse("visitors:pass_sheet", args=[row.pk])))
    for other, word in ((row.replaces, _("旧条")), (getattr(row, "replaced_by", None), _("新条"))):
        if other is not None:
            url = reverse("visitors:passes_one", args=[other.pk])
            links.append(Link(label=f"{word} {other.number}", url=url))
    return {"links": links, "files": files_of(row)}


def _pass_list(request: DeskRequest) -> dict[str, Any]:
    links = []
    if request.actor.may(GATE):
        links.append(Link(label=_("门岗核验"), url=reverse("visitors:gate")))
    if request.actor.may(REPORT):
        links += [
            Link(label=_("每周对账"), url=reverse("visitors:week")),
            Link(label=_("统计"), url=reverse("visitors:month")),
            Link(label=_("放行条密钥"), url=reverse("visitors:gate_keys")),
        ]
    return {"exports": links}


def _visitor(_request: DeskRequest, row: Visitor) -> dict[str, Any]:
    found = tips_for(process="visitors", about=row.reason) if row.reason else _all_tips()
    return {"tips": found}


def _all_tips() -> list[dict[str, str]]:
    """What is said to whoever comes, and how he is told if he does not go in."""
    reasons = ("id_unwilling", "id_forgotten", "forced", "host_unwilling")
    common = tips_for(process="visitors", about="-")
    more = [
        tip for reason in reasons for tip in tips_for(process="visitors", about=reason) if tip not in common
    ]
    return [*common, *more]


def _visitor_list(_request: DeskRequest) -> dict[str, Any]:
    return {
        "exports": [Link(label=_("打印当天登记本"), url=reverse("visitors:book_sheet"))],
        "tips": _all_tips(),
    }


def _deposit(_request: DeskRequest, row: Item) -> dict[str, Any]:
    return {"links": [Link(label=_("打印凭条"), url=reverse("visitors:receipt_sheet", args=[row.pk]))]}


ALL = (
    RecordPages(book=PASSES, namespace=SPACE, more=_pass, list_more=_pass_list),
    RecordPages(
        book=VISITORS, namespace=SPACE, more=_visitor, list_more=_visitor_list, template="visitors/visitor.html",
        list_template="visitors/visitors.html",
    ),
    ItemPages(book=DEPOSIT_BOOK, namespace=SPACE, acts=ACTS, papers=dict(ID_KINDS), more=_deposit),
    RecordPages(book=GATE_KEYS, namespace=SPACE),
)  # fmt: skip
assert [pages.book for pages in ALL] == list(BOOKS)
