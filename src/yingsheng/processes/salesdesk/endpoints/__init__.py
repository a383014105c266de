"""The sales desk over the API: the rotation, the books, whose customer, deals and the month."""

from __future__ import annotations

from ninja import Router

from yingsheng.processes.salesdesk.endpoints import attribution, customers, deals, queue

router = Router()
for _part in (queue, customers, attribution, deals):
    router.add_router("", _part.router)
