"""Writing work orders. Every verb locks the case, moves the order, writes one event.

The event is written on the case, where its story is read; what the step means for the case, its process decides in a
reaction. A moment told by a device is kept beside that of the server.
"""

from __future__ import annotations

from yingsheng.kernel.orders.services.beside import keep_note, keep_photos, may_ring, ring_household
from yingsheng.kernel.orders.services.giving import (
    assign_by_turn,
    assign_order,
    issue_order,
    recover_order,
    set_profile,
    share_out_pool,
    void_open,
    void_order,
)
from yingsheng.kernel.orders.services.working import (
    SENT_BACK,
    accept_order,
    finish_order,
    hand_over,
    pause_order,
    send_back,
    start_order,
    take_order,
)
from yingsheng.kernel.orders.services.writing import GIVEN, IN_POOL, blocked_by, hold_own, note

__all__ = [
    "GIVEN",
    "IN_POOL",
    "SENT_BACK",
    "accept_order",
    "assign_by_turn",
    "assign_order",
    "blocked_by",
    "finish_order",
    "hand_over",
    "hold_own",
    "issue_order",
    "keep_note",
    "keep_photos",
    "may_ring",
    "note",
    "pause_order",
    "recover_order",
    "ring_household",
    "send_back",
    "set_profile",
    "share_out_pool",
    "start_order",
    "take_order",
    "void_open",
    "void_order",
]
