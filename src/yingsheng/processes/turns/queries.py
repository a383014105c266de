"""Reading leave, swaps, wishes and calls; the month as the planner is told of it, and what it counts for everybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Appointment, Site, Staff
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.rosters.models import Assignment, Roster
from yingsheng.kernel.rosters.queries import list_assignments
from yingsheng.kernel.rosters.rules import month_days
from yingsheng.kernel.worktime.arithmetic import is_working_day
from yingsheng.kernel.worktime.models import Calendar
from yingsheng.kernel.worktime.queries import get_calendar
from yingsheng.processes.turns.models import CallAttempt, Leave, PlanRun, Swap, Wish
from yingsheng.processes.turns.rules.leave import Done, Tally, days_within, deduction_fen, leave_days, tally

SEE, PLAN, APPROVE, CALL = "turns.see", "turns.plan", "turns.approve", "turns.call"


def list_leaves(*, actor: Actor, text: str = "") -> QuerySet[Leave]:
    """The leave of the site for whoever decides on it, of oneself for everybody else; newest first."""
    rows = Leave.objects.filter(site=actor.site).select_related("staff", "decided_by")
    if not actor.may(APPROVE):
        rows = rows.filter(staff=actor.staff)
    if text:
        rows = rows.filter(Q(staff__name__icontains=text) | Q(reason__icontains=text))
    return rows.prefetch_related("covers__turn__shift__post", "covers__substitute").order_by(
        "-asked_at", "-pk"
    )


def find_leave(*, actor: Actor, pk: int) -> Leave | None:
    """One leave that this person may see."""
    return list_leaves(actor=actor).filter(pk=pk).first()


def list_swaps(*, actor: Actor, text: str = "") -> QuerySet[Swap]:
    """The swaps of the site for whoever approves them, one's own for everybody else; newest first."""
    rows = Swap.objects.filter(site=actor.site)
    if not actor.may(APPROVE):
        rows = rows.filter(Q(staff=actor.staff) | Q(colleague=actor.staff))
    if text:
        rows = rows.filter(
            Q(staff__name__icontains=text) | Q(colleague__name__icontains=text) | Q(reason__icontains=text)
        )
    return rows.select_related(
        "staff", "colleague", "decided_by", "turn__shift__post", "other_turn__shift__post"
    ).order_by("-asked_at", "-pk")


def find_swap(*, actor: Actor, pk: int) -> Swap | None:
    """One swap that this person may see."""
    return list_swaps(actor=actor).filter(pk=pk).first()


def list_wishes(*, actor: Actor, text: str = "") -> QuerySet[Wish]:
    """The wishes of the site for whoever plans, one's own for everybody else; newest first."""
    rows = Wish.objects.filter(site=actor.site).select_related("staff")
    if not actor.may(PLAN):
        rows = rows.filter(staff=actor.staff)
    if text:
        rows = rows.filter(Q(staff__name__icontains=text) | Q(note__icontains=text))
    return rows.order_by("-asked_at", "-pk")


def find_wish(*, actor: Actor, pk: int) -> Wish | None:
    """One wish that this person may see."""
    return list_wishes(actor=actor).filter(pk=pk).first()


def list_calls(*, actor: Actor, text: str = "") -> QuerySet[CallAttempt]:
    """The attempts to reach those on call, newest first (D-13)."""
    rows = CallAttempt.objects.filter(site=actor.site).select_related("staff", "called_by")
    if text:
        rows = rows.filter(Q(staff__name__icontains=text) | Q(reason__icontains=text))
    return rows.order_by("-called_at", "-pk")


def find_call(*, actor: Actor, pk: int) -> CallAttempt | None:
    """One attempt at the actor's site."""
    return list_calls(actor=actor).filter(pk=pk).first()


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """Somebody who keeps his mobile on, and when he was last rung up."""

    role: str
    staff: Staff
    last: CallAttempt | None


def list_on_call(*, site: Site, at: datetime) -> list[OnCall]:
    """Who is on call by the posts that D-13 names, in the order of the rule; a person once for each post."""
    roles = figure(path="D-13.on_call_roles", site=site, at=at) or []
    found = [
        (str(role), one) for role in roles for one in list_holders(site_id=site.pk, role=str(role), at=at)
    ]
    last: dict[int, CallAttempt] = {}
    rows = CallAttempt.objects.filter(site=site, staff__in=[one.pk for _role, one in found])
    for call in rows.select_related("called_by").order_by("called_at", "pk"):
        last[call.staff_id] = call
    return [OnCall(role=role, staff=one, last=last.get(one.pk)) for role, one in found]


def special_days(*, site: Site, first: date, last: date) -> frozenset[date]:
    """Weekends and public holidays by the calendar of the offices; plain weekends where it is not kept."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    try:
        calendar = get_calendar(site_id=site.pk, code="office")
    except Calendar.DoesNotExist:
        return frozenset(day for day in days if day.weekday() >= 5)
    return frozenset(day for day in days if not is_working_day(day=day, calendar=calendar))


def find_roster(*, site: Site, month: date) -> Roster | None:
    """The plan of a month, if anybody has begun one."""
    return Roster.objects.filter(site=site, month=month.replace(day=1)).select_related("published_by").first()


def list_rosterable(*, site: Site, roles: Iterable[str], at: datetime) -> list[Staff]:
    """Who holds one of these posts now, or any post where none is named; by name."""
    rows = Appointment.objects.filter(
        Q(active_to__isnull=True) | Q(active_to__gt=at), post__site=site, post__active=True, staff__is_active=True,
        active_from__lte=at,
    )  # fmt: skip
    wanted = set(roles)
    if wanted:
        rows = rows.filter(post__role__code__in=wanted)
    return list(Staff.objects.filter(pk__in=rows.values("staff_id")).order_by("name", "pk"))


def list_approved(*, site: Site, first: date, last: date) -> list[Leave]:
    """Approved leave that touches some days, with what it took off whom."""
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    rows = Leave.objects.filter(site=site, state=Leave.State.APPROVED, starts_at__lt=ends, ends_at__gt=begins)
    return list(rows.select_related("staff").prefetch_related("covers__turn").order_by("starts_at", "pk"))


def is_away(*, site: Site, staff: Staff, span: tuple[datetime, datetime]) -> Leave | None:
    """The approved leave that shares time with a span."""
    return Leave.objects.filter(
        site=site, staff=staff, state=Leave.State.APPROVED, starts_at__lt=span[1], ends_at__gt=span[0]
    ).first()


def latest_run(*, site: Site, month: date) -> PlanRun | None:
    """The last run of the planner for a month."""
    rows = PlanRun.objects.filter(site=site, month=month.replace(day=1))
    return rows.select_related("asked_by", "accepted_by").order_by("-pk").first()


def find_run(*, actor: Actor, pk: int) -> PlanRun | None:
    """One run of the planner at the actor's site."""
    return PlanRun.objects.filter(site=actor.site, pk=pk).select_related("asked_by").first()


def find_turn(*, actor: Actor, pk: int) -> Assignment | None:
    """One turn at the actor's site, whoever's it is."""
    rows = Assignment.objects.filter(site=actor.site, pk=pk)
    return rows.select_related("staff", "roster", "shift__post").first()


def list_own_turns(*, actor: Actor, since: datetime, limit: int = 62) -> Sequence[Assignment]:
    """The turns somebody has from a moment on, published ones only, at every site."""
    rows = Assignment.objects.filter(
        staff=actor.staff, active=True, roster__state=Roster.State.PUBLISHED, ends_at__gt=since
    )
    return list(
        rows.select_related("shift__post", "site", "covers__staff").order_by("starts_at", "pk")[:limit]
    )


def find_published_turns(*, site: Site, staff: Staff, day: date, code: str = "") -> list[Assignment]:
    """Somebody's published turns of a day, those of one shift if a code is given."""
    rows = Assignment.objects.filter(
        site=site, staff=staff, day=day, active=True, roster__state=Roster.State.PUBLISHED
    )
    if code:
        rows = rows.filter(shift__code__iexact=code)
    return list(rows.select_related("shift__post", "roster", "staff").order_by("starts_at"))


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """What a month counts for one person (D-08, D-28); `deducted_fen` is None where nothing is named."""

    staff: Staff
    tally: Tally
    leave_days: int
    deducted_fen: int | None


def month_lines(*, site: Site, month: date, at: datetime, only: Staff | None = None) -> list[MonthLine]:
    """The list of a month, by person: turns, hours, nights, weekends, leave, substitutions (D-08, D-28)."""
    first, last = month_days(month=month)
    special = special_days(site=site, first=first, last=last)
    people: dict[int, Staff] = {}
    done: dict[int, list[Done]] = defaultdict(list)
    for one in list_assignments(site=site, first=first, last=last):
        people[one.staff_id] = one.staff
        done[one.staff_id].append(
            Done(
                day=one.day, starts=one.starts_at, ends=one.ends_at, night=one.shift.is_night,
                special=one.day in special, stood_in=one.origin == Assignment.Origin.SUBSTITUTE,
            )
        )  # fmt: skip
    limit = figure(path="D-28.substitution_hours", site=site, at=at)
    days: dict[int, int] = defaultdict(int)
    for leave in list_approved(site=site, first=first, last=last):
        people[leave.staff_id] = leave.staff
        days[leave.staff_id] += _days_of(leave, first, last, limit)
    rate = _rate(site=site, at=at)
    return [
        MonthLine(
            staff=one, tally=tally(turns=done[one.pk]), leave_days=days[one.pk],
            deducted_fen=deduction_fen(days=days[one.pk], per_day_fen=rate),
        )
        for one in sorted(people.values(), key=lambda each: (each.name, each.pk))
        if only is None or one.pk == only.pk
    ]  # fmt: skip


def _days_of(leave: Leave, first: date, last: date, limit: int | None) -> int:
    everything = list(leave.covers.all())
    covers = [one for one in everything if first <= one.turn.day <= last]
    if everything and not covers:
        return 0  # counted in the month in which the turns were given up
    span = (timezone.localtime(leave.starts_at), timezone.localtime(leave.ends_at))
    return leave_days(
        kind=leave.kind, spans=[(one.starts_at, one.ends_at) for one in covers],
        days=[one.turn.day for one in covers], limit_hours=limit,
        asked_days=days_within(span=span, first=first, last=last),
    )  # fmt: skip


def _rate(*, site: Site, at: datetime) -> int | None:
    """What a day of leave costs: the sum of D-28, where the adopted appraisal knows such a sum at all (H-27)."""
    if figure(path="H-27.leave_wage_fen", site=site, at=at) is None:
        return None
    found = figure(path="D-28.leave_wage_fen", site=site, at=at)
    return int(found) if found is not None else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
