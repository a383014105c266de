"""App declaration."""

from __future__ import annotations

from dataclasses import replace

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Declares emergencies and their events."""

    name = "yingsheng.processes.emergencies"
    label = "emergencies"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.emergencies.process import EMERGENCIES
        from yingsheng.processes.emergencies.process.events import AFTERWARDS, EVENTS

        processes.add(EMERGENCIES)
        # all of it stands in the duty log of the shift (D-14), except what is done afterwards at a desk
        declare(*(replace(kind, logged=kind.code not in AFTERWARDS) for kind in EVENTS))
