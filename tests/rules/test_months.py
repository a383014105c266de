"""Windows of months follow one another without a gap and without a day twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.months import next_month, window_up_to


@pytest.mark.rule("P-06", "R-06", "S-07")
@given(year=st.integers(2000, 2098), month=st.integers(1, 12), to_day=st.integers(1, 31))
def test_windows_up_to_a_day_join(year: int, month: int, to_day: int) -> None:
    this = window_up_to(year=year, month=month, to_day=to_day, report_day=to_day)
    after = next_month(year=year, month=month)
    following = window_up_to(year=after[0], month=after[1], to_day=to_day, report_day=to_day)
    assert this.first <= this.last
    assert following.first == this.last + timedelta(days=1)


@pytest.mark.rule("S-07")
def test_the_last_of_a_short_february_counts_once() -> None:
    march = window_up_to(year=2025, month=3, to_day=28, report_day=28)
    assert (str(march.first), str(march.last)) == ("2025-03-01", "2025-03-28")
