"""The gate over the API: the registers, codes checked and used, the week and the month."""

from __future__ import annotations

from ninja import Router

from yingsheng.api.records import record_router
from yingsheng.processes.visitors.endpoints.figures import router as figures_router
from yingsheng.processes.visitors.endpoints.gate import router as gate_router
from yingsheng.processes.visitors.process import BOOKS

router = Router(tags=["visitors"])
for _book in BOOKS:
    router.add_router("", record_router(book=_book))
router.add_router("", gate_router)
router.add_router("", figures_router)
