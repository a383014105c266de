"""Reading household visits: today's list, what is known of a home, how far the round of each area has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.estate.models import Area, Household
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.rules import OFFICE
from yingsheng.kernel.worktime.arithmetic import WorkCalendar, is_working_day
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.patrols.models import Visit
from yingsheng.processes.patrols.queries.walking import local_day
from yingsheng.processes.patrols.rules.visits import Coverage, Home, coverage, propose, round_of

TRIED = (Visit.State.ABSENT, Visit.State.REFUSED)


def list_visits(*, actor: Actor, text: str = "") -> QuerySet[Visit]:
    """The household visits of the actor's site, the newest first (G-03)."""
    rows = (
        Visit.objects.filter(site=actor.site)
        .select_related("household__room__building__area", "staff", "arranged_by", "case")
        .order_by("-made_at", "-pk")
    )
    if not text:
        return rows
    return rows.filter(
        Q(household__room__label__icontains=text)
        | Q(household__room__key__icontains=text)
        | Q(staff__name__icontains=text)
        | Q(opinions__icontains=text)
    )


def find_visit(*, actor: Actor, pk: int) -> Visit | None:
    """A visit of the actor's site."""
    return list_visits(actor=actor).filter(pk=pk).first()


def visit_of_day(*, household: Household, day: date) -> Visit | None:
    """Whether and how a home stands on the list of a day."""
    rows = Visit.objects.filter(household=household, day=day).exclude(state=Visit.State.DROPPED)
    return rows.select_related("staff").first()


def last_visit(*, household: Household) -> Visit | None:
    """The last visit that met somebody at home."""
    rows = Visit.objects.filter(household=household, state=Visit.State.MET).select_related("staff")
    return rows.order_by("-visited_at").first()


def living_homes(*, site: Site, area: Area | None = None) -> QuerySet[Household]:
    """The households that live here now, of an area or of all."""
    rows = Household.objects.filter(site=site, active_to__isnull=True).select_related("room__building__area")
    return rows if area is None else rows.filter(room__building__area=area)


def present_round(*, site: Site, day: date, at: datetime) -> tuple[date, date]:
    """First and last day of the round in which every home is visited once (G-03)."""
    return round_of(day=day, months=int(figure(path="G-03.all_within", site=site, at=at) or 12))


def what_is_known(*, site: Site, day: date, at: datetime, area: Area | None = None) -> list[Home]:
    """Every living home as the day's list weighs it; four statements, however many homes."""
    first, _last = present_round(site=site, day=day, at=at)
    homes = list(living_homes(site=site, area=area).values_list("pk", "is_key_customer"))
    visits = Visit.objects.filter(site=site)
    met = dict(visits.filter(state=Visit.State.MET).values_list("household").annotate(last=Max("day")))
    tried = dict(visits.filter(state__in=TRIED).values_list("household").annotate(last=Max("day")))
    taken = set(visits.filter(day=day).exclude(state=Visit.State.DROPPED).values_list("household", flat=True))
    rows = Case.objects.filter(site=site, closed_at__isnull=True, household__isnull=False)
    matters = dict(rows.values_list("household").annotate(count=Count("pk")))
    return [
        Home(
            id=pk, visited=met.get(pk), tried=tried.get(pk), in_round=met.get(pk, date.min) >= first, is_key=is_key,
            open_matters=matters.get(pk, 0), taken=pk in taken,
        )
        for pk, is_key in homes
    ]  # fmt: skip


def proposed(*, site: Site, day: date, at: datetime, count: int, area: Area | None = None) -> list[Household]:
    """The homes that are best visited on a day, in order, none that is on a list already (G-03)."""
    chosen = [
        home.id for home in propose(homes=what_is_known(site=site, day=day, at=at, area=area), count=count)
    ]
    rows = living_homes(site=site).in_bulk(chosen)
    return [rows[pk] for pk in chosen]


def planned_for(*, staff: Staff, site: Site, day: date) -> list[Visit]:
    """What somebody is to visit on a day, or has visited."""
    rows = Visit.objects.filter(site=site, staff=staff, day=day).exclude(state=Visit.State.DROPPED)
    return list(rows.select_related("household__room__building", "staff", "case").order_by("pk"))


def a_day(*, site: Site, at: datetime) -> tuple[int, int]:
    """How many homes one person visits a day: at least and at most (G-03)."""
    least = int(figure(path="G-03.per_day_min", site=site, at=at) or 0)
    most = int(figure(path="G-03.per_day_max", site=site, at=at) or least)
    return least, max(least, most)


@dataclass(frozen=True, kw_only=True)
class AreaCoverage:
    """The round of one area; `name` is empty for homes of no area."""

    area_id: int | None
    name: str
    coverage: Coverage


def coverage_by_area(*, site: Site, at: datetime) -> list[AreaCoverage]:
    """Visited over all, needed and kept pace of every area, those behind first (G-08)."""
    day = local_day(at=at)
    first, last = present_round(site=site, day=day, at=at)
    warns = bool(figure(path="G-08.warn_below_pace", site=site, at=at))
    gone, left = _working_days(site=site, first=first, day=day, last=last)
    homes = dict(
        living_homes(site=site).order_by().values_list("room__building__area").annotate(count=Count("pk"))
    )
    rows = Visit.objects.filter(
        site=site, state=Visit.State.MET, day__range=(first, last), household__active_to__isnull=True
    )
    met = dict(
        rows.values_list("household__room__building__area").annotate(count=Count("household", distinct=True))
    )
    names = dict(Area.objects.filter(site=site).values_list("pk", "name"))
    found = [
        AreaCoverage(
            area_id=pk, name=names.get(pk, ""),
            coverage=coverage(
                homes=count, visited=met.get(pk, 0), days_gone=gone, days_left=left, warns=warns
            ),
        )
        for pk, count in homes.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.coverage.is_behind, one.name, one.area_id or 0))


def _working_days(*, site: Site, first: date, day: date, last: date) -> tuple[int, int]:
    """Working days of a round before a day, and from it on."""
    try:
        calendar: WorkCalendar | None = get_calendar(site_id=site.pk, code=OFFICE)
    except Calendar.DoesNotExist:
        calendar = None  # every day counts where no office hours are kept
    gone = sum(_counts(one, calendar) for one in _days(first, day - timedelta(days=1)))
    return gone, sum(_counts(one, calendar) for one in _days(day, last))


def _counts(day: date, calendar: WorkCalendar | None) -> bool:
    return calendar is None or is_working_day(day=day, calendar=calendar)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
