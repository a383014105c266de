"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "yingsheng.kernel.notify"
    label = "notify"
