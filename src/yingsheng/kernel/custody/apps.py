"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Things in our hands."""

    name = "yingsheng.kernel.custody"
    label = "custody"
