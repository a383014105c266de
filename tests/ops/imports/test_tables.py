"""Files as people send them: encodings, numbers that were text, headers in any order, rows found again."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from yingsheng.base.refusal import Refused
from yingsheng.ops.imports import tables
from yingsheng.ops.imports.tables import Column, Problem, cell_text, read_plain, read_table

from .files import spreadsheet

COLUMNS = (
    Column(name="name", title="姓名", required=True, example="示例"),
    Column(name="phone", title="电话", as_text=True),
    Column(name="use", title="用途", choices=(("home", "住宅"), ("shop", "商铺"))),
)


def test_rows_keep_the_numbers_a_spreadsheet_program_shows(tmp_path: Path) -> None:
    path = spreadsheet(tmp_path / "a.xlsx", ("用途", "姓名*"), (None, "甲"), (None, None), ("商铺", " 乙 "))
    table = read_table(path=path, columns=COLUMNS)
    assert [(row.number, row["name"], row["use"], row["phone"]) for row in table.rows] == [
        (2, "甲", "", ""),
        (4, "乙", "shop", ""),
    ]
    assert table.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_of_either_encoding_and_any_separator(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'姓名{sign}电话\n"甲\n乙"{sign}0755\n丙{sign}\n', encoding=encoding)
    rows = read_table(path=path, columns=COLUMNS).rows
    assert [(row.number, row["name"], row["phone"]) for row in rows] == [(2, "甲\n乙", "0755"), (3, "丙", "")]


def test_every_fault_is_reported_with_row_and_column(tmp_path: Path) -> None:
    path = spreadsheet(
        tmp_path / "a.xlsx",
        ("姓名", "电话", "用途"),
        ("甲", 440301199001011234, "住宅"),
        (None, "13800138000", "别墅"),
        ("乙", 13800138000, "home"),
        ("丙", "1.38E+10", None),
    )
    table = read_table(path=path, columns=COLUMNS)
    assert [(problem.row, problem.column) for problem in table.problems] == [
        (2, "电话"),
        (3, "姓名"),
        (3, "用途"),
        (5, "电话"),
    ]
    assert "别墅" in str(table.problems[2])
    assert table.rows[2]["phone"] == "13800138000"


def test_a_missing_column_is_named_and_nothing_else_is_read(tmp_path: Path) -> None:
    path = spreadsheet(tmp_path / "a.xlsx", ("电话",), ("1",))
    assert read_table(path=path, columns=COLUMNS) == tables.Table(
        rows=(), problems=(Problem(row=1, column="姓名", reason="表头缺少这一列"),)
    )


def test_the_example_row_of_the_template_is_left_out(tmp_path: Path) -> None:
    path = spreadsheet(tmp_path / "a.xlsx", ("姓名",), ("示例",), ("甲",))
    assert [row["name"] for row in read_table(path=path, columns=COLUMNS).rows] == ["甲"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        (1802, "1802"),
        (1802.0, "1802"),
        (98.5, "98.5"),
        (float("nan"), ""),
        (440301199001011234.0, "4.40301E+17"),
        (date(2025, 3, 3), "2025-03-03"),
        (datetime(2025, 3, 3), "2025-03-03"),
        (datetime(2025, 3, 3, 8, 30), "2025-03-03 08:30:00"),
        ("'0755", "0755"),
        ("'tis", "'tis"),
        ("\u3000甲\n", "甲"),
    ],
)
def test_cells_as_text(value: object, text: str) -> None:
    assert cell_text(value=value) == text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"", "xlsx"),
        ("a.xlsx", b"no archive", "打不开"),
        ("a.csv", b"\xff\xff\xff", "编码"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=words):
        read_table(path=path, columns=COLUMNS)


def test_limits_of_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spreadsheet(tmp_path / "a.xlsx", ("姓名",), ("甲",), ("乙",))
    monkeypatch.setattr(tables, "MAX_ROWS", 1)
    with pytest.raises(Refused, match="最多导入1行"):
        read_table(path=path, columns=COLUMNS)
    monkeypatch.setattr(tables, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(Refused, match="太大"):
        read_table(path=path, columns=COLUMNS)
    monkeypatch.setattr(tables, "MAX_BYTES", 10)
    with pytest.raises(Refused, match="太大"):
        read_plain(path=path)


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")
    assert [problem.column for problem in read_table(path=path, columns=COLUMNS).problems] == ["姓名"]
