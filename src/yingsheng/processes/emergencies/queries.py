"""Reading emergencies: what is open where, who knows, who waits for a call, and the figures of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from yingsheng.base.rooms import parse_room, room_key
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import SUBJECT, visible_cases
from yingsheng.kernel.estate.models import Building, Household, Room
from yingsheng.kernel.estate.queries import find_household, find_room
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Role, RoleAlias, Site
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.rules import first_after
from yingsheng.processes.emergencies.models import Affected, Alarmed, Drill, OutsideCall, Tick
from yingsheng.processes.emergencies.rules.life import LIVE, OPEN, REPORT
from yingsheng.processes.emergencies.rules.months import Course

CODE = "emergencies"


def locate(*, site: Site, text: str) -> tuple[Room | None, Building | None]:
    """The room or building that the words for a place name, as far as the site has it."""
    words = parse_room(text=text)
    if words is None or not words.building:
        return None, None
    if words.room:
        room = find_room(site=site, key=room_key(building=words.building, unit=words.unit, room=words.room))
        if room is not None:
            return room, None
    return None, Building.objects.filter(site=site, code=words.building).first()


def household_at(*, site: Site, text: str) -> Household | None:
    """The household that lives in a room as people say it."""
    room, _building = locate(site=site, text=text)
    return find_household(room=room) if room is not None else None


def list_emergencies(*, actor: Actor) -> QuerySet[Case]:
    """The emergencies the actor may know of, with what a line of the board shows."""
    waiting = Count("affected", filter=Q(affected__called_back_at__isnull=True))
    return (
        visible_cases(actor=actor)
        .filter(process=CODE)
        .select_related("emergency", "emergency__acknowledged_by", "room", "building")
        .annotate(households=Count("affected"), waiting=waiting)
    )


def list_owed_calls(*, actor: Actor) -> list[Case]:
    """Resolved emergencies whose households are still to be called back, the oldest first (X-03)."""
    still = Affected.objects.filter(case=OuterRef("pk"), called_back_at__isnull=True)
    rows = list_emergencies(actor=actor).filter(Exists(still), state="resolved")
    return list(rows.order_by("received_at", "pk"))


def board(*, actor: Actor, closed: int) -> tuple[list[Case], list[Case]]:
    """(not closed, the oldest alarm first; the last closed), in two statements."""
    rows = list_emergencies(actor=actor)
    live = list(rows.filter(state__in=LIVE).order_by("received_at", "pk"))
    return live, list(rows.exclude(state__in=LIVE).order_by("-received_at", "-pk")[:closed])


def find_emergency(*, actor: Actor, key: str) -> Case | None:
    """The emergency with this key, if the actor may know of it."""
    return (
        visible_cases(actor=actor)
        .filter(process=CODE, key=key)
        .select_related("emergency", "room", "building", "site")
        .first()
    )


def list_open(*, actor: Actor) -> QuerySet[Case]:
    """The open emergencies of the site; whoever takes calls has to know of them, in whatever department (X-03)."""
    known = visible_cases(actor=actor).filter(pk=OuterRef("pk"))
    rows = Case.objects.filter(
        site=actor.site, process=CODE, state__in=OPEN, confidentiality=Case.Confidentiality.NORMAL
    )
    return rows.select_related("emergency").annotate(is_seen=Exists(known))


def open_near(*, actor: Actor, household: Household) -> list[Case]:
    """Open emergencies at the building of a household, and those of which no building is known; one statement."""
    here = Q(building=household.room.building_id) | Q(building__isnull=True)
    mine = Affected.objects.filter(case=OuterRef("pk"), household=household).values("at")[:1]
    rows = list_open(actor=actor).filter(here).annotate(joined_at=Subquery(mine))
    return list(rows.order_by("-received_at"))


def list_alarmed(*, case: Case, english: bool) -> QuerySet[Alarmed]:
    """Who was told, those who took it first; `post` is what the site calls the post, None for one of a team."""
    role = Role.objects.filter(code=OuterRef("role"))
    alias = RoleAlias.objects.filter(site=case.site_id, role__code=OuterRef("role"))
    own = alias.values("name_en" if english else "name")[:1]
    usual = role.values("name_en" if english else "name_zh")[:1]
    return (
        Alarmed.objects.filter(case=case)
        .select_related("staff")
        .annotate(post=Coalesce(NullIf(Subquery(own), Value("")), Subquery(usual)))
        .order_by(F("acknowledged_at").asc(nulls_last=True), "pk")
    )


def list_ticks(*, case: Case) -> QuerySet[Tick]:
    """What was ticked, in the order of the checklist."""
    return Tick.objects.filter(case=case).select_related("by").order_by("number")


def list_outside(*, case: Case) -> QuerySet[OutsideCall]:
    """Whom the house called in, in order."""
    return OutsideCall.objects.filter(case=case).order_by("at", "pk")


def list_affected(*, case: Case) -> QuerySet[Affected]:
    """The households that called, in order."""
    return (
        Affected.objects.filter(case=case)
        .select_related("household__room", "told_by", "called_back_by")
        .order_by("at", "pk")
    )


def count_waiting(*, case: Case) -> int:
    """How many households wait to be called back."""
    return Affected.objects.filter(case=case, called_back_at__isnull=True).count()


@dataclass(frozen=True, kw_only=True)
class MonthSpan:
    """A calendar month and the moments it lies between."""

    first: date
    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """2026-11."""
        return f"{self.first:%Y-%m}"


def month_span(*, first: date) -> MonthSpan:
    """The calendar month that begins on this day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    after = first_after(every="month", first=first)
    return MonthSpan(
        first=first,
        start=datetime.combine(first, time.min, tzinfo=zone),
        end=datetime.combine(after, time.min, tzinfo=zone),
    )


def list_month(*, actor: Actor, span: MonthSpan, kind: str = "") -> QuerySet[Case]:
    """The emergencies of a month, newest first, with how the promise of their report stands (KPI-32)."""
    report = Obligation.objects.filter(
        subject_type=SUBJECT, subject_id=OuterRef("pk"), milestone=REPORT
    ).order_by("-round")
    rows = (
        visible_cases(actor=actor)
        .filter(process=CODE, received_at__gte=span.start, received_at__lt=span.end)
        .select_related("emergency", "emergency__acknowledged_by", "emergency__reported_by", "room")
        .annotate(
            report_state=Subquery(report.values("state")[:1]),
            report_due=Subquery(report.values("due_at")[:1]),
        )
        .order_by("-received_at", "-pk")
    )
    return rows.filter(category=kind) if kind else rows


def courses_of(*, cases: Sequence[Any]) -> list[Course]:
    """The rows of `list_month` as the rules want them."""
    return [
        Course(
            kind=case.category,
            state=case.state,
            received_at=case.received_at,
            acknowledged_at=case.emergency.acknowledged_at,
            arrived_at=case.emergency.arrived_at,
            resolved_at=case.handled_at,
            report=case.report_state or "",
            report_due_at=case.report_due,
        )
        for case in cases
    ]


def report_rate(*, site: Site, start: datetime, end: datetime) -> tuple[int, int]:
    """(kept, due) special event reports whose time fell into a period; one statement (KPI-32)."""
    rows = Obligation.objects.filter(
        site=site, rule="X-07", milestone=REPORT, due_at__gte=start, due_at__lt=end
    )
    found = rows.exclude(state__in=(Obligation.State.VOID, Obligation.State.WAIVED)).aggregate(
        kept=Count("pk", filter=Q(state=Obligation.State.MET)), due=Count("pk")
    )
    return found["kept"], found["due"]


def list_drills(*, site: Site) -> QuerySet[Drill]:
    """The drills held, newest first."""
    return Drill.objects.filter(site=site).select_related("by").order_by("-held_on", "-pk")
