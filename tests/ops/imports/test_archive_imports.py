"""Rooms and people from tables: all or nothing, every mistake with its row, and forms to fill in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from yingsheng.base.refusal import Refused
from yingsheng.kernel.estate import queries
from yingsheng.kernel.estate.models import Area, Building, Household, Member, Person, Phone, Room, Vehicle
from yingsheng.kernel.events.models import Event
from yingsheng.kernel.org.models import Site, Staff
from yingsheng.ops.imports import people, rooms
from yingsheng.ops.imports.people import import_people
from yingsheng.ops.imports.rooms import import_rooms
from yingsheng.ops.imports.run import ImportKind, run_import, template_for
from yingsheng.ops.imports.tables import Column, ImportReport, Problem
from yingsheng.ops.imports.template import build_template, mark_problems

from .files import NOW, PEOPLE_HEADER, ROOM_HEADER, spreadsheet

ROOMS = (
    ("3栋", "2单元", "1802", "东片区", None, "住宅", 98.5, "B-1802"),
    ("三栋", "2", "0201", "东片区", None, None, None, None),
    ("3", 2, 101, None, 1, "商铺", "60", None),
)


@pytest.fixture
def rooms_file(tmp_path: Path) -> Path:
    return spreadsheet(tmp_path / "rooms.xlsx", ROOM_HEADER, *ROOMS)


@pytest.fixture
def with_rooms(site: Site, clerk: Staff, rooms_file: Path) -> None:
    assert import_rooms(site=site, path=rooms_file, by=clerk, at=NOW).problems == ()


def faults(report: ImportReport) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in report.problems]


def people_file(tmp_path: Path, *rows: tuple[object, ...]) -> Path:
    return spreadsheet(tmp_path / "people.xlsx", PEOPLE_HEADER, *rows)


@pytest.mark.rule("A-06")
def test_rooms_come_in_with_their_buildings_and_areas(site: Site, clerk: Staff, rooms_file: Path) -> None:
    seen: list[tuple[int, int]] = []
    before = Event.objects.count()
    report = import_rooms(
        site=site, path=rooms_file, by=clerk, at=NOW, progress=lambda done, total: seen.append((done, total))
    )
    assert report.written == {"areas": 1, "buildings": 1, "rooms": 3}
    assert (report.was_written, seen) == (True, [(0, 3), (3, 3)])
    assert list(Room.objects.order_by("pk").values_list("key", "label", "floor", "use", "former_key")) == [
        ("3-2-1802", "3栋2单元1802", 18, "home", "B-1802"),
        ("3-2-201", "3栋2单元201", 2, "home", ""),
        ("3-2-101", "3栋2单元101", 1, "shop", ""),
    ]
    assert Building.objects.get().area == Area.objects.get()
    assert Event.objects.count() == before + 1


def test_a_dry_run_says_the_same_and_writes_nothing(site: Site, clerk: Staff, rooms_file: Path) -> None:
    report = import_rooms(site=site, path=rooms_file, by=clerk, at=NOW, dry_run=True)
    assert (report.row_count, report.problems, report.was_written) == (3, (), False)
    assert Room.objects.count() == 0


@pytest.mark.usefixtures("with_rooms")
def test_bad_rooms_are_all_reported_and_none_is_written(site: Site, clerk: Staff, tmp_path: Path) -> None:
    path = spreadsheet(
        tmp_path / "more.xlsx",
        ROOM_HEADER,
        ("3栋", "2单元", "1802"),
        ("4栋", None, "101", "东片区"),
        ("4栋", None, "0101", "西片区"),
        ("4栋", None, None),
        ("4栋", None, "102", None, "很高", None, "大"),
        ("名" * 41, None, "103"),
        ("名" * 13, None, "103"),
    )
    report = import_rooms(site=site, path=path, by=clerk, at=NOW)
    assert faults(report) == [
        (2, "房号"), (4, "房号"), (4, "片区"), (5, "房号"), (6, "楼层"), (6, "建筑面积"),
        (7, "楼栋"), (8, "楼栋"),
    ]  # fmt: skip
    assert Room.objects.count() == 3
    assert not Building.objects.filter(code="4").exists()


@pytest.mark.rule("C-81", "A-22")
@pytest.mark.usefixtures("with_rooms")
def test_people_come_into_the_households_of_their_rooms(site: Site, clerk: Staff, tmp_path: Path) -> None:
    path = people_file(
        tmp_path,
        (
            "3栋",
            "2单元",
            1802,
            "钱业主",
            "业主",
            "13800138000,26001234",
            "11010119900307109X",
            None,
            "粤B12345",
            "有猫",
        ),
        ("3栋", "2单元", 1802, "单晓明", "家属", 13900001802, None, None, None, None),
        ("3栋", "2单元", "201", "钱业主", "业主", "13800138000", "11010119900307109X", None, None, None),
        ("3栋", "2单元", "101", "吴租客", "租户", None, None, "是", None, None),
    )
    before = Event.objects.count()
    report = run_import(kind=ImportKind.PEOPLE, site=site, path=path, by=clerk, at=NOW)
    assert report.problems == ()
    assert report.written == {"people": 3, "members": 4, "vehicles": 1}
    assert Event.objects.count() == before + 1
    deciding = (
        Member.objects.filter(decides=True).order_by("pk").values_list("household__room__key", "person__name")
    )
    assert list(deciding) == [("3-2-1802", "钱业主"), ("3-2-201", "钱业主"), ("3-2-101", "吴租客")]
    matches = queries.find_callers(site=site, text="0755-2600 1234")
    assert {match.room.key for match in matches if match.room} == {"3-2-1802", "3-2-201"}
    assert Household.objects.get(room__key="3-2-1802").reminder == "有猫"


@pytest.mark.usefixtures("with_rooms")
def test_a_second_file_finds_the_people_of_the_first(site: Site, clerk: Staff, tmp_path: Path) -> None:
    first = people_file(
        tmp_path, ("3栋", "2单元", "1802", "钱业主", "业主", "13800138000", None, None, "粤B12345", None)
    )
    import_people(site=site, path=first, by=clerk, at=NOW)
    second = people_file(
        tmp_path,
        ("3栋", "2单元", "201", "钱业主", "业主", "13800138000,13511112222", None, None, None, None),
        ("3栋", "2单元", "1802", "单晓明", "共有人", None, None, "是", "粤B12345", "有狗"),
    )
    report = import_people(site=site, path=second, by=clerk, at=NOW)
    assert report.written == {"people": 1, "members": 2, "vehicles": 0}
    assert (Person.objects.count(), Phone.objects.count(), Vehicle.objects.count()) == (2, 2, 1)
    home = Household.objects.get(room__key="3-2-1802")
    assert home.members.get(decides=True).person.name == "单晓明"
    assert home.reminder == "有狗"
    # each is tried at one number first, however many files brought his numbers
    for person in Person.objects.filter(phones__isnull=False).distinct():
        assert person.phones.filter(is_primary=True).count() == 1, person.name


@pytest.mark.usefixtures("with_rooms")
def test_bad_people_are_all_reported_and_none_is_written(site: Site, clerk: Staff, tmp_path: Path) -> None:
    import_people(
        site=site,
        path=people_file(
            tmp_path, ("3", "2", "101", "吴租客", "租户", "13600000000", None, None, None, None)
        ),
        by=clerk,
        at=NOW,
    )
    path = people_file(
        tmp_path,
        ("9栋", "1单元", "101", "甲", "业主", None, None, None, None, None),
        ("3栋", "2单元", "1802", "乙", "邻居", "12", "123", "也许", "车", "长" * 201),
        ("3栋", "2单元", "1802", "丙", "业主", "13800138000", None, "是", None, None),
        ("3栋", "2单元", "1802", "丁", "业主", None, None, "是", None, None),
        ("3栋", "2单元", "1802", "丙", "家属", "13800138000", None, None, None, None),
        ("3栋", "2单元", "1802", None, "家属", None, None, None, None, None),
        ("3栋", "2单元", "101", "吴租客", "租户", "13600000000", None, None, None, None),
    )
    report = import_people(site=site, path=path, by=clerk, at=NOW)
    assert sorted(set(faults(report))) == sorted(
        [
            (2, "房号"), (3, "关系"), (3, "决定人"), (3, "身份证号"), (3, "电话"), (3, "车牌"), (3, "提醒"),
            (5, "决定人"), (6, "姓名"), (7, "姓名"), (8, "姓名"),
        ]
    )  # fmt: skip
    assert Person.objects.count() == 1


def test_a_template_filled_in_is_read_back(site: Site, clerk: Staff, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(template_for(kind=ImportKind.ROOMS))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["楼栋*", "单元", "房号*"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"住宅,商铺,办公,其它"']
    assert [sheet2.title for sheet2 in book.worksheets][1] == "填写说明"
    sheet.append(["1栋", None, "102"])
    book.save(path)
    assert import_rooms(site=site, path=path, by=clerk, at=NOW).written["rooms"] == 1


@pytest.mark.parametrize("columns", [rooms.COLUMNS, people.COLUMNS], ids=["rooms", "people"])
def test_numbers_that_must_stay_text_are_text_columns(columns: tuple[Column, ...]) -> None:
    sheet = load_workbook(io.BytesIO(build_template(title="表", columns=columns))).worksheets[0]
    for place, column in enumerate(columns, start=1):
        if column.as_text:
            assert sheet.cell(row=2, column=place).number_format == "@"


@pytest.mark.parametrize("text", ["=1+1", "+8613800138000", "-1", "@SUM(A1)", '=HYPERLINK("x","y")'])
def test_the_marked_file_says_why_and_nothing_in_it_is_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'姓名*,电话\n甲,1\n"{text.replace(chr(34), chr(34) * 2)}",2\n', encoding="utf-8")
    problems = [
        Problem(row=3, column="姓名", reason="“%(text)s”不行", params={"text": text}),
        Problem(row=1, column="单元", reason="表头缺少这一列"),
    ]
    sheet = load_workbook(io.BytesIO(mark_problems(path=path, problems=problems))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["行号", "姓名*", "电话", "问题"]
    assert [cell.value for cell in sheet[2]] == [3, text, "2", f"姓名:“{text}”不行"]
    assert sheet.cell(row=3, column=4).value == "单元:表头缺少这一列"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet.cell(row=2, column=2).fill.fgColor.rgb == "FFFAD4D0"


def test_cases_need_a_map(site: Site, clerk: Staff, rooms_file: Path) -> None:
    with pytest.raises(Refused, match="对照文件"):
        run_import(kind=ImportKind.CASES, site=site, path=rooms_file, by=clerk, at=NOW)
