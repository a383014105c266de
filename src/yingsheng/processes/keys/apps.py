"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class KeysConfig(AppConfig):
    """Declares the key cabinet, its events and reactions."""

    name = "yingsheng.processes.keys"
    label = "keys"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare, react
        from yingsheng.processes.keys.process import PROCESS
        from yingsheng.processes.keys.reactions import REACTIONS

        processes.add(PROCESS)
        declare(*_kinds())
        react(*REACTIONS)


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("registered", N("钥匙入柜：%(name)s，挂在%(place)s"), "key", "plain", False),
        ("moved", N("换到%(place)s"), "map-pin", "plain", False),
        ("pledged", N("存入托管承诺书，签署人%(who)s"), "signature", "met", False),
        ("lent", N("借给%(who)s：%(purpose)s"), "key", "soon", True),
        ("back", N("%(who)s归还"), "check", "met", True),
        ("late_back", N("%(who)s归还，已超期"), "check", "late", True),
        ("extended", N("延长借用：%(reason)s"), "clock", "plain", False),
        ("chased", N("向%(who)s催还：%(result)s"), "phone-outgoing", "soon", True),
        ("given", N("交给业主%(who)s，%(pieces)s把"), "key", "met", True),
        ("entrusted", N("业主%(who)s托管"), "key", "plain", True),
        ("scrapped", N("作废：%(reason)s，%(witness)s在场"), "trash", "waiting", False),
        ("lost", N("钥匙遗失：%(how)s"), "key-off", "late", True),
        ("loss_told", N("遗失已告知住户：%(told)s"), "phone", "plain", True),
        ("loss_decided", N("遗失处理：%(decision)s"), "gavel", "met", False),
        ("month_filed", N("上报%(period)s钥匙清点第%(version)s版"), "send", "met", False),
        ("exported", N("导出%(what)s%(rows)s行：%(reason)s"), "download", "plain", False),
        ("printed", N("打印第%(count)s次"), "printer", "plain", False),
    )
    return [
        EventKind(code=f"keys.{code}", text=text, icon=icon, tone=tone, logged=logged)
        for code, text, icon, tone, logged in rows
    ]
