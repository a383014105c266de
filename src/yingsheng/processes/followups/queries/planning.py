"""What a month of visits still needs, and the proposal that reaches it (F-07, F-12, CF-12)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.queries import list_holders
from yingsheng.kernel.policies.queries import figure
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import first_after, month_start
from yingsheng.kernel.worktime.arithmetic import is_working_day
from yingsheng.processes.followups.models import FollowUp
from yingsheng.processes.followups.queries.rates import rates_by_matter, rates_by_rank
from yingsheng.processes.followups.queries.visits import list_owed
from yingsheng.processes.followups.rules import OwedVisit, RankNeed, Rate, VisitPlan, plan_visits

ALL_OF_THEM = 100
MOST = 500


@dataclass(frozen=True, kw_only=True)
class MonthAhead:
    """The rates so far, the days left, the visits owed by id, and the proposal with its digest."""

    matters: Mapping[str, Rate]
    ranks: Mapping[str, Rate]
    days: tuple[date, ...]
    rows: Mapping[int, FollowUp]
    plan: VisitPlan
    digest: str


def month_ahead(*, actor: Actor, now: datetime) -> MonthAhead:
    """The proposal for the rest of the month, from the visits that this person may know of."""
    site, start = actor.site, month_start(at=now)
    span = {"start": start, "end": now + timedelta(seconds=1)}
    matters, ranks = rates_by_matter(site=site, **span), rates_by_rank(site=site, **span)
    rows = {row.pk: row for row in list_owed(actor=actor)[:MOST]}
    days = days_left(site=site, now=now)
    each = int(figure(path="F-12.visits_per_day", site=site, at=now) or 1)
    visitors = list_holders(
        site_id=site.pk, role=str(figure(path="F-08.visitor", site=site, at=now) or ""), at=now
    )
    plan = plan_visits(
        visits=[_owed(row=row, matters=matters, month=start) for row in rows.values()],
        ranks=[
            RankNeed(role=role, needed=rate.still_needed, a_day=each)
            for role, rate in ranks.items()
            if rate.still_needed
        ],
        days=days,
        a_day=each * max(1, len(visitors)),
        rates={matter: rate.still_needed for matter, rate in matters.items()},
        head_roles=figure(path="F-13.visitors", site=site, at=now) or (),
    )
    return MonthAhead(
        matters=matters, ranks=ranks, days=days, rows=rows, plan=plan, digest=_digest(plan=plan)
    )


def days_left(*, site: Site, now: datetime) -> tuple[date, ...]:
    """The working days from today to the end of the month; today alone where no other is left."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    after = first_after(every="month", first=today.replace(day=1))
    calendar = SiteCalendars(site_id=site.pk).counting(unit="working_days")
    coming = (today + timedelta(days=number) for number in range((after - today).days))
    return tuple(day for day in coming if is_working_day(day=day, calendar=calendar)) or (today,)


def _owed(*, row: FollowUp, matters: Mapping[str, Rate], month: datetime) -> OwedVisit:
    zone = ZoneInfo(settings.TIME_ZONE)
    rate = matters.get(row.matter)
    return OwedVisit(
        key=row.pk,
        matter=row.matter,
        due=row.due_at.astimezone(zone).date() if row.limited else None,
        # one of an earlier month is owed whatever the rate of this one; so is the next round after an unhappy visit
        must=rate is None or rate.target >= ALL_OF_THEM or row.handled_at < month or row.round > 1,
        heads=row.heads_needed,
        of_month=row.handled_at >= month,
    )


def _digest(*, plan: VisitPlan) -> str:
    content = [[one.key, one.day.isoformat(), *one.roles] for one in plan.visits]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
