"""A code altered in any byte is refused; one of another site, of another key, cut or joined is refused too."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingsheng.processes.visitors.rules.codes import (
    MOST_CHARACTERS,
    BadCode,
    Slip,
    new_private,
    public_of,
    read_code,
    write_code,
)
from yingsheng.processes.visitors.rules.passes import Line

PRIVATE = new_private()
PUBLICS = {"k1": public_of(private=PRIVATE), "k2": public_of(private=new_private())}
SINCE, UNTIL = datetime(2025, 3, 3, 1, 0, tzinfo=UTC), datetime(2025, 3, 4, 1, 0, tzinfo=UTC)
SLIP = Slip(
    key_id="k1", key="abc123def456", number="FX-20250303-0001", room="3栋2单元1802", valid_from=SINCE,
    valid_until=UNTIL,
    lines=(Line(name="双门冰箱", count=1, is_bulky=True), Line(name="纸箱", count=12)), plate="粤B12345",
)  # fmt: skip
CODE = write_code(slip=SLIP, private=PRIVATE)
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= "


@pytest.mark.rule("V-02")
def test_what_was_signed_is_read_back() -> None:
    assert read_code(code=CODE, publics=PUBLICS) == SLIP
    assert len(CODE) < MOST_CHARACTERS


@pytest.mark.rule("V-02")
@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(CODE) - 1), sign=st.sampled_from(SIGNS))
def test_a_code_altered_in_any_byte_is_refused(place: int, sign: str) -> None:
    altered = CODE[:place] + sign + CODE[place + 1 :]
    if altered == CODE:
        return
    with pytest.raises(BadCode):
        read_code(code=altered, publics=PUBLICS)


@pytest.mark.rule("V-02")
def test_every_single_bit_of_what_it_says_counts() -> None:
    mark, body, signature = CODE.split(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    for place in range(len(raw)):
        for bit in (1, 128):
            changed = bytearray(raw)
            changed[place] ^= bit
            text = base64.urlsafe_b64encode(bytes(changed)).rstrip(b"=").decode()
            with pytest.raises(BadCode):
                read_code(code=f"{mark}.{text}.{signature}", publics=PUBLICS)


@pytest.mark.rule("V-02")
@given(
    text=st.text(max_size=80)
    | st.from_regex(r"FX1\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,90}", fullmatch=True)
)
def test_rubbish_is_refused_and_nothing_breaks(text: str) -> None:
    with pytest.raises(BadCode):
        read_code(code=text, publics=PUBLICS)


@pytest.mark.rule("V-02")
@pytest.mark.parametrize(
    "told",
    [
        [1], {"a": 1}, "x", None, 5, ["k1", "a", "b", "c", "x", 1, [], ""], ["k1", "a", "b", "c", 1, 10**30, [], ""],
        ["k1", "a", "b", "c", 1, 2, [["x"]], ""], ["k1", "a", "b", "c", 1, 2, 3, ""],
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(told: object) -> None:
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    with pytest.raises(BadCode, match="shape"):
        read_code(code=f"FX1.{body}.{CODE.split('.')[2]}", publics=PUBLICS)


@pytest.mark.rule("V-02")
def test_other_keys_and_swapped_parts_are_refused() -> None:
    with pytest.raises(BadCode, match="key"):
        read_code(code=CODE, publics={"k2": PUBLICS["k2"]})
    with pytest.raises(BadCode, match="signature"):
        read_code(code=CODE, publics={"k1": PUBLICS["k2"]})
    other = write_code(slip=Slip(**{**vars_of(SLIP), "number": "FX-20250303-0002"}), private=PRIVATE)
    mark, body, _signature = CODE.split(".")
    with pytest.raises(BadCode, match="signature"):
        read_code(code=f"{mark}.{body}.{other.split('.')[2]}", publics=PUBLICS)
    with pytest.raises(BadCode, match="signature"):
        read_code(code=f"{mark}.{body}.{other.split('.')[2][:40]}", publics=PUBLICS)
    with pytest.raises(BadCode, match="shape"):
        read_code(code=CODE + "A" * MOST_CHARACTERS, publics=PUBLICS)


def vars_of(slip: Slip) -> dict[str, object]:
    return {name: getattr(slip, name) for name in Slip.__dataclass_fields__}


NAMES = st.text(st.characters(categories=("Lo", "Ll", "Nd")), min_size=1, max_size=20)
SLIPS = st.builds(
    Slip, key_id=st.just("k1"), key=st.from_regex(r"[a-z2-9]{12}", fullmatch=True), number=NAMES, room=NAMES,
    valid_from=st.just(SINCE), valid_until=st.just(UNTIL), plate=st.just(""),
    lines=st.lists(
        st.builds(Line, name=NAMES, count=st.integers(1, 999), is_bulky=st.booleans()), max_size=5
    ).map(tuple),
)  # fmt: skip


@pytest.mark.rule("V-02")
@settings(deadline=None)
@given(slip=SLIPS)
def test_any_pass_comes_back_as_it_was(slip: Slip) -> None:
    assert read_code(code=write_code(slip=slip, private=PRIVATE), publics=PUBLICS) == slip
