"""Which entries speak of the same customer: any one of three proofs, however it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.salesdesk.cast import FIGURES

from yingsheng.kernel.policies.book import load_book
from yingsheng.processes.salesdesk.rules.calls import owner_of_call
from yingsheng.processes.salesdesk.rules.matching import (
    FIELDS,
    Entry,
    Key,
    find_matches,
    full_name,
    keys_of,
    missing_fields,
    read_kinds,
    surname_of,
)

QIAN = Entry(
    number=1, agent="A", name="钱业主", phones="13800138000", surname="钱", car_brand="大众", plate="粤B12345"
)


def keys(entry: Entry, other: Entry = QIAN) -> set[str]:
    found = find_matches(entry=entry, others=[other], area_code="0755")
    return {key.value for one in found for key in one.keys}


@pytest.mark.rule("J-05")
@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (Entry(number=2, agent="B", name=" 钱 业主"), {"full_name"}),
        (Entry(number=2, agent="B", name="钱先生"), set()),
        (Entry(number=2, agent="B", name="孙外人", phones="+86 138-0013-8000"), {"phone"}),
        (Entry(number=2, agent="B", phones="13900139000 13800138000"), {"phone"}),
        (Entry(number=2, agent="B", phones="问前台"), set()),
        (
            Entry(number=2, agent="B", name="钱女士", car_brand="大众", plate="粤b·12345"),
            {"car_plate_surname"},
        ),
        (Entry(number=2, agent="B", name="孙外人", car_brand="大众", plate="粤B12345"), set()),
        (Entry(number=2, agent="B", name="钱女士", car_brand="丰田", plate="粤B12345"), set()),
        (Entry(number=2, agent="B", name="钱女士", car_brand="大众", plate="12345"), set()),
        (Entry(number=2, agent="B", surname="钱", plate="粤B12345"), set()),
        (replace(QIAN, number=2), {"full_name", "phone", "car_plate_surname"}),
        (QIAN, set()),  # not with itself
        (Entry(number=2, agent="B"), set()),
    ],
)
def test_any_one_proof_is_a_conflict_and_half_a_proof_is_none(entry: Entry, found: set[str]) -> None:
    assert keys(entry) == found


@pytest.mark.rule("J-05")
@pytest.mark.parametrize("lacks", ["car_brand", "surname", "plate"])
def test_a_car_without_brand_surname_or_plate_proves_nothing(lacks: str) -> None:
    car = {"car_brand": "大众", "surname": "钱", "plate": "粤B12345", lacks: ""}
    one, other = (Entry(number=number, agent="A", **car) for number in (1, 2))
    assert keys(one, other) == set()


@pytest.mark.rule("J-05")
def test_a_site_accepts_the_proofs_it_names() -> None:
    kinds = read_kinds(text=load_book().rules["J-05"].parameter("keys").value)
    assert kinds == tuple(Key) == FIGURES.keys
    only = read_kinds(text="phone")
    assert keys_of(entry=QIAN, kinds=read_kinds(text="full_name")) == {"full_name:钱业主"}
    assert keys_of(entry=QIAN, kinds=only) == {"phone:13800138000"}
    with pytest.raises(ValueError, match="horoscope"):
        read_kinds(text="phone,horoscope")


@pytest.mark.rule("J-05")
@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("王小明", "王小明"), ("王明", "王明"), ("欧阳修", "欧阳修"), ("Ann Lee", "annlee"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提"), ("王建工", "王建工"), ("周先生", ""), ("慕容小姐", ""),
        ("王", ""), ("王先生", ""), ("欧阳女士", ""), ("老王", ""), ("小李", ""), ("王总", ""),
        ("欧阳", ""), ("", ""), (" ", ""),
    ],
)  # fmt: skip
def test_a_form_of_address_is_no_full_name(text: str, full: str) -> None:
    assert full_name(text=text) == full


@pytest.mark.rule("J-05")
@pytest.mark.parametrize(
    ("stated", "name", "surname"),
    [("", "王小明", "王"), ("", "欧阳修", "欧阳"), ("赵", "王小明", "赵"), ("", "老王", "王"),
     ("Lee", "", "lee"), ("", "", "")],
)  # fmt: skip
def test_the_surname_is_the_one_stated_or_the_first_sign(stated: str, name: str, surname: str) -> None:
    assert surname_of(surname=stated, name=name) == surname


NAMES = st.sampled_from(["", "钱业主", "钱 业主", "孙外人", "钱先生", "老钱"])
PHONES = st.sampled_from(["", "13800138000", "+86 13800138000", "26001234", "0755-26001234", "x"])
ENTRIES = st.builds(
    Entry, number=st.integers(1, 99), agent=st.sampled_from("AB"), name=NAMES, phones=PHONES,
    car_brand=st.sampled_from(["", "大众"]), plate=st.sampled_from(["", "粤B12345", "粤B·12345"]),
)  # fmt: skip


@pytest.mark.rule("J-05")
@given(ENTRIES, ENTRIES)
def test_matching_does_not_depend_on_which_entry_is_asked(one: Entry, other: Entry) -> None:
    assert keys(one, other) == keys(other, one)


@pytest.mark.rule("J-05")
@given(ENTRIES, st.lists(ENTRIES, max_size=6, unique_by=lambda one: one.number), st.randoms())
def test_matches_come_by_number_in_whatever_order_entries_are_listed(
    entry: Entry, others: list[Entry], chance: object
) -> None:
    found = find_matches(entry=entry, others=others)
    assert found == find_matches(entry=entry, others=others[::-1])
    assert [one.number for one in found] == sorted(one.number for one in found)


@pytest.mark.rule("J-04")
def test_an_entry_has_seven_fields() -> None:
    assert len(FIELDS) == load_book().rules["J-04"].parameter("fields").value
    told = dict.fromkeys(FIELDS, "有")
    assert missing_fields(fields=told) == ()
    assert missing_fields(fields={**told, "contact": " ", "source": ""}) == ("contact", "source")
    assert missing_fields(fields={}) == FIELDS


@pytest.mark.rule("J-06")
@pytest.mark.parametrize(
    ("helped", "named", "choice", "owner"),
    [
        ("", "", "answerer", "B"), ("A", "", "answerer", "B"), ("A", "", "colleague", "A"), ("A", "A", "answerer", "A"),
        ("A", "C", "colleague", "C"), ("", "", "colleague", "B"),
    ],
)  # fmt: skip
def test_a_caller_is_whose_he_asks_for_else_who_answered(
    helped: str, named: str, choice: str, owner: str
) -> None:
    assert owner_of_call(answerer="B", helped=helped, named=named, choice=choice) == owner


@pytest.mark.rule("J-06")
def test_the_book_chooses_the_answerer_and_an_unknown_choice_is_refused() -> None:
    assert owner_of_call(answerer="B", helped="A", choice=FIGURES.helped_call_owner) == "B"
    with pytest.raises(ValueError, match="nobody"):
        owner_of_call(answerer="B", choice="nobody")
