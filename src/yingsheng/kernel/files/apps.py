"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class FilesConfig(AppConfig):
    """Declares what happens to files."""

    name = "yingsheng.kernel.files"
    label = "files"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(
                code="files.added", text=gettext_noop("添加%(count)s个附件：%(names)s"), icon="paperclip"
            ),
            EventKind(
                code="files.removed", text=gettext_noop("撤下附件%(name)s：%(reason)s"), icon="paperclip"
            ),
        )
