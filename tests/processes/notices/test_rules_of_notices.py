"""How quickly a notice is passed on, and whom it touches."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.cast import MONDAY_NINE

from yingsheng.processes.notices.rules import concerns, pass_on_path, times_fit, touches

moments = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 1, 1))


@pytest.mark.rule("Z-04", "X-09", "Z-16")
@pytest.mark.parametrize(
    ("kind", "sudden", "path"),
    [
        ("water", False, "Z-04.pass_on_within"),
        ("water", True, "X-09.pass_on_within"),
        ("power", True, "X-09.pass_on_within"),
        ("gas", False, "Z-04.pass_on_within"),
        ("lift", True, "Z-16.pass_on_within"),
        ("measures", False, "Z-16.pass_on_within"),
        ("tip", False, "Z-16.pass_on_within"),
    ],
)
def test_a_cut_is_passed_on_faster_than_a_tip(kind: str, sudden: bool, path: str) -> None:
    assert pass_on_path(kind=kind, sudden=sudden) == path


@pytest.mark.rule("Z-04")
@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (-1, 1, True), (-1, None, True), (24, 30, True), (25, 30, False), (-3, 0, False), (-3, -1, False),
    ],
)  # fmt: skip
def test_the_desk_is_told_of_what_runs_or_comes_within_a_day(
    starts: int, ends: int | None, shown: bool
) -> None:
    end = None if ends is None else MONDAY_NINE + timedelta(hours=ends)
    start = MONDAY_NINE + timedelta(hours=starts)
    assert touches(starts_at=start, ends_at=end, now=MONDAY_NINE, ahead_hours=24) is shown


@pytest.mark.rule("Z-04")
@given(start=moments, hours=st.integers(1, 72), now=moments, ahead=st.integers(0, 72))
def test_a_longer_look_ahead_never_hides_a_notice(
    start: datetime, hours: int, now: datetime, ahead: int
) -> None:
    end = start + timedelta(hours=hours)
    assert times_fit(starts_at=start, ends_at=end)
    near = touches(starts_at=start, ends_at=end, now=now, ahead_hours=ahead)
    far = touches(starts_at=start, ends_at=end, now=now, ahead_hours=ahead + 1)
    assert far or not near
    assert not near or end > now


@given(buildings=st.sets(st.integers(1, 9)), building=st.integers(1, 9))
def test_the_whole_site_concerns_every_building(buildings: set[int], building: int) -> None:
    assert concerns(whole_site=True, buildings=buildings, building=building)
    assert concerns(whole_site=False, buildings=buildings, building=building) is (building in buildings)
