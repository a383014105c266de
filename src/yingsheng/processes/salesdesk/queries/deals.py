"""Deals, rates, bonuses and applications as somebody may see them: an agent his own part, others' not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yingsheng.base.rooms import parse_room, room_label
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.processes.salesdesk.models import (
    Application,
    Bonus,
    CommissionLine,
    Deal,
    Project,
    Rate,
    Visit,
)
from yingsheng.processes.salesdesk.queries.allow import SEE_ALL
from yingsheng.processes.salesdesk.queries.queue import rotation_now

# -- what earns what ----------------------------------------------------------------------------------------


def find_rate(*, project: Project, day: date) -> Rate | None:
    """What a deal of this project earns that closes on this day: the rate with the latest day up to it, or none."""
    return Rate.objects.filter(project=project, valid_from__lte=day).order_by("-valid_from").first()


def list_rates(*, actor: Actor, text: str = "") -> QuerySet[Rate]:
    """The rates of the actor's site, the latest first."""
    rows = Rate.objects.filter(site=actor.site).select_related("project", "set_by", "site")
    rows = rows.order_by("-set_at", "-pk")
    return rows.filter(Q(number__icontains=text) | Q(project__name__icontains=text)) if text else rows


def find_rate_row(*, actor: Actor, pk: int) -> Rate | None:
    """A rate of the actor's site."""
    return list_rates(actor=actor).filter(pk=pk).first()


def rated_deals(*, project: Project, day: date) -> QuerySet[Deal]:
    """Closed deals that earn by an older rate, though they closed on this day or later (J-24)."""
    return Deal.objects.filter(
        project=project, state=Deal.State.CLOSED, closed_day__gte=day, rate__valid_from__lt=day
    ).order_by("closed_day", "pk")


def unrated_deals(*, project: Project) -> QuerySet[Deal]:
    """Closed deals for which there was no rate."""
    return Deal.objects.filter(project=project, state=Deal.State.CLOSED, rate__isnull=True).order_by("pk")


# -- deals --------------------------------------------------------------------------------------------------


def visible_deals(*, actor: Actor) -> QuerySet[Deal]:
    """The deals somebody may see: every one with SEE_ALL, else those he closed, owns, received or has a line of.

    Whoever sees to the formalities sees the deal too. One function for list, page, sheet, month and API.
    """
    rows = Deal.objects.filter(site=actor.site)
    if actor.may(SEE_ALL):
        return rows
    me = actor.staff
    lines = CommissionLine.objects.filter(deal=OuterRef("pk"), agent=me)
    own = Q(closer=me) | Q(owner=me) | Q(formalities=me) | Q(opened_by=me) | Q(visit__receiver=me)
    return rows.filter(own | Q(visit__owner=me) | Exists(lines))


def list_deals(*, actor: Actor, text: str = "") -> QuerySet[Deal]:
    """The deals somebody may see, the latest first (J-24)."""
    standing = CommissionLine.objects.filter(takes_back__isnull=True, taken_back_by__isnull=True)
    rows = (
        visible_deals(actor=actor)
        .select_related(
            "site", "project", "visit__receiver", "visit__owner", "closer", "owner", "formalities", "rate", "opened_by"
        )
        .prefetch_related(
            Prefetch("lines", queryset=standing.select_related("agent").order_by("pk"), to_attr="standing")
        )
        .order_by("-opened_at", "-pk")
    )  # fmt: skip
    if not text:
        return rows
    found = Q(number__icontains=text) | Q(unit__icontains=text) | Q(purchaser__icontains=text)
    return rows.filter(found | Q(closer__name__icontains=text) | Q(visit__number__icontains=text))


def find_deal(*, actor: Actor, pk: int) -> Deal | None:
    """A deal somebody may see."""
    return list_deals(actor=actor).filter(pk=pk).first()


def find_deal_numbered(*, actor: Actor, number: str) -> Deal | None:
    """The deal with this number, if he may see it."""
    return list_deals(actor=actor).filter(number=number.strip().upper()).first()


def find_visit_numbered(*, actor: Actor, number: str) -> Visit | None:
    """The reception with this number: any with SEE_ALL, else one he received, helped with or owns."""
    rows = Visit.objects.filter(site=actor.site, number=number.strip().upper())
    if not actor.may(SEE_ALL):
        me = actor.staff
        rows = rows.filter(Q(receiver=me) | Q(owner=me) | Q(help_of=me))
    return rows.select_related("project").first()


def sold_deal(*, project: Project, unit: str) -> Deal | None:
    """The deal by which a unit of a project is sold, None while it is not."""
    return Deal.objects.filter(project=project, unit=unit, state=Deal.State.CLOSED).first()


def unit_words(*, text: str) -> str:
    """A unit in one spelling, so that it is not sold twice under two (3-2-1802 is 3栋2单元1802)."""
    said = parse_room(text=text)
    if said is None or not said.room or said.rest:
        return " ".join(text.split())[:60]
    return room_label(building=said.building, unit=said.unit, room=said.room)[:60]


def lines_of(*, deal: Deal) -> QuerySet[CommissionLine]:
    """Every line of a deal in its order, those taken back with what took them back."""
    return CommissionLine.objects.filter(deal=deal).select_related("agent").order_by("pk")


# -- group bonus and applications ---------------------------------------------------------------------------


def list_bonuses(*, actor: Actor, text: str = "") -> QuerySet[Bonus]:
    """The group bonuses of the actor's site, the latest first (J-26)."""
    rows = Bonus.objects.filter(site=actor.site).select_related("project", "shared_by", "site")
    rows = rows.prefetch_related(
        Prefetch("lines", queryset=CommissionLine.objects.select_related("agent").order_by("pk"))
    ).order_by("-shared_at", "-pk")
    return rows.filter(Q(number__icontains=text) | Q(name__icontains=text)) if text else rows


def find_bonus(*, actor: Actor, pk: int) -> Bonus | None:
    """A group bonus of the actor's site."""
    return list_bonuses(actor=actor).filter(pk=pk).first()


def list_applications(*, actor: Actor, text: str = "") -> QuerySet[Application]:
    """The applications somebody may see, the latest first: every one with SEE_ALL, else his own (J-27)."""
    rows = Application.objects.filter(site=actor.site)
    if not actor.may(SEE_ALL):
        rows = rows.filter(asked_by=actor.staff)
    rows = rows.select_related("deal", "asked_by", "answered_by", "site").order_by("-asked_at", "-pk")
    if not text:
        return rows
    found = Q(number__icontains=text) | Q(text__icontains=text) | Q(asked_by__name__icontains=text)
    return rows.filter(found | Q(deal__number__icontains=text))


def find_application(*, actor: Actor, pk: int) -> Application | None:
    """An application somebody may see."""
    return list_applications(actor=actor).filter(pk=pk).first()


def find_project_named(*, site: Site, name: str) -> Project | None:
    """The project with this name or number."""
    asked = name.strip()
    return Project.objects.filter(Q(name=asked) | Q(number=asked.upper()), site=site).first()


def project_names(site: Site) -> list[tuple[str, str]]:
    """The projects of a site by name, for whoever fills in a form."""
    rows = Project.objects.filter(site=site).order_by("state", "-opened_at")
    return [(one.name, one.number) for one in rows]


def staff_named(*, site: Site, name: str) -> list[Staff]:
    """Everybody with a post here who goes by this name or user name."""
    rows = Staff.objects.filter(
        Q(name=name) | Q(username=name), appointments__post__site=site, is_active=True
    )
    return list(rows.distinct().order_by("pk"))


def listed_agents(*, project: Project, at: Any) -> list[Staff]:
    """Who stands on the list of a project, in its order."""
    order = [int(one) for one in rotation_now(project=project, at=at).order]
    people = {one.pk: one for one in Staff.objects.filter(pk__in=order)}
    return [people[pk] for pk in order if pk in people]


def group_receivers(*, project: Project) -> frozenset[int]:
    """Who received customers of group purchases in turn (J-26); keys of staff."""
    return frozenset(
        Visit.objects.filter(project=project, is_group=True).values_list("receiver_id", flat=True)
    )
