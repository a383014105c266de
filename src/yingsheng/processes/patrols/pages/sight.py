"""What the phone pages show of a day, a route and a home, with the forms that a device keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yingsheng.base.formspec import Fieldset, FormSpec
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.estate.models import Household
from yingsheng.kernel.forms.build import SiteLists, SpecForm, build_form
from yingsheng.kernel.org.access import Actor
from yingsheng.processes.patrols.models import Patrol, Route, Visit
from yingsheng.processes.patrols.process import forms as specs
from yingsheng.processes.patrols.process.more_books import visit_words
from yingsheng.processes.patrols.queries.visiting import (
    a_day,
    last_visit,
    planned_for,
    proposed,
    visit_of_day,
)
from yingsheng.processes.patrols.queries.walking import clock, list_of, local_day, routes_in_use

TICK, FIND, END = "tick-", "find", "end"
VISIT_VERBS: Mapping[str, str] = {"met": N("记下走访"), "absent": N("家中无人"), "refused": N("不愿接受")}
visit_of = visit_of_day


def _without(spec: FormSpec, *names: str) -> FormSpec:
    return spec.without(frozenset(names))


def _only(spec: FormSpec, *names: str) -> FormSpec:
    fields = tuple(item for item in spec.fields if item.name in names)
    return replace(spec, fieldsets=(Fieldset(legend="", fields=fields),))


def _spec_of(verb: str) -> FormSpec | None:
    """What is asked for a verb; None for one that these pages do not have."""
    if verb.startswith(TICK) and verb.removeprefix(TICK).isdigit():
        return _without(specs.TICK, "number")
    if verb == FIND:
        return specs.FIND
    if verb == END:
        return specs.END
    if verb == "met":
        return _without(specs.VISIT_RECORD, "result")
    return _only(specs.VISIT_RECORD, "outcome", "next_step") if verb in VISIT_VERBS else None


def form_of(*, verb: str, actor: Actor) -> type[SpecForm] | None:
    """The form class of a verb, ready for a thumb; None for one that these pages do not have."""
    spec = _spec_of(verb)
    if spec is None:
        return None
    made = build_form(spec=spec, actor=actor, lists=SiteLists(site=actor.site))
    return type(made.__name__, (made,), {"__init__": _thumb_ready})


def _thumb_ready(self: SpecForm, *args: Any, **kwargs: Any) -> None:
    """Chips instead of lists, and the camera first."""
    super(type(self), self).__init__(*args, **kwargs)
    for name in ("kind", "handling"):
        if name in self.fields:
            chips: Any = self.fields[name]
            options = [(code, word) for code, word in chips.choices if code]
            chips.widget = forms.RadioSelect()
            chips.choices = options
    if "result" in self.fields:
        self.fields["result"].widget = forms.HiddenInput()  # the button that was pressed says it
    for name in _asked_for(self):
        self.fields[name].required = True
        self.fields[name].widget.is_required = True
    if "photos" in self.fields:
        self.fields["photos"].widget.attrs |= {"capture": "environment", "accept": "image/*"}


def _asked_for(form: SpecForm) -> tuple[str, ...]:
    """What a phone must not leave empty, so that it says so before the signal is gone: the service asks the same."""
    if "person_met" in form.fields:
        return ("person_met",)
    is_fine = form.is_bound and form.data.get(form.add_prefix("result")) == "fine"
    return () if is_fine or "handling" not in form.fields else ("kind", "text", "handling")


def word_of(*, verb: str) -> str:
    """What a verb is called, "" for none of these pages."""
    if verb in VISIT_VERBS:
        return _(VISIT_VERBS[verb])
    spec = _spec_of(verb)
    return _(spec.title) if spec is not None else ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A verb with its form. `once`: what is not done a second time; `kept_word` is what a device says of it."""

    verb: str
    label: str
    url: str
    form: SpecForm
    open: bool
    once: bool = False
    main: bool = False
    to: str = ""
    sources: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A point of a route as the phone shows it: looked at, or with its form."""

    number: int
    key: str
    name: str
    place: str
    look_at: str
    done: str
    section: Section | None


@dataclass(frozen=True, kw_only=True)
class RouteCard:
    """A route in the list of the day."""

    route: Route
    url: str
    word: str
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class HomeCard:
    """A home in the list of the day: on the list, or only proposed."""

    household: Household
    url: str
    word: str
    is_done: bool
    last: str


# -- the day -------------------------------------------------------------------------------------------------


def day_context(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """The routes, the homes of today's list, and who is proposed besides until the day is full (G-01, G-03)."""
    day = local_day(at=now)
    planned = planned_for(staff=actor.staff, site=actor.site, day=day)
    least, most = a_day(site=actor.site, at=now)
    more = proposed(site=actor.site, day=day, at=now, count=max(0, most - len(planned)))
    cards = [
        _home_card(household=row.household, word=visit_words(row), is_done=row.state != Visit.State.PLANNED)
        for row in planned
    ]
    return {
        "routes": [_route_card(actor=actor, route=route, day=day) for route in routes_in_use(actor=actor)],
        "homes": [*cards, *(_home_card(household=home, word=_("建议"), is_done=False) for home in more)],
        "visited": sum(row.state == Visit.State.MET for row in planned),
        "least": least,
        "most": most,
        "report_url": f"{reverse('patrols:patrol_reports')}?q={actor.staff.name}",
        "now": now,
    }


def _route_card(*, actor: Actor, route: Route, day: date) -> RouteCard:
    walk = walk_of_day(actor=actor, route=route, day=day)
    total = len(route.in_use)  # type: ignore[attr-defined]
    word = _("未巡视")
    if walk is not None:
        done = len(walk.ticks.all())
        word = (
            _("已巡视")
            if walk.state == Patrol.State.ENDED
            else _("%(done)s/%(total)s个点") % {"done": done, "total": total}
        )
    return RouteCard(
        route=route,
        url=reverse("patrols:phone_route", args=[route.pk]),
        word=word,
        is_done=walk is not None and walk.state == Patrol.State.ENDED,
    )


def _home_card(*, household: Household, word: str, is_done: bool) -> HomeCard:
    return HomeCard(
        household=household,
        url=reverse("patrols:phone_home", args=[household.pk]),
        word=word,
        is_done=is_done,
        last=_last_words(household),
    )


def _last_words(household: Household) -> str:
    last = last_visit(household=household)
    if last is None or last.visited_at is None:
        return _("还没有走访过")
    return _("上次%(when)s") % {"when": timezone.localtime(last.visited_at).strftime("%Y-%m-%d")}


def walk_of_day(*, actor: Actor, route: Route, day: date) -> Patrol | None:
    """This person's walk along a route on a day: the one that goes on, else the last that ended."""
    rows = list(list_of(staff=actor.staff, route=route).filter(day=day)[:5])
    return next((row for row in rows if row.state == Patrol.State.WALKING), rows[0] if rows else None)


# -- a route -------------------------------------------------------------------------------------------------


def route_context(
    *,
    actor: Actor,
    route: Route,
    now: datetime,
    chosen: str = "",
    tried: SpecForm | None = None,
    only: int | None = None,
) -> dict[str, Any]:
    """A route as it is walked today; with `only` that one point."""
    walk = walk_of_day(actor=actor, route=route, day=local_day(at=now))
    going = walk if walk is not None and walk.state == Patrol.State.WALKING else None
    ticks = {tick.point_id: tick for tick in going.ticks.all()} if going is not None else {}
    words = dict(specs.RESULTS)

    def section(verb: str, label: str, **more: Any) -> Section:
        made = form_of(verb=verb, actor=actor)
        assert made is not None
        return Section(
            verb=verb, label=label, url=reverse("patrols:phone_route_verb", args=[route.pk, verb]),
            form=tried if tried is not None and verb == chosen else made(prefix=verb), open=verb == chosen, **more,
        )  # fmt: skip

    stops = []
    for point in route.in_use:  # type: ignore[attr-defined]
        tick = ticks.get(point.pk)
        if only is not None and point.number != only:
            continue
        done = f"{clock(tick.at)} {_(words['found' if tick.found else 'fine'])}" if tick is not None else ""
        stops.append(
            Stop(
                number=point.number, key=point.key, name=point.name, place=point.place, look_at=point.look_at,
                done=done,
                section=None if tick is not None else section(
                    f"{TICK}{point.number}", _("记下"), once=True, main=True
                ),
            )
        )  # fmt: skip
    word = _("未巡视")
    if walk is not None:
        word = _(Patrol.State(walk.state).label)
    return {
        "route": route,
        "key": f"patrols:r{route.pk}",
        "here": reverse("patrols:phone_route", args=[route.pk]),
        "state": str(walk.state) if walk is not None else "",
        "word": word,
        "focus": walk.focus if walk is not None else route.focus,
        "stops": stops,
        "only": only,
        "others": []
        if only is not None
        else [
            section(FIND, _("路上发现问题")),
            section(END, _("结束巡视"), once=True),
        ],
        "now": now,
    }


def route_state(*, actor: Actor, route: Route, now: datetime) -> dict[str, Any]:
    """How a route stands, for a device whose deed was not taken."""
    walk = walk_of_day(actor=actor, route=route, day=local_day(at=now))
    going = walk if walk is not None and walk.state == Patrol.State.WALKING else None
    ticks = list(going.ticks.all()) if going is not None else []
    done = {tick.point_id for tick in ticks}
    facts = [[_("状态"), _(Route.State(route.state).label)]]
    if walk is not None:
        facts.append([_("今天的巡视"), _(Patrol.State(walk.state).label)])
    words = dict(specs.RESULTS)
    facts += [
        [f"{tick.point.number}. {tick.point.name}", f"{clock(tick.at)} {_(words['found' if tick.found else 'fine'])}"]
        for tick in ticks
    ]  # fmt: skip
    legal = [
        f"{TICK}{point.number}"
        for point in route.in_use  # type: ignore[attr-defined]
        if point.pk not in done
    ]
    is_open = route.state == Route.State.ACTIVE
    return {
        "state": str(walk.state) if walk is not None else "",
        "version": walk.version if walk is not None else 0,
        "facts": facts,
        "legal": [*legal, FIND, *([END] if going is not None else [])] if is_open else [],
    }


# -- a home --------------------------------------------------------------------------------------------------


def home_context(
    *, actor: Actor, household: Household, now: datetime, chosen: str = "", tried: SpecForm | None = None
) -> dict[str, Any]:
    """A home: when it was seen last and what it said, and how today's visit ended or may end."""
    row = visit_of_day(household=household, day=local_day(at=now))
    is_done = row is not None and row.state != Visit.State.PLANNED
    sections = []
    for verb in () if is_done else VISIT_VERBS:
        made = form_of(verb=verb, actor=actor)
        assert made is not None
        sections.append(
            Section(
                verb=verb, label=_(VISIT_VERBS[verb]),
                url=reverse("patrols:phone_home_verb", args=[household.pk, verb]),
                form=tried if tried is not None and verb == chosen else made(prefix=verb), open=verb == chosen,
                main=verb == "met", to=verb, sources="planned",
            )
        )  # fmt: skip
    last = last_visit(household=household)
    return {
        "household": household,
        "key": f"patrols:h{household.pk}",
        "here": reverse("patrols:phone_home", args=[household.pk]),
        "visit": row if is_done else None,
        "state": "planned" if not is_done or row is None else str(row.state),
        "word": visit_words(row) if row is not None else _("建议"),
        "last": last if last is not None and last != row else None,
        "last_words": _last_words(household),
        "sections": sections,
        "now": now,
    }


def home_state(*, household: Household, now: datetime) -> dict[str, Any]:
    """How today's visit to a home stands, for a device whose deed was not taken."""
    row = visit_of_day(household=household, day=local_day(at=now))
    if row is None or row.state == Visit.State.PLANNED:
        return {"state": "planned", "facts": [[_("状态"), _("待走访")]], "legal": list(VISIT_VERBS)}
    facts = [
        (_("状态"), visit_words(row)),
        (_("走访人"), row.staff.name),
        (_("走访时间"), clock(row.visited_at) if row.visited_at else ""),
        (_("见到了谁"), row.person_met),
        (_("住户的意见"), row.opinions),
    ]
    return {
        "state": str(row.state),
        "version": row.version,
        "legal": [],
        "facts": [[label, value] for label, value in facts if value],
    }
