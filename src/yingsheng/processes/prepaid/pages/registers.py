"""The registers on the screen; an order and a purchase lead to one another and to their sheets."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.money import format_fen
from yingsheng.kernel.custody.models import Item
from yingsheng.processes.prepaid.models import Batch, Order
from yingsheng.processes.prepaid.process.books import BATCHES, ORDERS, REQUESTS, STOCKTAKES
from yingsheng.processes.prepaid.services.filing import REPORT
from yingsheng.ui.custody import StocktakePages
from yingsheng.ui.desk import DeskRequest
from yingsheng.ui.parts import Cell, Column, Empty, Link, Row
from yingsheng.ui.records import RecordPages


def line_columns() -> list[Column]:
    """The columns of the lines of a purchase."""
    return [
        Column(label=_("编号"), kind="code"), Column(label=_("房号")), Column(label=_("买什么")),
        Column(label=_("预交（元）"), kind="number"), Column(label=_("设备编号")), Column(label=_("结果")),
        Column(label=_("购买金额（元）"), kind="number"), Column(label=_("收据号")),
        Column(label=_("找零（元）"), kind="number"),
    ]  # fmt: skip


def line_rows(batch: Batch) -> list[Row]:
    """The lines of a purchase: what each home paid in and what came of it (P-07)."""
    lines = batch.lines.select_related("order__household__room").order_by("pk")
    return [
        Row(
            name=line.order.number,
            cells=[
                Cell(
                    text=line.order.number, url=reverse("prepaid:prepaid_orders_one", args=[line.order_id])
                ),
                line.order.household.room.label, _(line.order.get_kind_display()),
                format_fen(fen=line.prepaid_fen), line.order.device, _outcome(line.outcome),
                format_fen(fen=line.bought_fen) if line.bought_fen else "", line.receipt,
                format_fen(fen=line.change_fen) if line.outcome else "",
            ],
        )
        for line in lines
    ]  # fmt: skip


def _outcome(code: str) -> str:
    return {"bought": _("已买回"), "not_bought": _("没有买成")}.get(code, "")


def _order(_request: DeskRequest, row: Order) -> dict[str, Any]:
    links = [Link(label=_("打印凭条"), url=reverse("prepaid:custody_sheet", args=[row.pk]))]
    links += [
        Link(label=one.batch.number, url=reverse("prepaid:prepaid_batches_one", args=[one.batch_id]))
        for one in row.lines.select_related("batch").order_by("pk")
    ]
    return {"links": links}


def _batch(_request: DeskRequest, row: Batch) -> dict[str, Any]:
    return {
        "links": [Link(label=_("打印交接记录"), url=reverse("prepaid:handover_sheet", args=[row.pk]))],
        "columns": line_columns(), "rows": line_rows(row), "caption": _("清单"),
        "empty_lines": Empty(text=_("清单里没有预购。")),
    }  # fmt: skip


def _order_list(request: DeskRequest) -> dict[str, Any]:
    links = [
        Link(label=_("集中购买"), url=reverse("prepaid:prepaid_batches")),
        Link(label=_("设备清点"), url=reverse("prepaid:prepaid_stocktakes")),
    ]
    if request.actor.may(REPORT):
        links.append(Link(label=_("预购统计"), url=reverse("prepaid:month")))
    return {"exports": links}


def _item_url(item: Item) -> str:
    """A device is looked at with its order."""
    return reverse("prepaid:prepaid_orders_one", args=[item.prepaid_order.pk])


URLS = [
    *RecordPages(book=ORDERS, namespace="prepaid", more=_order, list_more=_order_list).urls(),
    *RecordPages(book=BATCHES, namespace="prepaid", more=_batch, template="prepaid/batch.html").urls(),
    *RecordPages(book=REQUESTS, namespace="prepaid").urls(),
    *StocktakePages(book=STOCKTAKES, namespace="prepaid", item_url=_item_url).urls(),
]
