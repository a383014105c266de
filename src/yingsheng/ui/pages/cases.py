"""The case page of every process: clocks, story, people, and the steps that are legal now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, Step, processes
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.printing import counts_in, print_counts
from yingsheng.kernel.cases.queries import NextStep, find_case, list_kin, next_steps
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import list_events
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.notify.queries import list_told
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import list_obligations, list_running
from yingsheng.ui.callers import caller_facts
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.attachments import FILE_WORDS, FilesPanel, files_panel
from yingsheng.ui.pages.words import choice_words, event_words, message_words, milestone_words, state_badge
from yingsheng.ui.parts import Empty, Entry, Fact, Link, Result
from yingsheng.ui.submit import status_of, take_form

STORY = 200  # events read for the page
FOLD = 6  # of more steps than this, those that are not near are folded away
LATEST = 30  # of which so many are drawn; the earlier ones when they are asked for


@dataclass(frozen=True, kw_only=True)
class StepPanel:
    """A step as the page offers it: why it is blocked, or its form, which is drawn when the step is opened.

    `promise` is the running promise that the step keeps, None if there is none.
    """

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
    promise: Obligation | None = None

    @property
    def is_near(self) -> bool:
        """Whether the step belongs before all others: it keeps a promise, leads on, or is open already."""
        return not self.why and (self.promise is not None or self.step.main or self.open)


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """A line of the print menu."""

    title: str
    form_number: str
    url: str
    printed: int


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


@require_http_methods(["GET", "POST"])
@desk()
def case_step(request: DeskRequest, key: str, code: str) -> HttpResponse:
    """The form of one step; sent in, the step is done, and a refused one comes back with what was typed."""
    case = _get_case(request, key)
    process = processes.get(case.process)
    try:
        step = process.step(code)
    except KeyError as error:
        raise Http404 from error
    demand(actor=request.actor, permission=step.permission)
    if request.method == "GET":
        return _show_form(request, case=case, code=code)
    form = build_form(spec=step.form, actor=request.actor)(request.POST, request.FILES, prefix=code)
    seen = request.POST.get("seen", "")

    def run() -> str:
        result = step.run(
            actor=request.actor,
            case=case,
            at=request.now,
            seen=whole_number(text=seen),
            **form.cleaned_data,
        )
        target = result if isinstance(result, Case) else case
        if _from_today(request):
            return f"{reverse('ui:today')}?did={code}&case={target.key}"
        return f"{reverse('ui:case', args=[target.key])}?did={code}"

    done = take_form(request=request, form=form, run=run)
    if done is not None:
        return done
    return show_case(request, case=_get_case(request, key), tried=(code, form))


def _from_today(request: DeskRequest) -> bool:
    """Whether a step was opened on the first page, and leads back there."""
    return "today" in (request.GET.get("back"), request.POST.get("back"))


def _show_form(request: DeskRequest, *, case: Case, code: str) -> HttpResponse:
    """One step's form alone for the page that opens it, or the whole page with that step open."""
    if "HX-Request" not in request.headers:
        return show_case(request, case=case, chosen=code)
    process = processes.get(case.process)
    subject = process.subject_of(case) if process.subject_of is not None else case
    steps = next_steps(case=case, subject=subject, actor=request.actor)
    offered = [item for item in steps if item.step.code == code and not item.why]
    panels = _panels(request, case, offered, None, chosen=code)
    return render(request, "ui/pages/step_form.html", {"panel": panels[0] if panels else None})


@require_GET
@desk()
def case_part(request: DeskRequest, key: str, part: str) -> HttpResponse:
    """A part of the case page that is read when it is opened: promises, notices to the household, how it began."""
    case = _get_case(request, key)
    if part not in PARTS:
        raise Http404
    if "HX-Request" not in request.headers:
        return show_case(request, case=case, part=part)
    return render(request, f"ui/pages/case_{part}.html", PARTS[part](case) | {"now": request.now})


def _promises(case: Case) -> dict[str, Any]:
    process = processes.get(case.process)
    rows = list_obligations(subject=case)
    return {"clocks": [(row, milestone_words(code=row.milestone, process=process)) for row in rows]}


def _told(case: Case) -> dict[str, Any]:
    return {"told": [(message, message_words(message=message)) for message in list_told(subject=case)[:100]]}


def _earlier(case: Case) -> dict[str, Any]:
    return {"earlier": _entries(list(list_events(subject=case)[LATEST:]), processes.get(case.process))}


PARTS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "promises": _promises,
    "told": _told,
    "earlier": _earlier,
}


def show_case(
    request: DeskRequest,
    *,
    case: Case,
    tried: tuple[str, SpecForm] | None = None,
    files: FilesPanel | None = None,
    chosen: str = "",
    part: str = "",
) -> HttpResponse:
    """Draw the case page: with the step or files tried and not taken, the step chosen or the part asked for open."""
    actor = request.actor
    process = processes.get(case.process)
    subject = process.subject_of(case) if process.subject_of is not None else case
    steps = _with_tried(next_steps(case=case, subject=subject, actor=actor), process, tried)
    described = process.describe(case) if process.describe is not None else []
    word, tone = state_badge(case=case)
    successors, members = list_kin(actor=actor, case=case)
    events = list(list_events(subject=case)[:STORY])
    running = list(list_running(subject=case))
    asked = tried[0] if tried else chosen or request.GET.get("step", "")
    panels = _panels(request, case, steps, tried, chosen=asked, running=running)
    near = [panel for panel in panels if panel.is_near] if len(panels) > FOLD else panels
    context = {
        "case": case,
        "process": process,
        "state_word": word,
        "state_tone": tone,
        "severity_word": choice_words(process=process, field="severity", code=case.severity),
        "validity_word": choice_words(process=process, field="validity", code=case.validity),
        "facts": [*caller_facts(actor=request.actor, case=case), *_facts(case, process, described)],
        "running": [(row, milestone_words(code=row.milestone, process=process)) for row in running],
        "entries": _entries(events[:LATEST], process),
        "has_earlier": len(events) > LATEST,
        "steps": near,
        "other_steps": [panel for panel in panels if panel not in near],
        "files": files or files_panel(request, case=case),
        "sheets": sheet_lines(case=case, process=process, events=events),
        "related": [
            line
            for one in processes
            if one.related is not None
            for line in one.related(case)
            if not line.permission or request.actor.may(line.permission)
        ],
        "successors": successors,
        "members": members,
        "part": part,
        **(PARTS[part](case) if part in PARTS else {}),
        **_own_part(request, process, case),
        "now": request.now,
        "result": _did(request.actor, process, case, request.GET.get("did", "")),
        "empty": Empty(text=_("还没有记录。")),
    }
    refused = tried[1] if tried is not None else files.form if files is not None else None
    return render(request, "ui/pages/case.html", context, status=status_of(form=refused))


def _own_part(request: DeskRequest, process: Process, case: Case) -> dict[str, Any]:
    """The fragment that the process puts on the page of its own cases, and what it needs."""
    own = process.case_part
    if own is None:
        return {}
    return {
        "own_template": own.template,
        "own": own.build(case=case, actor=request.actor, now=request.now),
    }


def sheet_lines(*, case: Case, process: Process, events: Sequence[Event]) -> list[SheetLine]:
    """The print menu: the sheets of the process and those other processes add, each with how often it was printed."""
    whole = len(events) < STORY  # then the story at hand tells every print
    counts = counts_in(events=events) if whole else print_counts(case=case)
    own = [
        SheetLine(
            title=str(_(sheet.title)),
            form_number=sheet.form_number,
            url=reverse("ui:sheet", args=[case.key, sheet.code]),
            printed=counts[sheet.code],
        )
        for sheet in process.sheets
    ]
    others = [
        SheetLine(
            title=line.title,
            form_number=line.form_number,
            url=reverse(line.url_name, args=line.url_args),
            printed=counts[line.mark],
        )
        for one in processes
        if one.printable is not None
        for line in one.printable(case)
    ]
    return own + others


def _did(actor: Actor, process: Process, case: Case, code: str) -> Result | None:
    label = ""
    if code == "registered":
        label = _("已登记")
    elif code in FILE_WORDS:
        label = _(FILE_WORDS[code])
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
        links=[
            Link(label=_("接待下一位"), url=reverse("enquiries:reception"), key="r")
            if actor.may("enquiries.register")
            else Link(label=_("回到工作台"), url=reverse("ui:today"), key="r")
        ],
    )


def _facts(case: Case, process: Process, described: list[tuple[str, Any]]) -> list[Fact]:
    people = [
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


def _entries(events: Sequence[Event], process: Process) -> list[Entry]:
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
        for event in events
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
    request: DeskRequest,
    case: Case,
    steps: list[NextStep],
    tried: tuple[str, SpecForm] | None,
    *,
    chosen: str,
    running: Sequence[Obligation] = (),
) -> list[StepPanel]:
    """The steps in the order of what is owed: those that keep a promise, by due time; the usual next ones; the rest."""
    panels = []
    process = processes.get(case.process)
    kept: dict[str, Obligation] = {}
    for row in running:
        step = process.step_keeping(milestone=row.milestone, state=case.state, case=case)
        if step is not None:
            kept.setdefault(step.code, row)
    places = {code: place for place, code in enumerate(kept)}
    lists = SiteLists(site=request.actor.site)
    # a form opened later carries the version its page was drawn with, so that nobody steps on what he has not seen
    seen = whole_number(text=request.GET.get("seen", ""))
    version = case.version if seen is None else seen
    back = (("back", "today"),) if _from_today(request) else ()
    ordered = sorted(
        steps,
        key=lambda item: (bool(item.why), places.get(item.step.code, len(places)), not item.step.main),
    )
    for item in ordered:
        form: SpecForm | None = None
        if not item.why and item.step.code == chosen:
            if tried is not None:
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
                hidden=(("seen", version), *back),
                promise=kept.get(item.step.code),
            )
        )
    return panels


def _initial(case: Case) -> dict[str, Any]:
    return {"person": case.caller_name, "signed_by": "", "wants_help": True, "times_raised": 1, "tell": True}
