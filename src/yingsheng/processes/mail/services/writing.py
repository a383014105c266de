"""What every write here shares: the item held with its details, its end, its files, who is an area clerk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.events import services as events
from yingsheng.kernel.files.services import attach
from yingsheng.kernel.org.access import Actor, actor_for, demand
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.records import hold
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.posts import demand_post, owed_role
from yingsheng.processes.mail.models import MailItem
from yingsheng.processes.mail.rules import CONTACT, RETURN, REVIEW, TELL_AREA, TELL_HOUSEHOLD

EVERY = (TELL_HOUSEHOLD, TELL_AREA, CONTACT, REVIEW, RETURN)
MOST_FILES = 10
NOT_KEEPER = gettext_noop("邮件由规程指定的岗位保管和发放")
CLOSED = gettext_noop("这件邮件已经办结")


def take_up(
    *, actor: Actor, record: Item, permission: str, seen: int | None, states: Collection[str]
) -> tuple[Item, MailItem]:
    """The item as it stands now and what is known of it, held until the transaction ends."""
    item = hold(actor=actor, record=record, permission=permission, seen=seen, states=states)
    return item, MailItem.objects.get(pk=item.pk)


def put(*, row: MailItem, **values: Any) -> None:
    """Write these columns."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def demand_keeper(*, actor: Actor, at: datetime) -> None:
    """Refused unless the actor holds the post that keeps and hands out (M-15)."""
    demand_post(actor=actor, path="M-15.kept_by", at=at, text=NOT_KEEPER)


def keeper(*, actor: Actor, at: datetime) -> str:
    """The post that keeps and hands out, and answers for what becomes of an item (M-15)."""
    return owed_role(path="M-15.kept_by", site=actor.site, at=at)


def area_clerk(*, actor: Actor, staff: Staff | None, at: datetime) -> Staff:
    """The area clerk who was named, or the actor who is one; Refused for somebody of another post (M-01)."""
    role = owed_role(path="M-01.notified", site=actor.site, at=at)
    if staff is None:
        if role not in actor.roles:
            raise Refused(gettext_noop("请选管理员"), field="officer", rule="M-01")
        return actor.staff
    if role not in actor_for(staff=staff, site=actor.site, at=at).roles:
        raise Refused(gettext_noop("%(name)s不是管理员"), field="officer", rule="M-01", name=staff.name)
    return staff


def end_promises(*, item: Item, actor: Actor, at: datetime, kept: Collection[str], reason: str) -> None:
    """Nothing more is promised about an item: these are kept by this step, others fall away unless broken already."""
    timers.meet(subject=item, milestones=kept, by=actor.staff, at=at)
    timers.void(subject=item, by=actor.staff, at=at, reason=reason, due_after=at)
    timers.meet(subject=item, milestones=EVERY, by=actor.staff, at=at)


def keep_files(*, actor: Actor, record: models.Model, files: Iterable[Any], at: datetime, note: str) -> int:
    """Keep pictures with an item, all or none; returns how many. The caller records the event."""
    sent = list(files)
    if len(sent) > MOST_FILES:
        raise Refused(gettext_noop("一次最多%(most)s个文件"), field="photos", most=MOST_FILES)
    for file in sent:
        attach(
            site_id=actor.site.pk, subject=record, name=str(file.name), body=file.read(), by=actor.staff, at=at,
            note=note,
        )  # fmt: skip
    return len(sent)


@transaction.atomic
def record_export(*, actor: Actor, count: int, reason: str, at: datetime) -> None:
    """Note who took lines of the register out of the house, and why; Refused without a reason."""
    demand(actor=actor, permission=Allow.EXPORT)
    if not reason.strip():
        raise Refused(gettext_noop("请写明导出的理由"), field="reason")
    events.record(
        site_id=actor.site.pk, kind="mail.exported", subject=actor.site, by=actor.staff, at=at,
        data={"rows": count, "reason": reason.strip()},
    )  # fmt: skip
