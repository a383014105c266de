"""Routes and their points: made, changed, retired; each route in use is owed its next walk (G-01)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.estate.models import Area
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.records import change, hold
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.patrols.models import Point, Route
from yingsheng.processes.patrols.services.writing import tell

WALK = "walk_route"
ARRANGE = "patrols.arrange"


def area_named(*, site: Site, name: str) -> Area | None:
    """The area with this name, None for no name; Refused for one the site does not have."""
    if not name.strip():
        return None
    found = Area.objects.filter(site=site, name=name.strip()).first()
    if found is None:
        raise Refused(gettext_noop("没有这个片区"), field="area", rule="G-01")
    return found


def owe_walk(*, site: Site, route: Route, at: datetime) -> None:
    """The next walk along a route, within as many days as the rule says (G-01)."""
    role = owed_role(path="G-01.walked_by", site=site, at=at)
    owe(site=site, subject=route, milestone=WALK, path="G-01.every_days", role=role, at=at)


@transaction.atomic
def make_route(*, actor: Actor, at: datetime, name: str, focus: str, area: str = "") -> Route:
    """A new route; its first walk is owed from now (G-01)."""
    demand(actor=actor, permission=ARRANGE)
    if Route.objects.filter(site=actor.site, name=name.strip(), state=Route.State.ACTIVE).exists():
        raise Refused(gettext_noop("已有同名的路线"), field="name", rule="G-01")
    row = Route.objects.create(
        site=actor.site, name=name.strip(), focus=focus.strip(), area=area_named(site=actor.site, name=area),
        made_at=at, made_by=actor.staff,
    )  # fmt: skip
    owe_walk(site=actor.site, route=row, at=at)
    tell(record=row, kind="route_made", actor=actor, at=at, rule="G-01", name=row.name, focus=row.focus)
    return row


@transaction.atomic
def change_route(
    *,
    actor: Actor,
    record: Route,
    at: datetime,
    name: str,
    focus: str,
    area: str = "",
    seen: int | None = None,
) -> Route:
    """Another name, focus or area; walks of the past keep what they had."""
    row = hold(actor=actor, record=record, permission=ARRANGE, seen=seen, states=("active",))
    if (
        Route.objects.filter(site=actor.site, name=name.strip(), state=Route.State.ACTIVE)
        .exclude(pk=row.pk)
        .exists()
    ):
        raise Refused(gettext_noop("已有同名的路线"), field="name", rule="G-01")
    change(record=row, name=name.strip(), focus=focus.strip(), area=area_named(site=actor.site, name=area))
    tell(record=row, kind="route_changed", actor=actor, at=at, rule="G-01", name=row.name, focus=row.focus)
    return row


@transaction.atomic
def add_point(
    *,
    actor: Actor,
    record: Route,
    at: datetime,
    name: str,
    look_at: str,
    place: str = "",
    seen: int | None = None,
) -> Route:
    """One more place to look at, at the end of the route."""
    row = hold(actor=actor, record=record, permission=ARRANGE, seen=seen, states=("active",))
    last = Point.objects.filter(route=row).aggregate(last=Max("number"))["last"] or 0
    point = Point.objects.create(
        route=row, number=last + 1, name=name.strip(), place=place.strip(), look_at=look_at.strip()
    )
    change(record=row)
    tell(
        record=row, kind="point_added", actor=actor, at=at, rule="G-01", number=point.number, name=point.name
    )
    return row


@transaction.atomic
def drop_point(
    *, actor: Actor, record: Route, at: datetime, number: int, reason: str, seen: int | None = None
) -> Route:
    """Look at a place no longer; what was seen there stays."""
    row = hold(actor=actor, record=record, permission=ARRANGE, seen=seen, states=("active",))
    point = Point.objects.filter(route=row, number=number, active=True).first()
    if point is None:
        raise Refused(gettext_noop("这条路线没有这个点"), field="number", rule="G-01")
    point.active = False
    point.save(update_fields=["active"])
    change(record=row)
    tell(
        record=row, kind="point_dropped", actor=actor, at=at, rule="G-01", number=number, name=point.name, reason=reason
    )  # fmt: skip
    return row


@transaction.atomic
def retire_route(*, actor: Actor, record: Route, at: datetime, reason: str, seen: int | None = None) -> Route:
    """Walk a route no longer; nothing is owed for it from now."""
    row = hold(actor=actor, record=record, permission=ARRANGE, seen=seen, states=("active",))
    change(record=row, state="retired")
    timers.void(subject=row, by=actor.staff, at=at, reason=gettext_noop("路线已停用"))
    tell(record=row, kind="route_retired", actor=actor, at=at, rule="G-01", reason=reason)
    return row
