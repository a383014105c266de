"""The registers of receptions, calls and referrals."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Sheet
from yingsheng.base.records import RecordBook

BOOKS: tuple[RecordBook, ...] = ()
MENU: tuple[MenuEntry, ...] = ()
SHEETS: tuple[Sheet, ...] = ()
