"""Writing the archive from the screen: somebody new, a person's page, and every deed of `kernel.estate.verbs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingsheng.base.numbering import whole_number
from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.forms import NEW_FACE
from yingsheng.kernel.estate.history import list_person_history
from yingsheng.kernel.estate.models import Consent, Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.estate.personal import masked_person
from yingsheng.kernel.estate.queries import find_room, person_phones
from yingsheng.kernel.estate.residents import register_resident
from yingsheng.kernel.estate.services import add_person
from yingsheng.kernel.estate.verbs import Subject, find_subject, find_verb, version_of
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.kernel.org.permissions import Allow
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.households import Reveal, archive_entries, try_reveal
from yingsheng.ui.parts import Empty, Fact, Result
from yingsheng.ui.submit import take_form

TO_RECEPTION = "reception"
HISTORY = 100


@require_http_methods(["GET", "POST"])
@desk(Allow.EDIT_ESTATE)
def new_face(request: DeskRequest) -> HttpResponse:
    """Somebody who is in no file yet: with a room he becomes a resident, without one a known other person (C-84)."""
    form_class = build_form(spec=NEW_FACE, actor=request.actor)
    if request.method == "POST":
        form = form_class(request.POST)
        done, status = _take(request, form, lambda: _register(request, form))
        if done is not None:
            return done
    else:
        form, status = form_class(initial=_typed(request)), 200
    context = {
        "form": form,
        "verb": _(NEW_FACE.verb),
        "title": _(NEW_FACE.title),
        "cancel_url": reverse("ui:households"),
        "hidden": [("next", request.POST.get("next") or request.GET.get("next", ""))],
    }
    return render(request, "ui/pages/archive_form.html", context, status=status)


def _typed(request: DeskRequest) -> dict[str, str]:
    """What was typed into a search that found nobody, each part where it belongs."""
    text = request.GET.get("q", "").strip()[:60]
    room = request.GET.get("room", "").strip()[:60]
    words = parse_room(text=text)
    if words is not None and words.room:
        room = room or room_key(building=words.building, unit=words.unit, room=words.room)
        text = words.rest
    try:
        phone = normalise_phone(text=text, area_code=request.actor.site.area_code)
    except BadPhone:
        phone = ""
    return {"room": room, "phone": phone, "name": "" if phone else text}


def _register(request: DeskRequest, form: SpecForm) -> str:
    values: dict[str, Any] = dict(form.cleaned_data)
    common: dict[str, Any] = {"by": request.actor.staff, "at": request.now}
    phone, room_text, note = values.pop("phone"), values.pop("room"), values.pop("note")
    phones = [phone] if phone else []
    if not room_text:
        person = add_person(
            site=request.actor.site, name=values["name"], call_as=values["call_as"], phones=phones, note=note,
            **common,
        )  # fmt: skip
        if _back_to_reception(request):
            return f"{reverse('enquiries:reception')}?stranger=1&person={person.pk}"
        return reverse("ui:person", args=[person.pk])
    words = parse_room(text=room_text)
    key = room_key(building=words.building, unit=words.unit, room=words.room) if words else room_text
    room = find_room(site=request.actor.site, key=key)
    if room is None:
        raise Refused(N("没有这个房号，请写全栋、单元和房号"), field="room")
    member = register_resident(room=room, phones=phones, **values, **common)
    if _back_to_reception(request):
        return f"{reverse('enquiries:reception')}?household={member.household_id}&person={member.person_id}"
    return f"{reverse('ui:household', args=[member.household_id])}?did=resident"


def _back_to_reception(request: DeskRequest) -> bool:
    return request.POST.get("next") == TO_RECEPTION and request.actor.may("enquiries.register")


@require_http_methods(["GET", "POST"])
@desk(Allow.EDIT_ESTATE)
def archive_verb(request: DeskRequest, kind: str, pk: int, code: str) -> HttpResponse:
    """One deed: its form, and doing it; who decided on an older version is told with 409 and keeps what he typed."""
    verb = find_verb(kind=kind, code=code)
    subject = find_subject(kind=kind, pk=pk, site=request.actor.site) if verb is not None else None
    if verb is None or subject is None:
        raise Http404
    form_class = build_form(spec=verb.form, actor=request.actor)
    seen = request.POST.get("seen", "")

    def run() -> str:
        made = verb.run(
            subject=subject,
            by=request.actor.staff,
            at=request.now,
            seen=whole_number(text=seen),
            **form.cleaned_data,
        )
        return f"{_page_after(subject=subject, made=made)}?did={code}"

    if request.method == "POST":
        form = form_class(request.POST)
        done, status = _take(request, form, run)
        if done is not None:
            return done
    else:
        initial = verb.initial(subject) if verb.initial is not None else {}
        form, status = form_class(initial={**_today(request, form_class), **initial}), 200
    context = {
        "form": form,
        "verb": _(verb.form.verb),
        "title": _(verb.title),
        "about": about_words(subject=subject),
        "tone": "danger" if verb.grave else "",
        "cancel_url": page_of(subject=subject),
        # after a conflict the newest version: who saves again has been told
        "hidden": [("seen", version_of(subject=subject))],
    }
    return render(request, "ui/pages/archive_form.html", context, status=status)


def _take(request: DeskRequest, form: SpecForm, run: Callable[[], str]) -> tuple[HttpResponse | None, int]:
    """(answer, 303), or (None, status) for a form that has to be shown again: 409 if somebody else was first."""
    stale: list[Conflict] = []

    def watched() -> str:
        try:
            return run()
        except Conflict as refusal:
            stale.append(refusal)
            raise

    done = take_form(request=request, form=form, run=watched)
    return done, 303 if done is not None else 409 if stale else 422


def _today(request: DeskRequest, form_class: type[SpecForm]) -> dict[str, Any]:
    """Days of a deed are today until another is typed; when somebody moved in is not guessed."""
    today = timezone.localtime(request.now).date()
    return {
        name: today
        for name in ("ended_date", "moved_out_date", "changed_date")
        if name in form_class.base_fields
    }


def page_of(*, subject: Subject) -> str:
    """The page on which a record of the archive is shown."""
    if isinstance(subject, Household):
        return reverse("ui:household", args=[subject.pk])
    if isinstance(subject, Member | Vehicle):
        return reverse("ui:household", args=[subject.household_id])
    if isinstance(subject, Phone | Consent):
        return reverse("ui:person", args=[subject.person_id])
    if isinstance(subject, Room):
        home = Household.objects.filter(room=subject).order_by("active_to", "-pk").first()
        living = Household.objects.filter(room=subject, active_to__isnull=True).first() or home
        return (
            reverse("ui:household", args=[living.pk])
            if living is not None
            else f"{reverse('ui:households')}?q={subject.key}"
        )
    return reverse("ui:person", args=[subject.pk])


def _page_after(*, subject: Subject, made: object) -> str:
    """Where a deed leads: to the new household after a change of title, else to the record's own page."""
    return page_of(subject=made if isinstance(made, Household | Member) else subject)


def about_words(*, subject: Subject) -> str:
    """Who or what a deed is about, read back above its form."""
    if isinstance(subject, Member):
        return f"{subject.household.room.label} · {subject.person.name}"
    if isinstance(subject, Vehicle):
        return f"{subject.household.room.label} · {subject.plate}"
    if isinstance(subject, Phone):
        masked = next(one.masked for one in person_phones(person=subject.person) if one.id == subject.pk)
        return f"{subject.person.name} · {masked}"
    if isinstance(subject, Consent):
        return f"{subject.person.name} · {subject.purpose}"
    return subject.room.label if isinstance(subject, Household) else str(subject)


@require_http_methods(["GET", "POST"])
@desk(Allow.SEE_ESTATE)
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody of the archive, masked; a POST opens what is masked, with a reason."""
    found = Person.objects.filter(site=request.actor.site, pk=pk).first()
    if found is None:
        raise Http404
    reveal = try_reveal(request, person=found) if request.method == "POST" else Reveal()
    shown = masked_person(person=found)
    memberships = (
        Member.objects.filter(person=found).select_related("household__room").order_by("active_to", "-pk")
    )
    facts = [
        Fact(label=_("称呼"), value=shown.call_as),
        Fact(label=_("身份证号"), value=shown.id_number, number=True),
        Fact(label=_("出生日期"), value=shown.birth_date, number=True),
        Fact(label=_("备注"), value=found.note, wide=True),
    ]
    context = {
        "person": found,
        "facts": [fact for fact in facts if fact.value],
        "phones": person_phones(person=found),
        "memberships": [(row, _(row.get_relation_display())) for row in memberships],
        "consents": found.consents.order_by("-given_at", "-pk"),
        "entries": archive_entries(events=list_person_history(person=found)[:HISTORY]),
        "reveal": reveal,
        "may_reveal": request.actor.may(Allow.REVEAL_PERSONAL),
        "may_edit": request.actor.may(Allow.EDIT_ESTATE),
        "result": Result(text=_("已记下")) if request.GET.get("did") else None,
        "empty": Empty(text=_("还没有记录。")),
    }
    return render(request, "ui/pages/person.html", context, status=422 if reveal.refusal else 200)
