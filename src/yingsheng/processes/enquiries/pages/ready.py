"""Ready words beside every form of the desk: offered while it is typed, an answer taken over with one click (B-09)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.numbering import whole_number
from yingsheng.base.process import Process, processes
from yingsheng.base.shown import Answers, OnTheLine, ReadyAnswer
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.enquiries.pages.caller import (
    CALLER,
    ask_caller,
    chosen_household,
    is_stranger,
    known_face,
    posted,
)
from yingsheng.processes.enquiries.process import KINDS
from yingsheng.ui.desk import DeskRequest, desk

TYPED, MOST_TYPED = ("title", "body", "place"), 300  # what the desk types into its forms


def intake_form(
    request: DeskRequest, process: Process, *sent: Any, initial: dict[str, Any] | None = None
) -> SpecForm:
    """The intake form of a process; that of an enquiry shows its kinds as chips."""
    assert process.intake is not None
    built: Any = build_form(spec=process.intake, actor=request.actor)
    form: SpecForm = built(*sent, initial=initial)
    if process.code != "enquiries":
        return form
    form.fields["kind"].widget = forms.RadioSelect(choices=[(code, _(label)) for code, label in KINDS])
    form.fields["title"].widget.attrs["autocomplete"] = "off"
    return form


def _book() -> Answers | None:
    return next((one.answers for one in processes if one.answers is not None), None)


def ready_words(request: DeskRequest, process: Process | None) -> dict[str, Any]:
    """What fits the form and the words in it, said to whoever is on the line; nothing where nobody keeps any."""
    book = _book()
    if book is None or process is None or process.intake is None or not request.actor.may(book.permission):
        return {}
    text = " ".join(filter(None, (posted(request, name) for name in TYPED)))[:MOST_TYPED]
    offer = book.suggest(
        actor=request.actor, text=text, now=request.now, process=process.code, category=posted(request, "category"),
        who=speaker(request),
    )  # fmt: skip
    return {
        "offer": offer,
        "typed": text,
        "found": any(one.takes for one in offer.rows),
        "taking": process.code == "enquiries",
        "book": book,
        "process": process,
    }


def speaker(request: DeskRequest) -> OnTheLine:
    """Who is spoken to: the one chosen on the card, a known face, or the name somebody gives."""
    household = chosen_household(request)
    pk = whole_number(text=posted(request, "person"))
    if household is None:
        face = known_face(request)
        if face is not None:
            return OnTheLine(name=face.name, call_as=face.call_as, person_id=face.pk)
        return OnTheLine(name=posted(request, "caller_name")[:60])
    members = household.members.filter(active_to__isnull=True).select_related("person")
    found = (members.filter(person_id=pk) if pk is not None else members.order_by("-decides", "pk")).first()
    room = household.room
    line = OnTheLine(room=room.label, unit=room.label.removesuffix(room.number) or room.building.name)
    if found is None:
        return line
    person = found.person
    return replace(line, name=person.name, call_as=person.call_as, person_id=person.pk)


def _used(request: DeskRequest, pk: int | None) -> ReadyAnswer | None:
    book = _book()
    if book is None or pk is None:
        return None
    return book.use(actor=request.actor, id=pk, at=request.now, who=speaker(request))


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
    """What fits the form while it is typed."""
    code = request.GET.get("process", "enquiries")
    process = processes.get(code) if code in processes else None
    return render(request, "enquiries/ready.html", ready_words(request, process))


@require_POST
@desk("enquiries.register")
def take_answer(request: DeskRequest, pk: int) -> HttpResponse:
    """The answer field with this answer in it; the use is counted."""
    found = _used(request, pk)
    if found is None:
        raise Http404
    form = intake_form(request, processes.get("enquiries"), initial={"answer": found.answer})
    return render(request, "enquiries/taken.html", {"field": form["answer"]})
