"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class PrepaidConfig(AppConfig):
    """Declares prepaid purchases and their events."""

    name = "yingsheng.processes.prepaid"
    label = "prepaid"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.prepaid.process import PROCESS

        processes.add(PROCESS)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("ordered", N("登记预购%(number)s，收现金%(cash)s元，设备%(device)s"), "bolt", "plain"),
        ("cancelled", N("退回预购%(cash)s元和设备：%(reason)s"), "arrow-left", "waiting"),
        ("bought", N("买成%(amount)s元，收据%(receipt)s，找零%(change)s元"), "check", "met"),
        ("not_bought", N("没有买成：%(reason)s"), "x", "late"),
        ("told", N("已通知住户来领"), "message", "met"),
        ("collected", N("%(collector)s领取，找零%(change)s元当面点清"), "circle-check", "met"),
        ("batch_prepared", N("列出%(orders)s户待购，由%(purchaser)s代办"), "clipboard-list", "plain"),
        ("batch_empty", N("本周没有预购"), "check", "met"),
        ("batch_gathered", N("补进%(orders)s户"), "plus", "plain"),
        ("batch_cancelled", N("取消这一批：%(reason)s"), "x", "waiting"),
        ("batch_handed", N("现金%(cash)s元、设备%(devices)s个交给%(purchaser)s"), "send", "plain"),
        ("batch_returned", N("交回：购买%(bought)s元，余款%(change)s元，设备%(devices)s个"), "circle-check", "met"),
        ("request_taken", N("受理代办%(number)s，%(utility)s，收现金%(cash)s元"), "file-text", "plain"),
        ("request_submitted", N("交给%(who)s递交"), "send", "plain"),
        ("request_done", N("办妥：%(result)s，缴费%(paid)s元"), "check", "met"),
        ("request_refused", N("没有办成：%(result)s"), "x", "late"),
        ("request_closed", N("已告知%(who)s，交还资料票据和余款%(rest)s元"), "circle-check", "met"),
        ("month_filed", N("%(period)s预购统计已上报"), "send", "met"),
        ("exported", N("导出预购明细%(rows)s条：%(reason)s"), "download", "plain"),
        ("printed", N("打印%(sheet)s"), "printer", "plain"),
    )  # fmt: skip
    return [
        EventKind(code=f"prepaid.{code}", text=text, icon=icon, tone=tone) for code, text, icon, tone in rows
    ]
