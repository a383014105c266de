"""Rosters over the API: the registers, the month, turns, the planner."""

from __future__ import annotations

from ninja import Router

from yingsheng.api.records import record_router
from yingsheng.processes.turns.endpoints import months, plans
from yingsheng.processes.turns.process import BOOKS

router = Router()
router.add_router("/rosters", months.router)
router.add_router("/rosters", plans.router)
for _book in BOOKS:
    router.add_router("", record_router(book=_book))
