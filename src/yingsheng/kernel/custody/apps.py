"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class CustodyConfig(AppConfig):
    """Things in our hands; declares the events of a count."""

    name = "yingsheng.kernel.custody"
    label = "custody"

    def ready(self) -> None:
        """Declare what the log needs to know."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        rows = (
            ("count_opened", N("开始清点，账上%(things)s件"), "checklist", "plain"),
            ("seen", N("%(number)s在位"), "check", "plain"),
            ("unseen", N("撤销%(number)s的扫码"), "x", "plain"),
            ("explained", N("%(number)s的差异：%(text)s"), "edit", "soon"),
            (
                "count_closed",
                N("完成清点：%(total)s件，在位%(in_place)s，在外%(away)s，缺少%(missing)s，多出%(surplus)s"),
                "check",
                "met",
            ),
        )
        declare(
            *(
                EventKind(code=f"custody.{code}", text=text, icon=icon, tone=tone)
                for code, text, icon, tone in rows
            )
        )
