"""The page of a decision in words."""

from __future__ import annotations

from yingsheng.base.process import MenuEntry, Sheet

MENU: tuple[MenuEntry, ...] = ()
SHEETS: tuple[Sheet, ...] = ()
