"""Writing to a record of a register: holding it until the transaction ends, its columns, the one event of a step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand

R = TypeVar("R", bound=models.Model)


def hold(*, actor: Actor, record: R, permission: str, seen: int | None, states: Collection[str]) -> R:
    """The record of the actor's site as it stands now, in one of these states, held until the transaction ends.

    Raises Forbidden without the permission, Conflict for what was changed since it was looked at, Refused for a
    step that its state does not allow.
    """
    demand(actor=actor, permission=permission)
    rows: Any = type(record)._default_manager
    held: Any = rows.select_for_update(no_key=True).get(pk=record.pk, site=actor.site)
    if seen is not None and seen != held.version:
        raise Conflict(gettext_noop("这条记录刚被别人更新过，请看过最新情况再继续"), code="stale")
    if held.state not in states:
        raise Refused(gettext_noop("这条记录现在不能这样做"), code="illegal_step")
    return held  # type: ignore[no-any-return]


def change(*, record: Any, **values: Any) -> None:
    """Write these columns and raise the version."""
    record.version += 1
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=[*values, "version"])


def tell(
    *,
    record: Any,
    kind: str,
    actor: Actor,
    at: datetime,
    rule: str,
    device_at: datetime | None = None,
    **data: Any,
) -> None:
    """The one event of a step."""
    events.record(
        site_id=actor.site.pk, kind=kind, subject=record, by=actor.staff, at=at, rule=rule, data=data,
        device_at=device_at,
    )  # fmt: skip
