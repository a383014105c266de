"""App declaration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class MailConfig(AppConfig):
    """Declares the mail and its events."""

    name = "yingsheng.processes.mail"
    label = "mail"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import declare
        from yingsheng.processes.mail.process import MAIL

        processes.add(MAIL)
        declare(*_kinds())


def _kinds() -> list[Any]:
    from yingsheng.kernel.events.kinds import EventKind

    rows = (
        ("received", N("收下%(kind_code)s，放在%(place)s %(damage)s"), "package", "plain"),
        ("told", N("通知住户（%(way)s）%(note)s"), "phone", "met"),
        ("not_reached", N("通知住户没联系上（%(way)s）%(note)s"), "phone", "soon"),
        ("area_told", N("通知管理员%(who)s来签收"), "bell", "met"),
        ("handed_to_area", N("交给管理员%(who)s，已签名"), "signature", "met"),
        ("brought_back", N("管理员交回：%(reason)s"), "arrow-back-up", "waiting"),
        ("collected", N("%(who)s领取，已签名"), "check", "met"),
        ("collected_by_family", N("%(who)s代领（%(relation)s），已核对证件、签名"), "users", "met"),
        ("contacted", N("过期联系（%(way)s），会同%(who)s：%(wish)s %(note)s"), "phone", "met"),
        ("not_contacted", N("过期没联系上（%(way)s），会同%(who)s %(note)s"), "phone", "soon"),
        ("kept", N("暂存：%(because)s"), "archive", "waiting"),
        ("undeliverable", N("核实无法投递（%(cause)s）：%(verified)s"), "alert-circle", "late"),
        ("returned", N("退回邮局，%(who)s签名，%(day)s"), "arrow-back-up", "met"),
        ("moved", N("换到%(place)s"), "arrows-sort", "plain"),
        ("damaged", N("登记损坏：%(damage)s"), "alert-triangle", "late"),
        ("lost", N("登记遗失：%(reason)s"), "circle-x", "late"),
        ("found", N("找回：%(reason)s"), "circle-check", "met"),
        ("batch_received", N("收下信件报刊%(count)s件，破损%(damaged)s件"), "mail", "plain"),
        ("batch_told", N("通知管理员%(who)s来取"), "bell", "met"),
        ("batch_fetched", N("管理员%(who)s领取并签名"), "signature", "met"),
        ("batch_cancelled", N("登记有误，作废：%(reason)s"), "x", "waiting"),
        ("printed", N("打印%(sheet)s，第%(count)s次"), "printer", "plain"),
        ("exported", N("导出%(rows)s件：%(reason)s"), "download", "plain"),
    )
    return [
        EventKind(code=f"mail.{code}", text=text, icon=icon, tone=tone) for code, text, icon, tone in rows
    ]
