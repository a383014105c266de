"""When somebody may take over, what stops a handover, what an entry must say."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.duty.rules import (
    Carried,
    area_gap,
    arrival,
    is_important,
    is_to_be_opened,
    may_leave,
    may_stand,
    pages_join,
    power_gap,
    principle_gap,
    report_path,
    signature_gap,
    stopping,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2025, 3, 3, 7, 30, tzinfo=SHANGHAI)


@pytest.mark.rule("D-15")
@pytest.mark.parametrize(
    ("minutes_before", "in_time"),
    [(6, True), (5, True), (4, False), (0, False), (-10, False)],  # 6: T-D01
)
def test_the_incoming_shift_is_there_five_minutes_early(minutes_before: int, in_time: bool) -> None:
    found = arrival(arrived_at=START - timedelta(minutes=minutes_before), starts_at=START, ahead_minutes=5)
    assert (found.is_in_time, found.minutes_early) == (in_time, minutes_before)


@pytest.mark.rule("D-15")
@given(st.integers(-300, 300), st.integers(0, 60), st.integers(0, 59))
def test_who_comes_earlier_is_never_later(early: int, ahead: int, sooner: int) -> None:
    at = START - timedelta(minutes=early)
    one = arrival(arrived_at=at, starts_at=START, ahead_minutes=ahead)
    other = arrival(arrived_at=at - timedelta(minutes=sooner), starts_at=START, ahead_minutes=ahead)
    assert other.is_in_time or not one.is_in_time
    assert one.is_in_time == (early >= ahead)


def items(*facts: tuple[bool, bool]) -> list[Carried]:
    return [Carried(key=f"case:{n}", important=i, accepted=a) for n, (i, a) in enumerate(facts)]


@pytest.mark.rule("D-20")
def test_only_important_unfinished_work_that_nobody_accepted_stops_the_handover() -> None:
    found = items((True, False), (False, False), (True, True), (True, False))
    assert stopping(items=found, block_on_important=True) == ["case:0", "case:3"]
    assert stopping(items=found, block_on_important=False) == []


@pytest.mark.rule("D-20")
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_accepting_all_of_it_lets_the_shift_go(facts: list[tuple[bool, bool]]) -> None:
    before = stopping(items=items(*facts), block_on_important=True)
    after = stopping(items=items(*((important, True) for important, _old in facts)), block_on_important=True)
    assert after == []
    assert len(before) == sum(1 for important, accepted in facts if important and not accepted)


@pytest.mark.rule("D-20")
@pytest.mark.parametrize(
    ("severity", "urgent", "broken", "important"),
    [
        ("", False, False, False), ("minor", False, False, False), ("major", False, False, True),
        ("", True, False, True), ("minor", False, True, True),
    ],
)  # fmt: skip
def test_what_is_important(severity: str, urgent: bool, broken: bool, important: bool) -> None:
    assert is_important(severity=severity, is_urgent=urgent, is_overdue_own=broken) is important


@pytest.mark.rule("D-12")
@pytest.mark.parametrize(
    ("power", "department", "action", "named", "gap"),
    [
        ("", False, "", True, ""),
        ("", True, "", True, "power"),
        ("", True, "", False, ""),
        ("mobilise", False, "", True, "department"),
        ("mobilise", True, "", True, ""),
        ("protect", False, " ", True, "action"),
        ("protect", False, "拉了警戒线", True, ""),
    ],
)
def test_a_power_that_is_used_is_named(
    power: str, department: bool, action: str, named: bool, gap: str
) -> None:
    assert power_gap(power=power, has_department=department, action=action, power_named=named) == gap


@pytest.mark.rule("D-07")
@pytest.mark.parametrize(
    ("kind", "action", "told", "gap"),
    [
        ("sudden", "", False, "action"), ("sudden", "关了总阀", False, "told"), ("sudden", "关了总阀", True, ""),
        ("repair", "", False, ""),
    ],
)  # fmt: skip
def test_something_sudden_is_contained_and_reported(kind: str, action: str, told: bool, gap: str) -> None:
    assert principle_gap(kind=kind, action=action, told_anybody=told) == gap


@pytest.mark.rule("D-09")
def test_who_is_told_of_what_duty_cannot_solve() -> None:
    assert [report_path(level=level) for level in ("", "hard", "major")] == [
        "",
        "D-09.hard_to",
        "D-09.major_to",
    ]


@pytest.mark.rule("D-25")
@pytest.mark.parametrize(
    ("kind", "night", "open_", "owed"),
    [
        ("complaint", True, True, True), ("repair", True, True, True), ("help", True, True, True),
        ("complaint", False, True, False), ("complaint", True, False, False), ("sudden", True, True, False),
        ("enquiry", True, True, False),
    ],
)  # fmt: skip
def test_what_the_night_leaves_is_opened_as_a_form(kind: str, night: bool, open_: bool, owed: bool) -> None:
    assert is_to_be_opened(kind=kind, at_night=night, is_open=open_, is_sudden=kind == "sudden") is owed


@pytest.mark.rule("D-19")
def test_records_are_complete_and_unfinished_work_is_told() -> None:
    assert signature_gap(evidence_complete=False, told="", open_count=0) == "evidence"
    assert signature_gap(evidence_complete=True, told=" ", open_count=1) == "told"
    assert signature_gap(evidence_complete=True, told="水管待修", open_count=1) == ""
    assert signature_gap(evidence_complete=True, told="", open_count=0) == ""


@pytest.mark.rule("D-16")
def test_something_unusual_is_described_and_explained() -> None:
    assert area_gap(area_is_normal=True, found="", explained="") == ""
    assert area_gap(area_is_normal=False, found="", explained="x") == "area_note"
    assert area_gap(area_is_normal=False, found="灯坏", explained="") == "area_explained"
    assert area_gap(area_is_normal=False, found="灯坏", explained="已报修") == ""


@pytest.mark.rule("D-05")
@given(st.integers(0, 9), st.integers(1, 5), st.booleans())
def test_a_post_is_never_left_with_fewer_than_needed(present: int, needed: int, cover: bool) -> None:
    assert may_leave(present=present, needed=needed, has_cover=cover) is (cover or present > needed)


def test_who_may_stand_at_a_post() -> None:
    assert may_stand(roles=[], held=["WORKER"])
    assert may_stand(roles=["FRONT_DESK", "DUTY"], held=["DUTY"])
    assert not may_stand(roles=["FRONT_DESK"], held=["WORKER"])


@pytest.mark.rule("D-14")
@given(st.integers(0, 10**6), st.lists(st.integers(0, 50), max_size=20), st.data())
def test_pages_follow_without_a_gap(first: int, lengths: list[int], data: st.DataObject) -> None:
    spans, last = [], first
    for length in lengths:
        spans.append((last, last + length))
        last += length
    assert pages_join(spans=spans)
    if len(spans) > 1:
        torn = data.draw(st.integers(1, len(spans) - 1))
        begin, end = spans[torn]
        spans[torn] = (begin + 1, end + 1)
        assert not pages_join(spans=spans)
