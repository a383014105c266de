"""Who is at the desk: chosen on a card, known without a home here, or somebody to be asked for name and number."""

from __future__ import annotations

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _

from yingsheng.base.numbering import whole_number
from yingsheng.base.phones import BadPhone, normalise_phone
from yingsheng.base.refusal import Refused
from yingsheng.base.rooms import parse_room, room_key
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.estate.models import Household, Person
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.forms.build import SpecForm
from yingsheng.ui.desk import DeskRequest

# what another page sends along when it has a matter registered: what it was raised from, the call
GOING_ALONG = ("raised", "call")
CALLER = ("caller_name", "caller_phone", "caller_room")  # what only a stranger is asked, in this order


def ask_caller(form: SpecForm, *, typed: dict[str, str]) -> None:
    """Put the questions about a stranger before the form's own, so that a refusal stands beside its field."""
    asked: dict[str, forms.Field] = {
        "caller_name": forms.CharField(label=_("称呼"), max_length=60, required=False),
        "caller_phone": forms.CharField(label=_("电话"), max_length=30, required=False),
        "caller_room": forms.CharField(label=_("房号（如有）"), max_length=40, required=False),
    }
    for name, field in asked.items():
        field.initial = typed.get(name, "")
        field.widget.attrs["class"] = "form-control"
    asked["caller_phone"].widget.attrs["inputmode"] = "tel"
    form.fields = {**asked, **form.fields}


def posted(request: DeskRequest, name: str) -> str:
    """What the page or its address says under this name."""
    return (request.POST.get(name) or request.GET.get(name) or "").strip()


def is_stranger(request: DeskRequest) -> bool:
    """Whether the page names neither a home nor a person of ours; what is no number names nobody."""
    if whole_number(text=posted(request, "household")) is not None:
        return False
    return whole_number(text=posted(request, "person")) is None or known_face(request) is None


def chosen_household(request: DeskRequest) -> Household | None:
    """The home whose card is on the screen."""
    pk = whole_number(text=posted(request, "household"))
    if pk is None:
        return None
    found = (
        Household.objects.filter(site=request.actor.site, pk=pk)
        .select_related("room__building", "site")
        .first()
    )
    if found is None:
        raise Http404
    return found


def caller_of(request: DeskRequest) -> Caller:
    """The caller as chosen on the card, or as typed for somebody we do not know."""
    household = chosen_household(request)
    if household is not None:
        pk = whole_number(text=posted(request, "person"))
        person = (
            Person.objects.filter(memberships__household=household, pk=pk).prefetch_related("phones").first()
            if pk is not None
            else None
        )
        phone = _first_number(person) if person else ""
        name = (person.call_as or person.name) if person else household.room.label
        return Caller(name=name, phone=phone, person=person, household=household, room=household.room)
    known = known_face(request)
    if known is not None:
        return Caller(name=known.call_as or known.name, phone=_first_number(known), person=known)
    return _stranger(request)


def known_face(request: DeskRequest) -> Person | None:
    """Somebody of the archive who speaks for no household here (C-84)."""
    pk = whole_number(text=posted(request, "person"))
    if pk is None or posted(request, "household"):
        return None
    return Person.objects.filter(site=request.actor.site, pk=pk).prefetch_related("phones").first()


def _first_number(person: Person) -> str:
    """The number to try first."""
    return next((one.number for one in sorted(person.phones.all(), key=lambda one: not one.is_primary)), "")


def _stranger(request: DeskRequest) -> Caller:
    phone_text, room_text = posted(request, "caller_phone"), posted(request, "caller_room")
    phone = ""
    if phone_text:
        try:
            phone = normalise_phone(text=phone_text, area_code=request.actor.site.area_code)
        except BadPhone as error:
            raise Refused(N("这不像一个电话号码，请核对"), field="caller_phone") from error
    room = household = None
    if room_text:
        words = parse_room(text=room_text)
        key = room_key(building=words.building, unit=words.unit, room=words.room) if words else ""
        room = find_room(site=request.actor.site, key=key) if key else None
        if room is None:
            raise Refused(N("没有这个房号，请核对，或只留电话"), field="caller_room")
        household = find_household(room=room)
    return Caller(name=posted(request, "caller_name")[:60], phone=phone, household=household, room=room)


def typed_for_stranger(text: str, request: DeskRequest) -> dict[str, str]:
    """What was typed into the search, where the form for other persons asks for it."""
    try:
        return {"caller_phone": normalise_phone(text=text, area_code=request.actor.site.area_code)}
    except BadPhone:
        return {"caller_room" if parse_room(text=text) else "caller_name": text}
