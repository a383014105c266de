"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class FeesConfig(AppConfig):
    """Declares fees and the cash box, their events and reactions."""

    name = "yingsheng.processes.fees"
    label = "fees"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.fees.process import PROCESS
        from yingsheng.processes.fees.reactions import REACTIONS

        processes.add(PROCESS)
        declare(*_kinds())
        react(*REACTIONS)


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("collected", N("代收%(amount)s元，收据%(number)s"), "coin", "met"),
        ("voided", N("作废收据%(number)s，退%(amount)s元：%(reason)s"), "x", "waiting"),
        ("taken", N("钱箱收付%(amount)s元，收据%(receipt)s"), "coin", "plain"),
        ("counted", N("点清%(counted)s元，账面%(book)s元 %(explanation)s"), "calculator", "plain"),
        ("sent_back", N("收银员退回重点：%(reason)s"), "arrow-left", "late"),
        ("received", N("收银员收到%(amount)s元"), "circle-check", "met"),
        ("box_counted", N("清点钱箱%(counted)s元，账面%(book)s元 %(explanation)s"), "calculator", "met"),
        ("difference_settled", N("差额%(amount)s元入账：%(reason)s"), "edit", "soon"),
        ("exported", N("导出代收明细%(rows)s条：%(reason)s"), "download", "plain"),
        ("printed", N("打印%(sheet)s"), "printer", "plain"),
    )
    return [
        EventKind(code=f"fees.{code}", text=text, icon=icon, tone=tone) for code, text, icon, tone in rows
    ]
