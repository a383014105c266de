"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class OpsConfig(AppConfig):
    """Commands and imports."""

    name = "yingsheng.ops"
    label = "ops"

    def ready(self) -> None:
        """Declare the events of imports by page; what was brought in is told by `estate.imported`."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(code="ops.import_sent", text=gettext_noop("上传待导入的文件：%(file)s"), icon="upload"),
            EventKind(code="ops.import_confirmed", text=gettext_noop("确认导入：%(file)s"), icon="check"),
            EventKind(code="ops.import_dropped", text=gettext_noop("放弃导入：%(file)s"), icon="trash"),
        )
