"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class WorktimeConfig(AppConfig):
    """Declares the events of calendars."""

    name = "yingsheng.kernel.worktime"
    label = "worktime"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(
                code="worktime.calendars_created", text=gettext_noop("建立工作日历"), icon="calendar-event"
            ),
            EventKind(
                code="worktime.year_seeded",
                text=gettext_noop("“%(calendar)s”载入 %(year)s 年放假安排"),
                icon="calendar-event",
            ),
            EventKind(
                code="worktime.day_changed",
                text=gettext_noop("“%(calendar)s”调整 %(date)s 的时间：%(name)s"),
                icon="calendar-event",
            ),
            EventKind(
                code="worktime.day_cleared",
                text=gettext_noop("“%(calendar)s”恢复 %(date)s 为平常时间"),
                icon="calendar-event",
            ),
            EventKind(
                code="worktime.week_changed",
                text=gettext_noop("“%(calendar)s”调整每周的工作时间"),
                icon="calendar-event",
            ),
        )
