"""Where a key hangs, what an outsider must bring, and when the keys are counted; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.processes.keys.rules import (
    count_window,
    deposit_left,
    is_overdue,
    lacking_of_outsider,
    lacks_pledge,
    needs_consent,
    place_words,
    register_forms,
)

DUE = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
FULL = {"id_kind": "id_card", "id_number": "110101199003070011", "deposit_fen": 20000, "signature": "孙外人"}


@pytest.mark.rule("K-02", "K-03")
@pytest.mark.parametrize(
    ("cabinet", "building", "floor", "hook", "words"),
    [
        ("1号柜", "3栋", "18", "A-05", "1号柜 / 3栋 / 18 / A-05"),
        ("1号柜", "", "", " A-05 ", "1号柜 / A-05"),
        ("1号柜", "", "", "", "1号柜"),
    ],
)
def test_a_label_says_where_a_key_hangs(
    cabinet: str, building: str, floor: str, hook: str, words: str
) -> None:
    assert place_words(cabinet=cabinet, building=building, floor=floor, hook=hook) == words


@pytest.mark.rule("K-06")
@pytest.mark.parametrize(
    ("without", "lacking"),
    [
        ({}, ()),
        ({"id_kind": ""}, ("id_kind",)),
        ({"id_number": " "}, ("id_number",)),
        ({"deposit_fen": 0}, ("deposit_fen",)),
        ({"signature": ""}, ("signature",)),
        ({"id_kind": "", "deposit_fen": 0, "signature": ""}, ("id_kind", "deposit_fen", "signature")),
    ],
)
def test_all_three_are_asked_of_somebody_from_outside(
    without: dict[str, object], lacking: tuple[str, ...]
) -> None:
    # T-K04: paper, deposit and signature together; one or two are never enough
    asked = {**FULL, **without}
    assert lacking_of_outsider(**asked, deposit_required=True) == lacking  # type: ignore[arg-type]


@pytest.mark.rule("K-06")
def test_a_site_that_asks_no_deposit_still_asks_paper_and_signature() -> None:
    asked = {**FULL, "deposit_fen": 0}
    assert lacking_of_outsider(**asked, deposit_required=False) == ()  # type: ignore[arg-type]
    assert lacking_of_outsider(**{**asked, "signature": ""}, deposit_required=False) == ("signature",)  # type: ignore[arg-type]


@pytest.mark.rule("K-10", "K-12")
@pytest.mark.parametrize("kind", ["vacant", "entrusted", "equipment_spare", "other"])
def test_only_what_an_owner_entrusts_needs_consent_and_pledge(kind: str) -> None:
    is_entrusted = kind == "entrusted"
    assert needs_consent(kind=kind, consent_required=True) == is_entrusted
    assert not needs_consent(kind=kind, consent_required=False)
    assert lacks_pledge(kind=kind, pledged=False) == is_entrusted
    assert not lacks_pledge(kind=kind, pledged=True)


@pytest.mark.rule("K-04")
def test_exactly_on_time_is_not_late() -> None:
    assert not is_overdue(due_at=DUE, now=DUE)
    assert is_overdue(due_at=DUE, now=DUE + timedelta(seconds=1))
    assert not is_overdue(due_at=None, now=DUE)


@pytest.mark.rule("K-11")
@given(st.integers(0, 10**7), st.integers(-5, 10**7))
def test_of_a_deposit_every_fen_goes_back_or_is_kept(deposit: int, refund: int) -> None:
    if 0 <= refund <= deposit:
        assert deposit_left(deposit_fen=deposit, refund_fen=refund) + refund == deposit
    else:
        with pytest.raises(ValueError, match="refund"):
            deposit_left(deposit_fen=deposit, refund_fen=refund)


@pytest.mark.rule("K-08")
@pytest.mark.parametrize(
    ("year", "month", "days"),
    [
        (2025, 3, (date(2025, 3, 25), date(2025, 3, 27), date(2025, 3, 28))),
        (2025, 2, (date(2025, 2, 25), date(2025, 2, 27), date(2025, 2, 28))),
    ],
)
def test_the_days_of_the_count_and_its_report(year: int, month: int, days: tuple[date, date, date]) -> None:
    window = count_window(year=year, month=month, from_day=25, to_day=27, report_day=28)
    assert (window.first, window.last, window.report) == days


@pytest.mark.rule("K-08")
@given(
    st.integers(2000, 2100), st.integers(1, 12),
    st.lists(st.integers(1, 31), min_size=3, max_size=3).map(sorted),
)  # fmt: skip
def test_a_window_stays_in_its_month_and_in_order(year: int, month: int, days: list[int]) -> None:
    window = count_window(year=year, month=month, from_day=days[0], to_day=days[1], report_day=days[2])
    assert window.first <= window.last <= window.report
    assert {one.month for one in (window.first, window.last, window.report)} == {month}


@pytest.mark.rule("K-04")
def test_one_register_two_papers() -> None:
    # CF-32: FM-37 for keys, FM-38 for security doors, or everything on the one that was adopted
    assert [code for code, _ in register_forms(layout="one_register")] == ["FM-37", "FM-38"]
    assert register_forms(layout="key_loan") == (("FM-37", None),)
    assert register_forms(layout="security_door_loan") == (("FM-38", None),)
