"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.kinds import EventKind


class ServicesConfig(AppConfig):
    """Declares special services, their events and reactions."""

    name = "yingsheng.processes.services"
    label = "services"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.services.process import SERVICES
        from yingsheng.processes.services.reactions import REACTIONS

        processes.add(SERVICES)
        declare(*_kinds())
        react(*REACTIONS)


# what belongs in the duty log of the shift (D-14, D-24)
LOGGED = frozenset(["registered"])


def _kinds() -> list[EventKind]:
    rows = (
        ("registered", N("登记特约服务：%(item)s，%(from)s至%(to)s"), "sparkles", "plain"),
        ("charged", N("收费%(amount)s元，收据%(receipt)s，%(signed_by)s签名"), "coin", "met"),
        ("refunded", N("退款%(amount)s元：%(reason)s"), "coin", "soon"),
        ("started", N("服务开始，%(from)s至%(to)s"), "arrow-right", "plain"),
        ("tracked", N("跟踪质量：%(text)s"), "eye", "plain"),
        ("finished", N("服务完成：%(result)s"), "circle-check", "met"),
        ("rectified", N("整改完成：%(text)s"), "tool", "met"),
        ("closed", N("特约服务结束"), "archive", "met"),
        ("helped", N("范围之外，已帮忙：%(answer)s"), "message", "met"),
        ("declined", N("谢绝：%(answer)s"), "ban", "waiting"),
        ("cancelled", N("取消特约服务：%(reason)s"), "ban", "waiting"),
        ("month_filed", N("%(period)s特约服务统计与分析已上报"), "send", "met"),
        ("exported", N("导出特约服务明细%(rows)s条：%(reason)s"), "download", "plain"),
    )
    return [
        EventKind(code=f"services.{code}", text=text, icon=icon, tone=tone, logged=code in LOGGED)
        for code, text, icon, tone in rows
    ]
