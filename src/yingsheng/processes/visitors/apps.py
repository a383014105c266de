"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class VisitorsConfig(AppConfig):
    """Declares the gate: passes, visitors, deposits."""

    name = "yingsheng.processes.visitors"
    label = "visitors"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.visitors.process import PROCESS

        processes.add(PROCESS)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("pass_issued", N("开出放行条%(number)s：%(room)s，%(count)s样"), "door-exit", "plain"),
        ("pass_asked_for", N("登记放行条%(number)s，等业主同意"), "door-exit", "soon"),
        ("pass_consented", N("业主同意，开出放行条%(number)s"), "check", "met"),
        ("pass_revoked", N("撤销放行条：%(reason)s"), "x", "waiting"),
        ("pass_replaced", N("和实物不符，换新条%(fresh)s"), "refresh", "plain"),
        ("pass_released", N("门岗放行%(number)s"), "circle-check", "met"),
        ("pass_not_released", N("门岗未放行%(number)s"), "x", "waiting"),
        ("pass_expired", N("放行条%(number)s过期未用"), "hourglass", "waiting"),
        ("owner_asked", N("门岗请前台联系业主：%(question)s"), "phone", "soon"),
        ("owner_agreed", N("业主同意放行，已回门岗"), "check", "met"),
        ("owner_declined", N("业主不同意放行，已回门岗"), "x", "waiting"),
        ("used_again", N("%(when)s又登记放行一次"), "alert-circle", "late"),
        ("key_renewed", N("换放行条签名密钥：%(reason)s"), "key", "plain"),
        ("visitor_came", N("来访：找%(host)s，%(count)s人"), "user", "plain"),
        ("visitor_expected", N("预约来访：找%(host)s，%(count)s人"), "calendar", "plain"),
        ("visitor_arrived", N("客人到了，去联系%(host)s"), "user-check", "plain"),
        ("visitor_in", N("被访人同意，进入，找%(host)s"), "circle-check", "met"),
        ("visitor_turned_away", N("婉言谢绝，未进入"), "x", "waiting"),
        ("message_taken", N("代收留言或名片，转%(host)s"), "message", "met"),
        ("visitor_left", N("离开"), "arrow-right", "met"),
        ("visit_cancelled", N("取消预约：%(reason)s"), "x", "waiting"),
        ("names_forgotten", N("清除%(count)s次来访的姓名，满%(days)s天"), "eye-off", "plain"),
        ("applicants_forgotten", N("清除%(count)s张旧放行条的姓名和车牌，满%(days)s天"), "eye-off", "plain"),
        ("deposit_taken", N("收下%(number)s%(name)s，放在%(place)s"), "package", "plain"),
        ("deposit_collected", N("%(number)s由本人签名领走"), "check", "met"),
        ("deposit_handed_on", N("%(number)s移交%(to)s"), "arrow-right", "met"),
        ("deposit_moved", N("%(number)s换到%(place)s"), "edit", "plain"),
        (
            "week_reconciled",
            N("%(period)s放行条对账：开出%(issued)s张，交回%(slips)s张"),
            "list-check",
            "met",
        ),
        ("exported", N("导出%(month)s放行条%(rows)s张：%(reason)s"), "download", "plain"),
        ("printed", N("打印，第%(count)s次"), "printer", "plain"),
        ("note_kept", N("手机上记的没能办成，留作记录：%(text)s"), "message", "waiting"),
    )
    return [
        EventKind(code=f"visitors.{code}", text=text, icon=icon, tone=tone) for code, text, icon, tone in rows
    ]
