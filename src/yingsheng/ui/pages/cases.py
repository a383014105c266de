"""The case page of every process: clocks, story, people, and the steps that are legal now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import (
    NextStep,
    find_case,
    next_steps,
    visible_cases,
    with_people,
)
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.files.queries import list_attachments
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.notify.queries import list_told
from yingsheng.kernel.org.access import demand
from yingsheng.kernel.timers.queries import list_obligations
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.words import choice_words, event_words, message_words, milestone_words, state_badge
from yingsheng.ui.parts import Empty, Entry, Fact, Link, Result
from yingsheng.ui.submit import status_of, take_form


@dataclass(frozen=True, kw_only=True)
class StepPanel:
    """A step as the page offers it: its form, or why it is blocked."""

    step: Step
    label: str
    verb: str
    form: SpecForm | None
    url: str
    why: str
    rule: str
    open: bool
    form_id: str
    hidden: tuple[tuple[str, object], ...]


def _get_case(request: DeskRequest, key: str) -> Case:
    case = find_case(actor=request.actor, key=key)
    if case is None:
        raise Http404
    return case


@require_GET
@desk()
def case_page(request: DeskRequest, key: str) -> HttpResponse:
    """One case: clocks, story, people, and the steps that are legal now for this person."""
    return show_case(request, case=_get_case(request, key))


@require_http_methods(["POST"])
@desk()
def case_step(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """Do one step of a case; a refused one comes back with what was typed."""
    case = _get_case(request, key)
    process = processes.get(case.process)
    try:
        step = process.step(code)
    except KeyError as error:
        raise Http404 from error
    demand(actor=request.actor, permission=step.permission)
    form = build_form(spec=step.form, actor=request.actor)(request.POST, request.FILES, prefix=code)
    seen = request.POST.get("seen", "")

    def run() -> str:
        result = step.run(
            actor=request.actor,
            case=case,
            at=request.now,
            seen=int(seen) if seen.isdigit() else None,
            **form.cleaned_data,
        )
        target = result if isinstance(result, Case) else case
        return f"{reverse('ui:case', args=[target.key])}?did={code}"

    done = take_form(request=request, form=form, run=run)
    if done is not None:
        return done
    return show_case(request, case=_get_case(request, key), tried=(code, form))


def show_case(request: DeskRequest, *, case: Case, tried: tuple[str, SpecForm] | None = None) -> HttpResponse:
    """Draw the case page, with the form of a step that was tried and not taken."""
    actor = request.actor
    process = processes.get(case.process)
    subject = process.subject_of(case) if process.subject_of is not None else case
    steps = _with_tried(next_steps(case=case, subject=subject, actor=actor), process, tried)
    described = process.describe(case) if process.describe is not None else []
    word, tone = state_badge(case=case)
    did = request.GET.get("did", "")
    obligations = list(list_obligations(subject=case))
    context = {
        "case": case,
        "process": process,
        "state_word": word,
        "state_tone": tone,
        "severity_word": choice_words(process=process, field="severity", code=case.severity),
        "validity_word": choice_words(process=process, field="validity", code=case.validity),
        "facts": _facts(case, process, described),
        "clocks": [(row, milestone_words(code=row.milestone, process=process)) for row in obligations],
        "running": [
            (row, milestone_words(code=row.milestone, process=process))
            for row in obligations
            if row.ended_at is None
        ],
        "entries": _entries(case, process),
        "steps": _panels(request, case, steps, tried),
        "told": [(message, message_words(message=message)) for message in list_told(subject=case)[:20]],
        "files": list_attachments(subject=case),
        "sheets": process.sheets,
        "related": [line for one in processes if one.related is not None for line in one.related(case)],
        "successors": visible_cases(actor=actor).filter(origin=case),
        "members": with_people(rows=visible_cases(actor=actor).filter(group=case)),
        "now": request.now,
        "result": _did(process, case, did),
        "empty": Empty(text=_("还没有记录。")),
    }
    return render(request, "ui/pages/case.html", context, status=status_of(form=tried[1] if tried else None))


def _did(process: Process, case: Case, code: str) -> Result | None:
    label = ""
    if code == "registered":
        label = _("已登记")
    else:
        step = next((step for step in process.steps if step.code == code), None)
        if step is not None:
            label = _("已办：%(step)s") % {"step": _(step.label)}
    if not label:
        return None
    return Result(
        text=label,
        number=case.number,
        url=reverse("ui:case", args=[case.key]),
        links=[Link(label=_("接待下一位"), url=reverse("enquiries:reception"), key="r")],
    )


def _facts(case: Case, process: Process, described: list[tuple[str, Any]]) -> list[Fact]:
    people = [
        Fact(label=_("房号"), value=case.room.label if case.room else "—"),
        Fact(label=_("来人来电"), value=case.caller_name),
        Fact(label=_("来源"), value=choice_words(process=process, field="channel", code=case.channel)),
        Fact(label=_("登记时间"), value=case.received_at, number=True),
        Fact(label=_("登记人"), value=case.received_by.name if case.received_by else case.source_system),
        Fact(label=_("责任部门"), value=case.department.name if case.department else "—"),
        Fact(label=_("处理人"), value=case.handler.name if case.handler else "—"),
        Fact(label=_("类别"), value=choice_words(process=process, field="category", code=case.category)),
    ]
    return people + [
        Fact(label=str(_(label)), value=value, wide=len(str(value)) > 40) for label, value in described
    ]


def _entries(case: Case, process: Process) -> list[Entry]:
    from yingsheng.kernel.events.kinds import get_kind

    return [
        Entry(
            actor=event.by.name if event.by else "",
            at=event.at,
            device_at=event.device_at,
            text=event_words(event=event, process=process),
            tone=get_kind(code=event.kind).tone,  # type: ignore[arg-type]
            sign=get_kind(code=event.kind).icon,
            rule=event.rule,
            rule_url=reverse("ui:rule", args=[event.rule]) if event.rule else "",
        )
        for event in list_events(subject=case)[:200]
    ]


def _with_tried(
    steps: list[NextStep], process: Process, tried: tuple[str, SpecForm] | None
) -> list[NextStep]:
    """A step that was tried and not taken stays, with what was typed, even if it is not to be done any more."""
    if tried is None:
        return steps
    code, form = tried
    offered = next((item for item in steps if item.step.code == code), None)
    if offered is not None and offered.why and not form.non_field_errors():
        form.add_error(None, _(offered.why))
    rest = [item for item in steps if item is not offered]
    return [NextStep(step=process.step(code)), *rest]


def _panels(
    request: DeskRequest, case: Case, steps: list[NextStep], tried: tuple[str, SpecForm] | None
) -> list[StepPanel]:
    panels = []
    lists = SiteLists(site=request.actor.site)
    chosen = tried[0] if tried else request.GET.get("step", "")
    ordered = sorted(steps, key=lambda item: (bool(item.why), not item.step.main))
    for item in ordered:
        form: SpecForm | None = None
        if not item.why:
            if tried is not None and tried[0] == item.step.code:
                form = tried[1]
            else:
                form = build_form(spec=item.step.form, actor=request.actor, lists=lists)(
                    prefix=item.step.code, initial=_initial(case)
                )
        panels.append(
            StepPanel(
                step=item.step,
                label=str(_(item.step.label)),
                verb=str(_(item.step.form.verb)),
                form=form,
                url=reverse("ui:case_step", args=[case.key, item.step.code]),
                why=str(_(item.why)) if item.why else "",
                rule=item.rule,
                open=item.step.code == chosen,
                form_id=f"{item.step.code}-{case.key}",
                hidden=(("seen", case.version),),
            )
        )
    return panels


def _initial(case: Case) -> dict[str, Any]:
    return {"person": case.caller_name, "signed_by": "", "wants_help": True, "times_raised": 1, "tell": True}
