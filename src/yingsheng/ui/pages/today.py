"""工作台 Today: my promises in due order, and what nobody took."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, apply_view, visible_cases, with_people
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words
from yingsheng.ui.parts import Empty, Tab

LINES = 40
MANY = 100
VIEWS = ("mine", "department", "unclaimed", "overdue", "open")


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """One promise on the page: the clock, what is promised, about which case."""

    obligation: Obligation
    label: str
    case: Case
    url: str


@desk()
def today(request: DeskRequest) -> HttpResponse:
    """My work, my group's, what nobody took, what is late."""
    actor = request.actor
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "mine"
    rows = visible_cases(actor=actor)
    counts = {
        name: len(apply_view(rows=rows, view=name, actor=actor, now=request.now).values_list("pk")[:MANY])
        for name in ("mine", "unclaimed", "overdue")
    }
    if not asked and not counts["mine"]:
        view = "open"
    chosen = apply_view(rows=rows, view=view, actor=actor, now=request.now).filter(next_due_at__isnull=False)
    cases = list(with_people(rows=chosen).order_by("next_due_at", "pk")[:LINES])
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    lines = [
        PromiseLine(
            obligation=obligation,
            label=milestone_words(code=obligation.milestone, process=processes.get(case.process)),
            case=case,
            url=reverse("ui:case", args=[case.key]),
        )
        for case in cases
        for obligation in running.get(case.pk, [])[:1]
    ]
    labels = {
        "mine": _("我的"),
        "department": _("本组"),
        "unclaimed": _("无人认领"),
        "overdue": _("已超时"),
        "open": _("全部在办"),
    }
    tabs = [
        Tab(
            label=labels[name],
            url=f"?view={name}",
            active=name == view,
            count=counts.get(name),
            tone="late" if name == "overdue" else "",
        )
        for name in VIEWS
    ]
    context = {
        "lines": lines,
        "tabs": tabs,
        "now": request.now,
        "own_posts": [post.role for post in actor.posts],
        "recent": with_people(rows=rows.filter(Q(received_by=actor.staff) | Q(handler=actor.staff))).order_by(
            "-received_at"
        )[:8],
        "empty": Empty(
            text=_("眼下没有到期要办的事。"),
            hint=_("新的来电来访从接待台登记。"),
            url=reverse("enquiries:reception") if actor.may("enquiries.register") else "",
            label=_("去接待台"),
            key="r",
        ),
    }
    return render(request, "ui/pages/today.html", context)
