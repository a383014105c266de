"""History of another system: its numbers and times are kept, our counts agree with a recount of the file."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from yingsheng.base.refusal import Refused
from yingsheng.kernel.cases.models import Case
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.events.queries import verify_chain
from yingsheng.kernel.notify.models import Message
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.kernel.search.queries import find_ids
from yingsheng.kernel.timers.models import Obligation
from yingsheng.ops.imports.cases import OnBad, import_cases
from yingsheng.ops.imports.maps import BadMap, CaseMap, load_map, read_map, shipped_map
from yingsheng.ops.imports.run import ImportKind, run_import

from .files import NOW

EXCERPT = Path(__file__).parents[2] / "data" / "service_requests_300.csv"
WHOLE = Path(__file__).parents[4] / "shared" / "data" / "baltimore311_2018_sample_10000.csv"
FILES = [path for path in (EXCERPT, WHOLE) if path.exists()]
LOOK_AT = datetime(2019, 2, 1)  # a wall-clock moment of the file's city, to count what was overdue then

SMALL = """
source_system = "old-desk"
[columns]
number = "编号"
title = "事由"
created = "受理"
due = "时限"
closed = "办结"
status = "状态"
[time]
format = "%Y-%m-%d %H:%M"
zone = "Asia/Shanghai"
[status]
closed = ["已结"]
open = ["未结"]
"""
HEADER = "编号,事由,受理,时限,办结,状态\n"
GOOD = "A1,灯坏,2024-01-01 08:00,2024-01-02 08:00,2024-01-02 08:00,已结\n"


def recount(path: Path) -> Counter[str]:
    """Count the file by itself: what was on time, late, open, overdue; what no importer may take over."""
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            due, closed = (
                datetime.strptime(row[name], "%m/%d/%Y %I:%M:%S %p") if row[name] else None
                for name in ("DueDate", "CloseDate")
            )
            counts["rows"] += 1
            if closed is None and due is None:
                counts["bad"] += 1
            elif due is None:
                counts["closed without promise"] += 1
            elif closed is None:
                counts["open"] += 1
                counts["overdue"] += due < LOOK_AT
            else:
                counts["on time" if closed <= due else "late"] += 1
    return counts


def counted(site: Site, case_map: CaseMap) -> Counter[str]:
    """The same figures from what was written."""
    promises = Obligation.objects.filter(site=site)
    running = promises.filter(state="armed")
    look_at = LOOK_AT.replace(tzinfo=case_map.zone)
    cases = Case.objects.filter(site=site)
    with_promise = promises.values_list("subject_id", flat=True)
    return Counter(
        {
            "on time": promises.filter(state="met").count(),
            "late": promises.filter(state="late").count(),
            "open": running.count(),
            "overdue": running.filter(due_at__lt=look_at).count(),
            "closed without promise": cases.filter(closed_at__isnull=False)
            .exclude(pk__in=with_promise)
            .count(),
        }
    )


@pytest.mark.rule("C-39")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_counts_after_import_equal_an_independent_recount(site: Site, clerk: Staff, path: Path) -> None:
    case_map = shipped_map(name="baltimore-311")
    expected = recount(path)
    report = import_cases(site=site, path=path, case_map=case_map, by=clerk, at=NOW, on_bad=OnBad.SKIP)
    assert report.row_count == expected.pop("rows")
    bad = expected.pop("bad")
    assert (len(report.problems), report.skipped_count) == (bad, bad)
    assert report.written["cases"] == report.row_count - bad
    assert counted(site, case_map) == expected


def test_nothing_is_told_to_anybody_and_nothing_will_ring(site: Site, clerk: Staff) -> None:
    before = Event.objects.count()
    import_cases(
        site=site,
        path=EXCERPT,
        case_map=shipped_map(name="baltimore-311"),
        by=clerk,
        at=NOW,
        on_bad=OnBad.SKIP,
    )
    assert Message.objects.count() == 0
    assert not Obligation.objects.filter(next_alarm_at__isnull=False).exists()
    assert Event.objects.count() == before + 1
    assert list(verify_chain(site_id=site.pk)) == []


def test_numbers_times_and_words_are_kept(site: Site, clerk: Staff) -> None:
    case_map = shipped_map(name="baltimore-311")
    import_cases(site=site, path=EXCERPT, case_map=case_map, by=clerk, at=NOW, on_bad=OnBad.SKIP)
    with EXCERPT.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["CloseDate"] or row["DueDate"]]
    cases = {case.number: case for case in Case.objects.select_related("complaint")}
    assert set(cases) == {row["ServiceRequestNum"] for row in rows}
    for row in rows:
        case = cases[row["ServiceRequestNum"]]
        local = case.received_at.astimezone(case_map.zone)
        assert local.strftime("%m/%d/%Y %I:%M:%S %p") == row["CreatedDate"]
        assert (case.closed_at is None) == (row["CloseDate"] == "")
        assert case.state == ("closed" if row["CloseDate"] else "registered")
        assert (case.title, case.complaint.place) == (row["SRType"], row["Address"])
        assert row["Agency"] in case.body
        assert case.source_system == "baltimore-311"
    kinds = Counter(case.category for case in cases.values())
    assert {"cleaning", "repair", "security"} <= set(kinds)
    assert not Case.objects.filter(closed_at__isnull=True).exclude(next_due_at__isnull=False).exists()
    assert not Obligation.objects.exclude(first_due_at=F("due_at")).exists()
    some = rows[0]["ServiceRequestNum"]
    assert cases[some].pk in find_ids(site_id=site.pk, subject_type="cases.case", query=some)


def test_one_bad_row_refuses_the_whole_file_unless_told_otherwise(site: Site, clerk: Staff) -> None:
    case_map = shipped_map(name="baltimore-311")
    report = import_cases(site=site, path=EXCERPT, case_map=case_map, by=clerk, at=NOW)
    assert report.problems
    assert {problem.column for problem in report.problems} == {"DueDate"}
    assert (report.was_written, Case.objects.count(), Obligation.objects.count()) == (False, 0, 0)


def test_the_same_file_a_second_time_adds_nothing(site: Site, clerk: Staff) -> None:
    case_map = shipped_map(name="baltimore-311")
    for _ in range(2):
        report = import_cases(site=site, path=EXCERPT, case_map=case_map, by=clerk, at=NOW, on_bad=OnBad.SKIP)
    assert report.written == {}
    assert Case.objects.count() == 296


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A2,x,2024-01-01 08:00,2024-01-02 08:00,2023-12-31 08:00,已结", "办结"),
        ("A2,x,2024-01-01 08:00,2023-12-31 08:00,2024-01-02 08:00,已结", "时限"),
        ("A2,x,2024-01-01 08:00,,,未结", "时限"),
        ("A2,x,2024-01-01 08:00,2024-01-02 08:00,,已结", "办结"),
        ("A2,x,2024-01-01 08:00,2024-01-02 08:00,2024-01-01 09:00,未结", "办结"),
        ("A2,x,2024-13-01 08:00,2024-01-02 08:00,2024-01-01 09:00,已结", "受理"),
        ("A2,x,,2024-01-02 08:00,2024-01-01 09:00,已结", "受理"),
        ("A2,x,2024-01-01 08:00,2024-01-02 08:00,2024-01-01 09:00,悬着", "状态"),
        (",x,2024-01-01 08:00,2024-01-02 08:00,2024-01-01 09:00,已结", "编号"),
        ("A1,x,2024-01-01 08:00,2024-01-02 08:00,2024-01-01 09:00,已结", "编号"),
    ],
)
def test_what_cannot_be_is_reported_with_its_row(
    site: Site, clerk: Staff, tmp_path: Path, line: str, column: str
) -> None:
    path = tmp_path / "old.csv"
    path.write_text(f"{HEADER}{GOOD}{line}\n", encoding="utf-8")
    case_map = read_map(text=SMALL)
    report = import_cases(site=site, path=path, case_map=case_map, by=clerk, at=NOW)
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, column)]
    assert Case.objects.count() == 0
    report = import_cases(site=site, path=path, case_map=case_map, by=clerk, at=NOW, on_bad=OnBad.SKIP)
    assert (report.written, report.skipped_count) == ({"cases": 1, "promises": 1}, 1)
    # finished exactly at the due moment is kept
    assert Obligation.objects.get().state == "met"


def test_a_dry_run_through_the_common_door(site: Site, clerk: Staff, tmp_path: Path) -> None:
    path, map_path = tmp_path / "old.csv", tmp_path / "map.toml"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    map_path.write_text(SMALL, encoding="utf-8")
    report = run_import(
        kind=ImportKind.CASES, site=site, path=path, by=clerk, at=NOW, map_path=map_path, dry_run=True
    )
    assert (report.row_count, report.problems, report.was_written) == (1, (), False)
    assert Case.objects.count() == 0


def test_a_file_without_the_mapped_columns_is_refused(site: Site, clerk: Staff, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("编号,事由\n", encoding="utf-8")
    with pytest.raises(Refused, match="受理"):
        import_cases(site=site, path=path, case_map=read_map(text=SMALL), by=clerk, at=NOW)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("not toml", "有误"),
        (SMALL.replace('number = "编号"', ""), "number"),
        (SMALL.replace("Asia/Shanghai", "Asia/Nowhere"), "时区"),
        (SMALL + '[channel]\n"电话" = "telegraph"\n', "来源"),
        (SMALL + '[category]\ndefault = "weather"\n', "类别"),
        (SMALL.replace('open = ["未结"]', 'open = ["已结"]'), "已结"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(wrong: str, words: str) -> None:
    with pytest.raises(BadMap, match=words):
        read_map(text=wrong)


def test_a_map_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadMap, match="读不出来"):
        load_map(path=tmp_path / "nowhere.toml")


def test_statements_do_not_grow_with_the_rows(site: Site, clerk: Staff) -> None:
    case_map = shipped_map(name="baltimore-311")
    with CaptureQueriesContext(connection) as captured:
        import_cases(site=site, path=EXCERPT, case_map=case_map, by=clerk, at=NOW, on_bad=OnBad.SKIP)
    assert len(captured) < 60  # 296 matters, in batches
