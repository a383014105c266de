"""晨间检查: yesterday's repairs and the open ones, looked at and signed in the morning (R-19)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.process import processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.processes.repairs.models import MorningReview
from yingsheng.processes.repairs.process.forms import REVIEW
from yingsheng.processes.repairs.queries.review import to_look_at
from yingsheng.processes.repairs.services.closing import review_morning
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import choice_words, milestone_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Result, Row
from yingsheng.ui.submit import status_of, take_form

LAST = 10


@require_http_methods(["GET", "POST"])
@desk("repairs.review")
def review(request: DeskRequest) -> HttpResponse:
    """The list, and the signature under it: once a day."""
    cases = to_look_at(actor=request.actor, now=request.now)
    form: SpecForm | None = None
    if request.method == "POST":
        form = build_form(spec=REVIEW, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            review_morning(
                actor=request.actor, at=request.now, looked_at=[case.number for case in cases],
                **values.cleaned_data,
            )  # fmt: skip
            return f"{reverse('repairs:review')}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    today = timezone.localtime(request.now).date()
    earlier = list(
        MorningReview.objects.filter(site=request.actor.site).select_related("by").order_by("-day")[:LAST]
    )
    context: dict[str, Any] = {
        "columns": [
            Column(label=_("时限"), kind="chip"), Column(label=_("编号"), kind="code"),
            Column(label=_("什么坏了"), kind="long"), Column(label=_("房号")), Column(label=_("种类")),
            Column(label=_("状态")), Column(label=_("处理人")), Column(label=_("登记时间"), kind="moment"),
        ],
        "rows": [_row(case, running.get(case.pk, [])) for case in cases],
        "caption": _("要检查的维修"),
        "empty": Empty(text=_("没有未完成的维修，昨天也没有新的。"), hint=_("仍请检查签认，留下记录。")),
        "form": form or build_form(spec=REVIEW, actor=request.actor)(),
        "verb": _(REVIEW.verb),
        "earlier": earlier,
        "done_today": next((row for row in earlier if row.day == today), None),
        "now": request.now,
        "result": Result(text=_("检查完毕")) if request.GET.get("did") else None,
    }  # fmt: skip
    return render(request, "repairs/review.html", context, status=status_of(form=form))


def _row(case: Case, obligations: list[Any]) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    first = obligations[0] if obligations else None
    process = processes.get("repairs")
    return Row(
        name=case.number,
        url=url,
        cells=[
            Cell(text=milestone_words(code=first.milestone, process=process), obligation=first)
            if first
            else "",
            Cell(text=case.number, url=url),
            case.title,
            case.room.label if case.room else case.caller_name,
            choice_words(process=process, field="severity", code=case.severity),
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            case.handler.name if case.handler else "",
            case.received_at,
        ],
    )
