"""巡访 on a phone: today's walks and visits, one route point by point, one home; with signal and without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.forms.build import SpecForm
from yingsheng.processes.patrols.models import Route, Visit
from yingsheng.processes.patrols.pages import sight
from yingsheng.processes.patrols.process.books import WALK
from yingsheng.processes.patrols.queries.visiting import living_homes
from yingsheng.processes.patrols.queries.walking import (
    find_point,
    find_route,
    local_day,
    open_patrol,
    routes_in_use,
)
from yingsheng.processes.patrols.services.visiting import visit_home
from yingsheng.processes.patrols.services.walking import end_patrol, note_finding, tick_point, walk_for
from yingsheng.processes.patrols.services.writing import keep_note
from yingsheng.ui.desk import DeskRequest, desk
from yingsheng.ui.pages.work.desks import WorkDesk, open_desk
from yingsheng.ui.parts import Result
from yingsheng.ui.submit import status_of, take_form

DESK = "patrols"
KEPT_HOMES = 12  # pages of homes that a device keeps
GONE = N("这条路线或这一户已经不在了")
NOT_BEGUN = N("还没有开始巡视这条路线")


# -- what is done --------------------------------------------------------------------------------------------


def _read(request: DeskRequest, *, verb: str) -> SpecForm:
    made = sight.form_of(verb=verb, actor=request.actor)
    if made is None:
        raise Http404
    return made(request.POST, request.FILES, prefix=verb)


def _route_deed(
    request: DeskRequest, *, route: Route, verb: str, data: dict[str, Any], told: datetime | None
) -> None:
    """A verb of a route with its cleaned fields; the walk begins with the first of them."""
    actor, at = request.actor, request.now
    if verb == sight.END:
        walk = open_patrol(staff=actor.staff, route=route)
        if walk is None:
            raise Conflict(NOT_BEGUN, code="not_begun")
        end_patrol(actor=actor, record=walk, at=at, device_at=told, **data)
        return
    walk = walk_for(actor=actor, route=route, at=at, device_at=told)
    if verb == sight.FIND:
        note_finding(actor=actor, record=walk, at=at, device_at=told, **data)
    else:
        number = int(verb.removeprefix(sight.TICK))
        tick_point(actor=actor, record=walk, at=at, number=number, device_at=told, **data)


def _home_deed(
    request: DeskRequest, *, household: Household, verb: str, data: dict[str, Any], told: datetime | None
) -> None:
    visit_home(actor=request.actor, at=request.now, household=household, result=verb, device_at=told, **data)


# -- pages ---------------------------------------------------------------------------------------------------


def _said(request: DeskRequest) -> Result | None:
    word = sight.word_of(verb=request.GET.get("did", ""))
    return Result(text=_("已办：%(step)s") % {"step": word}) if word else None


@require_GET
@desk(WALK)
def home(request: DeskRequest) -> HttpResponse:
    """Today: the routes to walk, the homes to visit, and who is proposed besides (G-01, G-03)."""
    context = sight.day_context(actor=request.actor, now=request.now)
    return render(request, "patrols/work/day.html", {**context, "tab": DESK, "result": _said(request)})


def _get_route(request: DeskRequest, pk: int) -> Route:
    found = find_route(actor=request.actor, pk=pk)
    if found is None:
        raise Http404
    return found


def _show_route(
    request: DeskRequest,
    route: Route,
    *,
    chosen: str = "",
    tried: SpecForm | None = None,
    only: int | None = None,
) -> HttpResponse:
    context = sight.route_context(
        actor=request.actor, route=route, now=request.now, chosen=chosen, tried=tried, only=only
    )
    context |= {"tab": DESK, "result": _said(request)}
    return render(request, "patrols/work/route.html", context, status=status_of(form=tried))


@require_GET
@desk(WALK)
def route(request: DeskRequest, pk: int) -> HttpResponse:
    """A route point by point."""
    return _show_route(request, _get_route(request, pk))


@require_GET
@desk(WALK)
def point(request: DeskRequest, key: str) -> HttpResponse:
    """The point whose code was scanned, open to be ticked."""
    found = find_point(actor=request.actor, key=key)
    if found is None:
        raise Http404
    chosen = f"{sight.TICK}{found.number}"
    return _show_route(request, _get_route(request, found.route_id), chosen=chosen, only=found.number)


@require_POST
@desk(WALK)
def route_verb(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """One verb of a route, sent as a plain form."""
    found = _get_route(request, pk)
    form = _read(request, verb=verb)

    def run() -> str:
        _route_deed(request, route=found, verb=verb, data=form.cleaned_data, told=None)
        return f"{reverse('patrols:phone_route', args=[pk])}?did={verb}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show_route(request, found, chosen=verb, tried=form)


def _get_home(request: DeskRequest, pk: int) -> Household:
    found = living_homes(site=request.actor.site).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show_home(
    request: DeskRequest, household: Household, *, chosen: str = "", tried: SpecForm | None = None
) -> HttpResponse:
    context = sight.home_context(
        actor=request.actor, household=household, now=request.now, chosen=chosen, tried=tried
    )
    context |= {"tab": DESK, "result": _said(request)}
    return render(request, "patrols/work/home.html", context, status=status_of(form=tried))


@require_GET
@desk(WALK)
def house(request: DeskRequest, pk: int) -> HttpResponse:
    """One home: what is known of earlier visits, and the three ways a visit ends."""
    return _show_home(request, _get_home(request, pk))


@require_POST
@desk(WALK)
def house_verb(request: DeskRequest, pk: int, verb: str) -> HttpResponse:
    """How a visit ended, sent as a plain form."""
    household = _get_home(request, pk)
    form = _read(request, verb=verb)

    def run() -> str:
        _home_deed(request, household=household, verb=verb, data=form.cleaned_data, told=None)
        return f"{reverse('patrols:phone_home', args=[pk])}?did={verb}"

    done = take_form(request=request, form=form, run=run)
    return done if done is not None else _show_home(request, household, chosen=verb, tried=form)


# -- the desk of these pages for a device without signal ------------------------------------------------------


def _part(name: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"patrols/work/parts/{name}.html", {**context, "offline": True})


def _kept_pages(*, request: DeskRequest) -> dict[str, str]:
    actor, now = request.actor, request.now
    day = sight.day_context(actor=actor, now=now)
    pages = {reverse("patrols:phone"): _part("day", day)}
    for one in routes_in_use(actor=actor):
        context = sight.route_context(actor=actor, route=one, now=now)
        pages[reverse("patrols:phone_route", args=[one.pk])] = _part("route", context)
        for stop in context["stops"]:
            alone = {**context, "stops": [stop], "only": stop.number, "others": []}
            pages[reverse("patrols:phone_point", args=[stop.key])] = _part("route", alone)
    for card in day["homes"][:KEPT_HOMES]:
        context = sight.home_context(actor=actor, household=card.household, now=now)
        pages[reverse("patrols:phone_home", args=[card.household.pk])] = _part("home", context)
    return pages


def _subject(request: DeskRequest, key: str) -> Route | Household | None:
    """The route or home that a key such as "r12" or "h7" names."""
    text = key[1:]
    pk = int(text) if text.isdigit() and len(text) < 12 else 0
    if key[:1] == "r":
        return find_route(actor=request.actor, pk=pk)
    return living_homes(site=request.actor.site).filter(pk=pk).first() if key[:1] == "h" else None


def _state_of(*, request: DeskRequest, key: str) -> dict[str, Any]:
    subject = _subject(request, key)
    told = {"key": f"{DESK}:{key}", "version": 0, "state": "", "legal": [], "facts": []}
    if subject is None:
        return told | {"facts": [[_("状态"), _(GONE)]]}
    if isinstance(subject, Household):
        return told | sight.home_state(household=subject, now=request.now)
    return told | sight.route_state(actor=request.actor, route=subject, now=request.now)


def _deed(*, request: DeskRequest, key: str, verb: str, told: datetime | None) -> None:
    subject = _subject(request, key)
    if subject is None:
        raise Conflict(GONE, code="gone")
    is_home = isinstance(subject, Household)
    if (verb in sight.VISIT_VERBS) != is_home or sight.form_of(verb=verb, actor=request.actor) is None:
        raise Refused(N("这条记录不完整"), code="unknown")
    form = _read(request, verb=verb)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(f"{label} {errors[0]}".strip(), code="form")
    if isinstance(subject, Household):
        _home_deed(request, household=subject, verb=verb, data=form.cleaned_data, told=told)
    else:
        _route_deed(request, route=subject, verb=verb, data=form.cleaned_data, told=told)


def _note(*, request: DeskRequest, key: str, told: datetime | None) -> None:
    subject: Route | Household | Visit | None = _subject(request, key)
    if subject is None:
        raise Refused(GONE, code="unknown")
    if isinstance(subject, Household):
        # beside the visit that stood in the way, where whoever reads of it looks
        subject = sight.visit_of(household=subject, day=local_day(at=request.now)) or subject
    keep_note(
        actor=request.actor, record=subject, at=request.now, text=request.POST.get("text", ""),
        files=request.FILES.getlist("photos"), device_at=told,
    )  # fmt: skip


open_desk(
    WorkDesk(
        code=DESK,
        label=N("巡访"),
        icon="map-pin",
        url_name="patrols:phone",
        permission=WALK,
        pages=_kept_pages,
        state_of=_state_of,
        deed=_deed,
        note=_note,
    )
)
