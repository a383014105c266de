"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class NoticesConfig(AppConfig):
    """Declares notices and their events."""

    name = "yingsheng.processes.notices"
    label = "notices"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import EventKind, declare
        from yingsheng.processes.notices.process import NOTICES

        processes.add(NOTICES)
        declare(
            EventKind(
                code="notices.reported", text=N("登记通知：%(title)s"), icon="speakerphone", logged=True
            ),
            EventKind(
                code="notices.published", text=N("发布通知，告知各部门"), icon="send", tone="met", logged=True
            ),
            EventKind(code="notices.changed", text=N("更改通知：%(reason)s"), icon="edit", tone="soon"),
            EventKind(
                code="notices.extended", text=N("延长至%(ends)s：%(reason)s"), icon="clock", tone="soon"
            ),
            EventKind(
                code="notices.ended", text=N("确认已结束。%(note)s"), icon="check", tone="met", logged=True
            ),
            EventKind(code="notices.cancelled", text=N("取消通知：%(reason)s"), icon="ban", tone="late"),
            EventKind(code="notices.seen", text=N("看过通知"), icon="eye"),
            EventKind(code="notices.poster_printed", text=N("打印海报，第%(count)s次"), icon="printer"),
        )
