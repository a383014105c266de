"""未答复: every complaint without an answer, whatever its state, gone through and signed each day (C-69)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.kernel.cases.queries import SUBJECT
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.models import Filing
from yingsheng.kernel.timers.queries import list_running_for
from yingsheng.processes.complaints.process.more_forms import SIGN_UNANSWERED
from yingsheng.processes.complaints.queries.unanswered import list_unanswered
from yingsheng.processes.complaints.services.filing import UNANSWERED, sign_unanswered
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import milestone_words, state_badge
from yingsheng.ui.parts import Cell, Column, Empty, Result, Row
from yingsheng.ui.submit import status_of, take_form

LINES = 200
LAST = 10


@require_http_methods(["GET", "POST"])
@desk("complaints.see")
def unanswered(request: DeskRequest) -> HttpResponse:
    """The list, longest waiting first, and the signature under it for whoever answers for it."""
    form: SpecForm | None = None
    if request.method == "POST":
        demand(actor=request.actor, permission="complaints.sign_unanswered")
        form = build_form(spec=SIGN_UNANSWERED, actor=request.actor)(request.POST)
        values = form

        def run() -> str:
            sign_unanswered(actor=request.actor, at=request.now, **values.cleaned_data)
            return f"{reverse('complaints:unanswered')}?did=1"

        done = take_form(request=request, form=form, run=run)
        if done is not None:
            return done
    return _show(request, form)


def _show(request: DeskRequest, tried: SpecForm | None) -> HttpResponse:
    cases = list(list_unanswered(actor=request.actor)[:LINES])
    running = list_running_for(subject_type=SUBJECT, subject_ids=[case.pk for case in cases])
    signed = list(
        Filing.objects.filter(period__site=request.actor.site, period__code=UNANSWERED)
        .select_related("by", "period")
        .order_by("-at", "-pk")[:LAST]
    )
    today = timezone.localtime(request.now).date()
    may_sign = request.actor.may("complaints.sign_unanswered")
    fresh = build_form(spec=SIGN_UNANSWERED, actor=request.actor)() if may_sign else None
    context: dict[str, Any] = {
        "columns": [
            Column(label=_("时限"), kind="chip"),
            Column(label=_("编号"), kind="code"),
            Column(label=_("事由"), kind="long"),
            Column(label=_("房号")),
            Column(label=_("状态")),
            Column(label=_("处理人")),
            Column(label=_("登记时间"), kind="moment"),
        ],
        "rows": [_row(case, running.get(case.pk, [])) for case in cases],
        "caption": _("未答复的投诉"),
        "empty": Empty(text=_("所有投诉都已答复。"), hint=_("仍请核对签认，留下记录。") if may_sign else ""),
        "form": tried or fresh,
        "verb": _(SIGN_UNANSWERED.verb),
        "signed": signed,
        "signed_today": next((row for row in signed if row.period.first == today), None),
        "now": request.now,
        "result": Result(text=_("已核对签认")) if request.GET.get("did") else None,
    }
    return render(request, "complaints/unanswered.html", context, status=status_of(form=tried))


def _row(case: Any, obligations: list[Any]) -> Row:
    word, tone = state_badge(case=case)
    url = reverse("ui:case", args=[case.key])
    first = obligations[0] if obligations else None
    return Row(
        name=case.number,
        url=url,
        cells=[
            Cell(text=milestone_words(code=first.milestone), obligation=first) if first else "",
            Cell(text=case.number, url=url),
            case.title,
            case.room.label if case.room else case.caller_name,
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            case.handler.name if case.handler else case.department.name if case.department else "",
            case.received_at,
        ],
    )
