"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """Declares the phone desk."""

    name = "yingsheng.processes.phone"
    label = "phone"

    def ready(self) -> None:
        """Declare what the kernel needs to know."""
        from yingsheng.base.process import processes
        from yingsheng.processes.phone.process import PHONE

        processes.add(PHONE)
