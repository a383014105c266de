"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop as N


class ChargesConfig(AppConfig):
    """Declares the events of the price list; quotes and payments are told by the process they belong to."""

    name = "yingsheng.kernel.charges"
    label = "charges"

    def ready(self) -> None:
        """Declare what is told of prices."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(code="charges.price_set", text=N("定价：%(name)s %(price)s元/%(unit)s"), icon="tags"),
            EventKind(code="charges.price_ended", text=N("停用价目：%(name)s"), icon="ban"),
        )
