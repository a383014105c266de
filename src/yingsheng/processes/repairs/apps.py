"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.kinds import EventKind


class RepairsConfig(AppConfig):
    """Declares the repairs process, its events and its reactions."""

    name = "yingsheng.processes.repairs"
    label = "repairs"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.repairs.process import REPAIRS
        from yingsheng.processes.repairs.reactions import REACTIONS

        processes.add(REPAIRS)
        declare(*_kinds())
        react(*REACTIONS)


# what belongs in the duty log of the shift (D-14, D-24)
LOGGED = frozenset(["registered", "apologised"])


def _kinds() -> list[EventKind]:
    rows = (
        ("registered", N("登记报修：%(title)s"), "tool", "plain"),
        ("assessed", N("责任认定：%(part)s %(liability)s"), "scale", "plain"),
        ("planned", N("维修方案：%(plan)s"), "list-check", "plain"),
        ("quoted", N("报价%(total)s元"), "coin", "plain"),
        ("quote_answered", N("住户答复报价：%(decision)s（%(who)s）"), "message", "plain"),
        ("progress", N("进展：%(note)s"), "point", "plain"),
        ("rearranged", N("改约至%(due)s：%(reason)s"), "clock", "soon"),
        ("apologised", N("超时致歉说明：%(reason)s"), "mood-sad", "late"),
        ("completed", N("维修完成：%(result)s"), "circle-check", "met"),
        ("paid", N("收款%(amount)s元，收据%(receipt)s"), "coin", "met"),
        ("refunded", N("退款%(amount)s元，%(reason)s"), "coin", "soon"),
        ("signed", N("住户签认：%(signed_by)s"), "signature", "met"),
        ("told", N("已告知结果，%(satisfaction)s。%(opinion)s"), "phone", "met"),
        ("redone", N("返工：%(reason)s"), "refresh", "late"),
        ("filed", N("归档"), "archive", "met"),
        ("cancelled", N("取消报修：%(reason)s"), "ban", "plain"),
        ("reviewed", N("晨间检查%(count)s件。%(note)s"), "list-check", "met"),
        ("month_filed", N("%(period)s报修分析已上报"), "send", "met"),
        ("exported", N("导出报修明细%(rows)s条：%(reason)s"), "download", "plain"),
    )
    return [
        EventKind(code=f"repairs.{code}", text=text, icon=icon, tone=tone, logged=code in LOGGED)
        for code, text, icon, tone in rows
    ]
