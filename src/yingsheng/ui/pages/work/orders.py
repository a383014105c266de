"""One order on a worker's phone: its verbs as plain forms, and ringing the household."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SiteLists, SpecForm
from yingsheng.kernel.orders.models import WorkOrder
from yingsheng.kernel.orders.queries import find_order
from yingsheng.kernel.orders.services import ring_household
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.work.acts import do_verb, read_form, things
from yingsheng.ui.pages.work.forms import CODES
from yingsheng.ui.pages.work.lists import said
from yingsheng.ui.pages.work.sight import order_context
from yingsheng.ui.submit import status_of, take_form

LEAVES = ("finish", "hand_over", "send_back")  # after these the list is what comes next


def _get(request: DeskRequest, key: str) -> WorkOrder:
    order = find_order(actor=request.actor, key=key)
    if order is None:
        raise Http404
    return order


def _show(
    request: DeskRequest,
    *,
    order: WorkOrder,
    chosen: str = "",
    tried: SpecForm | None = None,
    numbers: list[str] | None = None,
) -> HttpResponse:
    context = order_context(
        order=order, actor=request.actor, now=request.now, prices=things(actor=request.actor),
        lists=SiteLists(site=request.actor.site), chosen=chosen, tried=tried,
    )  # fmt: skip
    context |= {"result": said(request), "numbers": numbers or []}
    return render(request, "ui/work/order.html", context, status=status_of(form=tried))


@require_GET
@desk(Allow.WORK_ORDERS)
def order(request: DeskRequest, key: str) -> HttpResponse:
    """What, where, until when, and the large buttons of what comes next."""
    return _show(request, order=_get(request, key))


@require_http_methods(["GET", "POST"])
@desk(Allow.WORK_ORDERS)
def order_verb(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The form of one verb; sent in, it is done, and a refused one comes back with what was typed."""
    order = _get(request, key)
    if code not in CODES:
        raise Http404
    if request.method == "GET":
        return _show(request, order=order, chosen=code)
    form = read_form(request=request, order=order, code=code)

    def run() -> str:
        do_verb(
            actor=request.actor, order=order, code=code, data=form.cleaned_data, at=request.now,
            seen=whole_number(text=request.POST.get("seen", "")),
        )  # fmt: skip
        if code in LEAVES:
            return f"{reverse('ui:work')}?did={code}"
        return f"{reverse('ui:work_order', args=[key])}?did={code}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, order=_get(request, key), chosen=code, tried=form)


@require_POST
@desk(Allow.WORK_ORDERS)
def call(request: DeskRequest, key: str) -> HttpResponse:
    """Open the number of the household to the one whose order it is; the page that answers holds it once."""
    order = _get(request, key)
    numbers = ring_household(order=order, actor=request.actor, at=request.now)
    return _show(request, order=order, numbers=numbers)
