"""Reading work orders. `visible_orders` is the only door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from yingsheng.base.numbering import format_number, parse_number
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.queries import visible_cases
from yingsheng.kernel.orders.models import WorkerProfile, WorkOrder
from yingsheng.kernel.orders.rules import OPEN, Worker
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.org.permissions import Allow


def visible_orders(*, actor: Actor) -> QuerySet[WorkOrder]:
    """The orders somebody may know of: his own, those of his departments, the pool for whoever works, and those of
    the cases he may see.
    """
    rows = WorkOrder.objects.filter(site=actor.site)
    if actor.may(Allow.SEE_SITE_CASES) and actor.may(Allow.SEE_ORDERS):
        return rows.filter(case__in=visible_cases(actor=actor))
    near = Q(worker=actor.staff) | Q(issued_by=actor.staff)
    if actor.may(Allow.SEE_ORDERS) or actor.may(Allow.WORK_ORDERS):
        near |= Q(department_id__in=actor.department_ids)
    if actor.may(Allow.WORK_ORDERS):
        near |= Q(worker__isnull=True, department__isnull=True, state=WorkOrder.State.WAITING)
    return rows.filter(near)


def with_place(*, rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Join what one line of a list shows."""
    return rows.select_related("case__room", "case__household", "worker", "department")


def find_order(*, actor: Actor, key: str) -> WorkOrder | None:
    """The order with this key, if the actor may know of it."""
    return with_place(rows=visible_orders(actor=actor)).filter(key=key).first()


def find_order_by(*, actor: Actor, text: str) -> WorkOrder | None:
    """The order somebody names by its number, or by the address its printed form carries, if he may know of it."""
    address = re.search(r"/orders/([\w-]+)", text)
    rows = visible_orders(actor=actor)
    if address is not None:
        return rows.filter(key=address[1]).first()
    read = parse_number(text=text)
    if read is None:
        return None
    return rows.filter(
        number=format_number(prefix=read.prefix, period=read.period, serial=read.serial)
    ).first()


def list_mine(*, actor: Actor) -> QuerySet[WorkOrder]:
    """What somebody has in hand, the earliest promise first."""
    rows = WorkOrder.objects.filter(worker=actor.staff, site=actor.site, state__in=OPEN)
    return with_place(rows=rows).order_by("due_at", "pk")


def count_done(*, actor: Actor, since: datetime) -> int:
    """How many orders somebody finished since a moment."""
    return WorkOrder.objects.filter(site=actor.site, worker=actor.staff, done_at__gte=since).count()


def list_pool(*, actor: Actor, trades: Sequence[str] = ()) -> QuerySet[WorkOrder]:
    """What nobody has yet and the actor may take, the earliest promise first; only of these trades if any are named."""
    rows = visible_orders(actor=actor).filter(worker__isnull=True, outside="", state=WorkOrder.State.WAITING)
    if trades:
        rows = rows.filter(trade__in=trades)
    return with_place(rows=rows).order_by("due_at", "pk")


def list_orders_of(*, case: Case) -> QuerySet[WorkOrder]:
    """The orders of a case in the order they were issued."""
    return WorkOrder.objects.filter(case=case).select_related("worker", "department").order_by("pk")


def open_orders(*, case: Case) -> QuerySet[WorkOrder]:
    """Those of them that are not finished."""
    return list_orders_of(case=case).filter(state__in=OPEN)


def accounts(*, site: Site, start: datetime, end: datetime) -> dict[str, int]:
    """How many numbers were issued from `start` up to before `end`, and in which heap each lies (R-05)."""
    rows = WorkOrder.objects.filter(site=site, issued_at__gte=start, issued_at__lt=end)
    return rows.aggregate(
        issued=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN)),
        done=Count("pk", filter=Q(state=WorkOrder.State.DONE)),
        returned=Count("pk", filter=Q(state=WorkOrder.State.RETURNED)),
        void=Count("pk", filter=Q(state=WorkOrder.State.VOID)),
    )


def find_profile(*, actor: Actor) -> WorkerProfile | None:
    """The actor's own profile at his site, if he is one of its workers."""
    return WorkerProfile.objects.filter(site=actor.site, staff=actor.staff, active=True).first()


def on_shift(*, profile: WorkerProfile, at: datetime) -> bool:
    """Whether work is given to somebody at this moment: his weekday and hours, and not away."""
    if profile.away_until is not None and at < profile.away_until:
        return False
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    begins, ends = profile.shift_from, profile.shift_to
    now = local.time()
    if begins == ends:
        return local.weekday() in profile.weekdays
    if begins < ends:
        return begins <= now < ends and local.weekday() in profile.weekdays
    if now >= begins:
        return local.weekday() in profile.weekdays
    # after midnight the shift is that of the day before
    return now < ends and (local.weekday() - 1) % 7 in profile.weekdays


def crew(*, site: Site, at: datetime) -> list[Worker]:
    """The workers of a site as the rotation wants them, in two statements."""
    profiles = WorkerProfile.objects.filter(site=site, active=True, staff__is_active=True)
    load = {
        row["worker"]: row
        for row in WorkOrder.objects.filter(site=site, worker__in=profiles.values("staff"))
        .values("worker")
        .annotate(held=Count("pk", filter=Q(state__in=OPEN)), last=Max("given_at"))
        .order_by("worker")
    }
    return [
        Worker(
            id=profile.staff_id,
            trades=frozenset(profile.trades),
            on_shift=on_shift(profile=profile, at=at),
            open_orders=load[profile.staff_id]["held"] if profile.staff_id in load else 0,
            last_given_at=load[profile.staff_id]["last"] if profile.staff_id in load else None,
        )
        for profile in profiles.order_by("staff_id")
    ]
