"""Rooms as people say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingsheng.base.rooms import RoomWords, parse_room, room_key, room_label


@pytest.mark.parametrize(
    ("said", "building", "unit", "room"),
    [
        ("3-2-1802", "3", "2", "1802"),
        ("３－２－１８０２", "3", "2", "1802"),
        ("3—2—1802", "3", "2", "1802"),
        ("03-02-0802", "3", "2", "802"),
        ("3 2 1802", "3", "2", "1802"),
        ("3/2/1802", "3", "2", "1802"),
        ("3-2-1802A", "3", "2", "1802A"),
        ("B12-1-101", "B12", "1", "101"),
        ("3栋2单元1802", "3", "2", "1802"),
        ("第3栋 2单元 1802号房", "3", "2", "1802"),
        ("3栋-2单元-1802", "3", "2", "1802"),
        ("3幢2门1802室", "3", "2", "1802"),
        ("3栋2梯1802", "3", "2", "1802"),
        ("三栋二单元一八零二", "3", "2", "1802"),
        ("三栋二单元一千八百零二", "3", "2", "1802"),
        ("十二栋二单元十八零二", "12", "2", "1802"),
        ("二十三栋一单元幺零三", "23", "1", "103"),
        ("二十栋二十零二", "20", "", "2002"),
        ("五栋一百二十", "5", "", "120"),
        ("3#2-1802", "3", "2", "1802"),
        ("3＃楼1802", "3", "", "1802"),
        ("3栋2-1802", "3", "2", "1802"),
        ("3号楼1802", "3", "", "1802"),
        ("3栋的1802", "3", "", "1802"),
        ("3-1802", "3", "", "1802"),
        ("3 1802", "3", "", "1802"),
        ("3栋2单元18楼02室", "3", "2", "1802"),
        ("3栋2单元18楼1802", "3", "2", "1802"),
        ("3号楼一单元十二楼三号", "3", "1", "1203"),
        ("3栋5室", "3", "", "5"),
        ("3栋十二室", "3", "", "12"),
        ("3栋B12", "3", "", "B12"),
        ("A座1802", "A", "", "1802"),
        ("a座1802", "A", "", "1802"),
        ("A-1802", "A", "", "1802"),
        ("A1802", "A", "", "1802"),
        ("A3栋101", "A3", "", "101"),
        ("3栋A单元101", "3", "A", "101"),
        ("商铺12", "", "", "商铺12"),
        ("12号商铺", "", "", "商铺12"),
        ("商铺012号", "", "", "商铺12"),
        ("3栋商铺12", "3", "", "商铺12"),
        ("3栋底商12", "3", "", "商铺12"),
    ],
)
def test_the_ways_of_saying_a_room(said: str, building: str, unit: str, room: str) -> None:
    assert parse_room(text=said) == RoomWords(building=building, unit=unit, room=room)


@pytest.mark.parametrize(
    ("said", "building", "unit", "room"),
    [
        ("3-2", "3", "2", ""),
        ("1802", "", "", "1802"),
        ("1802室", "", "", "1802"),
        ("3栋", "3", "", ""),
        ("十二栋", "12", "", ""),
        ("3栋2单元", "3", "2", ""),
        ("2单元1802", "", "2", "1802"),
        ("2单元", "", "2", ""),
    ],
)
def test_a_part_stays_a_part(said: str, building: str, unit: str, room: str) -> None:
    assert parse_room(text=said) == RoomWords(building=building, unit=unit, room=room)


@pytest.mark.parametrize(
    ("said", "key", "rest"),
    [
        ("您好，我是3栋2单元1802的，厨房漏水", "3-2-1802", "您好，我是 的，厨房漏水"),
        ("1802厨房漏水", "1802", "厨房漏水"),
        ("3-2-1802，厨房漏水", "3-2-1802", "厨房漏水"),
        ("3-2-1802 13800138000", "3-2-1802", "13800138000"),
        ("1802 13800138000", "1802", "13800138000"),
        ("3栋2单元电梯坏了", "3-2", "电梯坏了"),
        ("3幢2门坏了", "3-2", "坏了"),
        ("3栋1802门坏了", "3-1802", "门坏了"),
        ("3栋三十一个人", "3", "三十一个人"),
        ("3栋18楼漏水", "3", "18楼漏水"),
        ("3栋2门口积水", "3", "2门口积水"),
        ("3栋收费500元", "3", "收费500元"),
        ("3栋2单元602和603", "3-2-602", "和603"),
    ],
)
def test_the_rest_of_the_text_is_kept(said: str, key: str, rest: str) -> None:
    found = parse_room(text=said)
    assert found is not None
    assert room_key(building=found.building, unit=found.unit, room=found.room) == key
    assert found.rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "你好",
        "3",
        "13800138000",
        "138 0013 8000",
        "010-12345678",
        "0755 26001234",
        "2026-3-2",
        "2026年3月2日",
        "12:30",
        "500元",
        "1802户",
        "两栋之间",
        "1203栋",
        "1-3-2-1802",
        "12.5",
        "我交了500",
    ],
)
def test_what_names_no_room(text: str) -> None:
    assert parse_room(text=text) is None


@pytest.mark.parametrize(
    ("building", "unit", "room", "key"),
    [
        ("3", "2", "1802", "3-2-1802"),
        ("03栋", "二单元", "１８０２室", "3-2-1802"),
        ("3号楼", "", "0802", "3-802"),
        ("a座", "", "1802", "A-1802"),
        ("", "", "铺12", "商铺12"),
        ("第十二栋", "1", "一八零二", "12-1-1802"),
        ("翠竹阁", "1", "101", "翠竹阁-1-101"),
    ],
)
def test_key(building: str, unit: str, room: str, key: str) -> None:
    assert room_key(building=building, unit=unit, room=room) == key


@pytest.mark.parametrize(
    ("building", "unit", "room", "label"),
    [
        ("3", "2", "1802", "3栋2单元1802"),
        ("3栋", "2单元", "1802", "3栋2单元1802"),
        ("A", "", "1802", "A座1802"),
        ("A3", "", "101", "A3栋101"),
        ("翠竹阁", "1", "101", "翠竹阁1单元101"),
        ("", "", "商铺12", "商铺12"),
        ("3", "", "", "3栋"),
        ("", "2", "1802", "2单元1802"),
    ],
)
def test_label(building: str, unit: str, room: str, label: str) -> None:
    assert room_label(building=building, unit=unit, room=room) == label


BUILDINGS = st.one_of(
    st.integers(1, 999).map(str),
    st.sampled_from("ABCDEF"),
    st.builds("{}{}".format, st.sampled_from("ABC"), st.integers(1, 99)),
)
UNITS = st.one_of(st.just(""), st.integers(1, 99).map(str))
ROOMS = st.integers(100, 9999).map(str)


@given(building=BUILDINGS, unit=UNITS, room=ROOMS)
def test_key_and_label_are_read_back(building: str, unit: str, room: str) -> None:
    expected = RoomWords(building=building, unit=unit, room=room)
    assert parse_room(text=room_key(building=building, unit=unit, room=room)) == expected
    assert parse_room(text=room_label(building=building, unit=unit, room=room)) == expected


@given(text=st.text(alphabet="0123456789AB零一二三十百千两栋幢座号楼单元室门铺商第的-# /元层", max_size=16))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_room(text=text)
    if found is not None:
        assert found.building or found.unit or found.room
        room_label(building=found.building, unit=found.unit, room=found.room)


@given(text=st.text(max_size=40))
def test_no_strange_sign_breaks_it_either(text: str) -> None:
    parse_room(text=text)
    room_key(building=text, unit=text, room=text)
