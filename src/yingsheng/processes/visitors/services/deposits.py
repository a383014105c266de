"""Articles left at the lobby desk and lost property: taken in, collected against a signature (V-04, V-09)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yingsheng.base.refusal import Refused
from yingsheng.base.words import gettext_noop
from yingsheng.kernel.cases.services import take_number
from yingsheng.kernel.custody import services as custody
from yingsheng.kernel.custody.models import Item
from yingsheng.kernel.custody.rules import HELD
from yingsheng.kernel.custody.services import Party
from yingsheng.kernel.org.access import Actor, demand
from yingsheng.kernel.org.records import hold
from yingsheng.kernel.timers import services as timers
from yingsheng.kernel.timers.owing import due_by, owe
from yingsheng.kernel.timers.posts import owed_role
from yingsheng.processes.visitors.models import Deposit
from yingsheng.processes.visitors.queries.deposits import PROCESS
from yingsheng.processes.visitors.services.writing import DEPOSITS, home_named, keep_files, tell

COLLECT = "collect_deposit"
NUMBERS = {Deposit.Kind.DEPOSIT: "JC", Deposit.Kind.LOST: "SW"}
KEPT = {Deposit.Kind.DEPOSIT: "V-04.kept_days", Deposit.Kind.LOST: "V-04.lost_kept_days"}


@transaction.atomic
def take_deposit(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    name: str,
    giver: str,
    condition: str,
    place: str,
    phone: str = "",
    room: str = "",
    found_where: str = "",
    photos: Sequence[Any] = (),
    remark: str = "",
) -> Item:
    """An article is left with us, or one that was found: its condition, where it lies, who received it (V-04, V-09).

    It is owed that somebody looks after it when its time is over.
    """
    demand(actor=actor, permission=DEPOSITS)
    if kind == Deposit.Kind.LOST and not found_where.strip():
        raise Refused(gettext_noop("失物请写明在哪里捡到的"), field="found_where", rule="V-04")
    home = home_named(actor=actor, text=room, rule="V-04") if room.strip() else None
    path = KEPT[Deposit.Kind(kind)]
    item = custody.take_in(
        site=actor.site, process=PROCESS, kind=kind, name=name, giver=Party(name=giver.strip(), phone=phone),
        by=actor.staff, at=at, number=take_number(site=actor.site, prefix=NUMBERS[Deposit.Kind(kind)], at=at),
        place=place, room=home.room if home else None, household=home,
        due_at=due_by(path=path, site=actor.site, starts_at=at, at=at), remark=remark,
    )  # fmt: skip
    found = found_where.strip() if kind == Deposit.Kind.LOST else ""
    Deposit.objects.create(item=item, kind=kind, condition=condition.strip(), found_where=found)
    keep_files(actor=actor, record=item, files=photos, at=at)
    role = owed_role(path="V-04.kept_by", site=actor.site, at=at)
    owe(site=actor.site, subject=item, milestone=COLLECT, path=path, role=role, at=at)
    tell(
        record=item, kind="deposit_taken", actor=actor, at=at, rule="V-04", number=item.number, name=item.name,
        place=item.place,
    )  # fmt: skip
    return item


@transaction.atomic
def collect_deposit(
    *,
    actor: Actor,
    record: Item,
    at: datetime,
    collector: str,
    signature: str,
    id_kind: str = "",
    phone: str = "",
    reason: str = "",
    seen: int | None = None,
) -> Item:
    """Whoever it belongs to takes it and signs (V-04, V-09)."""
    row = hold(actor=actor, record=record, permission=DEPOSITS, seen=seen, states=(HELD,))
    if not signature.strip():
        raise Refused(gettext_noop("请领取人签名"), field="signature", rule="V-09")
    to = Party(name=collector.strip(), phone=phone, id_kind=id_kind, signature=signature)
    item = custody.hand_over(
        item=row, to=to, act="collected", by=actor.staff, at=at, for_good=True, reason=reason, seen=seen
    )
    timers.meet(subject=item, milestones=[COLLECT], by=actor.staff, at=at)
    tell(record=item, kind="deposit_collected", actor=actor, at=at, rule="V-04", number=item.number)
    return item


@transaction.atomic
def hand_on_deposit(
    *, actor: Actor, record: Item, at: datetime, to: str, reason: str, seen: int | None = None
) -> Item:
    """What nobody collected goes to the police or wherever else, with the reason (V-04)."""
    row = hold(actor=actor, record=record, permission=DEPOSITS, seen=seen, states=(HELD,))
    if not reason.strip():
        raise Refused(gettext_noop("请写明为什么移交"), field="reason", rule="V-04")
    item = custody.hand_over(
        item=row, to=Party(name=to.strip()), act="handed_on", by=actor.staff, at=at, for_good=True, reason=reason,
        seen=seen,
    )  # fmt: skip
    timers.meet(subject=item, milestones=[COLLECT], by=actor.staff, at=at)
    tell(record=item, kind="deposit_handed_on", actor=actor, at=at, rule="V-04", number=item.number, to=to)
    return item


@transaction.atomic
def move_deposit(
    *, actor: Actor, record: Item, at: datetime, place: str, reason: str = "", seen: int | None = None
) -> Item:
    """It lies somewhere else now (V-04)."""
    row = hold(actor=actor, record=record, permission=DEPOSITS, seen=seen, states=(HELD,))
    item = custody.put_elsewhere(item=row, place=place, by=actor.staff, at=at, reason=reason, seen=seen)
    tell(record=item, kind="deposit_moved", actor=actor, at=at, rule="V-04", number=item.number, place=place)
    return item
