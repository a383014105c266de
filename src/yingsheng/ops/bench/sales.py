"""The sales desk among many customers: finding conflicts while somebody types, and deciding whose customer it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection

from yingsheng.kernel.org.access import actor_for
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.org.services import appoint, hire
from yingsheng.processes.salesdesk.models import Entry, Project, Proof, Visit
from yingsheng.processes.salesdesk.queries.customers import find_conflicts, proofs_of
from yingsheng.processes.salesdesk.queries.facts import facts_of, figures_of
from yingsheng.processes.salesdesk.queries.queue import local_day
from yingsheng.processes.salesdesk.rules.attribution import decide
from yingsheng.processes.salesdesk.rules.what_if import what_if
from yingsheng.processes.salesdesk.services.finding import note_matches
from yingsheng.processes.salesdesk.services.listing import open_project

CUSTOMERS = 100_000
AGENTS = 20
BATCH = 5_000
ASKED = 200  # so many different customers are asked for
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "安柏成德恩芳光海佳凯岚明宁庆荣思涛文欣雅"


def measure_sales(*, site: Site, at: datetime, customers: int = CUSTOMERS) -> Iterator[str]:
    """Fill the books with so many customers, then time what a desk waits for: median and 95th in a hundred, in ms."""
    started = time.perf_counter()
    project, agents = _people(site=site, at=at)
    _fill(site=site, project=project, agents=agents, at=at, customers=customers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield f"{customers:,} customers in the books (filled in {time.perf_counter() - started:.0f} s)"
    step = max(1, customers // ASKED)
    asked = [(number * step) % customers for number in range(ASKED)]
    visits = {number: _visit(project, agents[number % AGENTS], number, at) for number in asked}

    def conflict(number: int) -> object:
        return find_conflicts(site=site, at=at, phones=_phone(number))

    def by_name(number: int) -> object:
        return find_conflicts(site=site, at=at, name=_name(number))

    def decision(number: int) -> object:
        return decide(facts=facts_of(visit=visits[number]), figures=figures_of(site=site, at=at))

    def with_changes(number: int) -> object:
        return what_if(facts=facts_of(visit=visits[number]), figures=figures_of(site=site, at=at))

    for name, what in (
        ("conflicts by telephone", conflict),
        ("conflicts by full name", by_name),
        ("whose customer, with its evidence", decision),
        ("what would change that", with_changes),
    ):
        yield f"{name:<34}{_times(what, asked)}"


def _times(what: Callable[[int], object], asked: list[int]) -> str:
    what(asked[0])
    found = []
    for number in asked:
        begun = time.perf_counter()
        what(number)
        found.append((time.perf_counter() - begun) * 1000)
    found.sort()
    return f"{found[len(found) // 2]:>9.2f}  p95 {found[len(found) * 95 // 100]:.2f}"


def _people(*, site: Site, at: datetime) -> tuple[Project, list[Staff]]:
    before = at - timedelta(days=1)
    manager = hire(site=site, username="bench-sales", name="测速经理", password=None, by=None, at=before)
    appoint(staff=manager, site=site, role="SALES_MGR", department=None, by=None, at=before)
    agents = []
    for number in range(AGENTS):
        agent = hire(
            site=site,
            username=f"bench-sales-{number}",
            name=f"测速售楼{number}",
            password=None,
            by=None,
            at=before,
        )
        appoint(staff=agent, site=site, role="SALES_AGENT", department=None, by=None, at=before)
        agents.append(agent)
    return open_project(actor=actor_for(staff=manager, site=site, at=at), at=at, name="测速项目"), agents


def _name(number: int) -> str:
    """A few thousand different names, so that many customers share one, as they do."""
    first, rest = divmod(number, len(SURNAMES))
    return SURNAMES[rest] + GIVEN[first % len(GIVEN)] + GIVEN[first // len(GIVEN) % len(GIVEN)]


def _phone(number: int) -> str:
    return f"139{number:08d}"


def _fill(*, site: Site, project: Project, agents: list[Staff], at: datetime, customers: int) -> None:
    for start in range(0, customers, BATCH):
        entries = Entry.objects.bulk_create(
            Entry(
                site=site, project=project, book=Entry.Book.VISIT, number=f"CS{number:08d}",
                day=local_day(at=at - timedelta(days=1 + number % 400)), agent=agents[number % AGENTS],
                name=_name(number), contact=_phone(number), employer_or_address="测速路", intention="三房",
                source="路牌", is_imported=True, at=at, by=agents[0],
            )
            for number in range(start, min(start + BATCH, customers))
        )  # fmt: skip
        Proof.objects.bulk_create(
            Proof(entry=entry, site=site, key=key, since=entry.day)
            for entry in entries
            for key in proofs_of(site=site, at=at, name=entry.name, phones=entry.contact)
        )


def _visit(project: Project, receiver: Staff, number: int, at: datetime) -> Visit:
    """Somebody who is in the books already comes to another agent, and is registered."""
    entry = Entry.objects.create(
        site=project.site, project=project, book=Entry.Book.VISIT, number=f"CV{number:08d}", day=local_day(at=at),
        agent=receiver, name=_name(number), contact=_phone(number), at=at, by=receiver,
    )  # fmt: skip
    Proof.objects.bulk_create(
        Proof(entry=entry, site=project.site, key=key, since=entry.day)
        for key in proofs_of(site=project.site, at=at, name=entry.name, phones=entry.contact)
    )
    visit = Visit.objects.create(
        site=project.site, project=project, number=f"CJ{number:08d}", state=Visit.State.REGISTERED, receiver=receiver,
        how=Visit.How.TURN, arrived_at=at, finished_at=at, entry=entry, present=[receiver.pk],
    )  # fmt: skip
    note_matches(visit=visit, at=at)
    return visit
