"""Spreadsheets for people: the empty form of an import, and the file sent back with its mistakes marked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yingsheng.base.words import gettext_noop
from yingsheng.ops.imports.tables import Column, Problem, read_plain

DROP_DOWN_ROWS = 20_000
REASON = gettext_noop("问题")
_HEAD = PatternFill("solid", fgColor="FFE8EEF4")
_WRONG = PatternFill("solid", fgColor="FFFAD4D0")
_SAMPLE = Font(italic=True, color="FF7A8794")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def build_template(*, title: str, columns: Sequence[Column]) -> bytes:
    """An .xlsx form: headers with a star where required, an example row, drop-downs, text columns, hints.

    The example row may stay: it is left out when the file comes back unchanged in that row.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = gettext(title)[:31]
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        _write_head(sheet=sheet, place=place, column=column)
        sample = write_text(sheet=sheet, row=2, place=place, text=column.example)
        sample.font = _SAMPLE
        if column.choices:
            _offer(sheet=sheet, place=place, column=column)
    _hints(book=book, columns=columns)
    return _bytes(book)


def mark_problems(*, path: Path, problems: Iterable[Problem]) -> bytes:
    """The rows of a file that have problems, as .xlsx: wrong cells coloured, a last column says why.

    Every cell is written as text, so that nothing in somebody's file can become a formula here.
    """
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row, []).append(problem)
    header, lines = read_plain(path=path)
    book = Workbook()
    sheet = book.worksheets[0]
    for place, text in enumerate([gettext("行号"), *header, gettext(REASON)], start=1):
        cell = write_text(sheet=sheet, row=1, place=place, text=text)
        cell.fill, cell.font = _HEAD, Font(bold=True)
    target = 2
    for number, values in lines:
        if number in by_row:
            wrong = by_row[number]
            _write_marked(
                sheet=sheet, row=target, number=number, cells=[values.get(name, "") for name in header]
            )
            _mark(sheet=sheet, row=target, header=header, problems=wrong)
            target += 1
    for problem in by_row.get(1, ()):
        write_text(
            sheet=sheet,
            row=target,
            place=len(header) + 2,
            text=f"{problem.column}:{words(problem=problem)}",
        )
        target += 1
    sheet.freeze_panes = "B2"
    return _bytes(book)


def words(*, problem: Problem) -> str:
    """What is wrong, in the language of whoever reads it."""
    text = gettext(problem.reason)
    return text % problem.params if problem.params else text


def write_text(*, sheet: Worksheet, row: int, place: int, text: str) -> Cell:
    """Write a cell that stays text, whatever it begins with."""
    cell = cast(Cell, sheet.cell(row=row, column=place))  # only a merged cell is another type; we merge none
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(_FORMULA_SIGNS):
        # the sign a spreadsheet program itself puts before text that looks like a formula
        cell.quotePrefix = True
    return cell


def _write_head(*, sheet: Worksheet, place: int, column: Column) -> None:
    star = "*" if column.required else ""
    cell = write_text(sheet=sheet, row=1, place=place, text=f"{gettext(column.title)}{star}")
    cell.fill, cell.font = _HEAD, Font(bold=True)
    cell.alignment = Alignment(vertical="center")
    if column.hint:
        cell.comment = Comment(gettext(column.hint), gettext("说明"))
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = column.width
    if column.as_text:
        # the whole column, or a program drops the zeros of 0755 and the last digits of an ID number
        sheet.column_dimensions[letter].number_format = "@"


def _offer(*, sheet: Worksheet, place: int, column: Column) -> None:
    listed = ",".join(gettext(label) for _, label in column.choices)
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=not column.required)
    rule.error = gettext("请从下拉列表中选择")
    rule.showErrorMessage = True
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{DROP_DOWN_ROWS}")
    sheet.add_data_validation(rule)


def _hints(*, book: Workbook, columns: Sequence[Column]) -> None:
    sheet = book.create_sheet(gettext("填写说明"))
    rows = [(gettext("列"), gettext("必填"), gettext("说明"), gettext("可选内容"))]
    rows += [
        (
            gettext(column.title),
            gettext("是") if column.required else "",
            gettext(column.hint) if column.hint else "",
            "、".join(gettext(label) for _, label in column.choices),
        )
        for column in columns
    ]
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            write_text(sheet=sheet, row=number, place=place, text=text)
    for letter, width in (("A", 14), ("B", 6), ("C", 44), ("D", 44)):
        sheet.column_dimensions[letter].width = width


def _write_marked(*, sheet: Worksheet, row: int, number: int, cells: Sequence[str]) -> None:
    sheet.cell(row=row, column=1, value=number)
    for place, text in enumerate(cells, start=2):
        write_text(sheet=sheet, row=row, place=place, text=text)


def _mark(*, sheet: Worksheet, row: int, header: Sequence[str], problems: Sequence[Problem]) -> None:
    places = {text.replace("*", "").strip(): place for place, text in enumerate(header, start=2)}
    for problem in problems:
        place = places.get(problem.column)
        if place is not None:
            sheet.cell(row=row, column=place).fill = _WRONG
    reasons = ";".join(f"{problem.column}:{words(problem=problem)}" for problem in problems)
    write_text(sheet=sheet, row=row, place=len(header) + 2, text=reasons)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
