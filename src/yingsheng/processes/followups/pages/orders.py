"""交办电话: follow-up calls that a leader orders and notification calls of a plan, with their outcomes (F-15)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.processes.followups.models import CallOrder
from yingsheng.processes.followups.process.forms import CALL, ORDER
from yingsheng.processes.followups.queries import case_named, find_order, household_of, list_orders
from yingsheng.processes.followups.services.orders import order_call, record_call
from yingsheng.ui.callers import home_fact
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words
from yingsheng.ui.parts import Cell, Column, Empty, Fact, Result, Row
from yingsheng.ui.submit import status_of, take_form

PAGE = 50
TONES = {"open": "soon", "reached": "met", "given_up": "waiting"}


@require_http_methods(["GET", "POST"])
@desk("followups.see")
def orders(request: DeskRequest) -> HttpResponse:
    """The calls ordered, open ones first, and the form of a new order for whoever may give one."""
    tried: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission="followups.order")
        tried = build_form(spec=ORDER, actor=request.actor)(request.POST)
        form = tried

        def run() -> str:
            values: dict[str, Any] = dict(form.cleaned_data)
            case = case_named(actor=request.actor, number=values.pop("number"))
            home = household_of(actor=request.actor, room=values.pop("room"))
            made = order_call(actor=request.actor, at=request.now, case=case, household=home, **values)
            return f"{reverse('followups:order', args=[made.pk])}?did=order"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    page = Paginator(list_orders(actor=request.actor), PAGE).get_page(request.GET.get("page"))
    form_shown = tried
    if form_shown is None and request.actor.may("followups.order"):
        initial = {"kind": "leader", "number": request.GET.get("number", "")}
        form_shown = build_form(spec=ORDER, actor=request.actor)(initial=initial)
    context = {
        "columns": [
            Column(label=_("状态"), kind="chip"),
            Column(label=_("什么电话")),
            Column(label=_("内容"), kind="long"),
            Column(label=_("住户")),
            Column(label=_("谁打")),
            Column(label=_("交办人")),
            Column(label=_("交办时间"), kind="moment"),
            Column(label=_("结果"), kind="long"),
        ],
        "rows": [_row(row) for row in page],
        "paging": page,
        "caption": _("交办电话"),
        "empty": Empty(
            text=_("没有交办的电话。"), hint=_("领导交办的回访、活动方案里的通知电话在这里登记。")
        ),
        "form": form_shown,
        "verb": _(ORDER.verb),
    }
    return render(request, "followups/orders.html", context, status=status_of(form=tried))


def _row(row: CallOrder) -> Row:
    url = reverse("followups:order", args=[row.pk])
    return Row(
        name=row.text[:40],
        url=url,
        cells=[
            Cell(text=_(row.get_state_display()), tone=TONES[row.state]),  # type: ignore[arg-type]
            _(row.get_kind_display()),
            Cell(text=row.text[:60], url=url),
            row.household.room.label if row.household else row.case.caller_name if row.case else "",
            row.assigned.name if row.assigned else _("前台"),
            row.ordered_by.name,
            row.ordered_at,
            row.outcome[:60],
        ],
    )


@require_http_methods(["GET", "POST"])
@desk("followups.see")
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """One ordered call, and the form to write what it brought."""
    found = find_order(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    tried: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission="followups.visit")
        tried = build_form(spec=CALL, actor=request.actor)(request.POST)
        form = tried
        seen = request.POST.get("seen", "")

        def run() -> str:
            record_call(
                order=found, actor=request.actor, at=request.now, seen=whole_number(text=seen),
                **form.cleaned_data,
            )  # fmt: skip
            return f"{reverse('followups:order', args=[pk])}?did=call"

        done = take_form(request=request, form=tried, run=run)
        if done is not None:
            return done
    return _show(request, found, tried)


def _show(request: DeskRequest, found: CallOrder, tried: SpecForm | None) -> HttpResponse:
    form = tried
    if form is None and found.state == CallOrder.State.OPEN and request.actor.may("followups.visit"):
        form = build_form(spec=CALL, actor=request.actor)(initial={"result": "reached"})
    did = {"order": ORDER, "call": CALL}.get(request.GET.get("did", ""))
    context = {
        "order": found,
        "state": _(found.get_state_display()),
        "tone": TONES[found.state],
        "kind": _(found.get_kind_display()),
        "facts": _facts(found, request.actor),
        "running": [
            (row, milestone_words(code=row.milestone))
            for row in list_obligations(subject=found)
            if row.ended_at is None
        ],
        "form": form,
        "verb": _(CALL.verb),
        "hidden": (("seen", found.version),),
        "now": request.now,
        "result": Result(text=_("已办：%(step)s") % {"step": _(did.title)}) if did else None,
    }
    return render(request, "followups/order.html", context, status=status_of(form=tried))


def _facts(found: CallOrder, actor: Actor) -> list[Fact]:
    facts = [
        Fact(label=_("内容"), value=found.text, wide=True),
        Fact(label=_("活动方案"), value=found.plan),
        home_fact(actor=actor, household=found.household),
        Fact(label=_("谁打"), value=found.assigned.name if found.assigned else _("前台")),
        Fact(label=_("交办人"), value=found.ordered_by.name),
        Fact(label=_("交办时间"), value=found.ordered_at, number=True),
        Fact(label=_("打了几次"), value=found.tries or ""),
        Fact(label=_("结果"), value=found.outcome, wide=True),
        Fact(label=_("通话时间"), value=found.called_at or "", number=True),
        Fact(label=_("打电话的人"), value=found.called_by.name if found.called_by else ""),
    ]
    if found.case is not None:
        facts.insert(
            0, Fact(label=_("事项"), value=found.case.number, url=reverse("ui:case", args=[found.case.key]))
        )
    return [fact for fact in facts if fact.value != ""]
