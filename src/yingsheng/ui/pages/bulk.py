"""One step for several cases at once: each in its own transaction, each with its own answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, Step, processes
from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import next_steps, visible_cases, with_people
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.forms.submissions import Answer, once
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import state_badge
from yingsheng.ui.parts import Action, Cell, Column, Empty, Row
from yingsheng.ui.submit import content_mark

MOST = 50


def bulk_actions(*, process: Process, actor: Actor) -> list[Action]:
    """The steps of a process that this person may do for several cases at once."""
    return [
        Action(value=step.code, label=_(step.label))
        for step in process.steps
        if step.bulk and actor.may(step.permission)
    ]


@require_POST
@desk()
def bulk(request: DeskRequest, process: str) -> HttpResponse:
    """The form of the step that was chosen for the ticked cases; sent in, done for each of them."""
    if process not in processes:
        raise Http404
    declared = processes.get(process)
    step = next((one for one in declared.steps if one.code == request.POST.get("step") and one.bulk), None)
    if step is not None:
        demand(actor=request.actor, permission=step.permission)
    chosen = request.POST.getlist("chosen")[:MOST]
    found = visible_cases(actor=request.actor).filter(process=process, key__in=chosen)
    cases = list(with_people(rows=found).order_by("next_due_at", "pk"))
    if step is None or not cases:
        return _page(request, declared, step, [], words={}, form=None, status=422)
    spec = build_form(spec=step.form, actor=request.actor)
    if "doing" not in request.POST:
        words = {case.key: _hindrance(case=case, step=step, actor=request.actor) for case in cases}
        return _page(request, declared, step, cases, words=words, form=spec(prefix="bulk"), status=200)
    form = spec(request.POST, request.FILES, prefix="bulk")
    if not form.is_valid():
        return _page(request, declared, step, cases, words={}, form=form, status=422)
    words = {case.key: _do(request, case=case, step=step, form=form) for case in cases}
    return _page(request, declared, step, cases, words=words, form=None, status=200)


def _hindrance(*, case: Case, step: Step, actor: Actor) -> Cell:
    """Whether the step can be done for this case now, as far as one can tell before doing it."""
    subject_of = processes.get(case.process).subject_of
    subject = subject_of(case) if subject_of is not None else case
    offered = next(
        (one for one in next_steps(case=case, subject=subject, actor=actor) if one.step is step), None
    )
    if offered is None:
        return Cell(text=_("这个状态下办不了"), tone="waiting")
    return Cell(text=_(offered.why), tone="waiting") if offered.why else Cell(text=_("可以办"), tone="plain")


def _do(request: DeskRequest, *, case: Case, step: Step, form: SpecForm) -> Cell:
    """Do the step for one case, once however often the page is sent; its answer as a cell."""
    actor = request.actor
    seen = request.POST.get(f"seen:{case.key}", "")

    def run() -> Answer:
        step.run(
            actor=actor,
            case=case,
            at=request.now,
            seen=whole_number(text=seen),
            **form.cleaned_data,
        )
        return Answer(status=200, body={})

    try:
        once(
            scope=f"bulk:{actor.site.pk}:{actor.staff.pk}:{step.code}:{case.key}",
            key=request.POST.get("form_key", "")[:150],
            mark=content_mark(request=request),
            at=request.now,
            run=run,
        )
    except Refused as refusal:
        words = _(refusal.text) % refusal.params if refusal.params else _(refusal.text)
        return Cell(text=_("没有办成"), tone="late", note=f"{words} {refusal.rule}".strip())
    return Cell(text=_("已办"), tone="met")


def _page(
    request: DeskRequest,
    process: Process,
    step: Step | None,
    cases: Sequence[Case],
    *,
    words: dict[str, Cell],
    form: SpecForm | None,
    status: int,
) -> HttpResponse:
    hidden: list[tuple[str, object]] = [("step", step.code if step else ""), ("doing", "1")]
    hidden += [("chosen", case.key) for case in cases]
    hidden += [(f"seen:{case.key}", case.version) for case in cases]
    context: dict[str, Any] = {
        "title": _(step.label) if step else _("批量办理"),
        "verb": _(step.form.verb) if step else "",
        "process": process,
        "list_url": reverse(process.menu[0].url_name) if process.menu else "/",
        "form": form,
        "action": request.path,
        "hidden": hidden,
        "columns": [
            Column(label=_("编号"), kind="code"),
            Column(label=_("事由"), kind="long"),
            Column(label=_("房号")),
            Column(label=_("状态")),
            Column(label=_("办理")),
        ],
        "rows": [_row(case, words.get(case.key)) for case in cases],
        "empty": Empty(text=_("没有选中事项。"), hint=_("回到列表，先勾选，再选一个办法。")),
        "now": request.now,
    }
    return render(request, "ui/pages/bulk.html", context, status=status)


def _row(case: Case, answer: Cell | None) -> Row:
    url = reverse("ui:case", args=[case.key])
    word, tone = state_badge(case=case)
    return Row(
        key=case.key,
        url=url,
        name=case.number,
        cells=[
            Cell(text=case.number, url=url),
            case.title,
            case.room.label if case.room else case.caller_name,
            Cell(text=word, tone=tone),  # type: ignore[arg-type]
            answer or "",
        ],
    )
