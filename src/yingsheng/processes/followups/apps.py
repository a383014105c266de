"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class FollowupsConfig(AppConfig):
    """Declares the follow-up desk, its events and its reactions."""

    name = "yingsheng.processes.followups"
    label = "followups"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import EventKind, declare, react
        from yingsheng.processes.followups.process import FOLLOWUPS
        from yingsheng.processes.followups.reactions import REACTIONS

        processes.add(FOLLOWUPS)
        declare(
            EventKind(code="followups.armed", text=N("应于%(due)s前回访"), icon="calendar"),
            EventKind(code="followups.arranged", text=N("约定%(when)s由%(who)s回访"), icon="calendar"),
            EventKind(
                code="followups.satisfied", text=N("回访满意。%(summary)s"), icon="mood-smile", tone="met"
            ),
            EventKind(
                code="followups.unsatisfied",
                text=N("回访不满意：%(shortcomings)s"),
                icon="mood-sad",
                tone="late",
            ),
            EventKind(code="followups.exempted", text=N("免访：%(reason)s"), icon="ban", tone="waiting"),
            EventKind(code="followups.cancelled", text=N("取消回访：%(reason)s"), icon="x", tone="waiting"),
        )
        react(*REACTIONS)
