"""Owing what a figure says: from the path of a figure to a running promise, the usual way."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Max

from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.policies.queries import figure, resolve
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.models import Obligation
from yingsheng.kernel.timers.queries import SiteCalendars
from yingsheng.kernel.timers.rules import Rung, calendar_for
from yingsheng.kernel.timers.services import Promise
from yingsheng.kernel.worktime.arithmetic import due_at

LADDER, WARN = "C-53.escalation_ladder", "C-53.warn_at_percent"


def due_by(*, path: str, site: Site, starts_at: datetime, at: datetime) -> datetime | None:
    """When a promise of this figure falls due; None where the adopted regulation is silent. `at`: rules as of then."""
    rule_id, _, name = path.partition(".")
    resolved = resolve(rule_id=rule_id, site=site, at=at)
    if resolved[name] is None:
        return None
    unit = resolved.rule.parameter(name).unit
    calendar = SiteCalendars(site_id=site.pk).counting(unit=unit)
    return due_at(start=starts_at, amount=int(resolved[name]), unit=unit, calendar=calendar).at


def promise_of(
    *,
    path: str,
    milestone: str,
    site: Site,
    starts_at: datetime,
    at: datetime,
    role: str,
    staff: Staff | None = None,
    fixed_due_at: datetime | None = None,
    round_: int = 1,
    is_quiet: bool = False,
    climbs_by: str = LADDER,
) -> Promise | None:
    """The promise that a figure makes, with the ladder of `climbs_by`; None where the regulation is silent.

    `fixed_due_at` is a moment agreed with somebody, which then counts instead of the figure and needs none: for it
    `path` may name a rule alone ("R-18"). A quiet one warns and alarms the post that answers and climbs no further.
    """
    rule_id, _, name = path.partition(".")
    resolved = resolve(rule_id=rule_id, site=site, at=at)
    if fixed_due_at is None:
        due = due_by(path=path, site=site, starts_at=starts_at, at=at)
        if due is None:
            return None
        amount, unit = int(resolved[name]), resolved.rule.parameter(name).unit
    else:
        due, unit = fixed_due_at, "minutes"
        amount = max(0, int((fixed_due_at - starts_at).total_seconds() // 60))
    ladder = [] if is_quiet else figure(path=climbs_by, site=site, at=at) or []
    return Promise(
        milestone=milestone,
        resolved=resolved,
        amount=amount,
        unit=unit,
        starts_at=starts_at,
        due_at=due,
        responsible_role=role,
        responsible_staff=staff,
        ladder=tuple(Rung(after_minutes=step["after_minutes"], role=step["role"]) for step in ladder),
        warn_percent=figure(path=WARN, site=site, at=at),
        calendar=calendar_for(unit=unit),
        round=round_,
    )


def next_round(*, subject: models.Model, milestone: str) -> int:
    """The number of the next promise of this kind about a subject."""
    last = Obligation.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, milestone=milestone
    ).aggregate(last=Max("round"))["last"]
    return (last or 0) + 1


def owe(
    *,
    site: Site,
    subject: models.Model,
    milestone: str,
    path: str,
    role: str,
    at: datetime,
    staff: Staff | None = None,
    starts_at: datetime | None = None,
    until: datetime | None = None,
    climbs: bool = False,
    climbs_by: str = LADDER,
) -> datetime | None:
    """Promise a milestone of a record by a figure such as "Z-04.pass_on_within"; returns when it is due.

    The clock runs from `starts_at` (the present if not given), or ends at `until`, a moment agreed with somebody.
    A milestone promised before is promised once more, as its next round. None where the regulation is silent and
    nothing was agreed. With `climbs` an overdue one is told upwards by a ladder, that of C-53 unless another is named.
    """
    start = starts_at or at
    promise = promise_of(
        path=path, milestone=milestone, site=site, starts_at=start if until is None else min(start, until), at=at,
        role=role, staff=staff, fixed_due_at=until, is_quiet=not climbs, climbs_by=climbs_by,
        round_=next_round(subject=subject, milestone=milestone),
    )  # fmt: skip
    if promise is None:
        return None
    timers.arm(site_id=site.pk, subject=subject, promises=[promise], at=at)
    return promise.due_at
