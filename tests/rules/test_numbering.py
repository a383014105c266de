"""Serial numbers of records."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.numbering import (
    PeriodKind,
    SerialNumber,
    format_number,
    parse_number,
    period_of,
    whole_number,
)

KINDS: tuple[PeriodKind, ...] = ("day", "month", "year")
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
PREFIXES = st.from_regex(r"[A-Z]{1,6}", fullmatch=True)


def test_period() -> None:
    day = date(2025, 3, 3)
    assert [period_of(day=day, kind=kind) for kind in KINDS] == ["20250303", "202503", "2025"]
    with pytest.raises(ValueError, match="week"):
        period_of(day=day, kind="week")  # type: ignore[arg-type]


def test_format() -> None:
    assert format_number(prefix="TS", period="20250303", serial=1) == "TS-20250303-0001"
    assert format_number(prefix="TS", period="202503", serial=12, width=6) == "TS-202503-000012"
    assert format_number(prefix="TS", period="2025", serial=12345) == "TS-2025-12345"


@pytest.mark.parametrize(
    ("prefix", "period", "serial", "width"),
    [
        ("ts", "2025", 1, 4),
        ("", "2025", 1, 4),
        ("TS", "20250230", 1, 4),
        ("TS", "25", 1, 4),
        ("TS", "2025", 0, 4),
        ("TS", "2025", 1, 0),
        ("TS", "202513", 1, 4),
    ],
)
def test_impossible_numbers_are_not_made(prefix: str, period: str, serial: int, width: int) -> None:
    with pytest.raises(ValueError, match="cannot number"):
        format_number(prefix=prefix, period=period, serial=serial, width=width)


@pytest.mark.parametrize(
    "typed",
    [
        "TS-20250303-0001",
        "ts-20250303-0001",
        "TS202503030001",
        "ＴＳ－２０２５０３０３－０００１",
        " ts 20250303 1 ",
        "TS—20250303—1",
        "ts20250303-1",
        "TS-202503030001",
    ],
)
def test_typed_in_many_ways(typed: str) -> None:
    assert parse_number(text=typed) == SerialNumber(prefix="TS", period="20250303", serial=1)


@pytest.mark.parametrize(
    ("typed", "period", "serial"),
    [
        ("TS2025030001", "202503", 1),
        ("TS2025101234", "202510", 1234),
        ("TS20250001", "2025", 1),
        ("TS20251001", "2025", 1001),
        ("TS2025030312345", "20250303", 12345),
    ],
)
def test_without_dashes_the_longest_period_wins(typed: str, period: str, serial: int) -> None:
    assert parse_number(text=typed) == SerialNumber(prefix="TS", period=period, serial=serial)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TS",
        "20250303-0001",
        "TS-20250230-0001",
        "TS-2025-0000",
        "TS20250000",
        "TS2025",
        "TOOLONGS-2025-1",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text=text) is None


@given(prefix=PREFIXES, day=DAYS, kind=st.sampled_from(KINDS), serial=st.integers(1, 9999))
def test_read_back_with_and_without_dashes(prefix: str, day: date, kind: PeriodKind, serial: int) -> None:
    period = period_of(day=day, kind=kind)
    number = format_number(prefix=prefix, period=period, serial=serial)
    expected = SerialNumber(prefix=prefix, period=period, serial=serial)
    assert parse_number(text=number) == expected
    assert parse_number(text=number.lower().replace("-", "")) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("42", 42),
        ("", None),
        ("²", None),
        ("-1", None),
        ("1e3", None),
        ("٣", None),
        ("9" * 16, None),
    ],
)
def test_a_whole_number_is_plain_digits(text: str, number: int | None) -> None:
    assert whole_number(text=text) == number
