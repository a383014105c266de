"""Making small files as a person would send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook

NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
ROOM_HEADER = ("楼栋*", "单元", "房号*", "片区", "楼层", "用途", "建筑面积", "曾用号")
PEOPLE_HEADER = ("楼栋", "单元", "房号", "姓名", "关系", "电话", "身份证号", "决定人", "车牌", "提醒")


def spreadsheet(path: Path, *rows: Sequence[object]) -> Path:
    """Write rows as .xlsx."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path
