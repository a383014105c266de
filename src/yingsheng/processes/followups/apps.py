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
        from yingsheng.processes.followups.reactions import OF_OTHERS, REACTIONS

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
            EventKind(code="followups.call_ordered", text=N("交办电话：%(text)s"), icon="phone-outgoing"),
            EventKind(
                code="followups.call_tried", text=N("电话没有打通：%(outcome)s"), icon="phone", tone="soon"
            ),
            EventKind(
                code="followups.call_reported",
                text=N("电话结果已报交办人：%(outcome)s"),
                icon="phone-check",
                tone="met",
            ),
            EventKind(
                code="followups.analysed",
                text=N("%(period)s回访分析：%(conclusion)s"),
                icon="chart-bar",
                tone="met",
            ),
            EventKind(
                code="followups.registered",
                text=N("登记回访事项：%(title)s，回访%(visits)s户"),
                icon="list-check",
            ),
            EventKind(code="followups.rectified", text=N("整改完成：%(rectified)s"), icon="tool", tone="met"),
            EventKind(code="followups.withdrawn", text=N("撤销登记：%(reason)s"), icon="x", tone="waiting"),
            EventKind(
                code="followups.planned",
                text=N("接受回访计划：%(visits)s次，到%(until)s"),
                icon="calendar-event",
            ),
            EventKind(code="followups.cancelled", text=N("取消回访：%(reason)s"), icon="x", tone="waiting"),
        )
        # this app is loaded after the other processes; of one that the house does not have nothing is heard, but a kind
        # that one of them does not declare is still listened for, so that a slip of the pen does not pass unnoticed
        heard = (reaction for reaction in OF_OTHERS if reaction.on.partition(".")[0] in processes)
        react(*REACTIONS, *heard)
