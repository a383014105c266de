"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class TimersConfig(AppConfig):
    """Declares the events of promises and that they follow their calendar."""

    name = "yingsheng.kernel.timers"
    label = "timers"

    def ready(self) -> None:
        """Declare event kinds; ask for every edit of a calendar."""
        from yingsheng.kernel.events.kinds import EventKind, declare
        from yingsheng.kernel.timers.recount import recount
        from yingsheng.kernel.worktime.services import watch_calendar

        declare(
            EventKind(code="timers.warn", text=gettext_noop("即将到期提醒"), icon="bell", tone="soon"),
            EventKind(code="timers.overdue", text=gettext_noop("超时提醒"), icon="alert-circle", tone="late"),
            EventKind(code="timers.escalate", text=gettext_noop("超时升级"), icon="arrow-up", tone="late"),
            EventKind(
                code="timers.period_opened",
                text=gettext_noop("%(period)s：%(milestone)s列入应办"),
                icon="calendar",
            ),
            EventKind(code="timers.waived", text=gettext_noop("承诺免除：%(reason)s"), icon="ban"),
        )
        watch_calendar(recount=recount)
