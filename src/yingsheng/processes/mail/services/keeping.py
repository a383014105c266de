"""What nobody collected, was damaged or is missing: contacted, kept, verified for the way back, explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.custody import services as custody
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.org.access import Actor
from yingsheng.kernel.org.models import Staff
from yingsheng.kernel.org.records import change, tell
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import owe
from yingsheng.processes.mail.models import Attempt, MailItem
from yingsheng.processes.mail.queries.items import KEPT, OPEN, SHELVED, TOLD, UNDELIVERABLE, local_day
from yingsheng.processes.mail.rules import CONTACT, KEEP, RETURN, REVIEW, TELL_HOUSEHOLD, what_next
from yingsheng.processes.mail.services.writing import (
    area_clerk,
    demand_keeper,
    end_promises,
    keep_files,
    keeper,
    put,
    take_up,
)

IN_HAND = (Item.State.HELD, Item.State.OUT)
EXPIRED = "expired"
NOT_NOW = gettext_noop("这件邮件现在不能这样做")
SETTLED = gettext_noop("已另作处理")


@transaction.atomic
def contact_overdue(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    way: str,
    reached: bool = False,
    wish: str = "",
    note: str = "",
    officer: Staff | None = None,
    seen: int | None = None,
) -> Item:
    """Try the household of an overdue item, together with the area clerk, and ask what shall become of it (M-07).

    The promise is kept by trying; as long as the item lies here the next try is owed. Refused before it is overdue,
    without the area clerk, and for somebody reached whose wish is not written down.
    """
    item, row = _waiting(actor=actor, record=record, seen=seen, stages=(SHELVED, TOLD, KEPT))
    demand_keeper(actor=actor, at=at)
    if row.overdue_at is None:
        raise Refused(gettext_noop("采用的规程没有过期天数，请用电话通知"), rule="M-07")
    if at < row.overdue_at:
        raise Refused(
            gettext_noop("%(day)s才算过期"), code="too_early", rule="M-07", day=str(local_day(at=row.overdue_at))
        )  # fmt: skip
    clerk = area_clerk(actor=actor, staff=officer, at=at)
    if reached and not wish:
        raise Refused(gettext_noop("请写明住户要怎么处理"), field="wish", rule="M-07")
    Attempt.objects.create(
        item=row, at=at, by=actor.staff, way=way, reached=reached, overdue=True, officer=clerk, note=note.strip()[:200]
    )  # fmt: skip
    told: dict[str, Any] = {}
    if reached and row.told_at is None:
        told = {"told_at": at, "told_by": actor.staff, "told_way": way}
    if reached and row.stage == SHELVED:
        told["stage"] = TOLD
    put(row=row, contacts=row.contacts + 1, wish=wish if reached else row.wish, **told)
    kept = [CONTACT, REVIEW, *([TELL_HOUSEHOLD] if reached else [])]
    timers.meet(subject=item, milestones=kept, by=actor.staff, at=at)
    milestone, path = (REVIEW, "M-08.review_after") if row.stage == KEPT else (CONTACT, "M-07.overdue_after")
    owe(site=actor.site, subject=item, milestone=milestone, path=path, role=keeper(actor=actor, at=at), at=at)
    change(record=item)
    tell(
        record=item, kind="mail.contacted" if reached else "mail.not_contacted", actor=actor, at=at, rule="M-07",
        way=way, wish=wish, who=clerk.name, note=note.strip()[:120],
    )  # fmt: skip
    return item


@transaction.atomic
def keep_item(*, actor: Actor, record: Item, at: datetime, because: str, seen: int | None = None) -> Item:
    """Keep an item for the time being, because its household certainly lives here still (M-08).

    It is looked at again after the days of the rule. Refused before anybody tried to reach the household.
    """
    item, row = _waiting(actor=actor, record=record, seen=seen, stages=(SHELVED, TOLD))
    demand_keeper(actor=actor, at=at)
    if row.overdue_at is not None and not _is(KEEP, row=row, at=at, lives_here=True):
        raise Refused(
            gettext_noop("先在过期后联系住户，联系不上或仍不来取才暂存"), code="illegal_step", rule="M-08"
        )
    if not because.strip():
        raise Refused(gettext_noop("请写明怎么知道住户仍住在这里"), field="because", rule="M-08")
    put(row=row, stage=KEPT, kept_because=because.strip()[:200])
    _settle(item=item, actor=actor, at=at, milestones=(CONTACT,))
    owe(
        site=actor.site, subject=item, milestone=REVIEW, path="M-08.review_after",
        role=keeper(actor=actor, at=at), at=at,
    )  # fmt: skip
    change(record=item)
    tell(record=item, kind="mail.kept", actor=actor, at=at, rule="M-08", because=row.kept_because)
    return item


@transaction.atomic
def mark_undeliverable(
    *, actor: Actor, record: Item, at: datetime, cause: str, verified_as: str, seen: int | None = None
) -> Item:
    """Verify that an item cannot be delivered; it goes back to the post within the days of the rule (M-13).

    What merely was not collected goes back only after its household was contacted (M-08).
    """
    item, row = _waiting(
        actor=actor, record=record, seen=seen, stages=(SHELVED, TOLD, KEPT), states=(Item.State.HELD,),
        permission="mail.return",
    )  # fmt: skip
    if cause == EXPIRED and row.overdue_at is not None and row.contacts < 1:
        raise Refused(
            gettext_noop("过期未取的，先联系住户再退"), field="cause", code="illegal_step", rule="M-08"
        )
    if not verified_as.strip():
        raise Refused(gettext_noop("请写明怎么核实的"), field="verified_as", rule="M-13")
    put(row=row, stage=UNDELIVERABLE, undeliverable_at=at, verified_as=verified_as.strip()[:200])
    _settle(item=item, actor=actor, at=at, milestones=(CONTACT, REVIEW, TELL_HOUSEHOLD))
    owe(
        site=actor.site, subject=item, milestone=RETURN, path="M-13.return_within",
        role=keeper(actor=actor, at=at), at=at,
    )  # fmt: skip
    change(record=item)
    tell(
        record=item, kind="mail.undeliverable", actor=actor, at=at, rule="M-13", cause=cause,
        verified=row.verified_as,
    )  # fmt: skip
    return item


@transaction.atomic
def move_item(*, actor: Actor, record: Item, at: datetime, place: str, seen: int | None = None) -> Item:
    """Put an item on another place of the shelf (M-06)."""
    item, _row = _waiting(actor=actor, record=record, seen=seen, stages=OPEN, states=(Item.State.HELD,))
    done = custody.put_elsewhere(item=item, place=place, by=actor.staff, at=at)
    tell(record=done, kind="mail.moved", actor=actor, at=at, rule="M-06", place=done.place)
    return done


@transaction.atomic
def note_damage(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    condition: str,
    damage: str,
    photos: Iterable[Any] = (),
    seen: int | None = None,
) -> Item:
    """Write down what happened to an item while it lay here, with pictures (M-06)."""
    item, row = _waiting(actor=actor, record=record, seen=seen, stages=OPEN)
    if condition == MailItem.Condition.SOUND or not damage.strip():
        raise Refused(gettext_noop("请写明损坏的样子"), field="damage", rule="M-06")
    count = keep_files(actor=actor, record=item, files=photos, at=at, note=damage)
    words = f"{row.damage}；{damage.strip()}" if row.damage else damage.strip()
    put(row=row, condition=condition, damage=words[:200], file_count=row.file_count + count)
    change(record=item)
    tell(record=item, kind="mail.damaged", actor=actor, at=at, rule="M-06", damage=damage.strip()[:120])
    return item


@transaction.atomic
def lose_item(*, actor: Actor, record: Item, at: datetime, reason: str, seen: int | None = None) -> Item:
    """Say that an item cannot be found, with what was looked into (M-06)."""
    item, row = _waiting(actor=actor, record=record, seen=seen, stages=OPEN)
    done = custody.mark_lost(item=item, by=actor.staff, at=at, reason=reason)
    put(row=row, stage="lost", closed_at=at)
    end_promises(item=done, actor=actor, at=at, kept=(), reason=gettext_noop("邮件遗失"))
    tell(record=done, kind="mail.lost", actor=actor, at=at, rule="M-06", reason=reason.strip()[:200])
    return done


@transaction.atomic
def find_again(
    *, actor: Actor, record: Item, at: datetime, reason: str, place: str = "", seen: int | None = None
) -> Item:
    """What was thought lost lies on the shelf again, with how it turned up (M-06)."""
    item, row = take_up(
        actor=actor, record=record, permission="mail.hand_out", seen=seen, states=(Item.State.LOST,)
    )
    done = custody.bring_back(
        item=item, giver=None, by=actor.staff, at=at, act="found", place=place.strip() or None, reason=reason,
        sources=(Item.State.LOST,),
    )  # fmt: skip
    taken = MailItem.objects.filter(site=actor.site, pickup_code=row.pickup_code, closed_at__isnull=True)
    if taken.exists():
        raise Refused(gettext_noop("它的取件码已给了另一件，请重新收件登记"), rule="M-06")
    put(row=row, stage=TOLD if row.told_at is not None else SHELVED, closed_at=None)
    if row.told_at is None:
        owe(
            site=actor.site, subject=done, milestone=TELL_HOUSEHOLD, path="M-11.phone_within",
            role=keeper(actor=actor, at=at), at=at,
        )  # fmt: skip
    owe(
        site=actor.site, subject=done, milestone=CONTACT, path="M-07.overdue_after",
        role=keeper(actor=actor, at=at), at=at,
    )  # fmt: skip
    tell(record=done, kind="mail.found", actor=actor, at=at, rule="M-06", reason=reason.strip()[:200])
    return done


def _is(wanted: str, *, row: MailItem, at: datetime, lives_here: bool) -> bool:
    overdue = row.overdue_at is not None and at >= row.overdue_at
    return what_next(overdue=overdue, contacted=row.contacts, lives_here=lives_here) == wanted


def _settle(*, item: Item, actor: Actor, at: datetime, milestones: tuple[str, ...]) -> None:
    """These promises fall away, those broken already end late."""
    timers.void(subject=item, by=actor.staff, at=at, reason=SETTLED, milestones=milestones, due_after=at)
    timers.meet(subject=item, milestones=milestones, by=actor.staff, at=at)


def _waiting(
    *,
    actor: Actor,
    record: Item,
    seen: int | None,
    stages: tuple[str, ...],
    states: tuple[Item.State, ...] = IN_HAND,
    permission: str = "mail.hand_out",
) -> tuple[Item, MailItem]:
    item, row = take_up(actor=actor, record=record, permission=permission, seen=seen, states=states)
    if row.stage not in stages:
        raise Refused(NOT_NOW, code="illegal_step", rule="M-08")
    return item, row
