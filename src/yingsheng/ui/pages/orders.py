"""派工单: the board of orders, one order with what may be done to it, and giving out the pool by turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.orders.models import Trade, WorkOrder
from yingsheng.kernel.orders.queries import find_order, visible_orders, with_place
from yingsheng.kernel.orders.rules import OPEN
from yingsheng.kernel.orders.services import share_out_pool
from yingsheng.kernel.orders.verbs import Offer, find_verb, offers
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.policies.queries import figure
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.landing import is_phone, lives_on_phone
from yingsheng.ui.parts import Cell, Column, Empty, Fact, Result, Row, Tab, Tone
from yingsheng.ui.submit import status_of, take_form

PAGE = 50
TONES: dict[str, Tone] = {
    "waiting": "waiting",
    "paused": "waiting",
    "done": "soon",
    "returned": "met",
    "void": "plain",
}
VIEWS = ("pool", "open", "done", "all")


def _view_rows(rows: QuerySet[WorkOrder], view: str) -> QuerySet[WorkOrder]:
    if view == "pool":
        return rows.filter(state=WorkOrder.State.WAITING, worker__isnull=True, outside="").order_by(
            "due_at", "pk"
        )
    if view == "open":
        return rows.filter(state__in=OPEN).order_by("due_at", "pk")
    if view == "done":
        return rows.filter(state=WorkOrder.State.DONE).order_by("done_at", "pk")
    return rows.order_by("-issued_at", "-pk")


@require_GET
@desk(Allow.SEE_ORDERS)
def orders(request: DeskRequest) -> HttpResponse:
    """The orders of the site by where they are: nobody has them, at work, form still out, all numbers (R-05)."""
    view = request.GET.get("view", "open")
    view = view if view in VIEWS else "open"
    page = min(whole_number(text=request.GET.get("page", "")) or 1, 10_000)
    rows = _view_rows(with_place(rows=visible_orders(actor=request.actor)), view)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    labels = {"pool": _("抢单池"), "open": _("未完成"), "done": _("待收回"), "all": _("全部编号")}
    given, left = (whole_number(text=request.GET.get(name, "")) for name in ("given", "left"))
    context = {
        "tabs": [
            Tab(label=labels[name], url=f"{reverse('ui:orders')}?view={name}", active=name == view) for name in VIEWS
        ],
        "columns": [
            Column(label=_("单号"), kind="code"), Column(label=_("做什么"), kind="long"), Column(label=_("房号")),
            Column(label=_("工种")), Column(label=_("状态")), Column(label=_("谁做")),
            Column(label=_("应完成"), kind="moment"),
        ],
        "rows": [_row(order, request) for order in found[:PAGE]],
        "caption": labels[view],
        "more_url": f"{reverse('ui:orders')}?view={view}&page={page + 1}" if len(found) > PAGE else "",
        "empty": Empty(text=_("这里没有派工单。"), hint=_("报修登记后开出的派工单会列在这里。")),
        "may_give": request.actor.may(Allow.DISPATCH_ORDERS) and view == "pool" and bool(found),
        "now": request.now,
        "result": Result(text=_("已派出%(given)s张，还有%(left)s张没有合适的人") % {"given": given, "left": left})
        if given is not None and left is not None
        else None,
    }  # fmt: skip
    return render(request, "ui/pages/orders.html", context)


def _row(order: WorkOrder, request: DeskRequest) -> Row:
    late = order.state in OPEN and order.due_at is not None and order.due_at < request.now
    url = reverse("ui:order", args=[order.key])
    return Row(
        name=order.number,
        url=url,
        tone="late" if late else "",
        cells=[
            Cell(text=order.number, url=url),
            order.task,
            order.case.room.label if order.case.room else order.case.caller_name,
            _(Trade(order.trade).label),
            Cell(text=_(WorkOrder.State(order.state).label), tone=TONES.get(order.state, "plain")),
            holder(order=order),
            order.due_at or "",
        ],
    )


def holder(*, order: WorkOrder) -> str:
    """Who has an order, in words."""
    if order.outside:
        return order.outside
    return order.worker.name if order.worker is not None else _("抢单池")


@require_POST
@desk(Allow.DISPATCH_ORDERS)
def share_out(request: DeskRequest) -> HttpResponse:
    """Give out the whole pool by skill, shift and load (R-11); sent twice, the second finds what is left."""
    most = figure(path="R-11.most_open", site=request.actor.site, at=request.now)
    done = share_out_pool(actor=request.actor, at=request.now, most_open=most)
    url = f"{reverse('ui:orders')}?view=pool&given={done['given']}&left={done['left']}"
    return HttpResponseRedirect(url, status=303)


@dataclass(frozen=True, kw_only=True)
class VerbPanel:
    """A verb as the page of an order offers it."""

    code: str
    label: str
    why: str
    rule: str
    form: SpecForm | None
    url: str
    open: bool


def _get(request: DeskRequest, key: str) -> WorkOrder:
    order = find_order(actor=request.actor, key=key)
    if order is None:
        raise Http404
    return order


@require_GET
@desk()
def order(request: DeskRequest, key: str) -> HttpResponse:
    """One order: where it stands, its case, and what this person may do with it now.

    Its printed form carries this address; a worker who reads it with his phone goes to the page made for that.
    """
    order = _get(request, key)
    if is_phone(request) and lives_on_phone(actor=request.actor):
        return HttpResponseRedirect(reverse("ui:work_order", args=[key]), status=303)
    return _show(request, order=order)


@require_http_methods(["GET", "POST"])
@desk()
def order_verb(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The form of one verb; sent in, it is done, and a refused one comes back with what was typed."""
    order = _get(request, key)
    verb = find_verb(code=code)
    if verb is None:
        raise Http404
    if request.method == "GET":
        return _show(request, order=order, chosen=code)
    form = build_form(spec=verb.form, actor=request.actor)(request.POST, prefix=code)

    def run() -> str:
        verb.run(
            actor=request.actor, order=order, at=request.now, seen=whole_number(text=request.POST.get("seen", "")),
            **form.cleaned_data,
        )  # fmt: skip
        # handed on, it may be out of this person's sight
        seen_still = find_order(actor=request.actor, key=key) is not None
        return f"{reverse('ui:order', args=[key])}?did={code}" if seen_still else reverse("ui:today")

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show(request, order=_get(request, key), chosen=code, tried=form)


def _show(
    request: DeskRequest, *, order: WorkOrder, chosen: str = "", tried: SpecForm | None = None
) -> HttpResponse:
    offered = offers(order=order, actor=request.actor)
    verb = find_verb(code=request.GET.get("did", ""))
    if tried is not None and chosen not in {one.verb.code for one in offered}:
        found = find_verb(code=chosen)
        assert found is not None
        offered = [Offer(verb=found, label=found.label), *offered]
    lists = SiteLists(site=request.actor.site)
    context: dict[str, Any] = {
        "order": order,
        "state_word": _(WorkOrder.State(order.state).label),
        "state_tone": TONES.get(order.state, "plain"),
        "facts": _facts(order),
        "materials": list(order.materials.order_by("pk")),
        "panels": [
            VerbPanel(
                code=one.verb.code, label=_(one.label), why=_(one.why) if one.why else "", rule=one.rule,
                form=None if one.why else tried if tried is not None and one.verb.code == chosen
                else build_form(spec=one.verb.form, actor=request.actor, lists=lists)(prefix=one.verb.code),
                url=reverse("ui:order_verb", args=[order.key, one.verb.code]), open=one.verb.code == chosen,
            )
            for one in offered
        ],
        "may_see_case": request.actor.may(Allow.SEE_SITE_CASES)
        or order.case.handler_id == request.actor.staff.pk
        or order.case.department_id in request.actor.department_ids,
        "now": request.now,
        "result": Result(text=_("已办：%(step)s") % {"step": _(verb.label)}, number=order.number)
        if verb is not None
        else None,
    }  # fmt: skip
    return render(request, "ui/pages/order.html", context, status=status_of(form=tried))


def _facts(order: WorkOrder) -> list[Fact]:
    rows = [
        Fact(label=_("工种"), value=_(Trade(order.trade).label)),
        Fact(label=_("房号"), value=order.case.room.label if order.case.room else "—"),
        Fact(label=_("谁做"), value=holder(order=order)),
        Fact(label=_("执行部门"), value=order.department.name if order.department else "—"),
        Fact(label=_("应完成"), value=order.due_at or "—", number=True),
        Fact(label=_("上门时间"), value=order.visit_at or "—", number=True),
        Fact(label=_("开单时间"), value=order.issued_at, number=True),
        Fact(label=_("签收时间"), value=order.signed_at or "—", number=True),
        Fact(label=_("开工时间"), value=order.started_at or "—", number=True),
        Fact(label=_("完工时间"), value=order.done_at or "—", number=True),
    ]
    more = (
        (_("暂停原因"), order.pause_reason),
        (_("结果"), order.result),
        (_("作废原因"), order.void_reason),
    )
    return rows + [Fact(label=label, value=value, wide=True) for label, value in more if value]
