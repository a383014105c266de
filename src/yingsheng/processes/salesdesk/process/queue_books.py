"""The register of projects."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Sheet
from yingsheng.base.records import RecordBook

BOOKS: tuple[RecordBook, ...] = ()
MENU: tuple[MenuEntry, ...] = ()
SHEETS: tuple[Sheet, ...] = ()
