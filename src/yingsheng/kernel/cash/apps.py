"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class CashConfig(AppConfig):
    """Cash in our hands."""

    name = "yingsheng.kernel.cash"
    label = "cash"
