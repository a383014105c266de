"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "yingsheng.kernel.forms"
    label = "forms"
