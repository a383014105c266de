"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Commands and imports."""

    name = "yingsheng.ops"
    label = "ops"
