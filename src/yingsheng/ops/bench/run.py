"""Measuring: each figure is the median of many runs in this process, after a warm-up; pages through all middleware."""

from __future__ import annotations

import argparse
import html
import os
import re
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.cases.services import Caller
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.timers.tick import tick
from yingsheng.ops.bench.fill import grow, make_site, told_case
from yingsheng.ops.bench.orders import fill_orders, hire_crew, measure_pool, worker_list
from yingsheng.ops.bench.rosters import measure_planner
from yingsheng.ops.bench.sales import measure_sales
from yingsheng.ops.bench.served import measure_served, token_for
from yingsheng.processes.complaints.queries.month import STATISTICS, month_figures, window_of
from yingsheng.processes.complaints.services.intake import register_complaint

SIZES = (1_000, 10_000, 100_000)
RUNS = 25
DUE_ROWS = 1000  # alarms of one measured tick, at most


def run(*, arguments: Sequence[str]) -> int:
    """Print the table; the arguments are the numbers of cases, ascending. Refuses a database that has a site."""
    parser = argparse.ArgumentParser(prog="yingsheng bench")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    sizes: Sequence[int] = parser.parse_args(list(arguments)).sizes
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if Site.objects.exists():
        print("bench needs a database of its own: point YINGSHENG_DATA or DATABASE_URL to an empty one")
        return 2
    settings.ALLOWED_HOSTS = ["testserver"]
    now = timezone.now()
    site, staff, homes = make_site(at=now)
    crew = hire_crew(site=site, at=now - timedelta(days=1))
    present = 0
    print(f"{connection.vendor}; medians of {RUNS} runs in ms; statements in brackets")
    print(f"raw durable commit {_commit():.2f}")
    for size in sizes:
        started = time.perf_counter()
        grow(site=site, staff=staff, homes=homes, present=present, wanted=size, now=now)
        fill_orders(site=site, staff=staff, worker=crew[0], present=present, wanted=size, now=now)
        present = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"\n{size:,} cases (filled in {time.perf_counter() - started:.0f} s)")
        told = told_case(site=site, staff=staff, home=homes[0], at=timezone.now())
        for name, what in _subjects(site=site, staff=staff, told=told):
            cost, statements = _measure(what)
            print(f"  {name:<34}{cost:>9.2f}  [{statements}]", flush=True)
        cost, statements = _measure(worker_list(site=site, worker=crew[0], now=now))
        name = f"a worker's list, {size:,} orders"
        print(f"  {name:<34}{cost:>9.2f}  [{statements}]", flush=True)
        print(f"  {measure_pool(site=site, staff=staff, start=present, now=now)}", flush=True)
        _measure_due(now=now)
        for line in measure_served(site=site, staff=staff):
            print(f"  {line}", flush=True)
    print()
    for line in measure_planner():
        print(f"  {line}", flush=True)
    print()
    for line in measure_sales(site=site, at=now):
        print(f"  {line}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process, the filling included: {peak:.0f} MB")
    return 0


def _subjects(*, site: Site, staff: Staff, told: Case) -> list[tuple[str, Callable[[], object]]]:
    client = Client()
    client.force_login(staff, backend="yingsheng.kernel.org.login.StaffBackend")
    found = re.search(r'rel="next" href="([^"]+)"', client.get("/complaints/").content.decode())
    more = html.unescape(found[1]) if found else "?view=open"
    today = timezone.localtime(timezone.now()).date()
    window = window_of(kind=STATISTICS, year=today.year, month=today.month, site=site, at=timezone.now())

    token = token_for(site=site, staff=staff)
    program = Client(headers={"authorization": f"Bearer {token}"})

    def page(address: str, *, by: Client = client) -> Callable[[], object]:
        def ask() -> object:
            answer = by.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            return answer

        return ask

    def create() -> object:
        caller = Caller(name="测速", phone="13800000000")
        return register_complaint(
            site=site, caller=caller, title="测速登记", channel="phone", by=staff, at=timezone.now()
        )

    return [
        ("trivial page (empty search)", page("/search/")),
        ("create, service alone", create),
        ("first page (today)", page("/")),
        ("open list", page("/complaints/")),
        ("open list, next page", page(f"/complaints/{more}")),
        ("register of all, newest first", page("/complaints/?view=all")),
        ("list over the API", page("/api/v1/cases?process=complaints&limit=50", by=program)),
        ("case page", page(f"/cases/{told.key}/")),
        ("search by phone", page("/complaints/?q=13800000042")),
        ("search by name", page("/complaints/?q=住户42")),
        ("search by two characters", page("/complaints/?q=漏水")),
        ("reception, search by name", page("/reception/?q=钱业主4")),
        ("month figures", lambda: month_figures(site=site, window=window, now=timezone.now())),
        ("tick with none due", lambda: tick(now=timezone.now().replace(year=2000))),
    ]


def _measure(what: Callable[[], object]) -> tuple[float, int]:
    what()
    with CaptureQueriesContext(connection) as queries:
        what()
    statements = len(
        [one for one in queries if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    )
    return statistics.median(_timed(what) for _ in range(RUNS)) * 1000, statements


def _measure_due(*, now: datetime) -> None:
    """Let the promises of the open cases, one in a hundred of all, fall due at once."""
    later = now + timedelta(days=30)
    started = time.perf_counter()
    fired = tick(now=later, limit=DUE_ROWS)
    cost = time.perf_counter() - started
    name = f"tick, {fired:,} alarms due"
    print(f"  {name:<34}{cost * 1000:>9.2f}  ({cost * 1000 / max(1, fired):.2f} a row)")


def _timed(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def _commit() -> float:
    """Median of one small durable commit: the floor under every write."""
    if connection.vendor != "sqlite":
        return statistics.median(_timed(_touch) for _ in range(200)) * 1000
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        raw = sqlite3.connect(Path(folder, "raw.sqlite3"), isolation_level=None)
        raw.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(x);")
        cost = statistics.median(_timed(lambda: raw.execute("INSERT INTO t VALUES (1)")) for _ in range(200))
        raw.close()
    return cost * 1000


def _touch() -> None:
    with transaction.atomic():
        Site.objects.update(address=os.urandom(4).hex())
