"""Statements and sheets that leave the screen: prints are counted, lists taken out have a reason (J-29)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yingsheng.base.months import Window
from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.permissions import Allow


@transaction.atomic
def export_month(*, actor: Actor, window: Window, count: int, reason: str, at: datetime) -> None:
    """Note who took the lines of a month out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="salesdesk.exported", subject=actor.site, by=actor.staff, at=at, rule="J-29",
        data={"from": str(window.first), "to": str(window.last), "rows": count, "reason": reason.strip()[:200]},
    )  # fmt: skip
