"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class TurnsConfig(AppConfig):
    """Declares duty rosters and their events."""

    name = "yingsheng.processes.turns"
    label = "turns"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.turns.process import TURNS

        processes.add(TURNS)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("leave_asked", N("申请%(start)s至%(end)s离岗：%(reason)s"), "door-exit", "soon"),
        (
            "leave_approved",
            N("批准，让出%(turns)s个班，替班：%(substitute)s，还差%(open)s个班"),
            "check",
            "met",
        ),
        ("substitute_named", N("%(substitute)s替%(turns)s个班，还差%(open)s个班"), "user-plus", "met"),
        ("leave_refused", N("不批准：%(reason)s"), "x", "late"),
        ("leave_withdrawn", N("撤回申请"), "arrow-left", "waiting"),
        ("swap_asked", N("问%(other)s换班：%(day)s%(shift)s"), "refresh", "soon"),
        ("swap_agreed", N("同意换班"), "check", "plain"),
        ("swap_declined", N("不同意换班。%(reason)s"), "x", "late"),
        ("swap_approved", N("批准换班：%(who)s和%(other)s，%(day)s%(shift)s"), "check", "met"),
        ("swap_refused", N("不批准换班：%(reason)s"), "x", "late"),
        ("swap_withdrawn", N("撤回换班"), "arrow-left", "waiting"),
        ("wish_made", N("希望%(day)s休息"), "star", "plain"),
        ("wish_withdrawn", N("不再要求%(day)s休息"), "x", "waiting"),
        ("called", N("联系随叫随到的%(who)s：%(call_outcome)s，%(reason)s"), "phone-outgoing", "plain"),
        ("came_back", N("%(who)s已回到现场"), "check", "met"),
        ("plan_asked", N("请自动排班计算%(month)s：%(people)s人，%(turns)s个班"), "calculator", "plain"),
        ("plan_made", N("算出%(month)s方案：%(turns)s个班，缺%(missing)s人次"), "sparkles", "met"),
        ("plan_failed", N("%(month)s方案没有算成"), "alert-triangle", "late"),
        ("roster_printed", N("打印%(month)s值班安排表"), "printer", "plain"),
        ("on_call_printed", N("打印随叫随到名单"), "printer", "plain"),
    )
    logged = ("called", "came_back")
    return [
        EventKind(code=f"turns.{code}", text=text, icon=icon, tone=tone, logged=code in logged)
        for code, text, icon, tone in rows
    ]
