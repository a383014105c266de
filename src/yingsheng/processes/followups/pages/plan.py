"""回访计划: the rates so far, and which visits each rank makes on which day to reach them (F-07, F-12)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.forms.build import build_form
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.pages.worklist import RANKS, RULES, matter_words, rate_figure
from yingsheng.processes.followups.process.forms import ACCEPT
from yingsheng.processes.followups.queries import MonthAhead, month_ahead
from yingsheng.processes.followups.rules import PlannedVisit
from yingsheng.processes.followups.services import accept_plan
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Cell, Column, Empty, Figure, Result, Row
from yingsheng.ui.submit import status_of, take_form

WHY = {
    "heads": N("两位负责人同访"), "all": N("这类事项全部回访"), "rate": N("按比例回访"), "late": N("已过期限"),
    "over": N("当天排满仍要访"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("followups.quota")
def plan(request: DeskRequest) -> HttpResponse:
    """The proposal for the rest of the month; accepting it assigns the visits as they were shown."""
    form = build_form(spec=ACCEPT, actor=request.actor)(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        seen = request.POST.get("seen", "")

        def run() -> str:
            count = accept_plan(actor=request.actor, at=request.now, seen=seen)
            return f"{reverse('followups:plan')}?did={count}"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    ahead = month_ahead(actor=request.actor, now=request.now)
    did = request.GET.get("did", "")
    context = {
        "figures": _figures(ahead),
        "columns": [
            Column(label=_("哪一天"), kind="moment"),
            Column(label=_("事项"), kind="code"),
            Column(label=_("哪一类")),
            Column(label=_("房号")),
            Column(label=_("谁去")),
            Column(label=_("哪些人同去")),
            Column(label=_("为什么"), kind="long"),
        ],
        "rows": [_row(planned, ahead.rows[planned.key]) for planned in ahead.plan.visits],
        "missing": [(_(RANKS.get(role, role)), count) for role, count in ahead.plan.missing.items()],
        "caption": _("回访计划"),
        "empty": Empty(text=_("没有要安排的回访。"), sign="circle-check"),
        "form": form,
        "verb": _(ACCEPT.verb),
        "hidden": (("seen", ahead.digest),),
        "days": len(ahead.days),
        "result": Result(
            text=ngettext("已安排%(count)s次回访", "已安排%(count)s次回访", int(did)) % {"count": did}
        )
        if did.isdecimal() and len(did) < 6
        else None,
    }
    tried = form if request.method == "POST" else None
    return render(request, "followups/plan.html", context, status=status_of(form=tried))


def _figures(ahead: MonthAhead) -> list[Figure]:
    matters = [
        rate_figure(
            label=_("%(matter)s回访率") % {"matter": matter_words(matter=matter)},
            rate=rate,
            rule=RULES.get(matter, "F-07"),
        )
        for matter, rate in ahead.matters.items()
    ]
    ranks = [
        rate_figure(label=_("%(rank)s走访率") % {"rank": _(RANKS.get(role, role))}, rate=rate, rule="F-12")
        for role, rate in ahead.ranks.items()
    ]
    return [*matters, *ranks]


def _row(planned: PlannedVisit, row: FollowUp) -> Row:
    url = reverse("followups:visit", args=[row.pk])
    tone = "late" if {"late", "over"} & set(planned.why) else "plain"
    return Row(
        name=row.case.number,
        url=url,
        cells=[
            date_format(planned.day, "m-d l"),
            Cell(text=row.case.number, url=url),
            matter_words(matter=row.matter, part=row.part),
            row.place,
            row.assigned.name if row.assigned else "",
            " · ".join(_(RANKS.get(role, role)) for role in planned.roles),
            Cell(text=" · ".join(_(WHY[reason]) for reason in planned.why), tone=tone),  # type: ignore[arg-type]
        ],
    )
