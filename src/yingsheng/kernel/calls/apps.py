"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class CallsConfig(AppConfig):
    """The telephone, and what is written of it."""

    name = "yingsheng.kernel.calls"
    label = "calls"

    def ready(self) -> None:
        """Declare its events."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(code="calls.rang", text=N("电话%(number)s响起"), icon="phone"),
            EventKind(
                code="calls.answered", text=N("%(who)s接电话%(number)s，第%(rings)s声"), icon="phone", tone="met",
                logged=True,
            ),
            EventKind(code="calls.transferred", text=N("电话%(number)s转到%(extension)s"), icon="switch"),
            EventKind(code="calls.hung_up", text=N("电话%(number)s挂断"), icon="phone"),
            EventKind(
                code="calls.missed", text=N("漏接电话%(number)s，要回电"), icon="phone", tone="late", logged=True
            ),
            EventKind(code="calls.tried", text=N("回电%(number)s没有接通：%(words)s"), icon="phone", logged=True),
            EventKind(
                code="calls.called_back", text=N("已回电%(number)s：%(words)s"), icon="phone", tone="met", logged=True
            ),
            EventKind(
                code="calls.got_through", text=N("已和%(number)s通上话，不用再回电"), icon="phone", tone="met"
            ),
            EventKind(code="calls.exchange_set_up", text=N("接入电话系统%(name)s"), icon="settings"),
            EventKind(code="calls.exchange_retired", text=N("停用电话系统%(name)s"), icon="settings", tone="waiting"),
            EventKind(code="calls.extension_given", text=N("分机%(number)s归%(who)s"), icon="phone"),
        )  # fmt: skip
