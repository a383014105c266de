"""A customer book as a table: the columns, an empty one, and what the lines of a file say; xlsx or csv by content."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop as N
from yingsheng.processes.salesdesk.process.customer_forms import FIELDS
from yingsheng.processes.salesdesk.services.bringing import MOST_LINES, Line

LARGEST, MOST_UNPACKED = 5 * 1024 * 1024, 40 * 1024 * 1024
HEADS = {"day": N("日期"), **FIELDS, "agent": N("业务员")}  # the columns, by the name of what stands in them
NEEDED = ("day", "name", "agent")
EXAMPLE = {
    "day": "2025-03-03", "name": "王小明（示例）", "surname": "王", "employer_or_address": "云溪路1号",
    "contact": "13800138000", "intention": "三房", "source": "路过", "car_brand": "", "plate": "", "remark": "",
    "agent": "登录名或姓名",
}  # fmt: skip
READ_AS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")


def template_book() -> bytes:
    """An Excel file with the columns and one invented line; a line that repeats it is left out when it is read."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(HEADS.values()))
    page.append([EXAMPLE[name] for name in HEADS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_lines(*, sent: Any) -> list[Line]:
    """The lines of a file below its heading; Refused for what is no table, is too large or lacks a column."""
    body = sent.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Refused(N("文件太大，请分成几份导入"), field="table")
    cells = _sheet_cells(body) if body[:2] == b"PK" else _csv_cells(body)
    places: dict[str, int] = {}
    lines: list[Line] = []
    for number, row in enumerate(cells, start=1):
        words = [_text(value) for value in row]
        if not places:
            places = _places(words)
            continue
        said = {name: words[place] if place < len(words) else "" for name, place in places.items()}
        if not any(said.values()) or said.get("name") == EXAMPLE["name"]:
            continue
        lines.append(_line(number, said))
        if len(lines) > MOST_LINES:
            raise Refused(N("一次最多导入%(most)s条，请分成几份"), field="table", most=MOST_LINES)
    if not places:
        raise Refused(N("第一行要写列名：日期、客户姓名、业务员"), field="table", rule="J-04")
    if not lines:
        raise Refused(N("文件里没有客户"), field="table")
    return lines


def _places(words: Sequence[str]) -> dict[str, int]:
    """Which column stands where, headed in Chinese or as the reader's language has it; nothing for no heading."""
    found = {
        name: words.index(said)
        for name, head in HEADS.items()
        for said in (str(_(head)), head)
        if said in words
    }
    return found if all(name in found for name in NEEDED) else {}


def _line(number: int, said: dict[str, str]) -> Line:
    known = {name: said.get(name, "") for name in FIELDS}
    return Line(row=number, day=_day(said.get("day", "")), agent=said.get("agent", ""), known=known)


def _sheet_cells(body: bytes) -> Iterator[Sequence[object]]:
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise Refused(N("文件太大，请分成几份导入"), field="table")
        page = load_workbook(io.BytesIO(body), read_only=True, data_only=True).worksheets[0]
        yield from page.iter_rows(values_only=True, max_col=40)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError) as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error


def _csv_cells(body: bytes) -> Iterator[Sequence[object]]:
    if b"\0" in body:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table")
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error as error:
        raise Refused(N("文件打不开，请另存为 .xlsx 后再试"), field="table") from error


def _text(value: object) -> str:
    """A cell as words; a whole number that the sheet kept as 13800138000.0 is without its point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().removeprefix("'")


def _day(text: str) -> date | None:
    for form in READ_AS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return found if 1990 <= found.year <= 2099 else None
    return None


def packed(lines: Sequence[Line]) -> list[list[Any]]:
    """Lines as plain data, to be signed and sent back."""
    return [[one.row, one.day.isoformat() if one.day else "", one.agent, dict(one.known)] for one in lines]


def from_packed(rows: Sequence[Sequence[Any]]) -> list[Line]:
    """The lines that `packed` made plain."""
    return [
        Line(row=row, day=date.fromisoformat(day) if day else None, agent=agent, known=known)
        for row, day, agent, known in rows
    ]
