"""How people kept their shifts in a month, as a basis of appraisal (D-23); flat rows, one statement per fact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.duty.models import Absence, Handover, Page, SpotCheck
from yingsheng.processes.duty.rules import ARRIVE, MAN_POST, TIDY


@dataclass(frozen=True, kw_only=True)
class Conduct:
    """What one person did and left undone in a month of duty; `hours` are whole hours on duty."""

    staff: Staff
    shifts: int
    hours: int
    late: int  # came later than D-15 asks
    untidy: int  # tidied later than D-18 asks
    missed: int  # rostered, and nobody took the shift over (D-05)
    refused: int  # somebody did not take over from him (D-16)
    away: int  # left the post for a while (D-08)
    wanting: int  # spot checks that found something (D-22)


def conduct_of(
    *, site: Site, first: date, last: date, now: datetime, staff: Staff | None = None
) -> list[Conduct]:
    """One row for everybody who was on duty or should have been, by name; only one person's if he is named."""
    pages = Page.objects.filter(site=site, day__gte=first, day__lte=last)
    shifts, hours = _shifts(pages=pages, now=now)
    broken = {
        name: _broken(pages=pages, milestone=name, now=now) for name in (ARRIVE, TIDY, MAN_POST)
    }  # fmt: skip
    refused = Counter(
        pk
        for pk, refusals in Handover.objects.filter(before__in=pages, prepared_by__isnull=False).values_list(
            "prepared_by", "refusals"
        )
        for _one in refusals
    )
    away = _by(Absence.objects.filter(page__in=pages).values_list("staff"))
    day_after = last + timedelta(days=1)
    wanting = _by(
        SpotCheck.objects.filter(site=site, person__isnull=False, at__date__gte=first, at__date__lt=day_after)
        .exclude(state=SpotCheck.State.GOOD)
        .values_list("person")
    )
    known = set(shifts) | {pk for rows in (*broken.values(), refused, away, wanting) for pk in rows}
    if staff is not None:
        known &= {staff.pk}
    people = sorted(Staff.objects.in_bulk(known).values(), key=lambda one: (one.name, one.pk))
    return [
        Conduct(
            staff=one, shifts=shifts[one.pk], hours=hours[one.pk], late=broken[ARRIVE][one.pk],
            untidy=broken[TIDY][one.pk], missed=broken[MAN_POST][one.pk], refused=refused[one.pk], away=away[one.pk],
            wanting=wanting[one.pk],
        )
        for one in people
    ]  # fmt: skip


def _shifts(*, pages: QuerySet[Page], now: datetime) -> tuple[Counter[int], Counter[int]]:
    count: Counter[int] = Counter()
    seconds: Counter[int] = Counter()
    rows = pages.filter(opened_at__isnull=False).values_list("people", "opened_at", "closed_at")
    for pk, opened_at, closed_at in rows:
        if opened_at is not None:
            count[pk] += 1
            seconds[pk] += int(((closed_at or now) - opened_at).total_seconds())
    return count, Counter({pk: value // 3600 for pk, value in seconds.items()})


def _broken(*, pages: QuerySet[Page], milestone: str, now: datetime) -> Counter[int]:
    """Promises of these shifts that were kept late, or not at all, by who answered for them."""
    rows = Obligation.objects.filter(
        subject_type=Page._meta.label_lower, subject_id__in=pages.values("pk"), milestone=milestone,
        responsible_staff__isnull=False,
    ).filter(
        Q(state=Obligation.State.LATE)
        | Q(state=Obligation.State.ARMED, due_at__lt=now)
        | Q(state=Obligation.State.VOID, ended_at__gt=F("due_at"))
    )  # fmt: skip
    return _by(rows.values_list("responsible_staff"))


def _by(rows: QuerySet[Any]) -> Counter[int]:
    return Counter(dict(rows.annotate(count=Count("pk")).order_by()))
