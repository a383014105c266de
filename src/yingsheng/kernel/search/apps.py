"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "yingsheng.kernel.search"
    label = "search"
