"""Holding a record until the transaction ends, and asking whether a post is high enough to approve it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Role
from yingsheng.kernel.timers.periods import owed_role

R = TypeVar("R", bound=models.Model)


def hold(*, actor: Actor, record: R, permission: str, seen: int | None, states: Collection[str]) -> R:
    """The record of the actor's site as it stands now, in one of these states.

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


def tell(*, record: Any, kind: str, actor: Actor, at: datetime, rule: str, **data: Any) -> None:
    """The one event of a step."""
    events.record(
        site_id=record.site_id, kind=kind, subject=record, by=actor.staff, at=at, rule=rule, data=data
    )


def demand_post(*, actor: Actor, path: str, at: datetime, text: str) -> None:
    """Refused unless the actor holds the post that a figure names, or a higher one."""
    code = owed_role(path=path, site=actor.site, at=at)
    rank = Role.objects.filter(code=code).values_list("rank", flat=True).first()
    if rank is None or not any(post.rank <= rank for post in actor.posts):
        raise Refused(text, rule=path.partition(".")[0])
