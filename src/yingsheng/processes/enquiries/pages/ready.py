"""Ready answers beside the form of an enquiry: offered while it is typed, taken over with one click (B-09)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, processes
from yingsheng.base.shown import Answers, ReadyAnswer
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.enquiries.pages.caller import CALLER, ask_caller, is_stranger, posted
from yingsheng.processes.enquiries.process import KINDS
from yingsheng.ui.desk import DeskRequest, desk


def intake_form(
    request: DeskRequest, process: Process, *sent: Any, initial: dict[str, Any] | None = None
) -> SpecForm:
    """The intake form of a process; that of an enquiry shows its kinds as chips and looks for ready answers."""
    assert process.intake is not None
    built: Any = build_form(spec=process.intake, actor=request.actor)
    form: SpecForm = built(*sent, initial=initial)
    if process.code != "enquiries":
        return form
    form.fields["kind"].widget = forms.RadioSelect(choices=[(code, _(label)) for code, label in KINDS])
    form.fields["title"].widget.attrs |= {
        "hx-get": reverse("enquiries:ready"), "hx-trigger": "input changed delay:300ms", "hx-target": "#ready",
        "hx-swap": "outerHTML", "autocomplete": "off",
    }  # fmt: skip
    return form


def _book() -> Answers | None:
    return next((one.answers for one in processes if one.answers is not None), None)


def ready_answers(request: DeskRequest, text: str) -> list[ReadyAnswer]:
    """The approved answers that fit what was typed, the best first; none where nobody keeps any."""
    book = _book()
    return book.suggest(actor=request.actor, text=text[:120]) if book is not None and text.strip() else []


def _used(request: DeskRequest, pk: int | None) -> ReadyAnswer | None:
    book = _book()
    return (
        book.use(actor=request.actor, id=pk, at=request.now) if book is not None and pk is not None else None
    )


def look_up(request: DeskRequest, process: Process) -> SpecForm:
    """The form as it was typed, not judged, with the answer that was chosen filled in; for pages without scripts."""
    typed = {name: value for name, value in request.POST.items() if name not in CALLER}
    found = _used(request, whole_number(text=request.POST.get("use_answer", "")))
    if found is not None:
        typed["answer"] = found.answer
    form = intake_form(request, process, initial=typed)
    if is_stranger(request):
        ask_caller(form, typed={name: posted(request, name) for name in CALLER})
    return form


@require_GET
@desk("enquiries.register")
def ready(request: DeskRequest) -> HttpResponse:
    """The answers that fit the question while it is typed."""
    return render(
        request, "enquiries/ready.html", {"ready": ready_answers(request, request.GET.get("title", ""))}
    )


@require_POST
@desk("enquiries.register")
def take_answer(request: DeskRequest, pk: int) -> HttpResponse:
    """The answer field with this answer in it; the use is counted."""
    found = _used(request, pk)
    if found is None:
        raise Http404
    form = intake_form(request, processes.get("enquiries"), initial={"answer": found.answer})
    return render(request, "enquiries/taken.html", {"field": form["answer"]})
