"""No page reads a whole table: every statement of the worklist, the case, search and the figures finds its index."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import Cast, make_cast
from tests.processes.story import handled, registered

# the tables that grow with the years; what a site has few of may be read whole
GROWING = (
    "cases_case",
    "complaints_complaint",
    "timers_obligation",
    "events_event",
    "search_entry",
    "notify_message",
    "notify_notice",
    "followups_followup",
    "files_attachment",
    "enquiries_contact",
)
PAGES = (
    "/",
    "/complaints/",
    "/complaints/?view=mine",
    "/complaints/?view=overdue",
    "/complaints/?view=unclaimed",
    "/complaints/?view=closed",
    "/complaints/?view=all",
    "/complaints/?view=all&after=2025-03-03T09:00:00%2B08:00|9",
    "/complaints/?q=漏水",
    "/complaints/?q=13800138000",
    "/complaints/month/",
    "/cases/{key}/",
    "/cases/{key}/parts/promises/",
    "/cases/{key}/parts/told/",
    "/followups/",
    "/inbox/",
)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast(homes=3)
    registered(cast, home=1)
    return cast


def plan_of(sql: str) -> list[str]:
    """The plan of a statement, line by line; on PostgreSQL with whole-table reading made unattractive."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return [row[0] for row in cursor.fetchall()]


def whole_tables(lines: list[str]) -> list[str]:
    """The growing tables that the plan reads from end to end."""
    if connection.vendor == "sqlite":
        found = [re.match(r"SCAN (\w+)", line) for line in lines]
        aliases = [match[1] for match in found if match]
        return [name for name in aliases if name in GROWING]
    found = [re.search(r"Seq Scan on (\w+)", line) for line in lines]
    return [match[1] for match in found if match and match[1] in GROWING]


@pytest.mark.parametrize("page", PAGES)
def test_every_statement_of_a_page_finds_its_index(cast: Cast, page: str) -> None:
    case = handled(cast)
    client = Client()
    client.force_login(cast.supervisor, backend="yingsheng.kernel.org.login.StaffBackend")
    address = page.format(key=case.key)
    client.get(address, headers={"HX-Request": "true"})  # what is asked once a while is asked now
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
    selects = [query["sql"] for query in seen.captured_queries if query["sql"].startswith("SELECT")]
    assert selects
    slow: list[Any] = []
    for sql in selects:
        lines = plan_of(sql)
        slow += [(name, sql, lines) for name in whole_tables(lines)]
    assert slow == []


def test_a_statement_without_an_index_would_be_found(cast: Cast) -> None:
    assert whole_tables(plan_of("SELECT id FROM cases_case WHERE title = 'x'")) == ["cases_case"]
