"""Number plates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.plates import BadPlate, format_plate, normalise_plate


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("京A·12345", "京A12345"),
        ("京A12345", "京A12345"),
        ("京ａ－１２３４５", "京A12345"),
        ("粤b 8k2m6", "粤B8K2M6"),
        ("粤B D12345", "粤BD12345"),
        ("粤B12345F", "粤B12345F"),
        ("沪A.DF0123", "沪ADF0123"),
        ("京AOI234", "京A01234"),  # no letters O and I in serials
        ("京O12345", "京O12345"),
        ("粤Z1234港", "粤Z1234港"),
        ("京A1234挂", "京A1234挂"),
        ("使014578", "使014578"),
        ("WJ京1234X", "WJ京1234X"),
        ("VA·12345", "VA12345"),
    ],
)
def test_stored_form(written: str, stored: str) -> None:
    assert normalise_plate(text=written) == stored
    assert normalise_plate(text=format_plate(plate=stored)) == stored


@pytest.mark.parametrize(
    "nonsense", ["", "A12345", "京12345", "京A1234", "京A123456", "粤BL12345", "京京12345", "车牌"]
)
def test_nonsense_is_refused(nonsense: str) -> None:
    with pytest.raises(BadPlate) as refused:
        normalise_plate(text=nonsense)
    assert refused.value.text == nonsense


def test_as_on_the_vehicle() -> None:
    assert format_plate(plate="京A12345") == "京A·12345"
    assert format_plate(plate="粤BD12345") == "粤B·D12345"
    assert format_plate(plate="WJ京1234X") == "WJ京·1234X"
    assert format_plate(plate="VA12345") == "VA·12345"
    assert format_plate(plate="使014578") == "使014578"
    assert format_plate(plate="无牌") == "无牌"


@given(
    plate=st.from_regex(
        r"[京沪粤川][A-HJ-NP-Z]([A-HJ-NP-Z0-9]{5}|[DF][A-HJ-NP-Z0-9][0-9]{4})", fullmatch=True
    )
)
def test_however_it_is_written(plate: str) -> None:
    full_width = plate.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for written in (plate, plate.lower(), full_width, f" {plate[:2]}·{plate[2:]} ", "-".join(plate)):
        assert normalise_plate(text=written) == plate


@given(text=st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        stored = normalise_plate(text=text)
    except BadPlate:
        return
    assert normalise_plate(text=stored) == stored
