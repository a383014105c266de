"""Finding who calls: by every word a caller may give, in few statements, all from indexes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yingsheng.kernel.estate import queries, services
from yingsheng.kernel.org.services import open_site

from .archive import NOW, Archive, new_room

WORDS = [
    "3-2-1802", "3栋2单元1802", "1802", "180", "3-2", "B-2-201", "钱", "钱业主", "钱先生", "qian",
    "qyz", "13800138000", "8000", "0755-26001234", "粤B12345", "粤B12", "11010119900307109X", "1802 钱", "没有这个人",
]  # fmt: skip


def found(archive: Archive, text: str) -> list[tuple[str, str, str]]:
    """Person, room and reason of each match, in order."""
    return [
        (match.person.name if match.person else "", match.room.key if match.room else "", match.why)
        for match in queries.find_callers(site=archive.site, text=text)
    ]


@pytest.mark.parametrize("text", ["3-2-1802", "3栋2单元1802", "３－２－１８０２", "三栋二单元一八零二"])
def test_a_room_in_full_shows_its_members_and_who_decides_first(archive: Archive, text: str) -> None:
    assert found(archive, text) == [("钱业主", "3-2-1802", "房号"), ("单晓明", "3-2-1802", "房号")]


@pytest.mark.rule("A-20")
def test_a_number_alone_shows_every_room_that_has_it(archive: Archive) -> None:
    rooms = {(person, room) for person, room, why in found(archive, "1802") if why == "房号"}
    assert rooms == {("钱业主", "3-2-1802"), ("", "3-1-1802"), ("", "5-2-1802")}
    # the wife's number ends in 1802: that may be meant as well
    assert ("单晓明", "3-2-1802", "电话后四位") in found(archive, "1802")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("180", {"3-2-1802", "3-1-1802", "5-2-1802", "3-2-1803"}),
        ("3-2", {"3-2-1802", "3-2-1803", "3-2-201"}),
        ("3栋1802", {"3-2-1802", "3-1-1802"}),
        ("2单元1802", {"3-2-1802", "5-2-1802"}),
    ],
)
def test_a_part_of_a_room_shows_what_it_may_become(archive: Archive, text: str, keys: set[str]) -> None:
    assert {room for _, room, why in found(archive, text) if why == "房号"} == keys


def test_a_former_number_still_finds_the_room(archive: Archive) -> None:
    assert found(archive, "B-2-201") == [("", "3-2-201", "曾用号")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("钱业主", "姓名"),
        ("钱", "姓名"),
        ("钱先生", "姓名"),
        ("qianyezhu", "拼音"),
        ("QIAN", "拼音"),
        ("qyz", "拼音"),
        ("13800138000", "电话"),
        ("+86 138-0013-8000", "电话"),
        ("26001234", "电话"),
        ("0755-26001234", "电话"),
        ("8000", "电话后四位"),
        ("38000", "电话尾号"),
        ("粤B12345", "车牌"),
        ("粤b·123", "车牌"),
    ],
)
def test_a_person_is_found_by_what_is_known_of_him(archive: Archive, text: str, why: str) -> None:
    assert ("钱业主", "3-2-1802", why) in found(archive, text)


def test_a_surname_is_read_as_a_surname(archive: Archive) -> None:
    assert found(archive, "sxm") == [("单晓明", "3-2-1802", "拼音")]


@pytest.mark.parametrize("text", ["1802 钱", "钱 1802", "3栋2单元1802 钱先生", "1802 qyz"])
def test_room_and_name_together_put_that_person_first(archive: Archive, text: str) -> None:
    assert found(archive, text)[0][:2] == ("钱业主", "3-2-1802")


def test_an_id_number_finds_its_owner_without_being_stored(archive: Archive) -> None:
    services.change_person(person=archive.wife, by=archive.clerk, at=NOW, id_number="11010119900307109X")
    assert ("单晓明", "3-2-1802", "身份证号") in found(archive, "11010119900307109x")


def test_people_of_the_same_name_are_all_shown(archive: Archive) -> None:
    other = services.add_person(site=archive.site, name="钱业主", by=archive.clerk, at=NOW)
    matches = queries.find_callers(site=archive.site, text="钱业主")
    assert {match.person.pk for match in matches if match.person} == {archive.qian.pk, other.pk}
    assert {match.certainty for match in matches} == {95}


def test_a_person_without_a_home_here_is_found_too(archive: Archive) -> None:
    services.add_person(site=archive.site, name="孙外人", by=archive.clerk, at=NOW, phones=["13700000001"])
    assert found(archive, "0001") == [("孙外人", "", "电话后四位")]


def test_former_owners_do_not_answer_for_their_old_room(archive: Archive) -> None:
    zhou = services.add_person(site=archive.site, name="周新", by=archive.clerk, at=NOW)
    services.change_title(
        household=archive.home, owner=zhou, changed_date=NOW.date(), by=archive.clerk, at=NOW
    )
    assert found(archive, "3-2-1802") == [("周新", "3-2-1802", "房号")]
    assert found(archive, "钱业主") == [("钱业主", "", "姓名")]


@pytest.mark.parametrize("text", WORDS)
def test_another_site_is_never_searched(archive: Archive, text: str) -> None:
    other = open_site(code="bq", name="碧泉苑", kind="residence", at=NOW)
    assert queries.find_callers(site=other, text=text) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "%", "_", "*", "'", "😀", "2单元", "\0", "王\U0010ffff", "0" * 300, "王" * 300]
)
def test_nonsense_finds_nothing_and_breaks_nothing(archive: Archive, text: str) -> None:
    assert queries.find_callers(site=archive.site, text=text) == []


@pytest.mark.parametrize("text", WORDS)
def test_at_most_eight_statements_and_each_from_an_index(archive: Archive, text: str) -> None:
    for number in range(40):
        room = new_room(site=archive.site, key=f"9-1-{1800 + number}")
        home = services.open_household(room=room, by=archive.clerk, at=NOW)
        person = services.add_person(
            site=archive.site, name=f"钱{number}", by=archive.clerk, at=NOW, phones=[f"1380001{number:04d}"]
        )
        services.add_member(household=home, person=person, relation="owner", by=archive.clerk, at=NOW)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        queries.find_callers(site=archive.site, text=text)
    statements = [query["sql"] for query in captured.captured_queries]
    assert len(statements) <= 8
    if connection.vendor == "sqlite":
        for statement in statements:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN")], (statement, plan)


@pytest.mark.rule("C-81")
def test_the_card_names_who_decides_and_masks_numbers(archive: Archive) -> None:
    card = queries.household_card(household=archive.home)
    assert card.decision_maker is not None
    assert card.decision_maker.person == archive.qian
    assert [(member.person.name, member.relation) for member in card.members] == [
        ("钱业主", "业主"),
        ("单晓明", "家属"),
    ]
    assert [phone.masked for phone in card.members[0].phones] == ["138****8000", "0755****1234"]
    assert (card.room.label, card.plates, card.reminder) == ("3栋2单元1802", ("粤B·12345",), "老人独居")


def test_the_card_costs_the_same_for_a_large_household(archive: Archive) -> None:
    for number in range(6):
        person = services.add_person(
            site=archive.site, name=f"家人{number}", by=archive.clerk, at=NOW, phones=[f"1360000000{number}"]
        )
        services.add_member(
            household=archive.home, person=person, relation="family", by=archive.clerk, at=NOW
        )
    with CaptureQueriesContext(connection) as captured:
        card = queries.household_card(household=archive.home)
    assert len(card.members) == 8
    assert len(captured) == 4


def test_household_and_room_by_their_names(archive: Archive) -> None:
    room = queries.find_room(site=archive.site, key="3-2-1802")
    assert room is not None
    assert queries.find_household(room=room) == archive.home
    assert queries.find_household(room=archive.rooms["3-1-1802"]) is None
    assert queries.find_room(site=archive.site, key="9-9-9999") is None


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("estate_person", "name"),
        ("estate_person", "initials"),
        ("estate_person", "pinyin"),
        ("estate_phone", "number"),
        ("estate_phone", "reversed"),
        ("estate_vehicle", "plate"),
    ],
)
def test_beginnings_are_found_by_index_whatever_the_language_of_the_database(
    archive: Archive, table: str, column: str
) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        assert [one for one in found.values() if one["index"] and one["columns"] == ["site_id", column]]
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT 1 FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
                [table, f"%{column} varchar_pattern_ops%"],
            )
            assert cursor.fetchall()
