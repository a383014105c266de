"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Declares the duty log, its events and reactions."""

    name = "yingsheng.processes.duty"
    label = "duty"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.duty.process import DUTY
        from yingsheng.processes.duty.process.events import EVENTS
        from yingsheng.processes.duty.reactions import REACTIONS

        processes.add(DUTY)
        declare(*EVENTS)
        react(*REACTIONS)
