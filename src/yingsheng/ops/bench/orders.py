"""Work orders in bulk: the list of a worker among very many, and a full pool given out by turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock
from itertools import islice

from django.db import transaction

from yingsheng.kernel.cases.keys import new_key
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.orders.models import WorkerProfile, WorkOrder
from yingsheng.kernel.orders.queries import list_mine
from yingsheng.kernel.orders.services import share_out_pool
from yingsheng.kernel.org import services as org
from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.processes.repairs.models import Repair

CHUNK = 5000
POOL = 1000
CREW = 20
IN_HAND = 12  # open orders of the worker whose list is measured


def hire_crew(*, site: Site, at: datetime) -> list[Staff]:
    """Twenty plumbers round the clock."""
    people = []
    for number in range(CREW):
        person = org.hire(
            site=site, username=f"crew{number}", name=f"师傅{number}", password=None, by=None, at=at
        )
        org.appoint(staff=person, site=site, role="WORKER", department="engineering", by=None, at=at)
        WorkerProfile.objects.create(
            site=site, staff=person, trades=["water"], shift_from=clock(0), shift_to=clock(0),
            weekdays=list(range(7)),
        )  # fmt: skip
        people.append(person)
    return people


def fill_orders(*, site: Site, staff: Staff, worker: Staff, present: int, wanted: int, now: datetime) -> None:
    """Raise the number of orders to `wanted`: those of a worker over the years, a few of them still in hand."""
    case = _repairs(site=site, staff=staff, count=1, start=present, now=now)[0]
    rows = (
        WorkOrder(
            site=site, number=f"BP-{number:08d}", case=case, trade="water", task=f"修水管{number}", worker=worker,
            state="accepted" if number - present < IN_HAND and not present else "returned",
            issued_at=now - timedelta(minutes=number), issued_by=staff, given_at=now - timedelta(minutes=number),
            due_at=now + timedelta(minutes=number), done_at=now, key=new_key(),
        )
        for number in range(present, wanted)
    )  # fmt: skip
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            WorkOrder.objects.bulk_create(chunk)


def worker_list(*, site: Site, worker: Staff, now: datetime) -> Callable[[], object]:
    """Reads what a worker has in hand."""
    actor = actor_for(staff=worker, site=site, at=now)
    return lambda: list(list_mine(actor=actor))


def measure_pool(*, site: Site, staff: Staff, start: int, now: datetime) -> str:
    """Fill the pool with a thousand orders, give it out by turn, and say what it took."""
    cases = _repairs(site=site, staff=staff, count=POOL, start=start + 1, now=now)
    WorkOrder.objects.bulk_create(
        WorkOrder(
            site=site, number=f"BQ-{start + place:08d}", case=case, trade="water", task="修水管", issued_at=now,
            issued_by=staff, due_at=now + timedelta(hours=4), key=new_key(),
        )
        for place, case in enumerate(cases)
    )  # fmt: skip
    actor = actor_for(staff=staff, site=site, at=now)
    started = time.perf_counter()
    found = share_out_pool(actor=actor, at=now)
    cost = time.perf_counter() - started
    given = found["given"]
    name = f"{given:,} open orders given out by turn"
    return f"{name:<34}{cost * 1000:>9.0f}  ({cost * 1000 / max(1, given):.2f} an order)"


def _repairs(*, site: Site, staff: Staff, count: int, start: int, now: datetime) -> list[Case]:
    with transaction.atomic():
        cases = Case.objects.bulk_create(
            Case(
                site=site, key=new_key(), number=f"BR-{start + place:08d}", process="repairs", state="ordered",
                title="水管漏水", channel="phone", category="water", severity="minor", received_at=now,
                received_by=staff, caller_name="住户",
            )
            for place in range(count)
        )  # fmt: skip
        Repair.objects.bulk_create(Repair(case=case, kind="minor", trade="water") for case in cases)
    return cases
