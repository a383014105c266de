"""Reading a spreadsheet or CSV file into rows of text, each with the row number a person sees."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext, override
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024  # a small archive may unpack to something very large
MAX_ROWS = 200_000
EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number

Progress = Callable[[int, int], None]  # rows done, rows in all
Within = Callable[[Mapping[str, int]], None]  # what was written, told inside the transaction that writes it
TOLD_EVERY = 100  # rows
Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of an import: `name` in code, `title` as the header reads, without its star.

    `choices` are (code, words); a cell may hold either. `as_text` keeps leading zeros and long numbers whole.
    """

    name: str
    title: str
    required: bool = False
    example: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    as_text: bool = False
    width: int = 14


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one row: `reason` is a message id, its %(name)s places filled from `params`."""

    row: int
    column: str
    reason: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.reason % self.params if self.params else self.reason}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a table: its number as shown by a spreadsheet program, and text by column name."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """The text of a column, "" for an empty cell or a column the file does not have."""
        return self.values.get(name, "")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file as read: rows that are not empty, and what is wrong with its shape."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did or would do: rows read, what is wrong, and how much was written of what."""

    file: str
    row_count: int
    problems: tuple[Problem, ...]
    written: Mapping[str, int]
    dry_run: bool
    skipped_count: int = 0

    @property
    def was_written(self) -> bool:
        """Whether anything stands in the database because of this import."""
        return bool(self.written) and not self.dry_run


def read_table(*, path: Path, columns: Sequence[Column]) -> Table:
    """Read a file by its declared columns; missing columns, empty cells and wrong choices are reported.

    Headers may stand in any order, with or without a star; unknown columns are left out, and so is a row that
    repeats the template's example. Raises Refused for a file that cannot be read at all.
    """
    lines = _lines(path=path)
    header_number, header = next(lines, (1, []))
    places = _places(header=header, columns=columns)
    problems = [
        Problem(row=header_number, column=column.title, reason=gettext_noop("表头缺少这一列"))
        for column in columns
        if column.required and column.name not in places
    ]
    if problems:
        return Table(rows=(), problems=tuple(problems))
    rows = []
    for number, cells in lines:
        row = Row(
            number=number,
            values={
                name: cells[place] for name, place in places.items() if place < len(cells) and cells[place]
            },
        )
        if row.values and not _is_example(row=row, columns=columns):
            checked, wrong = _check(row=row, columns=columns)
            rows.append(checked)
            problems += wrong
    return Table(rows=tuple(rows), problems=tuple(problems))


def read_plain(*, path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The headers of a file and its rows by header, as they are; for files whose columns a map names."""
    lines = _lines(path=path)
    _, header = next(lines, (1, []))
    return header, ((number, dict(zip(header, cells, strict=False))) for number, cells in lines if any(cells))


def watched(rows: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    """The rows one by one, telling every now and then how many are through."""
    for number, row in enumerate(rows):
        if progress is not None and number % TOLD_EVERY == 0:
            progress(number, len(rows))
        yield row
    if progress is not None:
        progress(len(rows), len(rows))


@lru_cache(maxsize=1024)
def spellings(text: str) -> tuple[str, ...]:
    """A word of ours in every language of the program: a form filled in English is read like any other."""
    found = [text]
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(gettext(text))
    return tuple(dict.fromkeys(found))


def _places(*, header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    known = {_plain_title(title): column.name for column in columns for title in spellings(column.title)}
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        name = known.get(_plain_title(title))
        if name is not None:
            places.setdefault(name, place)
    return places


def _plain_title(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("*", "").split()).lower()


def _is_example(*, row: Row, columns: Sequence[Column]) -> bool:
    return dict(row.values) == {column.name: column.example for column in columns if column.example}


def _check(*, row: Row, columns: Sequence[Column]) -> tuple[Row, list[Problem]]:
    """The row with choices as codes, and what is wrong with it."""
    values = dict(row.values)
    problems = []
    for column in columns:
        text = values.get(column.name, "")
        if column.required and not text:
            problems.append(
                Problem(row=row.number, column=column.title, reason=gettext_noop("这一格必须填写"))
            )
        elif column.as_text and _was_rounded(text):
            problems.append(
                Problem(
                    row=row.number,
                    column=column.title,
                    reason=gettext_noop("这一格被表格当成了数字，末几位已丢失；请把整列设为文本后重填"),
                )
            )
        elif column.choices and text:
            codes = {word: code for code, label in column.choices for word in (*spellings(label), code)}
            if text in codes:
                values[column.name] = codes[text]
            else:
                problems.append(_wrong_choice(row=row.number, column=column, text=text))
    return Row(number=row.number, values=values), problems


def _wrong_choice(*, row: int, column: Column, text: str) -> Problem:
    return Problem(
        row=row,
        column=column.title,
        reason=gettext_noop("“%(text)s”不在可选范围：%(choices)s"),
        params={"text": text, "choices": "、".join(label for _, label in column.choices)},
    )


def _was_rounded(text: str) -> bool:
    """Whether a program wrote a long number the short way (1.38E+10), which loses its last digits."""
    mantissa, sign, power = text.upper().partition("E+")
    return bool(sign) and power.isdigit() and mantissa.replace(".", "", 1).isdigit()


def _lines(*, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells as text, header first; Refused when the file is none of ours."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused(gettext_noop("文件太大，请分成几份导入"), field="file")
    ending = path.suffix.lower()
    if ending == ".xlsx":
        lines = _spreadsheet_lines(path=path)
    elif ending in {".csv", ".txt", ".tsv"}:
        lines = _csv_lines(path=path)
    else:
        raise Refused(gettext_noop("请用 .xlsx 或 .csv 文件"), field="file")
    return _limited(lines)


def _limited(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in lines:
        if number > MAX_ROWS + 1:
            raise Refused(gettext_noop("一次最多导入%(count)s行，请分成几份"), field="file", count=MAX_ROWS)
        yield number, cells


def _spreadsheet_lines(*, path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise Refused(gettext_noop("文件太大，请分成几份导入"), field="file")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise Refused(gettext_noop("文件打不开，请另存为 .xlsx 后再试"), field="file") from error
    try:
        sheet = book.worksheets[0]
        # some programs write a wrong size into the sheet; without it every row is read
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [cell_text(value=value) for value in cells]
    finally:
        book.close()


def _csv_lines(*, path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Refused(gettext_noop("文字编码认不出，请另存为 UTF-8"), field="file")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    # a cell may hold line ends, so what is counted are rows as a spreadsheet program shows them, not lines
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    for number, cells in enumerate(reader, start=1):
        yield number, [cell_text(value=cell) for cell in cells]


def cell_text(*, value: object) -> str:
    """A cell as text: whole numbers without a point, dates as 2025-03-03, true and false as 是 and 否."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, int):
        return str(value) if len(str(abs(value))) <= EXACT_DIGITS else f"{value:.5E}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = unicodedata.normalize("NFC", str(value)).strip(" \t\r\n\u3000\ufeff")
    # the sign by which people keep a spreadsheet from reading text as a number or formula
    return re.sub(r"^'(?=[\d=+\-@])", "", text)


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value == int(value):
        # beyond 15 digits the rest is invented; written so that the column is reported, not believed
        return str(int(value)) if abs(value) < 10**EXACT_DIGITS else f"{value:.5E}"
    return repr(value)
