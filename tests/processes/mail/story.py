"""Taking an item through its life at a test site."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories.cast import MONDAY_NINE, Cast
from tests.factories.mail import DOT

from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.org.models import Site
from yingsheng.kernel.policies.services import adopt_preset, override_parameter
from yingsheng.kernel.timers.models import Obligation
from yingsheng.processes.mail.services import handing, keeping

NINE = MONDAY_NINE


def later(days: float = 0, **more: float) -> datetime:
    return NINE + timedelta(days=days, **more)


def clocks(item: Item) -> dict[str, str]:
    """How every promise about an item stands, by milestone; the last of each."""
    rows = Obligation.objects.filter(subject_type="custody.item", subject_id=item.pk).order_by("pk")
    return {row.milestone: row.state for row in rows}


def due(item: Item, milestone: str) -> datetime:
    rows = Obligation.objects.filter(subject_id=item.pk, subject_type="custody.item", milestone=milestone)
    return rows.order_by("-round")[0].due_at


def adopt(cast: Cast, preset: str, **figures: Any) -> None:
    """The regulation as another site has it, since yesterday."""
    before = NINE - timedelta(days=1)
    adopt_preset(site=cast.site, preset=preset, active_from=before, reason="试行", by=cast.head, at=before)
    for path, value in figures.items():
        override_parameter(
            site=cast.site, path=path, value=value, active_from=before, reason="自办", by=cast.head, at=before
        )  # fmt: skip
    cast.site = Site.objects.get(pk=cast.site.pk)


def area_site(cast: Cast) -> None:
    """A site that follows 003 第1篇 and takes mail in itself."""
    adopt(cast, "M/003-1", **{"M-14.registered_enabled": True, "M-14.ordinary_enabled": True})


def collect(cast: Cast, item: Item, *, at: datetime, who: str = "assistant", **fields: Any) -> Item:
    values: dict[str, Any] = {"name": "钱业主0", "identity": "id_card", "signature": DOT}
    return handing.collect(actor=cast.actor(who), record=item, at=at, **{**values, **fields})


def contact(cast: Cast, item: Item, *, at: datetime, **fields: Any) -> Item:
    values: dict[str, Any] = {"way": "phone", "officer": cast.area_admin}
    return keeping.contact_overdue(actor=cast.actor("assistant"), record=item, at=at, **{**values, **fields})


def undeliverable(cast: Cast, item: Item, *, at: datetime, **fields: Any) -> Item:
    values: dict[str, Any] = {"cause": "moved", "verified_as": "单位说已调走"}
    return keeping.mark_undeliverable(
        actor=cast.actor("assistant"), record=item, at=at, **{**values, **fields}
    )


def give_back(cast: Cast, item: Item, *, at: datetime, **fields: Any) -> Item:
    values: dict[str, Any] = {"clerk": "投递员小孙", "organisation": "云溪邮局", "signature": DOT}
    return handing.return_to_post(actor=cast.actor("assistant"), record=item, at=at, **{**values, **fields})
