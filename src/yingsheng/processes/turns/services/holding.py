"""Holding a record until the transaction ends, its one event, and who may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from yingsheng.base.refusal import Conflict, Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.models import Role, Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers.periods import owed_role

R = TypeVar("R", bound=models.Model)
DECIDES = "D-11.approved_by"


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


def note(*, record: Any, kind: str, actor: Actor, at: datetime, rule: str, **data: Any) -> None:
    """The one event of a step."""
    events.record(
        site_id=record.site_id,
        kind=f"turns.{kind}",
        subject=record,
        by=actor.staff,
        at=at,
        rule=rule,
        data=data,
    )


def tell(
    *, record: Any, people: Iterable[Staff], text: str, rule: str, at: datetime, **params: object
) -> None:
    """A message to each of these people, once for each state of the record."""
    drafts = [
        Draft(
            text=text, params={**params, "rule": rule}, to_staff=one, rule=rule,
            dedup_key=f"{record._meta.label_lower}:{record.pk}:{record.version}:{one.pk}",
        )
        for one in {one.pk: one for one in people}.values()
    ]  # fmt: skip
    queue(site_id=record.site_id, subject=record, at=at, drafts=drafts)


def deciders(*, actor: Actor, at: datetime) -> list[Staff]:
    """Whoever decides on leave and swaps at the site (D-11)."""
    role = owed_role(path=DECIDES, site=actor.site, at=at)
    return list_holders_or_above(site_id=actor.site.pk, role=role, at=at)


def demand_decider(*, actor: Actor, at: datetime, concerned: Collection[int]) -> None:
    """Refused unless the actor holds the post that decides, or a higher one, and the matter is not his own (D-11)."""
    if actor.staff.pk in concerned:
        raise Refused(gettext_noop("自己的申请要由别人批准"), code="own", rule="D-11")
    code = owed_role(path=DECIDES, site=actor.site, at=at)
    rank = Role.objects.filter(code=code).values_list("rank", flat=True).first()
    if rank is None or not any(post.rank <= rank for post in actor.posts):
        raise Refused(gettext_noop("请假和换班由规程指定的岗位批准"), code="not_his", rule="D-11")
