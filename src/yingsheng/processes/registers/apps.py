"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class RegistersConfig(AppConfig):
    """Declares the registers, their events and reactions."""

    name = "yingsheng.processes.registers"
    label = "registers"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.registers.process import REGISTERS
        from yingsheng.processes.registers.reactions import REACTIONS

        processes.add(REGISTERS)
        declare(*_kinds())
        react(*REACTIONS)


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("customer_proposed", N("提请列为重点客户：%(room)s，%(why)s"), "star", "plain"),
        ("customer_approved", N("批准列为重点客户，下次联系%(due)s"), "check", "met"),
        ("customer_contacted", N("联系：%(summary)s"), "phone", "met"),
        ("customer_replanned", N("联系计划改为%(who)s每%(days)s天一次"), "edit", "plain"),
        ("customer_removed", N("移出重点客户名单：%(reason)s"), "x", "waiting"),
        ("customers_exported", N("导出重点客户名单%(rows)s户：%(reason)s"), "download", "plain"),
        ("customers_printed", N("打印重点顾客清单%(rows)s户"), "printer", "plain"),
        ("typical_written", N("收录典型案例：%(title)s"), "bulb", "plain"),
        ("typical_rewritten", N("修改典型案例：%(title)s"), "edit", "plain"),
        ("typical_published", N("批准公布：%(title)s"), "check", "met"),
        ("typical_adopted", N("定为项目要求%(number)s，%(day)s起"), "gavel", "met"),
        ("typical_retired", N("撤下：%(reason)s"), "x", "waiting"),
        ("typical_read", N("读过"), "eye", "plain"),
        ("plan_opened", N("登记计划方案，由%(who)s编制"), "calendar", "plain"),
        ("plan_drafted", N("上交方案：%(contribution)s"), "send", "met"),
        ("plan_returned", N("退回修改：%(reason)s"), "arrow-left", "late"),
        ("plan_approved", N("批准方案"), "check", "met"),
    )
    return [
        EventKind(code=f"registers.{code}", text=text, icon=icon, tone=tone)
        for code, text, icon, tone in rows
    ]
