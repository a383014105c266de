"""App declaration; the last app to start."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Closes the registry once every process is declared."""

    name = "yingsheng.project"
    label = "project"

    def ready(self) -> None:
        """No process may be declared after start-up."""
        from yingsheng.base.process import processes

        processes.close()
