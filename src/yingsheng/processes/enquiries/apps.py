"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class EnquiriesConfig(AppConfig):
    """Declares the contact register and its events."""

    name = "yingsheng.processes.enquiries"
    label = "enquiries"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.kernel.events.kinds import EventKind, declare
        from yingsheng.processes.enquiries.process import ENQUIRIES

        processes.add(ENQUIRIES)
        declare(
            EventKind(
                code="enquiries.answered_at_once", text=N("当场答复：%(reason)s"), icon="check", tone="met"
            ),
            EventKind(code="enquiries.promised", text=N("登记：%(title)s"), icon="help"),
            EventKind(code="enquiries.contact_noted", text=N("来电来访：%(reason)s"), icon="phone"),
            EventKind(code="enquiries.answered", text=N("已答复：%(answer)s"), icon="message", tone="met"),
            EventKind(code="enquiries.decided", text=N("建议已有决定：%(answer)s"), icon="gavel", tone="met"),
        )
