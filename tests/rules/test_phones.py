"""Phone numbers as people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from yingsheng.base.phones import (
    BadPhone,
    PhoneKind,
    last_digits,
    mask_phone,
    normalise_phone,
    read_phone,
    split_phones,
)

MOBILES = st.integers(13_000_000_000, 19_999_999_999).map(str)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("(+86)13800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("013800138000", "13800138000"),
        ("13800138000转12", "13800138000-12"),
        ("010-12345678", "01012345678"),
        ("(010)12345678", "01012345678"),
        ("（０１０）１２３４５６７８", "01012345678"),
        ("010/12345678", "01012345678"),
        ("+86 10 12345678", "01012345678"),
        ("+86(0)10-12345678", "01012345678"),
        ("86-755-26001234", "075526001234"),
        ("0755-2600-1234", "075526001234"),
        ("0755－26001234转8001", "075526001234-8001"),
        ("0755-26001234 分机 8001", "075526001234-8001"),
        ("0755-26001234 ext. 8001", "075526001234-8001"),
        ("0755-26001234-8001", "075526001234-8001"),
        ("0571-8765432-4", "05718765432-4"),
        ("26001234", "26001234"),
        ("26001234-801", "26001234-801"),
        ("110", "110"),
        ("12345", "12345"),
        ("12345-1", "12345-1"),
        ("95588", "95588"),
        ("0755-12345", "075512345"),
        ("400-800-8820", "4008008820"),
        ("800 820 8820", "8008208820"),
        ("+852 9123 4567", "0085291234567"),
    ],
)
def test_one_number_is_stored_in_one_form(written: str, stored: str) -> None:
    assert normalise_phone(text=written) == stored


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        " ",
        "-",
        "abc",
        "123",
        "1380013800",
        "138001380001",
        "23800138000",
        "010-1234",
        "王女士",
        "+8",
        "+86",
        "电话13800138000",
        "13800138000转",
        "0000",
        "010-012345678",
    ],
)
def test_nonsense_is_refused(nonsense: str) -> None:
    with pytest.raises(BadPhone) as refused:
        normalise_phone(text=nonsense)
    assert refused.value.text == nonsense
    assert isinstance(refused.value, ValueError)


def test_area_code_completes_a_local_number_only() -> None:
    assert normalise_phone(text="26001234", area_code="0755") == "075526001234"
    assert normalise_phone(text="2600123-8", area_code="571") == "05712600123-8"
    assert normalise_phone(text="12345", area_code="0755") == "12345"
    assert normalise_phone(text="13800138000", area_code="0755") == "13800138000"
    assert read_phone(text="26001234").kind is PhoneKind.LOCAL
    with pytest.raises(BadPhone):  # seven digits where numbers have eight
        normalise_phone(text="2600123", area_code="010")
    with pytest.raises(ValueError, match="area code"):
        normalise_phone(text="26001234", area_code="7")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("", ()),
        (" ; ", ()),
        ("13800138000/13900139000", ("13800138000", "13900139000")),
        ("13800138000，13900139000；010-12345678", ("13800138000", "13900139000", "01012345678")),
        ("13800138000 010 12345678", ("13800138000", "01012345678")),
        ("138 0013 8000 139 0013 9000", ("13800138000", "13900139000")),
        ("0755-26001234转8001/26005678", ("075526001234-8001", "075526005678")),
        ("13800138000\n13800138000", ("13800138000",)),
        ("110、119", ("110", "119")),
        ("13800138000或13900139000", ("13800138000", "13900139000")),
    ],
)
def test_a_cell_may_hold_several(cell: str, numbers: tuple[str, ...]) -> None:
    assert split_phones(text=cell) == numbers


def test_a_bad_piece_spoils_the_cell() -> None:
    with pytest.raises(BadPhone):
        split_phones(text="13800138000/13x")


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("13800138000-12", "138****8000"),
        ("01012345678", "010****5678"),
        ("075526001234-8001", "0755****1234"),
        ("26001234", "****1234"),
        ("0085291234567", "00****4567"),
        ("4008008820", "400****8820"),
        ("12345", "12345"),
        ("unreadable99", "****le99"),
        ("99", "**"),
        ("", ""),
    ],
)
def test_mask(number: str, masked: str) -> None:
    assert mask_phone(number=number) == masked


def test_last_digits_leave_the_extension_out() -> None:
    assert last_digits(number="13800138000", count=4) == "8000"
    assert last_digits(number="075526001234-8001", count=4) == "1234"
    assert last_digits(number="110", count=4) == "110"
    with pytest.raises(ValueError, match="count"):
        last_digits(number="110", count=0)


@given(number=MOBILES)
def test_every_mobile_the_oracle_knows_is_read_alike(number: str) -> None:
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        reject()  # begins with a dialling prefix such as 17951, which the oracle cuts off first
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE:
        for style in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            written = phonenumbers.format_number(parsed, style)
            assert read_phone(text=written).kind is PhoneKind.MOBILE
            assert normalise_phone(text=written) == str(parsed.national_number)


@given(area=st.sampled_from(["10", "21", "755", "571", "898"]), local=st.integers(20000000, 89999999))
def test_every_landline_the_oracle_knows_is_read_alike(area: str, local: int) -> None:
    parsed = phonenumbers.parse(f"+86{area}{local}")
    if phonenumbers.is_valid_number(parsed):
        written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        assert normalise_phone(text=written) == f"0{area}{local}"


@given(text=st.text(alphabet="0123456789+-/() 转x", max_size=24))
def test_normalising_twice_changes_nothing_and_a_mask_hides(text: str) -> None:
    try:
        number = normalise_phone(text=text)
    except BadPhone:
        mask_phone(number=text)  # must not raise
        return
    assert normalise_phone(text=number) == number
    phone = read_phone(text=number)
    if phone.kind is not PhoneKind.SERVICE:
        assert phone.digits not in mask_phone(number=number)


@given(
    numbers=st.lists(MOBILES, min_size=1, max_size=4, unique=True),
    gap=st.sampled_from(["/", " ", "、", "; "]),
)
def test_split_gives_back_what_was_joined(numbers: list[str], gap: str) -> None:
    assert split_phones(text=gap.join(numbers)) == tuple(numbers)
