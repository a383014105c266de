"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Keeps each case's next due moment in step with its promises."""

    name = "yingsheng.kernel.cases"
    label = "cases"

    def ready(self) -> None:
        """Watch the clocks of cases."""
        from yingsheng.kernel.cases.queries import SUBJECT
        from yingsheng.kernel.cases.services import refresh_next_due
        from yingsheng.kernel.timers.services import watch_subject

        watch_subject(subject_type=SUBJECT, refresh=refresh_next_due)
