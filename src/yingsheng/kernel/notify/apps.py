"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class NotifyConfig(AppConfig):
    """Declares what happens to messages on paper."""

    name = "yingsheng.kernel.notify"
    label = "notify"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(
                code="notify.slips_printed", text=gettext_noop("打印%(count)s份告知单"), icon="printer"
            ),
            EventKind(
                code="notify.handed_over",
                text=gettext_noop("告知单已交给%(to)s：%(title)s"),
                icon="message",
                tone="met",
            ),
        )
