"""The figures of a month (KPI-32)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE as NINE

from yingsheng.processes.emergencies.rules.months import Course, minutes_between, month_figures


def after(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def course(**fields: object) -> Course:
    return Course(**{"kind": "lift", "state": "closed", "received_at": NINE, **fields})  # type: ignore[arg-type]


@pytest.mark.rule("X-07")
def test_a_month_is_counted_by_kind_by_minutes_and_by_reports():
    found = month_figures(
        now=after(3000),
        courses=[
            course(acknowledged_at=after(2), arrived_at=after(8), resolved_at=after(60), report="met"),
            course(kind="fire", acknowledged_at=after(4), report="late"),
            course(kind="fire", report="armed", report_due_at=after(1440)),
            course(kind="gas", report="armed", report_due_at=after(4000)),
            course(kind="fire", state="false_alarm", acknowledged_at=after(90), report="void"),
        ],
    )
    assert (found.total, found.false_alarms) == (5, 1)
    assert found.by_kind == {"lift": 1, "fire": 3, "gas": 1}
    assert (found.to_acknowledge, found.to_arrive, found.to_resolve) == (3, 8, 60)
    # the one whose time is not over yet is not judged, nor is the false alarm
    assert (found.reports_kept, found.reports_due) == (1, 3)


def test_an_empty_month_has_no_averages():
    found = month_figures(courses=[], now=NINE)
    assert (found.total, found.to_acknowledge, found.reports_due) == (0, None, 0)


@given(states=st.lists(st.sampled_from(["met", "late", "armed", "void", ""]), max_size=30))
def test_kept_reports_are_never_more_than_those_judged(states: list[str]):
    found = month_figures(
        courses=[course(report=state, report_due_at=after(1)) for state in states], now=after(2)
    )
    assert 0 <= found.reports_kept <= found.reports_due <= found.total == len(states)


@given(minutes=st.integers(-10_000, 10_000))
def test_minutes_never_run_backwards(minutes: int):
    assert minutes_between(start=NINE, end=after(minutes)) == max(0, minutes)
