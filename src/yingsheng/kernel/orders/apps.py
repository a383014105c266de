"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class OrdersConfig(AppConfig):
    """Declares what is told of work orders."""

    name = "yingsheng.kernel.orders"
    label = "orders"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(
                code="orders.issued",
                text=N("开派工单%(order)s：%(task)s %(worker)s"),
                icon="clipboard-list",
                logged=True,
            ),
            EventKind(code="orders.assigned", text=N("派工单%(order)s派给%(worker)s"), icon="user-check"),
            EventKind(code="orders.accepted", text=N("派工单%(order)s已签收：%(worker)s"), icon="check"),
            EventKind(code="orders.started", text=N("派工单%(order)s开始施工"), icon="tool"),
            EventKind(code="orders.resumed", text=N("派工单%(order)s继续施工"), icon="tool"),
            EventKind(
                code="orders.paused", text=N("派工单%(order)s暂停：%(reason)s"), icon="player-pause", tone="waiting"
            ),
            EventKind(
                code="orders.sent_back", text=N("派工单%(order)s被%(worker)s退回：%(reason)s"),
                icon="arrow-back-up", tone="late",
            ),
            EventKind(
                code="orders.handed_over", text=N("派工单%(order)s由%(before)s移交%(worker)s：%(reason)s"),
                icon="switch",
            ),
            EventKind(
                code="orders.done",
                text=N("派工单%(order)s完成：%(result)s"),
                icon="circle-check",
                tone="met",
                logged=True,
            ),
            EventKind(code="orders.returned", text=N("派工单%(order)s已收回"), icon="archive", tone="met"),
            EventKind(code="orders.voided", text=N("派工单%(order)s作废：%(reason)s"), icon="ban"),
            EventKind(code="orders.material_used", text=N("派工单%(order)s用料：%(lines)s"), icon="package"),
            EventKind(
                code="orders.material_returned", text=N("派工单%(order)s退料：%(name)s %(quantity)s"), icon="package"
            ),
            EventKind(
                code="orders.note_kept", text=N("派工单%(order)s没办成的步骤留作记录：%(text)s"), icon="notebook",
            ),
            EventKind(code="orders.phone_opened", text=N("查看来电人电话：%(reason)s"), icon="phone-call"),
            EventKind(code="orders.profile_set", text=N("登记工种与班次：%(who)s"), icon="settings"),
        )  # fmt: skip
