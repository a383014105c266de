"""The library and its gaps over the API."""

from __future__ import annotations

from ninja import Router

from yingsheng.api.records import record_router
from yingsheng.processes.knowledge.process import BOOKS

router = Router()
for _book in BOOKS:
    router.add_router("", record_router(book=_book))
