"""App declaration."""

from __future__ import annotations

from django.apps import AppConfig

from yingsheng.base.words import gettext_noop


class PoliciesConfig(AppConfig):
    """Declares the rule book's events."""

    name = "yingsheng.kernel.policies"
    label = "policies"

    def ready(self) -> None:
        """Declare event kinds."""
        from yingsheng.kernel.events.kinds import EventKind, declare

        declare(
            EventKind(
                code="policies.adopted",
                text=gettext_noop("%(module)s自%(from)s起采用方案%(preset)s"),
                icon="book",
            ),
            EventKind(
                code="policies.overridden",
                text=gettext_noop("%(path)s自%(from)s起为%(value)s：%(reason)s"),
                icon="adjustments",
            ),
        )
