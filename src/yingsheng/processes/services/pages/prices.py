"""服务项目与价格: what is offered and for how much, for the desk; prices are set among the settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.base.money import format_fen
from yingsheng.kernel.charges.models import PriceItem
from yingsheng.kernel.charges.queries import list_prices
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Column, Empty, Row


@require_GET
@desk("services.see")
def prices(request: DeskRequest) -> HttpResponse:
    """The price list of services in force."""
    kinds = (PriceItem.Kind.SERVICE.value,)
    context = {
        "columns": [
            Column(label=_("编号"), kind="code"),
            Column(label=_("服务名称"), kind="long"),
            Column(label=_("单价（元）"), kind="number"),
            Column(label=_("单位")),
            Column(label=_("备注"), kind="long"),
            Column(label=_("从何时起"), kind="moment"),
        ],
        "rows": [
            Row(
                name=item.name,
                cells=[
                    item.code, item.name, format_fen(fen=item.price_fen), item.unit, item.note, item.active_from,
                ],
            )
            for item in list_prices(site=request.actor.site, kinds=kinds)
        ],
        "caption": _("服务项目与价格"),
        "empty": Empty(text=_("还没有定价。")),
        "may_set": request.actor.may(Allow.EDIT_PRICES),
    }  # fmt: skip
    return render(request, "services/prices.html", context)
