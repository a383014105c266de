"""The tabs: my orders, the pool, finding an order by its paper, myself; and what waits to be sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingsheng.kernel.orders.models import Trade
from yingsheng.kernel.orders.queries import (
    count_done,
    find_order_by,
    find_profile,
    list_mine,
    list_pool,
    on_shift,
)
from yingsheng.kernel.orders.verbs import find_verb
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.work.sight import card_of
from yingsheng.ui.parts import Result

MOST_CARDS = 60


def mine_context(*, request: DeskRequest) -> dict[str, Any]:
    """What one has in hand."""
    orders = list(list_mine(actor=request.actor)[:MOST_CARDS])
    return {"cards": [card_of(order) for order in orders], "now": request.now, "tab": "mine"}


def pool_context(*, request: DeskRequest, everything: bool) -> dict[str, Any]:
    """What nobody has yet: of one's own trades, or all."""
    profile = find_profile(actor=request.actor)
    trades = list(profile.trades) if profile is not None else []
    wanted = [] if everything else trades
    orders = list(list_pool(actor=request.actor, trades=wanted)[:MOST_CARDS])
    return {
        "cards": [card_of(order) for order in orders],
        "trades": "、".join(str(_(Trade(trade).label)) for trade in trades),
        "everything": everything or not trades,
        "tab": "pool",
        "now": request.now,
    }


def _me_context(*, request: DeskRequest) -> dict[str, Any]:
    actor: Actor = request.actor
    profile = find_profile(actor=actor)
    midnight = timezone.localtime(request.now).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "name": actor.staff.name,
        "tab": "me",
        "profile": profile,
        "trades": "、".join(str(_(Trade(trade).label)) for trade in profile.trades) if profile is not None else "",
        "on_shift": profile is not None and on_shift(profile=profile, at=request.now),
        "done_today": count_done(actor=actor, since=midnight),
    }  # fmt: skip


def said(request: DeskRequest) -> Result | None:
    """The result line of the step just done."""
    code = request.GET.get("did", "")
    verb = find_verb(code=code)
    word = _(verb.label) if verb is not None else _("添加照片") if code == "photos" else ""
    return Result(text=_("已办：%(step)s") % {"step": word}) if word else None


@require_GET
@desk(Allow.WORK_ORDERS)
def mine(request: DeskRequest) -> HttpResponse:
    """我的单: what I have in hand, the earliest promise first."""
    context = {**mine_context(request=request), "result": said(request)}
    return render(request, "ui/work/mine.html", context)


@require_GET
@desk(Allow.WORK_ORDERS)
def pool(request: DeskRequest) -> HttpResponse:
    """抢单: what nobody has yet, of my trades unless I ask for all."""
    context = pool_context(request=request, everything=request.GET.get("trades") == "all")
    return render(request, "ui/work/pool.html", context)


@require_GET
@desk(Allow.WORK_ORDERS)
def scan(request: DeskRequest) -> HttpResponse:
    """扫码: from the code on the printed order, or its number, to the order."""
    text = request.GET.get("q", "").strip()[:200]
    if text:
        found = find_order_by(actor=request.actor, text=text)
        if found is not None:
            return HttpResponseRedirect(reverse("ui:work_order", args=[found.key]), status=303)
    return render(request, "ui/work/scan.html", {"asked": text, "tab": "scan"})


@require_GET
@desk(Allow.WORK_ORDERS)
def me(request: DeskRequest) -> HttpResponse:
    """我: who I am, my trades and shift, what I did today, language, the way out."""
    return render(request, "ui/work/me.html", _me_context(request=request))


@require_GET
@desk(Allow.WORK_ORDERS)
def waiting(request: DeskRequest) -> HttpResponse:
    """待发: what this device has not sent yet, and what the server did not take; the device fills it."""
    return render(request, "ui/work/queue.html", {})
