"""Reading routes, patrols, findings and daily reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import find_case, visible_cases
from yingsheng.kernel.estate.models import Area
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.processes.patrols.models import Finding, Patrol, Point, Report, Route, Tick
from yingsheng.processes.patrols.rules.walks import Found, ReportText, Walk, report_text

IN_USE = Prefetch("points", queryset=Point.objects.filter(active=True).order_by("number"), to_attr="in_use")
TICKS = Prefetch("ticks", queryset=Tick.objects.select_related("point").order_by("at", "pk"))


def local_day(*, at: datetime) -> date:
    """The day of a moment where the site is."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def clock(moment: datetime) -> str:
    """The hour of a moment where the site is."""
    return f"{moment.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M}"


def list_routes(*, actor: Actor, text: str = "") -> QuerySet[Route]:
    """The routes of the actor's site, the newest first (G-01)."""
    rows = (
        Route.objects.filter(site=actor.site)
        .select_related("area", "made_by")
        .prefetch_related(IN_USE)
        .order_by("-made_at", "-pk")
    )
    return rows.filter(Q(name__icontains=text) | Q(focus__icontains=text)) if text else rows


def find_route(*, actor: Actor, pk: int) -> Route | None:
    """A route of the actor's site."""
    return list_routes(actor=actor).filter(pk=pk).first()


def routes_in_use(*, actor: Actor) -> list[Route]:
    """The routes that are walked, by name."""
    return list(list_routes(actor=actor).filter(state=Route.State.ACTIVE).order_by("name", "pk"))


def find_point(*, actor: Actor, key: str) -> Point | None:
    """The point whose code was scanned, with its route."""
    rows = Point.objects.filter(route__site=actor.site, key=key, active=True)
    return rows.select_related("route__site").first()


def suggest_routes(site: Site) -> list[tuple[str, str]]:
    """The names of the routes in use, for a line that asks for one."""
    rows = Route.objects.filter(site=site, state=Route.State.ACTIVE).order_by("name", "pk")
    return [(row.name, row.focus) for row in rows]


def suggest_areas(site: Site) -> list[tuple[str, str]]:
    """The names of the areas of a site."""
    return [
        (name, "") for name in Area.objects.filter(site=site).order_by("pk").values_list("name", flat=True)
    ]


def list_patrols(*, actor: Actor, text: str = "") -> QuerySet[Patrol]:
    """The patrols of the actor's site, the newest first."""
    rows = (
        Patrol.objects.filter(site=actor.site)
        .select_related("route__area", "staff")
        .prefetch_related(
            TICKS, "findings", Prefetch("route__points", queryset=IN_USE.queryset, to_attr="in_use")
        )
        .order_by("-started_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(route__name__icontains=text) | Q(staff__name__icontains=text) | Q(focus__icontains=text)
    )


def find_patrol(*, actor: Actor, pk: int) -> Patrol | None:
    """A patrol of the actor's site."""
    return list_patrols(actor=actor).filter(pk=pk).first()


def open_patrol(*, staff: Staff, route: Route) -> Patrol | None:
    """The walk that this person is on along a route."""
    return list_of(staff=staff, route=route).filter(state=Patrol.State.WALKING).first()


def list_of(*, staff: Staff, route: Route) -> QuerySet[Patrol]:
    """This person's walks along a route, the latest first, with their ticks."""
    return (
        Patrol.objects.filter(staff=staff, route=route).prefetch_related(TICKS).order_by("-started_at", "-pk")
    )


def list_findings(*, actor: Actor, text: str = "") -> QuerySet[Finding]:
    """What patrols found, the newest first (G-02, G-05)."""
    rows = (
        Finding.objects.filter(site=actor.site)
        .select_related("patrol__route", "found_by", "case")
        .order_by("-found_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(text__icontains=text)
        | Q(place__icontains=text)
        | Q(found_by__name__icontains=text)
        | Q(case__number=text)
    )


def open_findings(*, site: Site) -> list[Finding]:
    """What waits to be handled or passed on, the oldest first."""
    rows = Finding.objects.filter(site=site, state=Finding.State.OPEN).select_related("found_by")
    return list(rows.order_by("found_at", "pk"))


def find_finding(*, actor: Actor, pk: int) -> Finding | None:
    """A finding of the actor's site."""
    return list_findings(actor=actor).filter(pk=pk).first()


def list_reports(*, actor: Actor, text: str = "") -> QuerySet[Report]:
    """The daily reports of the actor's site, the newest first (G-02)."""
    rows = (
        Report.objects.filter(site=actor.site)
        .select_related("staff", "returned_by")
        .order_by("-opened_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(staff__name__icontains=text)
        | Q(route__icontains=text)
        | Q(findings__icontains=text)
        | Q(area__icontains=text)
    )


def find_report(*, actor: Actor, pk: int) -> Report | None:
    """A daily report of the actor's site."""
    return list_reports(actor=actor).filter(pk=pk).first()


def reports_waiting(*, actor: Actor) -> QuerySet[Report]:
    """What was handed up and not returned yet, the oldest first (G-02)."""
    rows = Report.objects.filter(site=actor.site, state=Report.State.HANDED_UP).select_related("staff")
    return rows.order_by("handed_up_at", "pk")


def text_of_day(*, site: Site, staff: Staff, day: date, nothing: str) -> ReportText:
    """What the patrols of a person's day put into the report (G-09)."""
    walks = (
        Patrol.objects.filter(site=site, staff=staff, day=day)
        .select_related("route__area")
        .order_by("started_at")
    )
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = Finding.objects.filter(site=site, found_by=staff, found_at__range=_span(day, zone))
    found = list(rows.select_related("case").order_by("found_at", "pk"))
    return report_text(
        walks=[
            Walk(
                area=row.route.area.name if row.route.area else "", route=row.route.name,
                start=f"{row.started_at.astimezone(zone):%H:%M}",
                end=f"{row.ended_at.astimezone(zone):%H:%M}" if row.ended_at else "",
                focus=row.focus,
            )
            for row in walks
        ],
        found=[
            Found(
                words=f"{row.place} {row.text}".strip(), action=row.action, state=str(row.state),
                number=row.case.number if row.case else "",
            )
            for row in found
        ],
        nothing=nothing,
    )  # fmt: skip


def _span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    return begins, begins.replace(hour=23, minute=59, second=59, microsecond=999_999)


def case_named(*, actor: Actor, number: str) -> Case | None:
    """A matter that the actor may see, by its number or its key."""
    text = number.strip()
    if not text:
        return None
    return find_case(actor=actor, key=text) or visible_cases(actor=actor).filter(number=text).first()


def matter_of(row: Any) -> str:
    """The number of the matter that a finding or a visit became, "" for none."""
    return str(row.case.number) if row.case else ""


def routes_to_walk(*, actor: Actor, now: datetime) -> list[Route]:
    """The routes in use that this site has not walked to their end today, by name."""
    walked = Patrol.objects.filter(site=actor.site, day=local_day(at=now), state=Patrol.State.ENDED)
    rows = list_routes(actor=actor).filter(state=Route.State.ACTIVE)
    return list(rows.exclude(pk__in=walked.values("route")).order_by("name", "pk"))
