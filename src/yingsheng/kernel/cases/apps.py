"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class CasesConfig(AppConfig):
    """Keeps each case's next due moment in step with its promises; declares the events of saved views."""

    name = "yingsheng.kernel.cases"
    label = "cases"

    def ready(self) -> None:
        """Watch the clocks of cases, declare what is told of their paper."""
        from yingsheng.kernel.cases.queries import SUBJECT
        from yingsheng.kernel.cases.services import hold_cases, refresh_next_due
        from yingsheng.kernel.events.kinds import EventKind, declare
        from yingsheng.kernel.timers.services import watch_subject

        declare(
            EventKind(code="cases.view_kept", text=gettext_noop("保存视图“%(name)s”"), icon="star"),
            EventKind(code="cases.view_dropped", text=gettext_noop("删除视图“%(name)s”"), icon="star"),
            EventKind(
                code="cases.sheet_printed",
                text=gettext_noop("打印%(form)s《%(sheet)s》，第%(count)s次"),
                icon="printer",
            ),
        )
        watch_subject(subject_type=SUBJECT, refresh=refresh_next_due, lock=hold_cases)
