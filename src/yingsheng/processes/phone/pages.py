"""电话台 on the screen: who rings now, the register of calls, and the telephone system that signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingsheng.kernel.calls.models import Call, Exchange
from yingsheng.kernel.calls.queries import ringing_now
from yingsheng.kernel.calls.services import give_extension, retire_exchange, set_up_exchange
from yingsheng.kernel.estate.callers import Match, find_callers
from yingsheng.kernel.forms.build import SpecForm, build_form
from yingsheng.processes.phone.process import CALLS, EXCHANGE, EXTENSION, SEE, SET_UP
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.parts import Link
from yingsheng.ui.records import RecordPages
from yingsheng.ui.submit import status_of, take_form

app_name = "phone"


@dataclass(frozen=True, kw_only=True)
class Ringing:
    """A call at the desk with everybody whose number it is; `stranger_url` opens the form for somebody else."""

    call: Call
    matches: list[tuple[Match, str]]
    stranger_url: str


@require_GET
@desk(SEE)
def ringing(request: DeskRequest) -> HttpResponse:
    """The calls at this desk, each with all who may be ringing; none is chosen for the clerk."""
    calls = ringing_now(site=request.actor.site, staff=request.actor.staff, now=request.now)
    return render(request, "phone/ringing.html", {"calls": [_at_desk(request, call) for call in calls]})


def _at_desk(request: DeskRequest, call: Call) -> Ringing:
    found = find_callers(site=request.actor.site, text=call.number) if call.number else []
    here = reverse("enquiries:reception")
    stranger = {"stranger": "1", "call": call.pk, "caller_phone": call.number}
    return Ringing(
        call=call,
        matches=[(match, f"{here}?{urlencode(_choice(match, call))}") for match in found],
        stranger_url=f"{here}?{urlencode(stranger)}",
    )


def _choice(match: Match, call: Call) -> dict[str, Any]:
    asked: dict[str, Any] = {"call": call.pk}
    if match.household is not None:
        asked["household"] = match.household.pk
    else:
        asked["stranger"] = 1
    if match.person is not None:
        asked["person"] = match.person.pk
    return asked


def _call_more(request: DeskRequest, call: Call) -> dict[str, Any]:
    """From a call to the desk: whoever it may be, with all matches."""
    asked = urlencode({"q": call.number, "call": call.pk})
    url = f"{reverse('enquiries:reception')}?{asked}"
    return {"links": [Link(label=_("在接待台打开"), url=url)] if call.number else []}


def _list_more(request: DeskRequest) -> dict[str, Any]:
    if not request.actor.may(SET_UP):
        return {}
    return {"exports": [Link(label=_("电话系统"), url=reverse("phone:exchanges"))]}


@require_http_methods(["GET", "POST"])
@desk(SET_UP)
def exchanges(request: DeskRequest) -> HttpResponse:
    """The telephone systems that signal to this site; the key of a new one stands on the page that answers only."""
    form: SpecForm = build_form(spec=EXCHANGE, actor=request.actor)(request.POST or None)
    made: list[tuple[Exchange, str]] = []

    def run() -> str:
        values = form.cleaned_data
        made.append(
            set_up_exchange(site=request.actor.site, by=request.actor.staff, at=request.now, **values)
        )
        return f"{reverse('phone:exchanges')}?did=1"

    if request.method == "POST" and (done := take_form(request=request, form=form, run=run)):
        if not made:
            return done  # sent twice: the first answer had the key, and it is kept for nobody
        return _show(request, key=made[0])
    return _show(request, form=form if request.method == "POST" else None)


@require_POST
@desk(SET_UP)
def extension(request: DeskRequest, pk: int) -> HttpResponse:
    """Say whose phone rings under a number."""
    exchange = _exchange(request, pk)
    form: SpecForm = build_form(spec=EXTENSION, actor=request.actor)(request.POST)

    def run() -> str:
        give_extension(exchange=exchange, by=request.actor.staff, at=request.now, **form.cleaned_data)
        return reverse("phone:exchanges")

    return take_form(request=request, form=form, run=run) or _show(request, wrong=(exchange, form))


@require_POST
@desk(SET_UP)
def retire(request: DeskRequest, pk: int) -> HttpResponse:
    """Believe this telephone system no longer."""
    exchange = _exchange(request, pk)
    if exchange.active:
        retire_exchange(exchange=exchange, by=request.actor.staff, at=request.now)
    return HttpResponseRedirect(reverse("phone:exchanges"), status=303)


def _exchange(request: DeskRequest, pk: int) -> Exchange:
    found = Exchange.objects.filter(site=request.actor.site, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    request: DeskRequest,
    *,
    form: SpecForm | None = None,
    key: tuple[Exchange, str] | None = None,
    wrong: tuple[Exchange, SpecForm] | None = None,
) -> HttpResponse:
    rows = (
        Exchange.objects.filter(site=request.actor.site).prefetch_related("extensions__staff").order_by("pk")
    )
    blank = build_form(spec=EXTENSION, actor=request.actor)
    context = {
        "exchanges": [(one, wrong[1] if wrong and wrong[0].pk == one.pk else blank()) for one in rows],
        "extension_verb": _(EXTENSION.verb),
        "form": form or build_form(spec=EXCHANGE, actor=request.actor)(),
        "verb": _(EXCHANGE.verb),
        "key": key,
        "address": request.build_absolute_uri("/api/v1/phone/signals"),
    }
    return render(
        request, "phone/exchanges.html", context, status=status_of(form=form or (wrong[1] if wrong else None))
    )


urlpatterns = [
    path(
        "phone/",
        include(
            [
                path("ringing/", ringing, name="ringing"),
                path("exchanges/", exchanges, name="exchanges"),
                path("exchanges/<int:pk>/extension/", extension, name="extension"),
                path("exchanges/<int:pk>/retire/", retire, name="retire"),
                *RecordPages(book=CALLS, namespace="phone", more=_call_more, list_more=_list_more).urls(),
            ]
        ),
    ),
]
