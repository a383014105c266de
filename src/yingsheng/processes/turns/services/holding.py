"""The one event of a step, whom it is told to, and who may decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.events import services as events
from yingsheng.kernel.notify.services import Draft, queue
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.queries import list_holders_or_above
from yingsheng.kernel.timers.posts import demand_post, owed_role

DECIDES = "D-11.approved_by"


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
    demand_post(
        actor=actor, path=DECIDES, at=at, text=gettext_noop("请假和换班由规程指定的岗位批准"), code="not_his"
    )
