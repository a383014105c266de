"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """The shape behind duty rosters."""

    name = "yingsheng.kernel.rosters"
    label = "rosters"
