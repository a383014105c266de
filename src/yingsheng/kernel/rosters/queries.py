"""Reading rosters: the slots of a day, who is on duty now, who stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.rosters.models import Assignment, DutyPost, Roster, Shift
from yingsheng.kernel.rosters.rules import gaps


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A shift of a day, and who is rostered for it; nobody while the month is not published."""

    post: DutyPost
    shift: Shift
    day: date
    starts_at: datetime
    ends_at: datetime
    assignments: tuple[Assignment, ...]

    @property
    def people(self) -> list[Staff]:
        """Who is rostered, in the order of his hours."""
        return [one.staff for one in self.assignments]

    @property
    def is_short(self) -> bool:
        """Whether fewer than needed are rostered for some part of it."""
        spans = [(one.starts_at, one.ends_at) for one in self.assignments]
        return bool(gaps(window=(self.starts_at, self.ends_at), covered=spans, needed=self.shift.needs))


def list_posts(*, site: Site) -> QuerySet[DutyPost]:
    """The duty posts of a site in their order, with their shifts; two statements."""
    shifts = Prefetch("shifts", queryset=Shift.objects.filter(active=True))
    return DutyPost.objects.filter(site=site, active=True).prefetch_related(shifts)


def list_assignments(*, site: Site, first: date, last: date, drafts: bool = False) -> QuerySet[Assignment]:
    """Who is rostered for the days from `first` to `last`; with `drafts` also what is not published yet."""
    rows = Assignment.objects.filter(site=site, active=True, day__gte=first, day__lte=last)
    if not drafts:
        rows = rows.filter(roster__state=Roster.State.PUBLISHED)
    return rows.select_related("staff", "shift__post").order_by("day", "starts_at", "pk")


def slots_of(*, site: Site, first: date, last: date, drafts: bool = False) -> list[Slot]:
    """Every shift that is to be manned from `first` to `last`, by day, post and hour; three statements."""
    taken: dict[tuple[int, date], list[Assignment]] = {}
    for one in list_assignments(site=site, first=first, last=last, drafts=drafts):
        taken.setdefault((one.shift_id, one.day), []).append(one)
    found = []
    posts = list(list_posts(site=site))
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        for post in posts:
            for shift in post.shifts.all():
                if day.weekday() not in shift.weekdays:
                    continue
                starts_at, ends_at = shift.span(day=day)
                found.append(
                    Slot(
                        post=post, shift=shift, day=day, starts_at=starts_at, ends_at=ends_at,
                        assignments=tuple(taken.get((shift.pk, day), ())),
                    )
                )  # fmt: skip
    return found


def slots_at(*, site: Site, at: datetime) -> list[Slot]:
    """The shifts that run at a moment, by post; those of yesterday that go on past midnight are among them."""
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return [
        slot
        for slot in slots_of(site=site, first=today - timedelta(days=1), last=today)
        if slot.starts_at <= at < slot.ends_at
    ]


def on_duty(*, site: Site, at: datetime) -> list[Assignment]:
    """Whose turn it is at a moment, by post."""
    return [
        one for slot in slots_at(site=site, at=at) for one in slot.assignments if one.starts_at <= at < one.ends_at
    ]  # fmt: skip


def is_on_duty(*, site: Site, staff: Staff, at: datetime) -> bool:
    """Whether it is somebody's turn at a moment; one statement."""
    return Assignment.objects.filter(
        site=site, staff=staff, active=True, roster__state=Roster.State.PUBLISHED, starts_at__lte=at, ends_at__gt=at
    ).exists()  # fmt: skip
