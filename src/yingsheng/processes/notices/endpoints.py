"""Notices over the API."""

from __future__ import annotations

from yingsheng.api.records import record_router
from yingsheng.processes.notices.process import BOOK

router = record_router(book=BOOK)
